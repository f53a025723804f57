/** What a plug topic may say in a real house, and what is made of it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { MINUTE } from '../../src/clock.ts'
import { closeEverything, startBroker, type TestBroker } from '../support/broker.ts'
import { type House, inHouse } from './house.ts'

const SPEED = 600

let broker: TestBroker

beforeAll(async () => {
  broker = await startBroker()
})
afterAll(closeEverything)

const options = () => ({ broker, speed: SPEED })

const says = (house: House, payload: string) => house.recorder.publish(house.ev('car', 'plugged'), payload)

const pluggedStates = (house: House): string[] =>
  house.recorder.payloads(house.topic('car/plugged_in')).filter(payload => payload !== 'None')

describe('the plug topic', () => {
  it.concurrent(
    'that says nothing of use keeps its last state, and the log says so once for each kind',
    inHouse(options, async house => {
      await house.startAndSettle()
      await house.shows('car/plugged_in', 'ON')
      for (const payload of ['', 'unavailable', 'unknown', 'banana', '', 'unavailable', 'unknown', 'banana']) {
        await says(house, payload)
      }
      await house.opens('plug_silent')
      expect(pluggedStates(house)).toEqual(['ON'])
      expect(house.newest('car/planned_dispatch_count')).toBe('2')
      const remarks = house.log.filter(line => line.includes(house.ev('car', 'plugged')) && line.includes('"level":40'))
      expect(remarks.length).toBeGreaterThanOrEqual(2)
      expect(new Set(remarks.map(line => JSON.parse(line).msg)).size).toBe(remarks.length)
    }),
  )

  it.concurrent(
    'that flaps for a moment has said nothing; what lasts a minute is an unplugging',
    inHouse(
      () => ({ ...options(), speed: 120 }),
      async house => {
        await house.startAndSettle()
        for (const payload of ['false', 'true', 'FALSE ', ' On', 'off', '1']) await says(house, payload)
        const before = house.dispatchCalls.length
        const off = house.next('car/plugged_in', 'OFF')
        const pulled = house.clock.now()
        await says(house, 'false')
        const { at } = await off
        expect(pluggedStates(house)).toEqual(['ON', 'OFF'])
        expect(at - pulled).toBeGreaterThanOrEqual(MINUTE)
        expect(at - pulled).toBeLessThan(MINUTE + house.late)
        expect(house.newest('car/planned_dispatch_count')).toBe('0')
        expect(house.newest('car/dispatch_active')).toBe('OFF')
        await house.shows('car/plan', /unplugged/)
        const { rows } = house.json('car/plan')
        expect(rows.map(({ why }: { why: string }) => why)).toEqual(['unplugged', 'unplugged'])
        await house.next('account/data_last_retrieved')
        // A minute after the plug was pulled, which is when it has been out long enough to be believed.
        const first = house.dispatchCalls[before]
        expect((first?.at ?? 0) - pulled).toBeGreaterThanOrEqual(MINUTE - house.late)
        expect((first?.at ?? 0) - pulled).toBeLessThan(MINUTE + house.late)
      },
    ),
  )

  it.concurrent(
    'turns ON after five seconds, and Octopus is asked half a minute after the plug went in',
    inHouse(
      () => ({ ...options(), speed: 60, scenario: 'day-c' }),
      async house => {
        await house.start()
        await house.shows('car/plugged_in', 'OFF')
        const asked = house.dispatchCalls.length
        const pushed = house.clock.now()
        const on = house.next('car/plugged_in', 'ON')
        await says(house, 'true')
        const { at } = await on
        expect(at - pushed).toBeGreaterThanOrEqual(5_000)
        expect(at - pushed).toBeLessThan(5_000 + house.late)
        await house.shows('account/refresh_mode', 'settling')
        await house.next('account/data_last_retrieved')
        const first = (house.dispatchCalls[asked]?.at ?? 0) - pushed
        expect(first).toBeGreaterThanOrEqual(30_000 - 5_000)
        expect(first).toBeLessThan(MINUTE + house.late)
      },
    ),
  )
})
