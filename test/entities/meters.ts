/** Meters in snapshots for tests: made by hand, and generated. */
import fc from 'fast-check'
import { HALF_HOUR } from '../../src/clock.ts'
import type { MeterKind, MeterView, RateSpan } from '../../src/snapshot.ts'
import { instant, maybe, strangeAmount, strangeInstant, words } from './arbitraries.ts'

const NO_DAY = { date: '2026-11-23', rates: [], isComplete: false, min: null, max: null, average: null }
const NO_PERIOD = { start: Date.UTC(2026, 10, 23), kwh: null, cost: null, missingDays: 0 }

/** A meter of which nothing is known yet. */
export const unknownMeter = (more: Partial<MeterView> = {}): MeterView => ({
  id: 'meter_1m',
  slug: 'electricity_import',
  kind: 'electricity_import',
  point: '1200012345678',
  serial: '21L1234567',
  unit: 'kWh',
  lastDay: null,
  latestReading: null,
  isLate: false,
  register: null,
  today: null,
  week: NO_PERIOD,
  month: NO_PERIOD,
  year: NO_PERIOD,
  cost: null,
  rates: {
    tariffCode: null,
    current: null,
    previous: null,
    next: null,
    today: NO_DAY,
    tomorrow: NO_DAY,
    standing: null,
    nextCheapest: null,
    evRate: null,
  },
  judged: null,
  history: 0,
  ...more,
})

const MIDNIGHT = Date.UTC(2026, 10, 22)
const TODAY = Date.UTC(2026, 10, 23)
const halfHour = (index: number): number => MIDNIGHT + index * HALF_HOUR

const span = (start: number, end: number, rate: number): RateSpan => ({
  start: halfHour(start),
  end: halfHour(end),
  rate,
})

const day = (date: string, first: number) => ({
  date,
  rates: Array.from({ length: 48 }, (_, index) => span(first + index, first + index + 1, index < 11 ? 0.07 : 0.2769)),
  isComplete: true,
  min: 0.07,
  max: 0.2769,
  average: 0.229481,
})

/** On a tariff with prices of its own for the car. */
export const knownMeter = (more: Partial<MeterView> = {}): MeterView =>
  unknownMeter({
    lastDay: {
      date: '2026-11-22',
      start: MIDNIGHT,
      kwh: 12.3456,
      volume: null,
      halfHours: Array.from({ length: 48 }, (_, index) => ({ start: halfHour(index), kwh: 0.2572 })),
    },
    latestReading: halfHour(50),
    register: { kwh: 4123.987, volume: null, until: halfHour(51) },
    today: { start: TODAY, kwh: 0.514, until: halfHour(51) },
    week: { start: TODAY, kwh: 0, cost: 0, missingDays: 0 },
    month: { start: Date.UTC(2026, 10, 1), kwh: 271.603, cost: 41.17, missingDays: 1 },
    year: { start: Date.UTC(2026, 0, 1), kwh: 3950.1, cost: 602.33, missingDays: 1 },
    cost: {
      date: '2026-11-22',
      start: MIDNIGHT,
      total: 2.93,
      withoutStanding: 2.44,
      standing: 0.4893,
      bands: { day: { kwh: 7.1, cost: 1.97 }, night: { kwh: 5.2456, cost: 0.37 } },
      halfHours: Array.from({ length: 48 }, (_, index) => ({
        start: halfHour(index),
        rate: index < 11 ? 0.07 : 0.2769,
        kwh: 0.2572,
        cost: index < 11 ? 0.018004 : 0.07121868,
      })),
      provisional: true,
      ev: { kwh: 3.4, cost: 0.24 },
    },
    rates: {
      tariffCode: 'E-1R-IOG-SMB-VAR-26-07-06-C',
      current: span(59, 95, 0.2769),
      previous: span(47, 59, 0.07),
      next: span(95, 107, 0.07),
      today: day('2026-11-23', 48),
      tomorrow: day('2026-11-24', 96),
      standing: 0.4893,
      nextCheapest: span(95, 99, 0.07),
      evRate: 0.07,
    },
    judged: {
      date: '2026-11-21',
      halfHours: 1,
      cost: 0.0512,
      month: { start: Date.UTC(2026, 10, 1), halfHours: 3, cost: 0.21 },
      list: [{ start: halfHour(-20), reason: 'believed_cheap_billed_peak', cost: 0.0512 }],
    },
    history: 100,
    ...more,
  })

