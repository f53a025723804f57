import { describe, expect, it } from '@jest/globals'
import { HALF_HOUR } from '../../src/clock.ts'
import { decimal } from '../../src/energy/decimal.ts'
import type { DayInput, DaySummary } from '../../src/meters/day.ts'
import type { Meter } from '../../src/meters/meter.ts'
import {
  type Days,
  daysView,
  meterView,
  newestWhole,
  oldestMissing,
  unbilledDays,
  type ViewInput,
} from '../../src/meters/view.ts'
import type { RatesView } from '../../src/snapshot.ts'
import { halfHoursOfDay, type LondonDate, startOfDay } from '../../src/time/london.ts'
import { at, FOUR_RATE, pricing, SINGLE } from '../energy/rates/fixtures.ts'

/** A Tuesday in winter, when London's clocks show UTC. */
const NOW = at('2026-11-24T12:00:00Z')
const YESTERDAY = '2026-11-23'

const IMPORT: Meter = {
  ...{ id: 'm1', slug: 'import', kind: 'electricity_import', point: '12', serial: 's1', unit: 'kWh', agreements: [] },
}
const GAS: Meter = { ...IMPORT, kind: 'gas', slug: 'gas', unit: 'm3' }

const day = (more: Partial<DaySummary> = {}): DaySummary => ({
  ...{ amount: '24', isWhole: true, isBilled: true, pence: 656, penceWithoutStanding: 609, provisional: false },
  misjudged: null,
  ...more,
})
const daysOf = (days: Readonly<Record<LondonDate, DaySummary>>): Days => new Map(Object.entries(days))

const inputOf = (more: Partial<DayInput> = {}): DayInput => ({
  meter: IMPORT,
  date: YESTERDAY,
  readings: halfHoursOfDay(YESTERDAY).map(start => ({ start, amount: 0.5 })),
  pricing: pricing([SINGLE]),
  ...{ billed: [], believed: [], calorificValue: 40 },
  ...more,
})

const view = (more: Partial<ViewInput> = {}) =>
  daysView({
    meter: IMPORT,
    days: new Map(),
    since: startOfDay('2026-11-20'),
    now: NOW,
    calorificValue: 40,
    ...{ lastDay: null, today: [], latestReading: null, register: null },
    ...{ hasCarRates: false, isJudged: false, history: 100 },
    ...more,
  })

describe('days of a meter', () => {
  const old = '2026-10-23'
  it.each([
    ['none', {}, null, '2026-11-20', []],
    [
      'all of them',
      { '2026-11-20': day(), '2026-11-21': day(), '2026-11-22': day(), '2026-11-23': day() },
      '2026-11-23',
      null,
      [],
    ],
    [
      'some not whole, some not billed',
      {
        '2026-11-20': day({ isBilled: false }),
        '2026-11-21': day({ isWhole: false, isBilled: false }),
        '2026-11-22': day({ isBilled: false }),
      },
      ...['2026-11-22', '2026-11-21', ['2026-11-20', '2026-11-22']],
    ],
    ['today alone', { '2026-11-24': day({ isBilled: false }) }, null, '2026-11-20', []],
    ['one of more than a month ago', { [old]: day({ isBilled: false }) }, null, '2026-11-20', []],
  ] as const)(
    '%s: the newest whole, the oldest missing, and those not billed',
    (_, days, newest, missing, unbilled) => {
      const those = daysOf(days)
      expect(newestWhole(those, NOW)).toBe(newest)
      expect(oldestMissing(those, startOfDay('2026-11-20'), NOW)).toBe(missing)
      expect(unbilledDays(those, NOW)).toEqual(unbilled)
    },
  )
})

