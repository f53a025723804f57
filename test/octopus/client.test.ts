import { describe, expect, it } from '@jest/globals'
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import { NOON, setUp } from './support/client.ts'
import { ACCOUNT, CAR, graphqlError, pollData } from './support/samples.ts'

const refusalOf = (code: string, type: string) => ({
  body: { data: null, errors: [graphqlError(code, type, ['devices'])] },
})
const refusal = (code: string) => refusalOf(code, 'AUTHORIZATION')
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

  // Found by a simulated storm: `--stretch storm3/15 --days 16 --level storm`.
  it('that the machine slept over is as old as the question', async () => {
    const { client, clock } = await setUp(() => {
      clock.busyFor(1e12)
      return good
    })
    const { askedAt, fetchedAt } = await client.poll(ACCOUNT, [CAR], 'event')
    expect(askedAt).toBe(NOON)
    expect(fetchedAt).toBe(NOON)
    expect(clock.now()).toBe(NOON + 1e12)
  })

  it('that came in after the clock was set back was not asked in the future', async () => {
    const { client, clock } = await setUp(({ body }) => {
      if (body?.operationName === 'Poll') clock.busyFor(-1e9)
      return good
    })
    const { askedAt, fetchedAt } = await client.poll(ACCOUNT, [CAR], 'event')
    expect([askedAt, fetchedAt]).toEqual([clock.now(), clock.now()])
    expect(clock.now()).toBe(NOON - 1e9)
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

  it('does not blame the key where two calls were under way with the one token that was refused', async () => {
    const seen = new Set<unknown>()
    let revoked: unknown = null
    const { client, clock } = await setUp(({ body, headers }) => {
      seen.add(headers.authorization)
      if (headers.authorization === revoked) return refusal('KT-CT-1111')
      return body?.operationName === 'Poll' ? good : { body: { data: { viewer: { accounts: [{ number: ACCOUNT }] } } } }
    })
    await client.poll(ACCOUNT, [CAR], 'event')
    clock.advance(2 * MINUTE)
    revoked = [...seen].at(-1)
    const codes = await Promise.all(
      [client.accounts(), client.poll(ACCOUNT, [CAR], 'event')].map(call =>
        call.then(
          () => 'ok',
          (error: { code: string }) => error.code,
        ),
      ),
    )
    expect(codes).not.toContain('OCTOPUS_FORBIDDEN')
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
      gasMeterPoints: null,
      productCode: null,
    })
    expect((await client.devices(ACCOUNT)).map(device => device.typename)).toEqual([
      'SmartFlexVehicle',
      'SmartFlexDevice',
    ])
    expect(client.limiter.starts(clock.now())).toEqual([])
    expect(store.ledger.effectiveStarts('background', clock.now())).toHaveLength(3)
  })

  it('ask for electricity alone where more is refused, and for all of it again a day later', async () => {
    let refuses: object | null = removedField
    const data = { account: { number: ACCOUNT, electricityAgreements: [], gasAgreements: [] } }
    const { client, clock, operations, log } = await setUp(({ body }) =>
      body?.operationName === 'Account' && refuses !== null ? (refuses as typeof removedField) : { body: { data } },
    )
    expect((await client.account(ACCOUNT)).meterPoints).toEqual([])
    await client.account(ACCOUNT)
    expect(log.warn).toHaveBeenCalledTimes(1)
    clock.advance(24 * HOUR)
    refuses = refusalOf('KT-CT-1188', 'VALIDATION')
    await client.account(ACCOUNT)
    clock.advance(24 * HOUR)
    refuses = null
    expect((await client.account(ACCOUNT)).gasMeterPoints).toEqual([])
    expect(operations().filter(name => name !== 'Token')).toEqual([
      ...['Account', 'MinimalAccount', 'MinimalAccount'],
      ...['Account', 'MinimalAccount', 'Account'],
    ])
  })

  it('keep what an account has where its gas failed', async () => {
    const meterPoint = { mpan: '1', direction: 'IMPORT', meters: [{ serialNumber: 'S' }], agreements: [] }
    const { client, operations } = await setUp(() => ({
      body: {
        data: { account: { number: ACCOUNT, electricityAgreements: [{ meterPoint }], gasAgreements: null } },
        errors: [graphqlError('KT-CT-4177', 'AUTHORIZATION', ['account', 'gasAgreements'])],
      },
    }))
    const account = await client.account(ACCOUNT)
    expect([account.meterPoints.length, account.gasMeterPoints]).toEqual([1, null])
    expect(operations()).toEqual(['Token', 'Account'])
  })

  it.each([
    ['KT-CT-10006', 'NOT_FOUND', 'ACCOUNT_NOT_FOUND'],
    ['KT-CT-1199', 'AUTHORIZATION', 'OCTOPUS_THROTTLED'],
    ['KT-CT-4177', 'AUTHORIZATION', 'OCTOPUS_FORBIDDEN'],
  ])('ask for an account once where it is the account that is refused: %s', async (errorCode, type, code) => {
    const { client, operations } = await setUp(() => refusalOf(errorCode, type))
    await expect(client.account(ACCOUNT)).rejects.toMatchObject({ code })
    expect(operations()).toEqual(['Token', 'Account'])
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
