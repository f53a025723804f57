import { Buffer } from 'node:buffer'
import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { HALF_HOUR, HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import { createOctopus } from '../../src/octopus/client.ts'
import type { Octopus } from '../../src/octopus/octopus.ts'
import { openStore } from '../../src/store/open.ts'
import { ManualClock } from './support/manual-clock.ts'
import { ACCOUNT, API_KEY, aToken, CAR, graphqlError, pollData, tokenAnswer } from './support/samples.ts'
import { type Reply, type Seen, startServer } from './support/server.ts'

const NOON = Date.parse('2026-11-23T12:00:00Z')

let octopus: Octopus | null = null
afterEach(() => octopus?.stop())

/** A client in front of a server that mints tokens by itself and answers the rest by `answer`. */
async function setUp(answer: (request: Seen) => Reply) {
  const server = await startServer(request =>
    request.body?.operationName === 'Token' ? { body: tokenAnswer(aToken()) } : answer(request),
  )
  const clock = new ManualClock(NOON)
  const store = openStore({ path: ':memory:', clock })
  const log = { info: jest.fn(), warn: jest.fn() }
  const client = createOctopus({
    config: {
      apiKey: API_KEY,
      graphqlUrl: `${server.url}/v1/graphql/`,
      restUrl: `${server.url}/v1`,
      timeout: 20 * SECOND,
    },
    clock,
    ledger: store.ledger,
    limits: { dispatchPerHour: 20, dispatchMinGap: MINUTE, reserveForEvents: 4, requestsPerHour: 60 },
    userAgent: 'octopus2mqtt/test (+https://example.org)',
    log,
  })
  octopus = client
  const operations = () => server.requests.map(request => request.body?.operationName ?? 'REST')
  return { client, clock, server, store, log, operations }
}

const refusal = (code: string) => ({ body: { data: null, errors: [graphqlError(code, 'AUTHORIZATION', ['devices'])] } })
const removedField = { status: 400, body: { errors: [{ message: "Cannot query field 'preferences' on type 'X'." }] } }
const good = { body: { data: pollData() } }

describe('a poll', () => {
  it('is one request for all cars, after one for the token', async () => {
    const { client, server, operations, store, clock } = await setUp(() => ({
      body: { data: { ...pollData(), p1: [] } },
    }))
    const answer = await client.poll(ACCOUNT, [CAR, 'other'], 'event')
    expect(answer.cars?.map(car => car.deviceId)).toEqual([CAR])
    expect(answer.errorCodes).toEqual([])
    expect(operations()).toEqual(['Token', 'Poll'])
    expect(server.requests[1]?.body?.variables).toEqual({ account: ACCOUNT, device0: CAR, device1: 'other' })
    expect(server.requests[1]?.headers.authorization).toMatch(/^ey/)
    expect(store.ledger.history(clock.now()).map(call => [call.kind, call.outcome])).toEqual([
      ['token', 'ok'],
      ['dispatch', 'ok'],
    ])
  })

  it('says which part failed and keeps the rest', async () => {
    const errors = [graphqlError('KT-CT-4340', 'APPLICATION', ['p0']), { message: 'no code' }]
    const { client, store, clock } = await setUp(() => ({ body: { data: { ...pollData(), p0: null }, errors } }))
    const answer = await client.poll(ACCOUNT, [CAR], 'event')
    expect(answer.cars?.[0]).toMatchObject({ planned: null, currentState: 'SMART_CONTROL_IN_PROGRESS' })
    expect(answer.errorCodes).toEqual(['KT-CT-4340', 'unknown'])
    expect(store.ledger.history(clock.now()).at(-1)?.outcome).toBe('partial')
  })

  it('says once that rows have no usable times, however long Octopus goes on listing them', async () => {
    const { client, clock, log } = await setUp(() => ({ body: { data: { ...pollData(), p0: [{ start: 'never' }] } } }))
    for (let poll = 0; poll < 4; poll += 1) {
      await client.poll(ACCOUNT, [CAR], 'event')
      clock.advance(2 * MINUTE)
    }
    expect(log.warn.mock.calls).toEqual([[{ dropped: 2 }, expect.stringContaining('without usable times')]])
  })

  it('takes a throttled part as a request for less', async () => {
    const errors = [graphqlError('KT-CT-1199', 'AUTHORIZATION', ['p0'])]
    const { client, clock } = await setUp(() => ({ body: { data: { ...pollData(), p0: null }, errors } }))
    expect((await client.poll(ACCOUNT, [CAR], 'event')).cars).toHaveLength(1)
    expect(client.limiter.limits(clock.now()).perHour).toBe(10)
  })

  it('is refused without a word to Octopus where the limits allow none', async () => {
    const { client, clock, operations } = await setUp(() => good)
    await client.poll(ACCOUNT, [CAR], 'event')
    clock.advance(58 * MINUTE)
    await client.poll(ACCOUNT, [CAR], 'event')
    clock.advance(30 * SECOND)
    await expect(client.poll(ACCOUNT, [CAR], 'event')).rejects.toMatchObject({ code: 'OCTOPUS_NOT_ADMITTED' })
    expect(operations()).toEqual(['Token', 'Poll', 'Token', 'Poll'])
  })

  it('is not repeated when the token is refused: the next one, a request of its own, brings a new token', async () => {
    let refuse = true
    const { client, clock, operations } = await setUp(() => (refuse ? refusal('KT-CT-1124') : good))
    await expect(client.poll(ACCOUNT, [CAR], 'event')).rejects.toMatchObject({ code: 'OCTOPUS_TOKEN_REFUSED' })
    refuse = false
    await expect(client.poll(ACCOUNT, [CAR], 'event')).rejects.toMatchObject({ code: 'OCTOPUS_NOT_ADMITTED' })
    clock.advance(MINUTE + SECOND)
    await client.poll(ACCOUNT, [CAR], 'event')
    expect(operations()).toEqual(['Token', 'Poll', 'Token', 'Poll'])
  })

  it('fetches no token after token where the key may simply not ask', async () => {
    const { client, clock, operations } = await setUp(() => refusal('KT-CT-1111'))
    const codes: string[] = []
    for (let number = 0; number < 4; number += 1) {
      await client.poll(ACCOUNT, [CAR], 'event').catch(error => codes.push(error.code))
      clock.advance(2 * MINUTE)
    }
    expect(codes).toEqual(['OCTOPUS_TOKEN_REFUSED', 'OCTOPUS_FORBIDDEN', 'OCTOPUS_FORBIDDEN', 'OCTOPUS_FORBIDDEN'])
    expect(operations().filter(name => name === 'Token')).toHaveLength(2)
  })

  it('goes on with the minimal document when a field was removed, and tries the full one once a day', async () => {
    let removed = true
    const { client, clock, operations, log } = await setUp(({ body }) =>
      removed && body?.operationName === 'Poll' ? removedField : good,
    )
    const poll = async () => {
      clock.advance(2 * MINUTE)
      return client.poll(ACCOUNT, [CAR], 'event')
    }
    await expect(poll()).rejects.toMatchObject({
      code: 'OCTOPUS_SCHEMA_CHANGED',
      details: { missing: 'X.preferences' },
    })
    expect(client.usesMinimalDocument()).toBe(true)
    expect(log.warn).toHaveBeenCalledTimes(1)
    await poll()
    clock.advance(24 * HOUR)
    await expect(poll()).rejects.toMatchObject({ code: 'OCTOPUS_SCHEMA_CHANGED' })
    await poll()
    removed = false
    clock.advance(24 * HOUR)
    await poll()
    expect(client.usesMinimalDocument()).toBe(false)
    expect(operations().filter(name => name !== 'Token')).toEqual([
      'Poll',
      'MinimalPoll',
      'Poll',
      'MinimalPoll',
      'Poll',
    ])
  })
})

describe('the other questions', () => {
  it('find accounts, meters and devices, in the background', async () => {
    const { client, clock, store } = await setUp(({ body }) => {
      if (body?.operationName === 'Viewer') return { body: { data: { viewer: { accounts: [{ number: ACCOUNT }] } } } }
      if (body?.operationName === 'Account')
        return { body: { data: { account: { number: ACCOUNT, electricityAgreements: [] } } } }
      return { body: { data: { devices: pollData().devices } } }
    })
    expect(await client.accounts()).toEqual([ACCOUNT])
    expect(await client.account(ACCOUNT)).toEqual({
      number: ACCOUNT,
      meterPoints: [],
      gasPoints: [],
      productCode: null,
    })
    expect((await client.devices(ACCOUNT)).map(device => device.typename)).toEqual([
      'SmartFlexVehicle',
      'SmartFlexDevice',
    ])
    expect(client.limiter.starts(clock.now())).toEqual([])
    expect(store.ledger.effectiveStarts('background', clock.now())).toHaveLength(3)
  })

  it('are asked once more where the token was refused', async () => {
    let refused = 0
    const { client, operations } = await setUp(() => {
      refused += 1
      return refused === 1 ? refusal('KT-CT-1143') : { body: { data: { viewer: { accounts: [] } } } }
    })
    expect(await client.accounts()).toEqual([])
    expect(operations()).toEqual(['Token', 'Viewer', 'Token', 'Viewer'])
  })

  it('probe the schema without showing the key', async () => {
    const first = await setUp(() => refusal('KT-CT-1112'))
    await first.client.probe()
    expect(first.operations()).toEqual(['Devices'])
    expect(first.server.requests[0]?.headers.authorization).toBeUndefined()
    expect(JSON.stringify(first.server.requests[0])).not.toContain('sk_live')
    const second = await setUp(() => removedField)
    await expect(second.client.probe()).rejects.toMatchObject({ code: 'OCTOPUS_SCHEMA_CHANGED' })
  })
})

describe('readings', () => {
  const row = (start: string, consumption: unknown) => ({ interval_start: start, interval_end: '', consumption })
  const ask = (client: Octopus) =>
    client.consumption({ fuel: 'electricity', point: '10 00/1', serial: 'S1' }, NOON, NOON + HOUR)

  it('come page by page from the configured host, oldest first, each page a request', async () => {
    const { client, server, store, clock } = await setUp(({ url }) =>
      url.includes('page=2')
        ? { body: { next: null, results: [row('2026-11-23T12:00:00Z', '0.25'), row('2026-11-23T13:00:00Z', 9)] } }
        : {
            body: {
              next: `${url.replace('order_by', 'page=2&order_by')}`,
              results: [row('2026-11-23T13:30:00+01:00', 0.063), row('never', 1), null],
            },
          },
    )
    expect(await ask(client)).toEqual([
      { start: NOON, amount: 0.25 },
      { start: NOON + HALF_HOUR, amount: 0.063 },
    ])
    const url = new URL(server.requests[0]?.url ?? '', server.url)
    expect(url.pathname).toBe('/v1/electricity-meter-points/10%2000%2F1/meters/S1/consumption/')
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      period_from: '2026-11-23T12:00:00Z',
      period_to: '2026-11-23T13:00:00Z',
      order_by: 'period',
    })
    const basic = `Basic ${Buffer.from(`${API_KEY}:`).toString('base64')}`
    expect(server.requests.map(request => request.headers.authorization)).toEqual([basic, basic])
    expect(store.ledger.effectiveStarts('background', clock.now())).toHaveLength(2)
  })

  it('follow no page to another host', async () => {
    const elsewhere = await startServer(() => ({ body: { results: [] } }))
    const { client } = await setUp(() => ({ body: { next: `${elsewhere.url}/v1/next`, results: [] } }))
    await expect(ask(client)).rejects.toMatchObject({ code: 'OCTOPUS_BAD_ANSWER' })
    expect(elsewhere.requests).toEqual([])
  })

  it.each([
    [401, { detail: 'no' }, 'OCTOPUS_KEY_REJECTED'],
    [403, '<html>blocked</html>', 'OCTOPUS_BLOCKED'],
    [403, { detail: 'not yours' }, 'OCTOPUS_FORBIDDEN'],
    [404, { detail: 'Not found.' }, 'OCTOPUS_REFUSED'],
    [429, { detail: 'slow' }, 'OCTOPUS_THROTTLED'],
    [500, '<html>', 'OCTOPUS_SERVER_ERROR'],
    [200, '<html>', 'OCTOPUS_BAD_ANSWER'],
  ])('fail by their own code: %i %p', async (status, body, code) => {
    const { client } = await setUp(() => ({ status, body }))
    const error = await ask(client).then(
      () => null,
      (thrown: unknown) => thrown,
    )
    expect(error).toMatchObject({ code })
    expect(String((error as Error).stack)).not.toContain('sk_live')
  })
})
