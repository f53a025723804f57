/** A tariff as GraphQL answers it: prices of this moment for the account's way to pay, in pence with VAT and before it. */
import type { Clock, Instant } from '../clock.ts'
import { addDays, londonDate, startOfDay } from '../time/london.ts'
import type { SimulatedAccount } from './account.ts'
import type { Wire } from './format.ts'
import type { Agreement } from './supplies.ts'
import { tariffOf } from './tariffs/catalogue.ts'
import { type PriceRow, rowAt, type Series } from './tariffs/price.ts'
import { shownAt } from './tariffs/steps.ts'
import type { Band, Tariff } from './tariffs/tariff.ts'

/** What each band is called. A tariff has the fields of its own bands alone. */
const FIELDS: Readonly<Record<Band, string>> = {
  standard: 'unitRate',
  day: 'dayRate',
  night: 'nightRate',
  off_peak: 'offPeakRate',
  ev_peak: 'evDevicePeakRate',
  ev_off_peak: 'evDeviceOffPeakRate',
}

const preVat = (field: string): string => `preVat${field[0]?.toUpperCase()}${field.slice(1)}`

export function tariffAnswer(clock: Clock, account: SimulatedAccount, { tariff }: Agreement, wire: Wire) {
  const sold = tariffOf(tariff)
  const now = clock.now()
  const price = (series: Series): PriceRow | undefined => rowAt(series(shownAt(now)), now, account.payment)
  const bands = sold.typename === 'HalfHourlyTariff' ? [] : Object.entries(sold.bands)
  const rates = bands.flatMap(([band, series]) => {
    const field = FIELDS[band as Band]
    const row = price(series)
    return [
      [field, row?.incVat ?? null],
      [preVat(field), row?.exVat ?? null],
    ]
  })
  const standing = price(sold.standing)
  return {
    __typename: sold.typename,
    displayName: sold.name,
    isExport: sold.isExport,
    productCode: sold.product,
    tariffCode: sold.code,
    standingCharge: standing?.incVat ?? null,
    preVatStandingCharge: standing?.exVat ?? null,
    ...Object.fromEntries(rates),
    unitRates: () => unitRates(sold, now, wire),
  }
}

/** Yesterday, today and tomorrow as far as it is known. */
function unitRates(tariff: Tariff, now: Instant, wire: Wire): unknown[] {
  const today = londonDate(now)
  const asked = { from: startOfDay(addDays(today, -1)), to: startOfDay(addDays(today, 2)), now }
  return (tariff.bands.standard?.(asked) ?? []).map(row => ({
    validFrom: wire.time(row.from),
    validTo: row.to === null ? null : wire.time(row.to),
    value: row.incVat,
    preVatValue: row.exVat,
    rateType: 'STANDARD',
  }))
}
