/** Prices as the account itself tells them, for tariffs that the REST API does not publish. Pence with VAT. */

import type { Instant } from '../clock.ts'
import type { RateBand } from '../energy/types.ts'
import { asArray, asInstant, asName, asNumber, asObject, type JsonObject } from './json.ts'
import type { PaidCharge, PaidRate, TariffRows } from './rate-rows.ts'

/** Which field of a tariff is the price of what. */
const FIELDS: Readonly<Record<string, RateBand>> = {
  unitRate: 'standard',
  dayRate: 'day',
  nightRate: 'night',
  offPeakRate: 'off_peak',
  evDevicePeakRate: 'ev_peak',
  evDeviceOffPeakRate: 'ev_off_peak',
}

// assumption: `rateType` of a half-hourly tariff has these values, and any other is the price of every kWh.
const RATE_TYPES: Readonly<Record<string, RateBand>> = {
  EV_DEVICE: 'ev_off_peak',
  EV_DEVICE_OFF_PEAK: 'ev_off_peak',
  EV_DEVICE_PEAK: 'ev_peak',
  ECO7_DAY: 'day',
  ECO7_NIGHT: 'night',
  STANDARD: 'standard',
}

/** The prices of a tariff code among the agreements in force; no rows where it is none of them. */
export function parseTariffRows(data: JsonObject, tariffCode: string): TariffRows {
  const unitRates: PaidRate[] = []
  const standingCharges: PaidCharge[] = []
  for (const entry of asArray(asObject(data.account)?.electricityAgreements) ?? []) {
    const agreement = asObject(entry) ?? {}
    const tariff = asObject(agreement.tariff) ?? {}
    const start = asInstant(agreement.validFrom)
    if (asName(tariff.tariffCode) !== tariffCode || start === null) continue
    const span = { start, end: asInstant(agreement.validTo), paymentMethod: null }
    for (const [field, band] of Object.entries(FIELDS)) {
      const pence = asNumber(tariff[field])
      if (pence !== null) unitRates.push({ band, ...span, pence })
    }
    for (const row of asArray(tariff.unitRates) ?? []) unitRates.push(...halfHourly(asObject(row) ?? {}, start))
    const standing = asNumber(tariff.standingCharge)
    if (standing !== null) standingCharges.push({ ...span, pence: standing })
  }
  return { unitRates, standingCharges }
}

function halfHourly(row: JsonObject, since: Instant): PaidRate[] {
  const [pence, end] = [asNumber(row.value), asInstant(row.validTo)]
  if (pence === null) return []
  const start = asInstant(row.validFrom) ?? since
  if (end !== null && end <= start) return []
  return [{ band: RATE_TYPES[asName(row.rateType) ?? ''] ?? 'standard', start, end, pence, paymentMethod: null }]
}