describe('what is shown of a meter', () => {
  it('before anything has come is unknown, and never zero', () => {
    expect(view({ history: 0 })).toMatchObject({
      ...{ lastDay: null, latestReading: null, register: null, today: null, cost: null, history: 0 },
      // The history begins on the 20th, so four days have ended.
      month: { start: startOfDay('2026-11-01'), kwh: null, cost: null, missingDays: 4 },
    })
    expect(view()).not.toHaveProperty('judged')
  })

  it.each([
    // 48 × 0.5 kWh
    ['electricity', IMPORT, 24, null],
    // 48 × 0.5 m³ × 1.02264 × 40 ÷ 3.6 = 24 × 11.36266… kWh
    ['gas in m³', GAS, 272.704, 24],
    ['gas in kWh', { ...GAS, unit: 'kWh' } as const, 24, null],
  ])('in kWh, of %s', (_, meter, kwh, volume) => {
    const half = [0, 1].map(nth => ({ start: startOfDay('2026-11-24') + nth * HALF_HOUR, amount: 0.25 }))
    const shown = view({
      meter,
      lastDay: inputOf({ meter }),
      today: half,
      register: { value: decimal('24'), kwh: decimal(kwh), until: NOW },
      days: daysOf({ [YESTERDAY]: day() }),
    })
    expect(shown.lastDay).toMatchObject({ date: YESTERDAY, start: startOfDay(YESTERDAY), volume })
    expect(shown.lastDay?.kwh).toBeCloseTo(kwh, 9)
    expect(shown.lastDay?.halfHours).toHaveLength(48)
    expect(shown.lastDay?.halfHours[0]?.kwh).toBeCloseTo(kwh / 48, 9)
    expect(shown.register).toEqual({ kwh, volume, until: NOW })
    expect(shown.today).toMatchObject({
      start: startOfDay('2026-11-24'),
      until: startOfDay('2026-11-24') + 2 * HALF_HOUR,
    })
    expect(shown.today?.kwh).toBeCloseTo(kwh / 48, 9)
    // Monday began the week.
    expect(shown.week).toMatchObject({ start: startOfDay(YESTERDAY), cost: 6.56, missingDays: 0 })
    expect(shown.week.kwh).toBeCloseTo(kwh, 9)
    expect(shown.year).toMatchObject({ start: startOfDay('2026-01-01'), missingDays: 3 })
  })

  it('has a sum of the days that are whole, and of the costs that are known', () => {
    const days = daysOf({
      '2026-11-20': day(),
      '2026-11-21': day({ isWhole: false, amount: '3', pence: null, penceWithoutStanding: null }),
      '2026-11-22': day({ pence: null, penceWithoutStanding: null }),
      '2026-11-23': day({ pence: 100 }),
      '2026-11-24': day({ pence: 99_999 }),
    })
    expect(view({ days }).month).toEqual({ start: startOfDay('2026-11-01'), kwh: 72, cost: 7.56, missingDays: 1 })
  })

  it('has what the newest whole day came to', () => {
    const { cost } = view({ lastDay: inputOf() })
    // 24 kWh × 25.3575 p = 608.58 p, and 47.85 p of standing charge: 656.43 p.
    expect(cost).toMatchObject({ date: YESTERDAY, total: 6.56, withoutStanding: 6.09, standing: 0.4785, ev: null })
    expect(cost?.bands).toEqual({ standard: { kwh: 24, cost: 6.09 } })
    // Half a kWh: exact pounds.
    expect(cost?.halfHours[0]).toEqual({ start: startOfDay(YESTERDAY), rate: 0.253575, kwh: 0.5, cost: 0.1267875 })
  })

  it('has the part of the car once every half hour was billed, on a tariff that bills it apart', () => {
    const marks = halfHoursOfDay(YESTERDAY)
    const billed = marks.map((start, nth) => ({
      start,
      parts: [{ band: nth < 4 ? ('ev_off_peak' as const) : ('day' as const), kwh: 0.5, pence: nth < 4 ? 3.45 : 13.65 }],
    }))
    const lastDay = inputOf({ pricing: pricing([FOUR_RATE]), billed })
    // 4 × 3.45 p = 13.8 p
    expect(view({ lastDay, hasCarRates: true }).cost?.ev).toEqual({ kwh: 2, cost: 0.14 })
    expect(view({ lastDay, hasCarRates: false }).cost?.ev).toBeNull()
    const short = { ...lastDay, billed: billed.slice(1) }
    expect(view({ lastDay: short, hasCarRates: true }).cost?.ev).toBeNull()
  })

  it('has what was misjudged on the newest billed day, and in the month', () => {
    const wrong = (date: string, pence: number | null) => ({
      ...{ start: startOfDay(date), reason: 'believed_cheap_billed_peak' as const, pence },
    })
    const days = daysOf({
      '2026-10-31': day({ misjudged: [wrong('2026-10-31', 99)] }),
      '2026-11-20': day({ misjudged: [wrong('2026-11-20', 11), wrong('2026-11-20', null)] }),
      '2026-11-21': day({ misjudged: [wrong('2026-11-21', 22.5)] }),
      '2026-11-22': day({ misjudged: [wrong('2026-11-22', 50)], isBilled: false }),
      '2026-11-23': day({ misjudged: null }),
      '2026-11-24': day({ misjudged: [wrong('2026-11-24', 50)] }),
    })
    expect(view({ days, isJudged: true }).judged).toEqual({
      date: '2026-11-21',
      halfHours: 1,
      cost: 0.225,
      month: { start: startOfDay('2026-11-01'), halfHours: 3, cost: 0.335 },
      list: [
        ['2026-11-20', 0.11],
        ['2026-11-20', 0],
        ['2026-11-21', 0.225],
      ].map(([date, cost]) => ({ start: startOfDay(String(date)), reason: 'believed_cheap_billed_peak', cost })),
    })
    expect(view({ isJudged: true }).judged).toBeNull()
  })

  it.each([
    ['2026-11-22', '17:59', false],
    ['2026-11-22', '18:00', true],
    ['2026-11-23', '18:00', false],
    [null, '18:00', true],
  ])('is late where the newest whole day is %p at %s: %p', (newest, time, isLate) => {
    const rates = { tariffCode: null } as RatesView
    expect(meterView(view(), rates, newest, at(`2026-11-24T${time}:00Z`))).toMatchObject({ isLate, rates, id: 'm1' })
  })
})
