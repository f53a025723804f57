import { afterEach, describe, expect, it } from '@jest/globals'
import { benchClock } from '../../bench/clock.ts'
import { HOUR, SECOND } from '../../src/clock.ts'
import { LivingAccount, PRODUCTS } from '../../src/simulator/account.ts'
import { eveOfClockChange, isEveOfClockChange } from '../../src/simulator/calendar.ts'
import { Faults } from '../../src/simulator/faults.ts'
import { Household, type HouseholdEvent } from '../../src/simulator/household.ts'
import { seededRandom } from '../../src/simulator/random.ts'
import { type Scenario, scenarioNamed } from '../../src/simulator/scenarios.ts'
import { Timers } from '../../src/simulator/timers.ts'
import { addDays, atLocalTime, londonDate } from '../../src/time/london.ts'

const DAY = 24 * HOUR
const FROM = Date.parse('2026-01-05T12:00:00Z')

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

/** The years of a seed, without an Octopus in front, and what was seen of them. */
function years(seed: string | number) {
  const scenario = scenarioNamed('years') as Scenario
  const startedAt = scenario.startInstant(FROM)
  const base = benchClock(startedAt)
  const pending = new Set<object>()
  const clock: typeof base = {
    ...base,
    steady: true,
    after: (delay, task) => {
      const armed = {}
      pending.add(armed)
      const cancel = base.after(delay, () => {
        pending.delete(armed)
        task()
      })
      return () => {
        pending.delete(armed)
        cancel()
      }
    },
  }
  const household = new Household({ clock, seed, ...scenario.household })
  const timers = new Timers(clock)
  const random = seededRandom(seed)
  const product = scenario.product?.(random.fork('product')) ?? PRODUCTS[0]
  const account = new LivingAccount(clock, 'A-0C70B05A', product)
  const events: HouseholdEvent[] = []
  household.on(event => events.push(event))
  const at = (instant: number, task: () => void) => void timers.once(instant - clock.now(), task)
  scenario.play({
    ...{ clock, startedAt, household, account, at, random: random.fork('scenario') },
    faults: new Faults(clock, random.fork('faults')),
    plug: (instant, plugged, name) =>
      at(instant, () => (plugged ? household.car(name)?.plug() : household.car(name)?.unplug())),
  })
  stops.push(() => {
    timers.stop()
    household.stop()
  })
  return { clock, startedAt, household, account, events, pending }
}

const of = (events: readonly HouseholdEvent[], type: HouseholdEvent['type']) =>
  events.filter(event => event.type === type)

describe('the nights on which the clocks change', () => {
  it('are found', () => {
    expect(eveOfClockChange(Date.parse('2026-01-05T12:00:00Z'))).toBe('2026-03-28')
    expect(eveOfClockChange(Date.parse('2026-03-28T23:00:00Z'))).toBe('2026-03-28')
    expect(eveOfClockChange(Date.parse('2026-03-29T12:00:00Z'))).toBe('2026-10-24')
    expect(isEveOfClockChange('2026-10-25')).toBe(false)
  })
})

