import { describe, expect, it } from '@jest/globals'
import { HALF_HOUR, HOUR, MINUTE } from '../../src/clock.ts'
import { DEFAULT_REGISTER_HOURS } from '../../src/energy/rates/registers.ts'
import type { DayInput, DaySummary } from '../../src/meters/day.ts'
import type { Meter } from '../../src/meters/meter.ts'
import { type MeterSeries, StatisticsFeed } from '../../src/meters/statistics-feed.ts'
import { addDays, halfHoursOfDay, type LondonDate, startOfDay } from '../../src/time/london.ts'
import { virtualClock } from '../simulator/virtual-clock.ts'

const TARIFF = 'E-1R-VAR-22-11-01-C'
const METER: Meter = {
  ...{ id: 'meter_1', slug: 'electricity_import', kind: 'electricity_import', point: '1200000000017', serial: '00S17' },
  unit: 'kWh',
  agreements: [{ productCode: 'VAR-22-11-01', tariffCode: TARIFF, start: null, end: null }],
}
const PRICES = {
  tariffCode: TARIFF,
  unitRates: [{ band: 'standard', start: 0, end: null, pence: 25 }],
  standingCharges: [],
} as const
const PRICING = {
  direction: 'import',
  agreements: METER.agreements,
  prices: new Map([[TARIFF, PRICES]]),
  hours: DEFAULT_REGISTER_HOURS,
  dispatched: new Set<number>(),
} as const

const FIRST = '2026-10-20'

/** A meter of so many days, each half hour of which has the same amount; London's clocks go back on the sixth. */
class House {
  readonly clock = virtualClock(Date.parse('2026-11-24T12:00:00Z'))
  readonly days = new Map<LondonDate, DaySummary>()
  readonly amounts = new Map<LondonDate, number>()
  readonly asked: LondonDate[] = []
  readonly pushed: { series: readonly MeterSeries[]; from: number }[] = []
  readonly feed: StatisticsFeed

  constructor(days: number) {
    for (let day = 0; day < days; day += 1) this.set(addDays(FIRST, day), 0.5)
    this.feed = new StatisticsFeed({
      // Each turn takes a millisecond, so that a test can come in between.
      clock: { ...this.clock, after: (delay, task) => this.clock.after(Math.max(1, delay), task) },
      meters: () => [{ meter: METER, days: this.days, inputOf: date => this.#inputOf(date) }],
      push: (series, from) => this.pushed.push({ series, from }),
    })
  }

  set(date: LondonDate, amount: number): void {
    this.amounts.set(date, amount)
    this.days.set(date, {
      ...{ amount: '0', isWhole: true, isBilled: false, pence: null, penceWithoutStanding: null, provisional: false },
      misjudged: null,
    })
  }

  #inputOf(date: LondonDate): DayInput {
    this.asked.push(date)
    const amount = this.amounts.get(date) ?? 0
    const readings = halfHoursOfDay(date).map(start => ({ start, amount }))
    return { meter: METER, date, readings, pricing: PRICING, billed: [], believed: [], calorificValue: 40 }
  }
}

describe('the feed of statistics', () => {
  it('gives all days once it was quiet for a minute: energy and what it cost, in order', () => {
    const house = new House(8)
    house.feed.changed()
    house.clock.advance(30_000)
    house.feed.changed()
    house.clock.advance(MINUTE - 1)
    expect(house.asked).toEqual([])
    house.clock.advance(MINUTE)
    const [{ series, from } = { series: [], from: -1 }] = house.pushed
    expect(house.pushed).toHaveLength(1)
    expect(from).toBe(startOfDay(FIRST))
    expect(series.map(({ kind, name }) => [kind, name])).toEqual([
      ['import', 'Octopus import'],
      ['import_cost', 'Octopus import cost'],
    ])
    const [energy, cost] = series.map(({ halfHours }) => halfHours(0))
    // Seven days of 48 half hours and one of 50.
    expect(energy).toHaveLength(7 * 48 + 50)
    expect(energy?.map(({ start }) => start)).toEqual(
      Array.from({ length: 386 }, (_, nth) => startOfDay(FIRST) + nth * HALF_HOUR),
    )
    // Half a kWh at 25 p.
    expect(new Set(cost?.map(({ value }) => value))).toEqual(new Set([0.125]))
    expect(series[0]?.halfHours(startOfDay('2026-10-27')).length).toBe(48)
  })

  it('works out again only what is another, and says from where on', () => {
    const house = new House(8)
    house.feed.changed()
    house.clock.advance(2 * MINUTE)
    house.asked.length = 0
    house.feed.changed()
    house.clock.advance(2 * MINUTE)
    expect([house.asked, house.pushed.length]).toEqual([[], 1])
    house.set('2026-10-24', 2)
    house.set('2026-10-26', 3)
    house.feed.changed()
    house.clock.advance(2 * MINUTE)
    expect(house.asked).toEqual(['2026-10-24', '2026-10-26'])
    expect(house.pushed[1]?.from).toBe(startOfDay('2026-10-24'))
    const energy = house.pushed[1]?.series[0]?.halfHours(startOfDay('2026-10-24')) ?? []
    expect(energy.filter(({ value }) => value === 2)).toHaveLength(48)
    expect(energy.filter(({ value }) => value === 3)).toHaveLength(48)
  })

  it('does a few days in one go, and forgets none where something changes in between', () => {
    const house = new House(30)
    house.feed.changed()
    house.clock.advance(MINUTE)
    const inOneGo = house.asked.length
    expect(inOneGo).toBeLessThanOrEqual(4)
    house.set('2026-11-18', 7)
    house.feed.changed()
    house.clock.advance(2 * MINUTE)
    expect(house.pushed.map(({ from }) => from)).toEqual([startOfDay(FIRST)])
    expect(new Set(house.asked).size).toBe(30)
    expect(house.asked.length).toBe(30)
    expect(house.pushed[0]?.series[0]?.halfHours(startOfDay('2026-11-18'))).toHaveLength(48)
  })

  it('is told ever more seldom while changes go on, and soon again after a pause', () => {
    const house = new House(360)
    house.feed.changed()
    house.clock.advance(2 * MINUTE)
    expect(house.pushed).toHaveLength(1)
    // How the history was billed: a page of two days in five minutes, the newest first.
    for (let page = 0; page < 180; page += 1) {
      for (const back of [2 * page, 2 * page + 1]) house.set(addDays(FIRST, 359 - back), 0.5)
      house.feed.changed()
      house.clock.advance(5 * MINUTE)
    }
    house.clock.advance(HOUR)
    expect(house.pushed.length).toBeLessThanOrEqual(25)
    expect(house.pushed.at(-1)?.from).toBe(startOfDay(FIRST))
    // A day that comes in between waits an hour at most; after a pause it is told at once.
    house.set(addDays(FIRST, 300), 2)
    house.feed.changed()
    house.clock.advance(HOUR + MINUTE)
    expect(house.pushed.at(-1)?.from).toBe(startOfDay(addDays(FIRST, 300)))
    house.clock.advance(3 * HOUR)
    house.set(addDays(FIRST, 301), 3)
    house.feed.changed()
    house.clock.advance(2 * MINUTE)
    expect(house.pushed.at(-1)?.from).toBe(startOfDay(addDays(FIRST, 301)))
  })

  it('says nothing after it was stopped', () => {
    const house = new House(3)
    house.feed.changed()
    house.feed.stop()
    house.clock.advance(5 * MINUTE)
    expect(house.pushed).toEqual([])
  })
})
