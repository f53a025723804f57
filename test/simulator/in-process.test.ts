import { afterEach, describe, expect, it } from '@jest/globals'
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import { isBridgeError } from '../../src/errors.ts'
import { createOctopus } from '../../src/octopus/client.ts'
import { FAULT_KINDS, type Fault, type FaultKind, type Simulator, startSimulator } from '../../src/simulator/index.ts'
import { openStore } from '../../src/store/open.ts'
import { MINT } from './client.ts'
import { virtualClock } from './virtual-clock.ts'

const START = Date.parse('2026-11-23T17:50:00Z')

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

type Options = Partial<Parameters<typeof startSimulator>[0]>

async function setUp(options: Options) {
  const clock = virtualClock(START)
  const simulator = await startSimulator({ clock, scenario: 'demo', ...options })
  stops.push(() => simulator.stop())
  return { clock, simulator }
}

/** The daemon's own client in front of the simulator, by a socket or without one. */
async function clientIn(listen: boolean) {
  const { clock, simulator } = await setUp({ listen })
  const store = openStore({ path: ':memory:', clock, bootId: 'test' })
  const octopus = createOctopus({
    config: {
      apiKey: simulator.apiKey,
      graphqlUrl: simulator.graphqlUrl,
      restUrl: simulator.restUrl,
      timeout: 20 * SECOND,
    },
    clock,
    ledger: store.ledger,
    limits: { dispatchPerHour: 20, dispatchMinGap: MINUTE, reserveForEvents: 4, requestsPerHour: 60 },
    userAgent: 'octopus2mqtt/test',
    ...(listen ? {} : { fetch: simulator.fetch }),
  })
  stops.push(() => octopus.stop())
  clock.advance(10 * MINUTE)
  return { clock, simulator, octopus }
}

const MORE: Partial<Record<FaultKind, Partial<Fault>>> = {
  http_429: { retryAfter: 90 },
  removed_field: { field: 'SmartFlexDeviceStatusInterface.isSuspended' },
}

/** How long the clock has to run until the call is over. */
const LASTS: Partial<Record<FaultKind, number>> = { timeout: 20 * SECOND, slow: 10 * SECOND }

async function seen(simulator: Simulator, requests: number): Promise<void> {
  while (simulator.requests.length < requests) await new Promise(resolve => setImmediate(resolve))
}

/** What the client makes of a call that a fault hits, and what the simulator wrote down of it. */
async function outcome(kind: FaultKind, listen: boolean): Promise<unknown> {
  const { clock, simulator, octopus } = await clientIn(listen)
  const isRest = kind.startsWith('rest_') || kind === 'partial_day'
  const { account, household } = simulator
  simulator.faults.inject({ kind, operation: isRest ? 'consumption' : 'devices', ...MORE[kind] })
  const call: Promise<unknown> = isRest
    ? octopus.consumption(
        { fuel: 'electricity', point: account.mpan, serial: account.serial },
        START - 48 * HOUR,
        START,
      )
    : octopus.poll(account.number, [household.cars[0].spec.deviceId], 'event')
  const settled = call.catch((error: unknown) => {
    if (!isBridgeError(error)) throw error
    const { host, ...details } = error.details
    return { code: error.code, details, namesHost: host === undefined ? null : host === new URL(simulator.url).host }
  })
  await seen(simulator, isRest ? 1 : 2)
  clock.advance(LASTS[kind] ?? 0)
  return { told: await settled, logged: simulator.requests }
}

describe('without a socket', () => {
  it.each(FAULT_KINDS)('%s is to the client what it is over HTTP', async kind => {
    expect(await outcome(kind, false)).toEqual(await outcome(kind, true))
  })

  it('the whole client works on made-up addresses', async () => {
    const { simulator, octopus } = await clientIn(false)
    expect(simulator.graphqlUrl).toBe('http://simulator.invalid/v1/graphql/')
    expect(simulator.port).toBe(0)
    expect(await octopus.accounts()).toEqual([simulator.account.number])
    expect(simulator.requests.map(({ names }) => names[0])).toEqual(['Token', 'Viewer'])
  })

  it('the same seed gives the same tokens', async () => {
    const mint = async (seed: number) => {
      const { simulator } = await setUp({ listen: false, seed })
      const body = JSON.stringify({ query: MINT, variables: { input: { APIKey: simulator.apiKey } } })
      return (await simulator.fetch(simulator.graphqlUrl, { method: 'POST', body })).text()
    }
    const first = await mint(1)
    expect(first).toContain('refreshToken')
    expect(await mint(1)).toBe(first)
    expect(await mint(2)).not.toBe(first)
  })
})

const TYPENAME = '{"query":"{ __typename }"}'

