import { afterEach, describe, expect, it } from '@jest/globals'
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import { octopusError } from '../../src/octopus/errors.ts'
import { Limiter } from '../../src/octopus/limiter.ts'
import { type KeptToken, parseToken, Session, type TokenKeeper } from '../../src/octopus/session.ts'
import type { GraphqlRequest, Transport } from '../../src/octopus/transport.ts'
import { openStore } from '../../src/store/open.ts'
import { ManualClock } from './support/manual-clock.ts'
import { API_KEY, aToken, tokenAnswer } from './support/samples.ts'

const NOON = Date.parse('2026-11-23T12:00:00Z')
const LIMITS = { dispatchPerHour: 20, dispatchMinGap: MINUTE, reserveForEvents: 4, requestsPerHour: 60 }

let limiter: Limiter | null = null
afterEach(() => limiter?.stop())

/** A shelf for tokens, as the store is one. */
function shelf() {
  let kept: KeptToken | null = null
  return {
    get: () => kept,
    set: (token: KeptToken | null) => {
      kept = token
    },
  }
}

function setUp(answer: () => object = () => tokenAnswer(aToken()).data, keeper?: TokenKeeper, apiKey = API_KEY) {
  const clock = new ManualClock(NOON)
  const requests: GraphqlRequest[] = []
  const transport: Transport = async request => {
    requests.push(request)
    return { data: { ...answer() }, errors: [], status: 200 }
  }
  limiter = new Limiter(LIMITS, openStore({ path: ':memory:', clock }).ledger, clock)
  return { clock, requests, session: new Session(apiKey, transport, limiter, clock, keeper) }
}

describe('the session', () => {
  it('fetches one token for all who ask, by the API key alone', async () => {
    const { session, requests } = setUp()
    const tokens = await Promise.all([session.token(), session.token(), session.token()])
    expect(new Set(tokens).size).toBe(1)
    expect(await session.token()).toBe(tokens[0])
    expect(requests).toHaveLength(1)
    expect(requests[0]).toMatchObject({ variables: { input: { APIKey: API_KEY } }, token: null })
  })

  it('renews it five minutes before it expires, however wrong the clock of this machine is', async () => {
    const { session, clock, requests } = setUp()
    await session.token()
    clock.advance(55 * MINUTE - SECOND)
    await session.token()
    expect(requests).toHaveLength(1)
    clock.advance(SECOND)
    await session.token()
    expect(requests).toHaveLength(2)
  })

  it('forgets a refused token, but not a newer one', async () => {
    const { session, requests } = setUp()
    const first = await session.token()
    session.invalidate(first)
    const second = await session.token()
    expect(second).not.toBe(first)
    session.invalidate(first)
    expect(await session.token()).toBe(second)
    expect(requests).toHaveLength(2)
  })

  it('uses the token of the last start, while it is good and of this key', async () => {
    const keeper = shelf()
    const token = await setUp(undefined, keeper).session.token()
    const next = setUp(undefined, keeper)
    expect(await next.session.token()).toBe(token)
    expect(next.requests).toHaveLength(0)

    const another = setUp(undefined, keeper, 'sk_live_another')
    await another.session.token()
    expect(another.requests).toHaveLength(1)
  })

  it('does not keep a token that Octopus refused, nor the key itself', async () => {
    const keeper = shelf()
    const { session } = setUp(undefined, keeper)
    const token = await session.token()
    expect(JSON.stringify(keeper.get())).not.toContain(API_KEY)
    session.invalidate(token)
    expect(keeper.get()).toBeNull()
  })

  it('fetches no more than four an hour', async () => {
    const { session, clock } = setUp()
    for (let fetched = 0; fetched < 4; fetched += 1) session.invalidate(await session.token())
    await expect(session.token()).rejects.toMatchObject({
      code: 'OCTOPUS_TOKENS_SPENT',
      details: { at: NOON + HOUR + 1_000 },
    })
    clock.advance(HOUR + SECOND)
    await expect(session.token()).resolves.toEqual(expect.any(String))
  })

  it('asks again after a failure, which all who waited see', async () => {
    let refuse = true
    const { session, requests } = setUp(() => {
      if (refuse) throw octopusError('OCTOPUS_KEY_REJECTED')
      return tokenAnswer(aToken()).data
    })
    const both = await Promise.allSettled([session.token(), session.token()])
    expect(both.map(each => each.status)).toEqual(['rejected', 'rejected'])
    refuse = false
    await expect(session.token()).resolves.toEqual(expect.any(String))
    expect(requests).toHaveLength(2)
  })
})

describe('the life of a token', () => {
  it('is read from the token, else from its payload, else an hour', () => {
    expect(parseToken(tokenAnswer(aToken(600)).data).lifetime).toBe(600 * SECOND)
    const payload = { iat: 100, exp: '400' }
    expect(parseToken({ obtainKrakenToken: { token: 'opaque', payload } })).toEqual({
      text: 'opaque',
      lifetime: 300 * SECOND,
    })
    expect(parseToken({ obtainKrakenToken: { token: 'a.b.c', payload: { iat: 5, exp: 4 } } }).lifetime).toBe(HOUR)
  })
})
