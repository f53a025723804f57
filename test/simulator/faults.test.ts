import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import { FAULT_KINDS, type Fault, type FaultKind, type Simulator, startSimulator } from '../../src/simulator/index.ts'
import { clientOf, type Reply } from './client.ts'
import { type VirtualClock, virtualClock } from './virtual-clock.ts'

const START = Date.parse('2026-11-23T17:50:00Z')

let clock: VirtualClock
let simulator: Simulator
let client: ReturnType<typeof clientOf>
let token: string

beforeEach(async () => {
  clock = virtualClock(START)
  simulator = await startSimulator({ clock, scenario: 'demo' })
  client = clientOf(simulator)
  token = await client.token()
  clock.advance(10 * MINUTE)
})
afterEach(() => simulator.stop())

const codes = (reply: Reply) =>
  (reply.json?.errors ?? []).map((error: { extensions?: { errorCode?: string } }) => error.extensions?.errorCode)

const consumption = () => {
  const { mpan, serial } = simulator.account
  const query = 'period_from=2026-11-22T00:00&period_to=2026-11-23T00:00&order_by=period&page_size=100'
  return client.rest(`electricity-meter-points/${mpan}/meters/${serial}/consumption/?${query}`)
}

/** What each fault that answers makes of a poll, or of a reading of the meter where it is one of REST. */
const ANSWERS: Partial<Record<FaultKind, (reply: Reply) => void>> = {
  http_500: reply => expect([reply.status, reply.type]).toEqual([500, 'text/html']),
  http_502: reply => expect([reply.status, reply.type]).toEqual([502, 'text/html']),
  http_503: reply => expect([reply.status, reply.type]).toEqual([503, 'text/html']),
  http_504: reply => expect([reply.status, reply.type]).toEqual([504, 'text/html']),
  cloudfront_403: reply => {
    expect([reply.status, reply.type]).toEqual([403, 'text/html'])
    expect(reply.text).toContain('cloudfront')
  },
  nginx_403: reply => {
    expect([reply.status, reply.type]).toEqual([403, 'text/html'])
    expect(reply.text).toContain('nginx')
  },
  http_429: reply => {
    expect(reply.status).toBe(429)
    expect(reply.headers.get('retry-after')).toBe('90')
  },
  bad_json: reply => {
    expect([reply.status, reply.type]).toEqual([200, 'application/json'])
    expect(reply.json).toBeUndefined()
  },
  'KT-CT-1111': reply => expect(codes(reply)).toEqual(['KT-CT-1111']),
  'KT-CT-1124': reply => expect(codes(reply)).toEqual(['KT-CT-1124']),
  'KT-CT-1139': reply => expect(codes(reply)).toEqual(['KT-CT-1139']),
  'KT-CT-1143': reply => expect(codes(reply)).toEqual(['KT-CT-1143']),
  'KT-CT-1199': reply => {
    expect(reply.status).toBe(200)
    expect(codes(reply)).toEqual(['KT-CT-1199'])
    expect(reply.json.data).toEqual({ devices: null, flexPlannedDispatches: null, completedDispatches: null })
  },
  removed_field: reply => {
    expect(reply.status).toBe(400)
    expect(reply.json.errors[0].message).toContain('isSuspended')
    expect(reply.json.errors[0]).not.toHaveProperty('extensions')
  },
  'KT-CT-4340': reply => {
    expect(codes(reply)).toEqual(['KT-CT-4340'])
    expect(reply.json.data.flexPlannedDispatches).toBeNull()
    expect(reply.json.data.devices).toHaveLength(3)
    expect(reply.json.data.completedDispatches).toEqual([])
  },
  'KT-CT-4341': reply => {
    expect(codes(reply)).toEqual(['KT-CT-4341'])
    expect(reply.json.data.completedDispatches).toBeNull()
    expect(reply.json.data.flexPlannedDispatches).toHaveLength(3)
  },
  devices_partial: reply => {
    expect(codes(reply)).toEqual(['KT-CT-4360', 'KT-CT-4360'])
    const [car] = reply.json.data.devices
    expect(car.preferences).toBeNull()
    expect(car.status).toMatchObject({ currentState: 'SMART_CONTROL_IN_PROGRESS', stateOfCharge: null })
  },
  devices_null: reply => {
    expect(codes(reply)).toEqual(['KT-CT-4301'])
    expect(reply.json.data.devices).toBeNull()
    expect(reply.json.data.flexPlannedDispatches).toHaveLength(3)
  },
  devices_empty: reply => {
    expect(codes(reply)).toEqual([])
    expect(reply.json.data.devices).toEqual([])
  },
  rest_401: reply => expect([reply.status, reply.type]).toEqual([401, 'application/json']),
  rest_404: reply => expect([reply.status, reply.type]).toEqual([404, 'application/json']),
  rest_503: reply => expect([reply.status, reply.type]).toEqual([503, 'application/json']),
  partial_day: reply => {
    expect(reply.json.results).toHaveLength(35)
    expect(reply.json.results.at(-1).interval_start).toBe('2026-11-22T17:00:00Z')
  },
  rates_late: reply => {
    expect(reply.json.results).toHaveLength(100)
    expect(Date.parse(reply.json.results[0].valid_from)).toBeLessThanOrEqual(clock.now())
    expect(Date.parse(reply.json.results[0].valid_to)).toBeGreaterThan(clock.now())
  },
  rates_short: reply => {
    expect(reply.json).toMatchObject({ count: 10, next: null })
    expect(Date.parse(reply.json.results[0].valid_from)).toBeGreaterThan(clock.now())
  },
}