const product = (simulator: Simulator) => `${simulator.restUrl}products/`

describe('an abort', () => {
  it('before the call sends nothing', async () => {
    const { simulator } = await setUp({ listen: false })
    const signal = AbortSignal.abort()
    await expect(simulator.fetch(product(simulator), { signal })).rejects.toMatchObject({ name: 'AbortError' })
    expect(simulator.requests).toHaveLength(0)
  })

  it.each(['timeout', 'slow'] as const)('ends a wait for an answer (%s), and gives its timers back', async kind => {
    const { clock, simulator } = await setUp({ listen: false })
    simulator.faults.inject({ kind })
    const controller = new AbortController()
    const before = clock.pending()
    const waiting = simulator.fetch(product(simulator), { signal: controller.signal })
    await seen(simulator, 1)
    controller.abort()
    await expect(waiting).rejects.toBe(controller.signal.reason)
    expect(controller.signal.reason).toMatchObject({ name: 'AbortError' })
    expect(clock.pending()).toBe(before)
    expect(simulator.requests[0]?.status).toBeNull()
  })

  it('on the way there does not take the request back', async () => {
    const { clock, simulator } = await setUp({ listen: false, latency: 50 })
    const controller = new AbortController()
    const waiting = simulator.fetch(product(simulator), { signal: controller.signal })
    await Promise.resolve()
    clock.advance(20)
    controller.abort()
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
    expect(simulator.requests).toHaveLength(0)
    clock.advance(30)
    expect(simulator.requests).toHaveLength(1)
    expect(simulator.audit.report().calls).toBe(1)
  })
})

describe('fetch', () => {
  it('takes as long as the latency, there and back', async () => {
    const { clock, simulator } = await setUp({ listen: false, latency: random => random.whole(10, 20) })
    const start = clock.now()
    let answeredAt: number | null = null
    const waiting = simulator.fetch(product(simulator)).then(response => {
      answeredAt = clock.now()
      return response.status
    })
    await Promise.resolve()
    while (answeredAt === null) {
      clock.advance(1)
      await new Promise(resolve => setImmediate(resolve))
    }
    expect(await waiting).toBe(200)
    expect(answeredAt - start).toBeGreaterThanOrEqual(20)
    expect(answeredAt - start).toBeLessThanOrEqual(41)
    expect(simulator.requests[0]?.at).toBeGreaterThanOrEqual(start + 10)
  })

  it.each<[string, (url: string) => [string | URL | Request, RequestInit?]]>([
    ['a text and a string', url => [url, { method: 'POST', body: TYPENAME }]],
    ['a URL and bytes', url => [new URL(url), { method: 'post', body: new TextEncoder().encode(TYPENAME) }]],
    ['a Request', url => [new Request(url, { method: 'POST', body: TYPENAME })]],
  ])('takes %s', async (_, call) => {
    const { simulator } = await setUp({ listen: false })
    const response = await simulator.fetch(...call(simulator.graphqlUrl))
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.json()).toEqual({ data: { __typename: 'Query' } })
  })

  it('follows a redirect, shows it, or fails, as it is told', async () => {
    const { simulator } = await setUp({ listen: false })
    const url = simulator.graphqlUrl.replace(/\/$/, '')
    const ask = (init: RequestInit = {}) => simulator.fetch(url, { method: 'POST', body: '{}', ...init })
    const shown = await ask({ redirect: 'manual' })
    expect([shown.status, shown.headers.get('location')]).toEqual([301, '/v1/graphql/'])
    expect((await ask()).status).toBe(405)
    await expect(ask({ redirect: 'error' })).rejects.toThrow('fetch failed')
  })

  it('reaches no other host', async () => {
    const { simulator } = await setUp({ listen: false })
    await expect(simulator.fetch('http://localhost/v1/products/')).rejects.toMatchObject({
      name: 'TypeError',
      message: 'fetch failed',
      cause: { code: 'ENOTFOUND' },
    })
  })

  it('sends more than a megabyte in vain', async () => {
    const { simulator } = await setUp({ listen: false })
    const body = 'é'.repeat(600_000)
    expect((await simulator.fetch(simulator.graphqlUrl, { method: 'POST', body })).status).toBe(413)
  })

  it('ends with the simulator', async () => {
    const { simulator } = await setUp({ listen: false })
    simulator.faults.inject({ kind: 'timeout', times: 1 })
    const waiting = simulator.fetch(product(simulator))
    await seen(simulator, 1)
    await Promise.all([
      expect(waiting).rejects.toMatchObject({ message: 'fetch failed', cause: { code: 'ECONNRESET' } }),
      simulator.stop(),
    ])
    await expect(simulator.fetch(product(simulator))).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } })
  })
})
