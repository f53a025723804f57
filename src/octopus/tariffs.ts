/** Prices as GraphQL has them: what stands behind REST, which has none of some products. */
import type { Instant } from '../clock.ts'
import type { Direction, Fuel, RateBand, StandingCharge, UnitRate } from '../energy/types.ts'
import { londonDate, startOfDay } from '../time/london.ts'
import { bandOfRateType } from './bands.ts'
import { octopusError } from './errors.ts'
import { asArray, asBoolean, asId, asInstant, asListOf, asName, asObject, asQuantity, type JsonObject } from './json.ts'

/** The prices of a meter point's tariff as they are today. */
export interface TariffToday {
  readonly fuel: Fuel
  /** MPAN, or MPRN of gas. */
  readonly point: string
  readonly tariffCode: string
  readonly productCode: string | null
  /** From today or the agreement's first day on; a half-hourly tariff's at their own times. */
  readonly unitRates: readonly UnitRate[]
  readonly standingCharges: readonly StandingCharge[]
}

const MOST_AGREEMENTS = 20
/** A month and more of half hours. */
const MOST_RATES = 2_000

/** Of each kind of tariff: a price's band and names, with VAT and without. Source: the published schema, July 2026. */
const FLAT = [['standard', 'unitRate', 'preVatUnitRate']] as const
const DAY_NIGHT = [
  ['day', 'dayRate', 'preVatDayRate'],
  ['night', 'nightRate', 'preVatNightRate'],
] as const
const KINDS = new Map<string, readonly (readonly [RateBand, string, string])[]>([
  ['StandardTariff', FLAT],
  ['PrepayTariff', FLAT],
  ['GasTariffType', FLAT],
  ['DayNightTariff', DAY_NIGHT],
  ['ThreeRateTariff', [...DAY_NIGHT, ['off_peak', 'offPeakRate', 'preVatOffPeakRate']]],
  [
    'FourRateEvTariff',
    [
      ...DAY_NIGHT,
      ['ev_peak', 'evDevicePeakRate', 'preVatEvDevicePeakRate'],
      ['ev_off_peak', 'evDeviceOffPeakRate', 'preVatEvDeviceOffPeakRate'],
    ],
  ],
])

// assumption: a household pays 5 % VAT on electricity and gas, and gets what it exports without.
const WITH_VAT = 1.05

/** Exact to eight decimals, of which Octopus publishes six. */
export const withVat = (pence: number, direction: Direction): number =>
  direction === 'export' ? pence : Number((pence * WITH_VAT).toFixed(8))

/** Throws OCTOPUS_BAD_ANSWER where there is no account. An agreement that is not understood is left out. */
export function parseTariffs(data: JsonObject, now: Instant): TariffToday[] {
  const account = asObject(data.account)
  if (account === null) throw octopusError('OCTOPUS_BAD_ANSWER', { problem: 'no account' })
  const read = (agreements: unknown, fuel: Fuel) =>
    (asListOf(agreements, MOST_AGREEMENTS) ?? []).map(each => parseAgreement(asObject(each) ?? {}, fuel, now))
  const all = [...read(account.electricityAgreements, 'electricity'), ...read(account.gasAgreements, 'gas')]
  return all.filter(tariff => tariff !== null)
}

/** What is known is the price of today, so it counts from today: what it was last month is not told. */
function parseAgreement(agreement: JsonObject, fuel: Fuel, now: Instant): TariffToday | null {
  const meterPoint = asObject(agreement.meterPoint) ?? {}
  const tariff = asObject(agreement.tariff) ?? {}
  const [point, tariffCode] = [asId(meterPoint.mpan ?? meterPoint.mprn), asName(tariff.tariffCode)]
  if (point === null || tariffCode === null) return null
  const start = Math.max(asInstant(agreement.validFrom) ?? 0, startOfDay(londonDate(now)))
  const end = asInstant(agreement.validTo)
  if (end !== null && end <= start) return null
  const direction = asBoolean(tariff.isExport) === true ? 'export' : 'import'
  const span = { start, end }
  const standing = priceIn(tariff, 'standingCharge', 'preVatStandingCharge', direction)
  return {
    fuel,
    point,
    tariffCode,
    productCode: asName(tariff.productCode),
    unitRates: [...flatRates(tariff, direction, span), ...halfHourlyRates(tariff, direction, span)],
    standingCharges: standing === null ? [] : [{ ...span, pence: standing }],
  }
}

interface Span {
  readonly start: Instant
  readonly end: Instant | null
}

function flatRates(tariff: JsonObject, direction: Direction, span: Span): UnitRate[] {
  const rates = KINDS.get(asName(tariff.__typename) ?? '') ?? []
  return rates.flatMap(([band, name, preVat]) => {
    const pence = priceIn(tariff, name, preVat, direction)
    return pence === null ? [] : [{ band, ...span, pence }]
  })
}

function halfHourlyRates(tariff: JsonObject, direction: Direction, span: Span): UnitRate[] {
  const rates = (asListOf(tariff.unitRates, MOST_RATES) ?? []).flatMap((each): UnitRate[] => {
    const rate = asObject(each) ?? {}
    const band = bandOfRateType(rate.rateType)
    const pence = priceIn(rate, 'value', 'preVatValue', direction)
    const start = asInstant(rate.validFrom) ?? span.start
    const end = asInstant(rate.validTo)
    return band === null || pence === null || (end !== null && end <= start) ? [] : [{ band, start, end, pence }]
  })
  return rates.sort((a, b) => a.start - b.start)
}

function priceIn(prices: JsonObject, name: string, preVat: string, direction: Direction): number | null {
  const [pence, without] = [asQuantity(prices[name]), asQuantity(prices[preVat])]
  return pence ?? (without === null ? null : withVat(without, direction))
}

export interface Page<Row> {
  readonly rows: readonly Row[]
  /** Where the next page begins; null after the last. */
  readonly next: string | null
}

/** Prices of a meter point, with VAT: Octopus gives them without. They follow each other, so they are of one band. */
export function parseApplicableRates(data: JsonObject, direction: Direction): Page<UnitRate> {
  const { rows, next } = connection(data.applicableRates)
  return {
    rows: rows.flatMap((node): UnitRate[] => {
      const [start, end, pence] = [asInstant(node.validFrom), asInstant(node.validTo), asQuantity(node.value)]
      if (start === null || pence === null || (end !== null && end <= start)) return []
      return [{ band: 'standard', start, end, pence: withVat(pence, direction) }]
    }),
    next,
  }
}

const LONGEST_CURSOR = 500

/** The nodes of a connection. Throws OCTOPUS_BAD_ANSWER where it is none. */
export function connection(value: unknown): Page<JsonObject> {
  const { edges, pageInfo } = asObject(value) ?? {}
  const listed = asArray(edges)
  if (listed === null) throw octopusError('OCTOPUS_BAD_ANSWER', { problem: 'no edges' })
  const { hasNextPage, endCursor } = asObject(pageInfo) ?? {}
  const usable = typeof endCursor === 'string' && endCursor.length <= LONGEST_CURSOR && endCursor !== ''
  return {
    rows: listed.map(edge => asObject(asObject(edge)?.node) ?? {}),
    next: hasNextPage === true && usable ? endCursor : null,
  }
}