export const exportMeter = (more: Partial<MeterView> = {}): MeterView => {
  const { evRate: _, ...rates } = knownMeter().rates
  const { judged: _judged, ...rest } = knownMeter()
  return {
    ...rest,
    id: 'meter_x',
    slug: 'electricity_export',
    kind: 'electricity_export',
    point: '1200012340000',
    rates: { ...rates, tariffCode: 'E-1R-OUTGOING-VAR-24-10-26-C' },
    ...more,
  }
}

export const gasMeter = (more: Partial<MeterView> = {}): MeterView => ({
  ...exportMeter(),
  id: 'meter_g',
  slug: 'gas',
  kind: 'gas',
  point: '3012345678',
  unit: 'm3',
  lastDay: { date: '2026-11-22', start: MIDNIGHT, kwh: 68.181, volume: 6, halfHours: [] },
  register: { kwh: 9120.44, volume: 802.6, until: halfHour(48) },
  ...more,
})

const rateSpan: fc.Arbitrary<RateSpan> = fc
  .record({ start: instant, rate: strangeAmount })
  .map(({ start, rate }) => ({ start, end: start + HALF_HOUR, rate }))

const dayRates = fc.record({
  date: fc.constant('2026-11-23'),
  rates: fc.array(rateSpan, { maxLength: 50 }),
  isComplete: fc.boolean(),
  min: maybe(strangeAmount),
  max: maybe(strangeAmount),
  average: maybe(strangeAmount),
})

const period = fc.record({
  start: instant,
  kwh: maybe(strangeAmount),
  cost: maybe(strangeAmount),
  missingDays: fc.nat({ max: 400 }),
})

const cost = fc.record({
  date: fc.constant('2026-11-22'),
  start: instant,
  total: maybe(strangeAmount),
  withoutStanding: strangeAmount,
  standing: maybe(strangeAmount),
  bands: fc.dictionary(
    fc.constantFrom('day', 'night', 'standard'),
    fc.record({ kwh: strangeAmount, cost: strangeAmount }),
  ),
  halfHours: fc.array(fc.record({ start: instant, rate: strangeAmount, kwh: strangeAmount, cost: strangeAmount }), {
    maxLength: 50,
  }),
  provisional: fc.boolean(),
  ev: maybe(fc.record({ kwh: strangeAmount, cost: strangeAmount })),
})

const judged = fc.record({
  date: fc.constant('2026-11-21'),
  halfHours: fc.nat({ max: 48 }),
  cost: strangeAmount,
  month: fc.record({ start: instant, halfHours: fc.nat(), cost: strangeAmount }),
  list: fc.array(
    fc.record({
      start: instant,
      reason: fc.constantFrom('believed_cheap_billed_peak' as const, 'believed_peak_billed_cheap' as const),
      cost: strangeAmount,
    }),
    { maxLength: 400 },
  ),
})

const rates = fc
  .record({
    tariffCode: maybe(words),
    current: maybe(rateSpan),
    previous: maybe(rateSpan),
    next: maybe(rateSpan),
    today: dayRates,
    tomorrow: dayRates,
    standing: maybe(strangeAmount),
    nextCheapest: maybe(rateSpan),
    evRate: fc.option(maybe(strangeAmount), { nil: undefined }),
  })
  .map(({ evRate, ...rest }) => (evRate === undefined ? rest : { ...rest, evRate }))

/** Any meter; the first of its kind has the kind's own slug. */
export const anyMeter = (index: number): fc.Arbitrary<MeterView> =>
  fc
    .record({
      kind: fc.constantFrom<MeterKind>('electricity_import', 'electricity_export', 'gas'),
      unit: fc.constantFrom('kWh' as const, 'm3' as const),
      lastDay: maybe(
        fc.record({
          date: fc.constant('2026-11-22'),
          start: instant,
          kwh: strangeAmount,
          volume: maybe(strangeAmount),
          halfHours: fc.array(fc.record({ start: instant, kwh: strangeAmount }), { maxLength: 50 }),
        }),
      ),
      latestReading: maybe(strangeInstant),
      isLate: fc.boolean(),
      register: maybe(fc.record({ kwh: strangeAmount, volume: maybe(strangeAmount), until: strangeInstant })),
      today: maybe(fc.record({ start: instant, kwh: strangeAmount, until: strangeInstant })),
      week: period,
      month: period,
      year: period,
      cost: maybe(cost),
      rates,
      judged: fc.option(maybe(judged), { nil: undefined }),
      history: fc.integer({ min: 0, max: 100 }),
    })
    .map(({ judged: verdict, ...part }) => {
      const { judged: _, ...rest } = unknownMeter({ ...part, id: `meter_${index}` })
      const slug = index === 0 ? part.kind : `${part.kind}_${index}`
      return verdict === undefined ? { ...rest, slug } : { ...rest, slug, judged: verdict }
    })
