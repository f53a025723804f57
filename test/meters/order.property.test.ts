/**
 * Whatever the order in which readings, prices and bills arrive, how often, corrected or not, and whenever the daemon is started
 * anew: the days and the register end as if everything had come at once, and the register never goes down.
 */
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { HALF_HOUR, HOUR, type Instant } from '../../src/clock.ts'
import { DEFAULT_REGISTER_HOURS } from '../../src/energy/rates/registers.ts'
import { newRegister, readRegister } from '../../src/energy/register.ts'
import type { BilledHalfHour, MeterReading, TariffPrices } from '../../src/energy/types.ts'
import { Book } from '../../src/meters/book.ts'
import type { Meter } from '../../src/meters/meter.ts'
import { openStore } from '../../src/store/open.ts'
import { addDays, halfHoursOfDay, startOfDay } from '../../src/time/london.ts'
import { ManualClock } from '../octopus/support/manual-clock.ts'

/** More days than are worked out in one go; the clocks go back in their middle. */
const DATES = Array.from({ length: 12 }, (_, day) => addDays('2026-10-19', day))
const MARKS = DATES.flatMap(halfHoursOfDay)
const SINCE = startOfDay('2026-10-19')
const TARIFF = 'E-1R-IOG-SMB-VAR-26-07-06-C'
const METER: Meter = {
  id: 'm',
  slug: 'import',
  kind: 'electricity_import',
  point: '1',
  serial: 's',
  unit: 'kWh',
  agreements: [{ productCode: 'IOG-SMB-VAR-26-07-06', tariffCode: TARIFF, start: null, end: null }],
}
const ACCOUNT = 'A-1'

const pricesOf = (night: number, day: number): TariffPrices => ({
  tariffCode: TARIFF,
  unitRates: [
    { band: 'day', start: 0, end: null, pence: day },
    { band: 'night', start: 0, end: null, pence: night },
  ],
  standingCharges: [{ start: 0, end: null, pence: 48.93 }],
})

type Event =
  | { readonly type: 'readings'; readonly from: number; readonly readings: readonly MeterReading[] }
  | { readonly type: 'bills'; readonly bills: readonly BilledHalfHour[] }
  | { readonly type: 'prices'; readonly prices: TariffPrices }
  | { readonly type: 'believed'; readonly start: Instant; readonly cheap: boolean }
  | { readonly type: 'stop' | 'kill' | 'settle' }

const stretch = fc.tuple(fc.nat(MARKS.length - 1), fc.integer({ min: 1, max: 200 }))
const marksOf = ([from, count]: [number, number]) => MARKS.slice(from, from + count)
const thousandths = fc.nat(4_000).map(each => each / 1000)

const anEvent: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(stretch, thousandths).map(([part, amount]): Event => {
      const readings = marksOf(part).map((start, index) => ({
        start,
        amount: Number((amount + (index % 7) / 100).toFixed(3)),
      }))
      return { type: 'readings', from: part[0], readings }
    }),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(stretch, thousandths, fc.constantFrom('day' as const, 'night' as const, null)).map(
      ([part, kwh, band]): Event => ({
        type: 'bills',
        bills: marksOf(part).map(start => ({ start, parts: [{ band, kwh, pence: kwh * 7 }] })),
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.nat(20), fc.nat(40)).map(([n, d]): Event => ({ type: 'prices', prices: pricesOf(n, d) })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...MARKS), fc.boolean())
      .map(([start, cheap]): Event => ({ type: 'believed', start, cheap })),
  },
  { weight: 2, arbitrary: fc.constantFrom<Event>({ type: 'stop' }, { type: 'kill' }, { type: 'settle' }) },
)

