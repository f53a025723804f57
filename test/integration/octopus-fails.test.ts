/** Octopus is away or answers nonsense: what was known stays, and it is asked again ever more patiently. */
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { MINUTE } from '../../src/clock.ts'
import type { FaultKind } from '../../src/simulator/index.ts'
import { closeEverything, haveOpenssl, startBroker, type TestBroker } from '../support/broker.ts'
import { gap, type House, inHouse } from './house.ts'

const SPEED = 600
/** When an exchange over HTTP is given up: see the configuration of a house. */
const TIMEOUT = 5 * MINUTE

let broker: TestBroker

beforeAll(async () => {
  broker = await startBroker()
})
afterAll(closeEverything)

const options = () => ({ broker, speed: SPEED })

const KEPT = [
  'planned_dispatch_count',
  'next_dispatch_start',
  'dispatch_active',
  'intelligent_state',
  'state_of_charge',
]

const known = (house: House) => ({
  ...Object.fromEntries(KEPT.map(key => [key, house.newest(`car/${key}`)])),
  rows: house.json('car/plan').rows,
})

const FAILURES: readonly (readonly [string, FaultKind])[] = [
  ['does not answer', 'timeout'],
  ['answers 502', 'http_502'],
  ['answers with JSON that is none', 'bad_json'],
  ['breaks off in the middle', 'truncated'],
  ['resets the connection', 'reset'],
]

describe('when Octopus', () => {
  for (const [what, kind] of FAILURES) {
    it.concurrent(
      `${what}, the last good values stay, and all is well with the next answer`,
      inHouse(options, async house => {
        const bridge = await house.startAndSettle()
        const before = known(house)
        house.simulator.faults.inject({ kind, operation: 'Poll', times: 1 })
        await house.press()
        await house.next('account/api_status', 'unreachable')
        expect(known(house)).toEqual(before)
        expect(house.newest('availability')).toBe('online')
        expect(house.notices()).toEqual([])
        expect(bridge.health().status).toBe('ok')
        await house.next('account/api_status', 'ok')
        expect(known(house)).toEqual(before)
        const [failed, again] = await house.fromFirstFailure(2)
        expect(gap(failed, again)).toBeGreaterThanOrEqual(MINUTE)
        const timeout = kind === 'timeout' ? TIMEOUT : 0
        expect(gap(failed, again)).toBeLessThan(1.1 * MINUTE + timeout + house.late)
      }),
    )
  }

  it.concurrent(
    'fails again and again, it is asked after 1, 2, 3 … minutes, and in the end a notice says so',
    inHouse(options, async house => {
      await house.startAndSettle()
      house.simulator.faults.inject({ kind: 'http_503' })
      const mode = house.next('account/refresh_mode', 'backoff')
      await house.press()
      await mode
      const failed = await house.fromFirstFailure(4)
      for (const [nth, minutes] of [1, 2, 3].entries()) {
        expect(gap(failed[nth], failed[nth + 1])).toBeGreaterThanOrEqual(minutes * MINUTE)
        expect(gap(failed[nth], failed[nth + 1])).toBeLessThan(1.1 * minutes * MINUTE + house.late)
      }
      await house.opens('api_unreachable')
      expect(house.newest('car/planned_dispatch_count')).toBe('2')
    }),
  )

  it.concurrent(
    'stays away for longer than its plan is trusted, what needs the plan is unknown, and the night is not',
    inHouse(
      () => ({ ...options(), startsAt: Date.parse('2026-11-23T23:05:00Z') }),
      async house => {
        await house.startAndSettle({ intelligent: { trust_plan_for: '5m' } })
        house.simulator.faults.inject({ kind: 'http_503' })
        expect((await house.next('car/dispatch_active')).payload).toBe('None')
        await house.shows('car/intelligent_dispatching', 'None')
        expect(house.newest('account/house_cheap')).toBe('None')
        expect(house.newest('car/plugged_in')).toBe('ON')
        const night = house.next('car/intelligent_dispatching', 'ON')
        await house.next('account/house_cheap', 'ON')
        await night
        expect(house.newest('car/dispatch_active')).toBe('None')
        expect(house.newest('account/api_status')).toBe('unreachable')
      },
    ),
  )
})

describe('when Octopus cannot even be reached', () => {
  let untrusted: Server
  const encrypted = haveOpenssl ? it.concurrent : it.concurrent.skip

  beforeAll(async () => {
    if (!haveOpenssl) return
    const { files } = await startBroker({ tls: true })
    untrusted = createServer({ cert: readFileSync(files?.cert ?? ''), key: readFileSync(files?.key ?? '') })
    await new Promise<void>(resolve => untrusted.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => {
    untrusted?.close()
    untrusted?.closeAllConnections()
  })

  /** A restart on a store that knows the account, with another address of Octopus; what the log then says of it. */
  const restartWith = async (house: House, url: string): Promise<string> => {
    const first = await house.startAndSettle()
    const before = known(house)
    await house.stop(first)
    const said = house.logs(/Octopus: /)
    const shown = house.next('car/planned_dispatch_count')
    await house.start({ octopus: { graphql_url: url } })
    expect((await shown).payload).toBe('2')
    await house.press()
    // It may have been said already: readings are asked for as well.
    await house.shows('account/api_status', 'unreachable')
    expect(known(house)).toEqual(before)
    return said
  }

  it.concurrent(
    'because no name server knows it, the log says so',
    inHouse(options, async house => {
      expect(await restartWith(house, 'http://octopus.invalid/v1/graphql/')).toContain('"problem":"dns"')
    }),
  )

  encrypted(
    'because its certificate is not to be trusted, the log says so',
    inHouse(options, async house => {
      const { port } = untrusted.address() as AddressInfo
      expect(await restartWith(house, `https://localhost:${port}/v1/graphql/`)).toContain('"problem":"tls"')
    }),
  )
})
