/** Octopus answers, but not with what was asked for: blocks, limits, refused tokens, part of the data, another schema. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { HOUR, MINUTE } from '../../src/clock.ts'
import type { Fault } from '../../src/simulator/index.ts'
import { closeEverything, startBroker, type TestBroker } from '../support/broker.ts'
import { type House, inHouse } from './house.ts'

const SPEED = 600
/** How much later than planned a call may leave on a busy machine: a quarter of a real second, as time of the house. */
const LATE = 250 * SPEED

let broker: TestBroker

beforeAll(async () => {
  broker = await startBroker()
})
afterAll(closeEverything)

const options = () => ({ broker, speed: SPEED })

const mints = (house: House): number => house.simulator.audit.report().mints

/** Settles the house and asks once more under these faults; the place of that call among those for dispatches. */
async function pressedUnder(house: House, ...faults: readonly Fault[]): Promise<number> {
  await house.startAndSettle()
  for (const fault of faults) house.simulator.faults.inject(fault)
  const asked = house.dispatchCalls.length
  await house.press()
  return asked
}

const gapAfter = (house: House, nth: number): number =>
  (house.dispatchCalls[nth + 1]?.at ?? Number.NaN) - (house.dispatchCalls[nth]?.at ?? Number.NaN)

describe('a refusal', () => {
  it.concurrent(
    'by a page of the network edge is a block and not a bad key: the token is kept, and the waits are 5 minutes, then 10',
    inHouse(options, async house => {
      const asked = await pressedUnder(house, { kind: 'cloudfront_403', operation: 'Poll', times: 2 })
      const tokens = mints(house)
      await house.next('account/api_status', 'blocked')
      await house.opens('api_blocked')
      // A person who presses the button does not make it worse.
      await house.press()
      await house.next('account/api_status', 'ok')
      expect(house.dispatchCalls).toHaveLength(asked + 3)
      for (const [nth, minutes] of [5, 10].entries()) {
        expect(gapAfter(house, asked + nth)).toBeGreaterThanOrEqual(minutes * MINUTE)
        expect(gapAfter(house, asked + nth)).toBeLessThan(1.1 * minutes * MINUTE + LATE)
      }
      expect(mints(house)).toBe(tokens)
      expect(house.notices()).toEqual([])
      expect(house.newest('car/planned_dispatch_count')).toBe('2')
    }),
  )

  it.concurrent(
    'with a Retry-After is not followed by another call before it',
    inHouse(options, async house => {
      const asked = await pressedUnder(house, { kind: 'http_429', operation: 'Poll', times: 1, retryAfter: 400 })
      await house.next('account/api_status', 'throttled')
      await house.opens('api_throttled')
      await house.press()
      await house.next('account/api_status', 'ok')
      expect(gapAfter(house, asked)).toBeGreaterThanOrEqual(400_000)
      expect(gapAfter(house, asked)).toBeLessThan(400_000 + MINUTE + LATE)
    }),
  )

  it.concurrent(
    'by KT-CT-1199 halves the pace for an hour: two minutes between calls, ten in the hour',
    inHouse(options, async house => {
      const asked = await pressedUnder(house, { kind: 'KT-CT-1199', operation: 'Poll', times: 1 })
      await house.next('account/api_status', 'throttled')
      await house.opens('api_throttled')
      await house.next('account/api_status', 'ok')
      expect(gapAfter(house, asked)).toBeGreaterThanOrEqual(2 * MINUTE)
      await house.press()
      await house.next('account/data_last_retrieved')
      expect(gapAfter(house, asked + 1)).toBeGreaterThanOrEqual(2 * MINUTE)
    }),
  )

  for (const kind of ['KT-CT-1124', 'KT-CT-1143', 'KT-CT-1111'] as const) {
    it.concurrent(
      `of the token with ${kind} costs one new token, and the call is made again at the next allowed instant`,
      inHouse(options, async house => {
        const asked = await pressedUnder(house, { kind, operation: 'Poll', times: 1 })
        const tokens = mints(house)
        await house.next('account/data_last_retrieved')
        expect(house.dispatchCalls).toHaveLength(asked + 2)
        expect(mints(house)).toBe(tokens + 1)
        expect(gapAfter(house, asked)).toBeGreaterThanOrEqual(MINUTE)
        expect(gapAfter(house, asked)).toBeLessThan(MINUTE + LATE)
        await house.shows('account/api_status', 'ok')
        expect(house.notices()).toEqual([])
      }),
    )
  }

  it.concurrent(
    'of every token costs no more than four of them an hour',
    inHouse(options, async house => {
      await pressedUnder(house, { kind: 'KT-CT-1124', operation: 'Poll' })
      await house.next('account/api_status', 'throttled')
      expect(mints(house)).toBe(4)
      expect(house.newest('car/planned_dispatch_count')).toBe('2')
      // No fifth one while the hour lasts, however often somebody asks.
      const polled = house.polls.length
      const refused = house.logs(/OCTOPUS_TOKENS_SPENT/)
      await house.press()
      await refused
      expect(house.polls).toHaveLength(polled)
      expect(mints(house)).toBe(4)
    }),
  )

  it.concurrent(
    'of the key is shown as a notice and tried again slowly; what is known stays',
    inHouse(options, async house => {
      const first = await house.startAndSettle()
      await first.stop()
      // A token lives in memory only, so the next life needs a new one.
      house.simulator.faults.inject({ kind: 'KT-CT-1139', operation: 'obtainKrakenToken', times: 2 })
      await house.start()
      await house.press()
      await house.next('account/api_status', 'rejected')
      await house.opens('key_rejected')
      expect(house.newest('car/planned_dispatch_count')).toBe('2')
      await house.next('account/api_status', 'ok')
      const [, once, again, well] = house.calls.filter(({ kind }) => kind === 'token').map(({ at }) => at)
      expect((again ?? 0) - (once ?? 0)).toBeGreaterThanOrEqual(5 * MINUTE)
      expect((well ?? 0) - (again ?? 0)).toBeGreaterThanOrEqual(10 * MINUTE)
      expect(house.notices()).toEqual([])
    }),
  )

  it.concurrent(
    'of the key at the very first start is a line in the log that says what to do, and is tried again',
    inHouse(options, async house => {
      house.simulator.faults.inject({ kind: 'KT-CT-1139', operation: 'obtainKrakenToken', times: 2 })
      const said = house.logs(/KEY_REJECTED/)
      await house.start()
      await house.shows('bridge/state', 'online')
      expect(await said).toMatch(/octopus\.api_key/)
      await house.shows('car/planned_dispatch_count', '2')
    }),
  )
})

