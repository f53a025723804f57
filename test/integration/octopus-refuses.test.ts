/** Octopus answers, but not with what was asked for: blocks, limits, refused tokens, part of the data, another schema. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { HOUR, MINUTE } from '../../src/clock.ts'
import type { Fault } from '../../src/simulator/index.ts'
import { closeEverything, startBroker, type TestBroker } from '../support/broker.ts'
import { gap, type House, inHouse } from './house.ts'

const SPEED = 450

let broker: TestBroker

beforeAll(async () => {
  broker = await startBroker()
})
afterAll(closeEverything)

const options = () => ({ broker, speed: SPEED })

const mints = (house: House): number => house.simulator.audit.report().mints

/** Settles the house and asks once more under these faults. */
async function pressedUnder(house: House, ...faults: readonly Fault[]): Promise<void> {
  await house.startAndSettle()
  for (const fault of faults) house.simulator.faults.inject(fault)
  await house.press()
}

describe('Octopus', () => {
  it.concurrent(
    'refuses by a page of the network edge: it is a block and not a bad key, the token is kept, the waits are 5 and 10 min',
    inHouse(options, async house => {
      await pressedUnder(house, { kind: 'cloudfront_403', operation: 'Poll', times: 2 })
      const tokens = mints(house)
      await house.next('account/api_status', 'blocked')
      await house.opens('api_blocked')
      // A person who presses the button does not make it worse.
      await house.press()
      await house.next('account/api_status', 'ok')
      const calls = await house.fromFirstFailure(3, 'OCTOPUS_BLOCKED')
      expect(calls.map(({ outcome }) => outcome)).toEqual(['OCTOPUS_BLOCKED', 'OCTOPUS_BLOCKED', 'ok'])
      for (const [nth, minutes] of [5, 10].entries()) {
        expect(gap(calls[nth], calls[nth + 1])).toBeGreaterThanOrEqual(minutes * MINUTE)
        const planned = house.plannedFor(calls[nth + 1]) - (calls[nth]?.at ?? 0)
        expect(planned).toBeLessThan(1.11 * minutes * MINUTE)
      }
      expect(mints(house)).toBe(tokens)
      await house.closesAll()
      expect(house.newest('car/planned_dispatch_count')).toBe('2')
    }),
  )

  it.concurrent(
    'refuses with a Retry-After, which is not followed by another call before it',
    inHouse(options, async house => {
      await pressedUnder(house, { kind: 'http_429', operation: 'Poll', times: 1, retryAfter: 400 })
      await house.next('account/api_status', 'throttled')
      await house.opens('api_throttled')
      await house.press()
      await house.next('account/api_status', 'ok')
      const [refused, next] = await house.fromFirstFailure(2, 'OCTOPUS_THROTTLED')
      expect(gap(refused, next)).toBeGreaterThanOrEqual(400_000)
      expect(gap(refused, next)).toBeLessThan(400_000 + MINUTE + house.late)
    }),
  )

  it.concurrent(
    'refuses by KT-CT-1199, which halves the pace for an hour: two minutes between calls, ten in the hour',
    inHouse(options, async house => {
      await pressedUnder(house, { kind: 'KT-CT-1199', operation: 'Poll', times: 1 })
      await house.next('account/api_status', 'throttled')
      await house.opens('api_throttled')
      await house.next('account/api_status', 'ok')
      await house.press()
      const [refused, next, asked] = await house.fromFirstFailure(3, 'OCTOPUS_THROTTLED')
      expect(gap(refused, next)).toBeGreaterThanOrEqual(2 * MINUTE)
      expect(gap(next, asked)).toBeGreaterThanOrEqual(2 * MINUTE)
    }),
  )

  for (const kind of ['KT-CT-1124', 'KT-CT-1111'] as const) {
    it.concurrent(
      `refuses the token with ${kind}: it costs one new token, and the call is made again at the next allowed instant`,
      inHouse(options, async house => {
        await pressedUnder(house, { kind, operation: 'Poll', times: 1 })
        const tokens = mints(house)
        await house.next('account/api_status', 'rejected')
        await house.next('account/api_status', 'ok')
        const [refused, again] = await house.fromFirstFailure(2, 'OCTOPUS_TOKEN_REFUSED')
        expect(mints(house)).toBe(tokens + 1)
        expect(gap(refused, again)).toBeGreaterThanOrEqual(MINUTE)
        expect(gap(refused, again)).toBeLessThan(MINUTE + house.late)
        expect(again?.outcome).toBe('ok')
        expect(house.notices()).toEqual([])
      }),
    )
  }

  it.concurrent(
    'refuses every token: after one retry it is asked ever more slowly, for no more than four tokens an hour',
    inHouse(options, async house => {
      await pressedUnder(house, { kind: 'KT-CT-1124', operation: 'Poll' })
      await house.next('account/api_status', 'rejected')
      const [refused, again, later] = await house.fromFirstFailure(3, 'OCTOPUS_TOKEN_REFUSED')
      expect(gap(refused, again)).toBeGreaterThanOrEqual(MINUTE)
      expect(gap(again, later)).toBeGreaterThanOrEqual(5 * MINUTE)
      expect(house.simulator.audit.report().mostMintsInAnHour).toBeLessThanOrEqual(4)
      expect(house.newest('car/planned_dispatch_count')).toBe('2')
    }),
  )

  it.concurrent(
    'refuses the key: a notice says so, it is tried again slowly, and what is known stays',
    inHouse(options, async house => {
      // The token that there is goes first; the key is what the next one is asked for with.
      await pressedUnder(
        house,
        { kind: 'KT-CT-1124', operation: 'Poll', times: 1 },
        { kind: 'KT-CT-1139', operation: 'obtainKrakenToken', times: 2 },
      )
      await house.next('account/api_status', 'rejected')
      await house.opens('key_rejected')
      expect(house.newest('car/planned_dispatch_count')).toBe('2')
      await house.next('account/api_status', 'ok')
      const [, once, again, well] = house.calls.filter(({ kind }) => kind === 'token').map(({ at }) => at)
      expect((again ?? 0) - (once ?? 0)).toBeGreaterThanOrEqual(5 * MINUTE)
      expect((well ?? 0) - (again ?? 0)).toBeGreaterThanOrEqual(10 * MINUTE)
      await house.closesAll()
    }),
  )

  it.concurrent(
    'refuses the key at the very first start: a line in the log says what to do, and it is tried again',
    inHouse(options, async house => {
      house.simulator.faults.inject({ kind: 'KT-CT-1139', operation: 'obtainKrakenToken', times: 1 })
      const said = house.logs(/KEY_REJECTED/)
      await house.start()
      await house.shows('bridge/state', 'online')
      expect(await said).toMatch(/octopus\.api_key/)
      await house.shows('car/planned_dispatch_count', '2')
    }),
  )

  it.concurrent(
    'refuses the key at the very first start of an account that the configuration names: its notice is shown already',
    inHouse(options, async house => {
      house.simulator.faults.inject({ kind: 'KT-CT-1139', operation: 'obtainKrakenToken', times: 1 })
      await house.start({ octopus: { account: house.simulator.account.number } })
      await house.shows('account/api_status', 'rejected')
      await house.opens('key_rejected')
      await house.shows('car/planned_dispatch_count', '2')
      await house.closesAll()
    }),
  )

  it.concurrent(
    'answers in part: the plan failed and stays, the rest is new',
    inHouse(options, async house => {
      await house.startAndSettle()
      house.simulator.faults.inject({ kind: 'KT-CT-4340' })
      house.simulator.household.car()?.say('SMART_CONTROL_OFF')
      await house.press()
      await house.next('car/intelligent_state', 'SMART_CONTROL_OFF')
      expect(house.json('car/plan').rows).toHaveLength(2)
      await house.shows('car/smart_charging_suspended', 'ON')
      await house.shows('account/api_status', 'ok')
      expect(house.newest('account/refresh_mode')).not.toBe('backoff')
    }),
  )

  for (const kind of ['devices_empty', 'devices_null'] as const) {
    it.concurrent(
      `answers without the cars (${kind}): they do not go away`,
      inHouse(options, async house => {
        await pressedUnder(house, { kind, operation: 'Poll' })
        const isDocument = ({ topic }: { topic: string }) => topic.startsWith(`${house.base}-ha/device/`)
        const before = house.recorder.messages.filter(isDocument).length
        for (let call = 0; call < 3; call += 1) await house.next('account/requests_last_hour')
        expect(house.recorder.messages.filter(isDocument)).toHaveLength(before)
        expect(house.newest('car/plugged_in')).toBe('ON')
        expect(house.newest('car/planned_dispatch_count')).toBe('2')
        expect(house.newest('car/intelligent_state')).toBe('SMART_CONTROL_IN_PROGRESS')
      }),
    )
  }

  it.concurrent(
    'has removed a field: it costs only what needs it, the minimal document goes on with the plan, and a notice says so',
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
