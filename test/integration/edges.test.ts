/** Edges on the real clock: a window that begins and ends is on the broker within a tenth of a second, without a call. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { HALF_HOUR, HOUR, type Instant, SECOND, systemClock } from '../../src/clock.ts'
import { halfHourStart } from '../../src/time/london.ts'
import { closeEverything, startBroker, type TestBroker } from '../support/broker.ts'
import { type House, inHouse } from './house.ts'
import type { Recorded } from './recorder.ts'
import { pluggedIn } from './scenes.ts'

/** Real milliseconds from an edge to its message at a subscriber: contract, section 5. */
const BOUND = 100

let broker: TestBroker

beforeAll(async () => {
  broker = await startBroker()
})
afterAll(closeEverything)

const timeOfDay = (at: Instant): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', hour: '2-digit', minute: '2-digit' }).format(at)

/** A night that is not now, whatever the time is while this runs. */
const nightLater = () => ({
  start: timeOfDay(systemClock.now() + 6 * HOUR),
  end: timeOfDay(systemClock.now() + 8 * HOUR),
})

/** Puts a plan into Octopus, by the simulator's own door. */
async function plan(house: House, rows: readonly (readonly [Instant, Instant])[]): Promise<void> {
  const body = rows.map(([start, end]) => ({
    start: new Date(start).toISOString(),
    end: new Date(end).toISOString(),
    energyAddedKwh: -7,
  }))
  const url = `${house.simulator.url}/simulator/plan`
  const { status } = await fetch(url, { method: 'POST', body: JSON.stringify({ rows: body }) })
  expect(status).toBe(200)
}

/** What an entity said from its first ON on. */
function fromFirstOn(house: House, path: string): Recorded[] {
  const said = house.recorder.messages.filter(({ topic }) => topic === house.topic(path))
  const first = said.findIndex(({ payload }) => payload === 'ON')
  return first === -1 ? [] : said.slice(first)
}

function expectOnTime(message: Recorded | undefined, edge: Instant): void {
  const lateness = (message?.at ?? Number.NaN) - edge
  expect(lateness).toBeGreaterThanOrEqual(0)
  expect(lateness).toBeLessThan(BOUND)
}

describe('an edge', () => {
  it(
    'is published within 100 ms, with no call: a window of two rows that touch, and the half hour that it makes cheap',
    inHouse(
      () => ({ broker, clock: systemClock, scenario: pluggedIn(() => [], { planMade: () => null }) }),
      async house => {
        await house.capable()
        const start = Math.ceil((systemClock.now() + 1_000) / SECOND) * SECOND
        const end = start + 2 * SECOND
        await plan(house, [
          [start, start + SECOND],
          [start + SECOND, end],
          [start + 12 * HOUR, start + 13 * HOUR],
        ])
        await house.start({ intelligent: { off_peak: nightLater() } })
        await house.shows('car/planned_dispatch_count', '3')
        expect(systemClock.now()).toBeLessThan(start)
        const asked = house.polls.length
        expect(house.newest('car/next_dispatch_end')).toBe(new Date(end).toISOString().replace('.000Z', 'Z'))
        await house.shows('car/dispatch_active', 'ON')
        await house.next('car/dispatch_active', 'OFF')
        await house.shows('car/planned_dispatch_count', '1')

        for (const path of ['car/dispatch_active', 'car/intelligent_dispatching']) {
          const [on, off, ...more] = fromFirstOn(house, path)
          expect(more).toEqual([])
          expectOnTime(on, start)
          expectOnTime(off, end)
        }
        const [cheap, over] = fromFirstOn(house, 'account/house_cheap')
        expectOnTime(cheap, start)
        // It began to be cheap, so it stays so to the end of its half hour, which may by chance have come.
        const halfHourEnds = halfHourStart(start) + HALF_HOUR
        if (over !== undefined) expect(over.at).toBeGreaterThanOrEqual(halfHourEnds)
        expect(house.polls).toHaveLength(asked)
      },
    ),
  )
})