describe('the years of a household', () => {
  // One seed each of one, two and three cars.
  it.each([
    [2, 1],
    [1, 2],
    [7, 3],
  ])('of seed %s are lived by %i cars, day after day, holidays apart', (seed, cars) => {
    const { clock, startedAt, household, events } = years(seed)
    expect(household.cars).toHaveLength(cars)
    clock.runTo(startedAt + 365 * DAY)
    const first = household.cars[0].spec.key
    const plugIns = of(events, 'plugged').filter(event => event.car === first)
    expect(plugIns.length).toBeGreaterThan(365 * 0.5)
    const gaps = plugIns.map((event, index) => event.at - (plugIns[index - 1]?.at ?? startedAt))
    expect(gaps.filter(gap => gap > 3 * DAY).length).toBeGreaterThan(0)
    expect(Math.max(...gaps)).toBeLessThan(40 * DAY)
    for (const state of ['BOOSTING', 'SMART_CONTROL_OFF', 'SMART_CONTROL_IN_PROGRESS']) {
      expect([state, events.some(event => event.type === 'state' && event.state === state)]).toEqual([state, true])
    }
    const flaps = gaps.filter(gap => gap === 96 * SECOND || gap === 90 * SECOND)
    expect(flaps.length).toBeGreaterThan(5)
    expect(events.some(event => event.type === 'charging' && event.watts === 1610)).toBe(true)
  })

  it('plan over both nights of every year on which the clocks change', () => {
    for (const seed of [2, 3]) {
      const { clock, household, events } = years(seed)
      const car = household.cars[0]
      let eve = eveOfClockChange(FROM)
      for (let night = 0; night < 3; night += 1) {
        clock.runTo(atLocalTime(eve, '19:00'))
        const rows = car.listed().filter(row => row.end > atLocalTime(addDays(eve, 1), '00:00'))
        expect([seed, eve, car.plugged, car.state, rows.length > 0]).toEqual([
          ...[seed, eve, true, 'SMART_CONTROL_IN_PROGRESS', true],
        ])
        events.length = 0
        eve = eveOfClockChange(atLocalTime(addDays(eve, 1), '12:00'))
      }
    }
  })

  it('never charge unplugged, never list what ended, and hold no more than they need', () => {
    const { clock, startedAt, household, events, pending } = years(5)
    for (let day = 1; day < 150; day += 1) {
      clock.runTo(startedAt + day * DAY + (day % 24) * HOUR)
      for (const car of household.cars) {
        if (!car.plugged) expect(car.charger.watts).toBe(0)
        const wrong = car.listed().filter(row => row.end <= clock.now() || row.end <= row.start)
        expect(wrong).toEqual([])
      }
      expect(household.completed().length).toBeLessThan(61)
      expect(pending.size).toBeLessThan(60)
      events.length = 0
    }
  })

  it('change the tariff at a midnight, registrations now and then, and lose the connection', () => {
    const { clock, startedAt, household, account, events } = years(1)
    const products = new Set<string>()
    const ids = new Set<string>()
    let unlisted = 0
    let lost = false
    for (let hour = 0; hour < 2 * 365 * 24; hour += 6) {
      clock.runTo(startedAt + hour * HOUR)
      products.add(account.product)
      const [present, ...others] = account.agreements
      const announced = account.supply('import')?.announced ?? null
      expect(present.to).toBe(announced?.from ?? null)
      const past = others.filter(each => each.id !== announced?.id)
      expect(past.length).toBeLessThan(4)
      if (past[0] !== undefined) {
        expect(past[0].to).toBe(present.from)
        expect(present.from).toBe(atLocalTime(londonDate(present.from), '00:00'))
      }
      for (const car of household.cars) {
        if (!car.registration.listed) unlisted += 1
        ids.add(car.deviceId)
      }
      lost ||= events.some(event => event.type === 'state' && event.state === 'LOST_CONNECTION')
      events.length = 0
    }
    expect([...products].sort()).toEqual([...PRODUCTS].sort())
    expect(ids.size).toBeGreaterThan(household.cars.length)
    expect(unlisted).toBeGreaterThan(5)
    expect(lost).toBe(true)
  })

  it('are the same for the same seed, and others for another', () => {
    const [one, same, other] = [7, 7, 8].map(seed => {
      const { clock, startedAt, events, household } = years(seed)
      clock.runTo(startedAt + 60 * DAY)
      const at = clock.now()
      return JSON.stringify([events, household.completed(), household.meter.visible(at - 20 * DAY, at)])
    })
    expect(same).toBe(one)
    expect(other).not.toBe(one)
  })
})

describe('canonical days of the calendar', () => {
  it('K: plays on the next night on which the clocks change', () => {
    const scenario = scenarioNamed('day-k') as Scenario
    expect(londonDate(scenario.startInstant(FROM))).toBe('2026-03-28')
    expect(londonDate(scenario.startInstant(Date.parse('2026-07-01T12:00:00Z')))).toBe('2026-10-24')
  })
})