describe('an answer in part', () => {
  it.concurrent(
    'is used as far as it goes: the plan failed and stays, the rest is new',
    inHouse(options, async house => {
      await house.startAndSettle()
      house.simulator.faults.inject({ kind: 'KT-CT-4340' })
      house.simulator.household.car()?.say('SMART_CONTROL_OFF')
      await house.press()
      await house.next('car/intelligent_state', 'SMART_CONTROL_OFF')
      expect(house.json('car/plan').rows).toHaveLength(2)
      expect(house.newest('car/smart_charging_suspended')).toBe('ON')
      await house.shows('account/api_status', 'ok')
      expect(house.newest('account/refresh_mode')).not.toBe('backoff')
    }),
  )

  for (const kind of ['devices_empty', 'devices_null'] as const) {
    it.concurrent(
      `without the cars (${kind}) does not make them go away`,
      inHouse(options, async house => {
        const asked = await pressedUnder(house, { kind, operation: 'Poll' })
        const isDocument = ({ topic }: { topic: string }) => topic.startsWith(`${house.base}-ha/device/`)
        const before = house.recorder.messages.filter(isDocument).length
        for (const more of [1, 2, 3]) await house.next('account/requests_last_hour', String(asked + more))
        expect(house.recorder.messages.filter(isDocument)).toHaveLength(before)
        expect(house.newest('car/plugged_in')).toBe('ON')
        expect(house.newest('car/planned_dispatch_count')).toBe('2')
        expect(house.newest('car/intelligent_state')).toBe('SMART_CONTROL_IN_PROGRESS')
      }),
    )
  }

  it.concurrent(
    'because a field was removed costs only what needs it: the minimal document goes on with the plan, and a notice says so',
    inHouse(options, async house => {
      const field = 'SmartFlexVehicleStatus.stateOfCharge'
      await pressedUnder(house, { kind: 'removed_field', field })
      await house.opens('schema_changed')
      await house.next('account/data_last_retrieved')
      expect(house.dispatchCalls.slice(-2).map(({ operation }) => operation)).toEqual(['Poll', 'MinimalPoll'])
      await house.shows('account/api_status', 'ok')
      expect(house.notices()).toEqual(['schema_changed'])

      const now = house.clock.now()
      const row = { start: now + HOUR, end: now + 2 * HOUR, type: 'SMART', energyKwh: -7 }
      house.simulator.household.car()?.replacePlan([row])
      await house.press()
      await house.next('car/planned_dispatch_count', '1')
      expect(house.notices()).toEqual(['schema_changed'])
    }),
  )
})
