/** Edges on the real clock: a window that begins and ends is on the broker within a tenth of a second, without a call. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { HALF_HOUR, HOUR, type Instant, MINUTE, SECOND, systemClock } from '../../src/clock.ts'
import { SIMULATOR_ACCOUNT } from '../../src/simulator/index.ts'
import { closeEverything, startBroker, type TestBroker } from '../support/broker.ts'
import { type House, inHouse } from './house.ts'
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

const changes = (house: House, path: string, from: Instant) => {
  const topic = house.topic(path)
  return house.recorder.messages.filter(message => message.topic === topic && message.at >= from)
}

describe('an edge', () => {
  it(
    'is published within 100 ms: two windows of a second each, and the cheap half hour that the first one starts',
    inHouse(() => ({ broker, clock: systemClock, scenario: pluggedIn(() => [[SECOND, 2 * SECOND]].flatMap(() => [])) }), async house => {
      const first = Math.ceil((systemClock.now() + 1_500) / SECOND) * SECOND
      const edges = [first, first + SECOND, first + 2 * SECOND, first + 3 * SECOND] as const
      house.simulator.household.car()?.say('SMART_CONTROL_IN_PROGRESS')
      await plan(house, [
        [edges[0], edges[1]],
        [edges[2], edges[3]],
        [first + 12 * HOUR, first + 13 * HOUR],
      ])
      await house.start({ intelligent: { off_peak: nightLater() } })
      await house.shows('car/planned_dispatch_count', '3')
      const known = systemClock.now()
      expect(known).toBeLessThan(edges[0])
      const asked = house.simulator.requests.length
      expect(house.newest('car/dispatch_active')).toBe('OFF')
      expect(house.newest('account/house_cheap')).toBe('OFF')

      const over = house.recorder.next(
        ({ topic, payload, at }) => topic === house.topic('car/dispatch_active') && payload === 'OFF' && at >= edges[3],
      )
      await over
      await house.shows('car/planned_dispatch_count', '1')

      for (const path of ['car/dispatch_active', 'car/intelligent_dispatching']) {
        const seen = changes(house, path, known)
        expect(seen.map(({ payload }) => payload)).toEqual(['ON', 'OFF', 'ON', 'OFF'])
        for (const [index, { at }] of seen.entries()) {
          expect(at - (edges[index] ?? 0)).toBeGreaterThanOrEqual(0)
          expect(at - (edges[index] ?? 0)).toBeLessThan(BOUND)
        }
      }
      // The whole slot is cheap from the first window's start to the end of its half hour, which a row in it confirmed.
      const cheap = changes(house, 'account/house_cheap', known)
      expect(cheap[0]?.payload).toBe('ON')
      expect((cheap[0]?.at ?? 0) - edges[0]).toBeLessThan(BOUND)
      const halfHourEnds = Math.floor(edges[0] / HALF_HOUR) * HALF_HOUR + HALF_HOUR
      for (const { payload, at } of cheap.slice(1)) expect(payload === 'ON' || at >= halfHourEnds).toBe(true)
      // Nobody had to be asked for any of it.
      const dispatchCalls = house.simulator.requests.slice(asked).filter(({ names }) => names.includes('Poll'))
      expect(dispatchCalls).toEqual([])
      expect(MINUTE).toBeGreaterThan(edges[3] - edges[0])
      expect(SIMULATOR_ACCOUNT).toBe(house.simulator.account.number)
    }),
  )
})