const MORE: Partial<Record<FaultKind, Partial<Fault>>> = {
  http_429: { retryAfter: 90 },
  removed_field: { field: 'SmartFlexDeviceStatusInterface.isSuspended' },
}

const NO_ANSWER: readonly FaultKind[] = ['timeout', 'slow', 'reset', 'truncated']

const rates = () =>
  client.rest('products/AGILE-24-10-01/electricity-tariffs/E-1R-AGILE-24-10-01-C/standard-unit-rates/', null)

describe('each fault', () => {
  it('is one that is tested here', () => {
    expect([...NO_ANSWER, ...Object.keys(ANSWERS)].sort()).toEqual([...FAULT_KINDS].sort())
  })

  it.each(Object.keys(ANSWERS) as FaultKind[])('%s has its form, once, and is gone', async kind => {
    const ask = kind.startsWith('rates_')
      ? rates
      : kind.startsWith('rest_') || kind === 'partial_day'
        ? consumption
        : () => client.poll(token)
    simulator.faults.inject({ kind, times: 1, ...MORE[kind] })
    ANSWERS[kind]?.(await ask())
    const after = await ask()
    expect(after.status).toBe(200)
    expect(codes(after)).toEqual([])
  })

  it.each(['reset', 'truncated'] as const)('%s breaks the connection', async kind => {
    simulator.faults.inject({ kind, times: 1 })
    await expect(client.poll(token)).rejects.toThrow()
    expect((await client.poll(token)).status).toBe(200)
  })

  it('timeout never answers, and a stop lets go of it', async () => {
    simulator.faults.inject({ kind: 'timeout', times: 1 })
    const waiting = client.poll(token).then(
      () => 'answered',
      () => 'closed',
    )
    await seen(2)
    await simulator.stop()
    expect(await waiting).toBe('closed')
    expect(simulator.requests.at(-1)?.status).toBeNull()
  })

  it('slow answers as late as told, by the clock of the simulator', async () => {
    simulator.faults.inject({ kind: 'slow', times: 1, delay: 15 * SECOND })
    let answered = false
    const waiting = client.poll(token).then(reply => {
      answered = true
      return reply
    })
    await seen(2)
    clock.advance(15 * SECOND - 1)
    expect((await client.graphql('{ __typename }')).status).toBe(200)
    expect(answered).toBe(false)
    clock.advance(1)
    expect((await waiting).status).toBe(200)
  })
})

/** Waits until the server has seen so many requests. */
async function seen(requests: number): Promise<void> {
  while (simulator.requests.length < requests) await new Promise(resolve => setImmediate(resolve))
}

describe('a fault', () => {
  it('can be kept to one operation, on a call or on a token', async () => {
    const remove = simulator.faults.inject({ kind: 'KT-CT-1139', operation: 'obtainKrakenToken' })
    expect(codes(await client.poll(token))).toEqual([])
    expect(codes(await client.mint())).toEqual(['KT-CT-1139'])
    remove()
    expect(codes(await client.mint())).toEqual([])
    simulator.faults.inject({ kind: 'http_503', operation: 'consumption' })
    expect((await consumption()).status).toBe(503)
    expect((await client.poll(token)).status).toBe(200)
  })

  it('can be kept to a time', async () => {
    simulator.faults.inject({ kind: 'cloudfront_403', from: clock.now() + MINUTE, until: clock.now() + 2 * MINUTE })
    const statuses: number[] = []
    for (let i = 0; i < 3; i += 1) {
      statuses.push((await client.poll(token)).status)
      clock.advance(MINUTE)
    }
    expect(statuses).toEqual([200, 403, 200])
  })

  it('can be a matter of chance', async () => {
    simulator.faults.inject({ kind: 'http_502', probability: 0.5 })
    const statuses = new Set<number>()
    for (let i = 0; i < 20; i += 1) statuses.add((await client.graphql('{ __typename }')).status)
    expect(statuses).toEqual(new Set([200, 502]))
  })

  it('of a removed field leaves other documents alone', async () => {
    simulator.faults.inject({ kind: 'removed_field', field: 'SmartFlexVehicle.make', until: clock.now() + HOUR })
    expect((await client.poll(token)).status).toBe(400)
    expect((await client.graphql('{ viewer { accounts { number } } }', {}, token)).status).toBe(200)
  })
})