function bench() {
  const clock = new ManualClock(SINCE + 20 * 24 * HOUR)
  const store = openStore({ path: ':memory:', clock })
  let prices = new Map<string, TariffPrices>()
  const open = () =>
    new Book({
      clock,
      store,
      account: ACCOUNT,
      meter: () => METER,
      pricing: () => ({
        direction: 'import',
        agreements: METER.agreements,
        prices,
        hours: DEFAULT_REGISTER_HOURS,
        dispatched: new Set(),
      }),
      calorificValue: 40,
      settings: () => 'same',
      onSettled: () => {},
    })
  let book = open()
  const settle = () => {
    for (let turn = 0; turn < 5; turn += 1) clock.advance(1)
  }
  const take = (event: Event): void => {
    if (event.type === 'readings')
      book.touch(store.readings.upsert({ point: METER.point, serial: METER.serial }, event.readings))
    else if (event.type === 'bills') book.touch(store.billed.upsert(METER.point, event.bills))
    else if (event.type === 'prices') {
      prices = new Map([[TARIFF, event.prices]])
      book.touchFrom(0)
    } else if (event.type === 'believed') {
      const { start, cheap } = event
      store.believed.note(ACCOUNT, { start, cheap, reason: cheap ? 'dispatch' : 'no_dispatch' })
      book.touch([start])
    } else if (event.type === 'settle') settle()
    else {
      // By kill -9 nobody closes the book; either way its timers end.
      book.close()
      if (event.type === 'kill') store.values.set('days-closed:1:s', false)
      book = open()
    }
  }
  return { take, settle, days: () => book.days }
}

const inOrder = (days: ReadonlyMap<string, unknown>) => [...days].sort(([a], [b]) => (a < b ? -1 : 1))

/** The newest word on everything, each thing once. */
function atOnce(events: readonly Event[]): Event[] {
  const readings = new Map<Instant, MeterReading>()
  const bills = new Map<Instant, BilledHalfHour>()
  const said = new Map<Instant, Event>()
  let prices: Event[] = []
  for (const event of events) {
    if (event.type === 'readings') for (const one of event.readings) readings.set(one.start, one)
    if (event.type === 'bills') for (const one of event.bills) bills.set(one.start, one)
    if (event.type === 'believed') said.set(event.start, event)
    if (event.type === 'prices') prices = [event]
  }
  return [
    ...prices,
    ...said.values(),
    { type: 'bills', bills: [...bills.values()].sort((a, b) => a.start - b.start) },
    { type: 'readings', from: 0, readings: [...readings.values()].sort((a, b) => a.start - b.start) },
  ]
}

const totals = (days: ReadonlyMap<string, { readonly amount: string }>) =>
  new Map([...days].map(([date, { amount }]) => [startOfDay(date), amount]))

describe('days and register', () => {
  it('end the same in whatever order things come, and the register never goes down', () => {
    fc.assert(
      fc.property(fc.array(anEvent, { minLength: 1, maxLength: 25 }), events => {
        const lived = bench()
        let register = newRegister(SINCE)
        let shown = 0
        for (const event of events) {
          lived.take(event)
          const read = readRegister(register, totals(lived.days()))
          register = read.register
          expect(read.value.toNumber()).toBeGreaterThanOrEqual(shown)
          shown = read.value.toNumber()
        }
        lived.settle()
        const once = bench()
        for (const event of atOnce(events)) once.take(event)
        once.settle()
        expect(inOrder(lived.days())).toEqual(inOrder(once.days()))
        const { value, held } = readRegister(register, totals(lived.days()))
        const plain = readRegister(newRegister(SINCE), totals(once.days())).value
        expect(value.minus(held).toFixed()).toBe(plain.toFixed())
      }),
      { numRuns: 40 },
    )
  }, 60_000)
})

// A half hour is all that readings are made of.
describe('the stretch of the test', () => {
  it('has the day of fifty half hours', () => {
    expect(MARKS).toHaveLength(12 * 48 + 2)
    expect((MARKS.at(-1) ?? 0) - SINCE).toBe((12 * 48 + 1) * HALF_HOUR)
  })
})
