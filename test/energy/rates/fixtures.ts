/** Prices in the forms in which Octopus publishes them. */
import { HALF_HOUR } from '../../../src/clock.ts'
import { ALL_TIME, mergePrices } from '../../../src/energy/rates/merge.ts'
import type { Pricing } from '../../../src/energy/rates/pricing.ts'
import { DEFAULT_REGISTER_HOURS } from '../../../src/energy/rates/registers.ts'
import type { AgreementSpan, PricedHalfHour, RateBand, TariffPrices, UnitRate } from '../../../src/energy/types.ts'
import { addDays, atLocalTime, halfHoursOfDay, type LondonDate } from '../../../src/time/london.ts'

export const at = (iso: string): number => Date.parse(iso)

/** A row; times are ISO, or null for an open end. */
export const row = (
  pence: number,
  start: string,
  end: string | null = null,
  band: RateBand = 'standard',
): UnitRate => ({
  band,
  start: at(start),
  end: end === null ? null : at(end),
  pence,
})

export const tariff = (tariffCode: string, unitRates: readonly UnitRate[], standing = 47.85): TariffPrices =>
  mergePrices(
    null,
    {
      tariffCode,
      unitRates,
      standingCharges: [{ start: at('2020-01-01T00:00:00Z'), end: null, pence: standing }],
    },
    ALL_TIME,
  )

export const agreement = (
  tariffCode: string | null,
  start: string | null,
  end: string | null = null,
): AgreementSpan => ({
  productCode: null,
  tariffCode,
  start: start === null ? null : at(start),
  end: end === null ? null : at(end),
})

export const pricing = (prices: readonly TariffPrices[], more: Partial<Pricing> = {}): Pricing => ({
  direction: 'import',
  agreements: prices.slice(0, 1).map(({ tariffCode }) => agreement(tariffCode, null)),
  prices: new Map(prices.map(each => [each.tariffCode, each])),
  hours: DEFAULT_REGISTER_HOURS,
  dispatched: new Set(),
  ...more,
})

export const SINGLE = tariff('E-1R-VAR-22-11-01-C', [row(25.3575, '2020-01-01T00:00:00Z')])

export const ECONOMY_7 = tariff('E-2R-VAR-22-11-01-C', [
  row(30.24, '2020-01-01T00:00:00Z', null, 'day'),
  row(14.91, '2020-01-01T00:00:00Z', null, 'night'),
])

export const THREE_RATE = tariff('E-3R-HEAT-26-01-01-C', [
  row(40, '2020-01-01T00:00:00Z', null, 'day'),
  row(12, '2020-01-01T00:00:00Z', null, 'night'),
  row(25, '2020-01-01T00:00:00Z', null, 'off_peak'),
])

export const FOUR_RATE = tariff('E-1R-IOG-SMB-TOU-25-12-01-C', [
  row(27.3, '2020-01-01T00:00:00Z', null, 'day'),
  row(7, '2020-01-01T00:00:00Z', null, 'night'),
  row(28, '2020-01-01T00:00:00Z', null, 'ev_peak'),
  row(6.9, '2020-01-01T00:00:00Z', null, 'ev_off_peak'),
])

const days = (first: LondonDate, count: number): LondonDate[] =>
  Array.from({ length: count }, (_, day) => addDays(first, day))

/** Rows of Go: cheap from 00:30 to 05:30 by the wall, one row for each stretch, from the first day's midnight on. */
export const goRows = (first: LondonDate, count: number, cheap = 8.5, dear = 26.2): UnitRate[] =>
  days(first, count).flatMap(date => [
    { band: 'standard' as const, start: atLocalTime(date, '00:00'), end: atLocalTime(date, '00:30'), pence: dear },
    { band: 'standard' as const, start: atLocalTime(date, '00:30'), end: atLocalTime(date, '05:30'), pence: cheap },
    {
      band: 'standard' as const,
      start: atLocalTime(date, '05:30'),
      end: atLocalTime(addDays(date, 1), '00:00'),
      pence: dear,
    },
  ])

/** Rows of the older Intelligent products: cheap from 23:30 to 05:30 by the wall. */
export const intelligentRows = (first: LondonDate, count: number, cheap = 7, dear = 27.3): UnitRate[] =>
  days(first, count).flatMap(date => [
    { band: 'standard' as const, start: atLocalTime(date, '00:00'), end: atLocalTime(date, '05:30'), pence: cheap },
    { band: 'standard' as const, start: atLocalTime(date, '05:30'), end: atLocalTime(date, '23:30'), pence: dear },
    {
      band: 'standard' as const,
      start: atLocalTime(date, '23:30'),
      end: atLocalTime(addDays(date, 1), '00:00'),
      pence: cheap,
    },
  ])

const COSY: readonly [string, number][] = [
  ['00:00', 25],
  ['04:00', 12],
  ['07:00', 25],
  ['13:00', 12],
  ['16:00', 37],
  ['19:00', 25],
  ['22:00', 12],
]

export const cosyRows = (first: LondonDate, count: number): UnitRate[] =>
  days(first, count).flatMap(date =>
    COSY.map(([from, pence], index) => ({
      band: 'standard' as const,
      start: atLocalTime(date, from),
      end:
        index + 1 < COSY.length
          ? atLocalTime(date, COSY[index + 1]?.[0] ?? '')
          : atLocalTime(addDays(date, 1), '00:00'),
      pence,
    })),
  )

/** A row for every half hour of the days; `pence` may be negative. */
export const agileRows = (first: LondonDate, count: number, pence: (index: number) => number): UnitRate[] =>
  days(first, count)
    .flatMap(halfHoursOfDay)
    .map((start, index) => ({ band: 'standard', start, end: start + HALF_HOUR, pence: pence(index) }))

/** Priced half hours one after another. */
export const priced = (
  start: string,
  prices: readonly (number | null)[],
  band: RateBand = 'standard',
): PricedHalfHour[] =>
  prices.flatMap((pence, index) =>
    pence === null ? [] : [{ start: at(start) + index * HALF_HOUR, pence, band, why: 'tariff' as const }],
  )
