/** Two cars with a list in `ev`: one request for both, states of their own. And asking by hand. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { MINUTE } from '../../src/clock.ts'
import { closeEverything, startBroker, type TestBroker } from '../support/broker.ts'
import { type House, inHouse } from './house.ts'
import { twoCars } from './scenes.ts'

const SPEED = 600

let broker: TestBroker

beforeAll(async () => {
  broker = await startBroker()
})
afterAll(closeEverything)

const listOf = (house: House) =>
  house.simulator.household.cars.map(({ spec }, index) => ({
    // By its id, and by its name.
    device: index === 0 ? spec.deviceId : spec.name,
    plugged: { topic: house.ev(spec.key, 'plugged') },
    charging: { topic: house.ev(spec.key, 'charging') },
  }))

describe('two cars', () => {
  it.concurrent(
    'have states of their own and one request for both',
    inHouse(
      () => ({ broker, speed: SPEED, scenario: twoCars }),
      async house => {
        await house.startAndSettle({ ev: listOf(house) })
        await house.shows('driveway_charger/plugged_in', 'OFF')
        await house.shows('car/plugged_in', 'ON')
        await house.shows('driveway_charger/planned_dispatch_count', '0')
        await house.shows('driveway_charger/intelligent_state', 'SMART_CONTROL_NOT_AVAILABLE')
        expect(house.newest('car/planned_dispatch_count')).toBe('2')

        const on = house.next('driveway_charger/plugged_in', 'ON')
        const planned = house.next('driveway_charger/planned_dispatch_count', '1')
        house.simulator.household.car('second')?.plug()
        await on
        await planned
        expect(house.newest('car/planned_dispatch_count')).toBe('2')
        expect(house.newest('car/plugged_in')).toBe('ON')
        for (const { names } of house.polls) expect(names.filter(name => name === 'devices')).toHaveLength(1)
        expect(house.polls).toHaveLength(house.dispatchCalls.length)

        const off = house.next('car/plugged_in', 'OFF')
        house.simulator.household.car('car')?.unplug()
        await off
        expect(house.newest('driveway_charger/plugged_in')).toBe('ON')
        expect(house.newest('driveway_charger/planned_dispatch_count')).toBe('1')
      },
    ),
  )

  it.concurrent(
    'that share one mapping are told of in the log: nobody can say whose plug it is',
    inHouse(
      () => ({ broker, speed: SPEED, scenario: twoCars }),
      async house => {
        const said = house.logs(/make ev a list/)
        await house.start()
        expect(await said).toContain(house.simulator.household.cars[0].spec.deviceId)
        await house.shows('account/api_status', 'ok')
      },
    ),
  )
})

describe('asking by hand', () => {
  it.concurrent(
    'by the button and by request comes at the next allowed instant, which is shown, and never sooner than the gap',
    inHouse(
      () => ({ broker, speed: SPEED }),
      async house => {
        await house.startAndSettle()
        const asked = house.dispatchCalls.length
        const last = house.dispatchCalls.at(-1)?.at ?? 0
        const soonest = Math.max(last + MINUTE, house.clock.now())
        const answer = await house.ask('refresh', {})
        expect(answer).toMatchObject({ status: 'ok', data: { next_refresh: expect.any(String) } })
        const { next_refresh: due } = answer.data as { next_refresh: string }
        // Ten more wishes are the same wish.
        for (let times = 0; times < 10; times += 1) await house.press()
        await house.next('account/data_last_retrieved')
        const called = house.dispatchCalls[asked]?.at ?? 0
        expect(called).toBeGreaterThanOrEqual(soonest)
        expect(called).toBeLessThan(soonest + house.late)
        expect(Math.abs(called - Date.parse(due))).toBeLessThan(house.late)

        await house.press()
        await house.next('account/data_last_retrieved')
        expect(
          (house.dispatchCalls[asked + 1]?.at ?? 0) - (house.dispatchCalls[asked]?.at ?? 0),
        ).toBeGreaterThanOrEqual(MINUTE)
      },
    ),
  )

  it.concurrent(
    'without end is answered twenty times in an hour, and then it waits',
    inHouse(
      () => ({ broker, speed: SPEED }),
      async house => {
        await house.startAndSettle()
        for (let times = 0; times < 19; times += 1) {
          const next = house.next('account/data_last_retrieved')
          await house.press()
          await next
        }
        await house.shows('account/requests_left', '0')
        const { data } = (await house.ask('refresh', {})) as { data: { next_refresh: string } }
        const first = house.dispatchCalls[0]?.at ?? 0
        expect(Date.parse(data.next_refresh)).toBeGreaterThanOrEqual(first + 60 * MINUTE - 1_000)
      },
    ),
  )

  it.concurrent(
    'for what there is not, or with a retained request, is refused or ignored',
    inHouse(
      () => ({ broker, speed: SPEED }),
      async house => {
        await house.recorder.publish(house.topic('bridge/request/refresh'), '{"transaction":"stale"}', true)
        await house.recorder.publish(house.topic('account/refresh/set'), 'PRESS', true)
        await house.startAndSettle()
        expect(await house.ask('refresh', { force: true })).toMatchObject({
          status: 'error',
          error: { code: 'REQUEST_INVALID', message: expect.any(String) },
        })
        expect(await house.ask('health', {})).toMatchObject({
          status: 'ok',
          data: { status: 'ok', broker_connected: true },
        })
        expect(await house.ask('log_level', { level: 'silent' })).toMatchObject({ status: 'ok' })
        const answers = house.recorder.payloads(house.topic('bridge/response/refresh'))
        expect(answers.filter(payload => payload.includes('stale'))).toEqual([])
        expect(house.log.filter(line => line.includes('asked for by hand'))).toEqual([])
      },
    ),
  )
})
