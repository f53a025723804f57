import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { inspect } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import { HOUR, SECOND, systemClock } from '../../src/clock.ts'
import { BridgeError } from '../../src/errors.ts'
import { fetchOverHttp } from '../../src/fetch.ts'
import { type HttpSettings, readRetryAfter, userAgent } from '../../src/octopus/http.ts'
import { createTransport } from '../../src/octopus/transport.ts'
import { Redactor } from '../../src/redactor.ts'
import { ManualClock, until } from './support/manual-clock.ts'
import { API_KEY, graphqlError, tokenAnswer } from './support/samples.ts'
import { type Reply, startServer } from './support/server.ts'

const settings = (changes: Partial<HttpSettings> = {}): HttpSettings => ({
  fetch: fetchOverHttp,
  clock: systemClock,
  timeout: 10 * SECOND,
  userAgent: userAgent('1.2.3', 'https://example.org/octopus2mqtt'),
  redactor: new Redactor(),
  ...changes,
})

const TOKEN = 'the.secret.token'
const request = {
  document: 'query Some($input: String) { some(input: $input) { thing } }',
  variables: { input: API_KEY },
  token: TOKEN,
}

async function failure(reply: Reply, changes: Partial<HttpSettings> = {}): Promise<BridgeError> {
  const server = await startServer(() => reply)
  return failureAt(`${server.url}/v1/graphql/`, changes)
}

async function failureAt(url: string, changes: Partial<HttpSettings> = {}): Promise<BridgeError> {
  const error = await createTransport(
    url,
    settings(changes),
  )(request).then(
    () => new Error('It succeeded'),
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(BridgeError)
  return error as BridgeError
}

const echo = `You sent ${API_KEY} and ${TOKEN}`
const errorsOnly = (...errors: object[]): Reply => ({ body: { errors, data: { some: null } } })
const coded = (code: string, type: string): Reply => errorsOnly(graphqlError(code, type, ['some'], echo))

const ANSWERS: [string, Reply, string][] = [
  ['a bad key', coded('KT-CT-1139', 'VALIDATION'), 'OCTOPUS_KEY_REJECTED'],
  ['another refusal of the key', coded('KT-CT-1142', 'VALIDATION'), 'OCTOPUS_KEY_REJECTED'],
  ['an expired token', coded('KT-CT-1124', 'APPLICATION'), 'OCTOPUS_TOKEN_REFUSED'],
  ['an unknown token', coded('KT-CT-1143', 'AUTHORIZATION'), 'OCTOPUS_TOKEN_REFUSED'],
  ['not authorised', coded('KT-CT-1111', 'AUTHORIZATION'), 'OCTOPUS_TOKEN_REFUSED'],
  ['the backend refusing the token', coded('OE-0103', 'AUTHORIZATION'), 'OCTOPUS_TOKEN_REFUSED'],
  ['throttled, which comes as AUTHORIZATION', coded('KT-CT-1199', 'AUTHORIZATION'), 'OCTOPUS_THROTTLED'],
  [
    'throttled by the backend',
    errorsOnly({ message: echo, extensions: { errorCode: 'OE-0002' } }),
    'OCTOPUS_THROTTLED',
  ],
  ['429', { status: 429, body: 'slow down', headers: { 'retry-after': '90' } }, 'OCTOPUS_THROTTLED'],
  ['429 in JSON', { status: 429, body: { detail: echo } }, 'OCTOPUS_THROTTLED'],
  ['not ours', coded('KT-CT-4177', 'AUTHORIZATION'), 'OCTOPUS_FORBIDDEN'],
  ['not ours either', coded('KT-CT-4501', 'AUTHORIZATION'), 'OCTOPUS_FORBIDDEN'],
  ['a new authorisation error', coded('KT-CT-9999', 'AUTHORIZATION'), 'OCTOPUS_FORBIDDEN'],
  ['a plan that could not be fetched', coded('KT-CT-4340', 'APPLICATION'), 'OCTOPUS_REFUSED'],
  ['a service that is away', coded('KT-GB-4039', 'SERVICE_AVAILABILITY'), 'OCTOPUS_SERVER_ERROR'],
  ['a switched-off field', coded('KT-CT-1113', 'SERVICE_AVAILABILITY'), 'OCTOPUS_SCHEMA_CHANGED'],
  ['no such account', coded('KT-CT-4178', 'NOT_FOUND'), 'ACCOUNT_NOT_FOUND'],
  ['an error without extensions', errorsOnly({ message: echo }), 'OCTOPUS_REFUSED'],
  ['errors that are no list', { body: { errors: echo, data: null } }, 'OCTOPUS_BAD_ANSWER'],
  [
    'a removed field',
    { status: 400, body: { errors: [{ message: "Cannot query field 'thing' on type 'Some'. Did you mean it?" }] } },
    'OCTOPUS_SCHEMA_CHANGED',
  ],
  [
    'a variable of another type',
    { status: 400, body: { errors: [{ message: `Variable "$input" got invalid value "${API_KEY}"` }] } },
    'OCTOPUS_SCHEMA_CHANGED',
  ],
  ['403 with a page', { status: 403, body: `<html>Request blocked ${API_KEY}</html>` }, 'OCTOPUS_BLOCKED'],
  ['403 in JSON', { status: 403, body: { detail: echo } }, 'OCTOPUS_FORBIDDEN'],
  ['401', { status: 401, body: { detail: echo } }, 'OCTOPUS_TOKEN_REFUSED'],
  ['a gateway', { status: 502, body: '<html>Bad gateway</html>' }, 'OCTOPUS_SERVER_ERROR'],
  ['503 in JSON', { status: 503, body: { errors: [{ message: echo }] } }, 'OCTOPUS_SERVER_ERROR'],
  ['a page with 200', { body: `<html>${API_KEY}</html>` }, 'OCTOPUS_BAD_ANSWER'],
  [
    'broken JSON',
    { body: `{"data": {"some": "${API_KEY}"`, headers: { 'content-type': 'application/json' } },
    'OCTOPUS_BAD_ANSWER',
  ],
  ['JSON that is no answer', { body: [1, 2, 3] }, 'OCTOPUS_BAD_ANSWER'],
  ['nothing', { status: 204, body: '' }, 'OCTOPUS_BAD_ANSWER'],
  ['a redirect', { status: 302, body: '', headers: { location: 'http://example.invalid/' } }, 'OCTOPUS_BAD_ANSWER'],
  ['a closed connection', 'reset', 'OCTOPUS_UNREACHABLE'],
]

const secretForms = [API_KEY, TOKEN].flatMap(secret => [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString('base64'),
  Buffer.from(`${secret}:`).toString('base64'),
])

function expectNoSecret(error: unknown): void {
  const texts = [inspect(error, { depth: 10, showHidden: true }), JSON.stringify(error)]
  for (let each = error; each instanceof Error; each = each.cause) texts.push(each.message, String(each.stack))
  for (const text of texts) for (const secret of secretForms) expect(text).not.toContain(secret)
}

describe('an answer of Octopus', () => {
  it.each(ANSWERS)('%s is classified and carries no secret', async (_, reply, code) => {
    const error = await failure(reply)
    expect(error.code).toBe(code)
    expectNoSecret(error)
  })

  it('keeps code, path, status, what is missing and when to come back', async () => {
    expect((await failure(coded('KT-CT-1124', 'APPLICATION'))).details).toEqual({
      errorCode: 'KT-CT-1124',
      path: 'some',
      status: 200,
    })
    const removed = await failure({
      status: 400,
      body: { errors: [{ message: "Cannot query field 'x' on type 'Y'." }] },
    })
    expect(removed.details).toEqual({ status: 400, missing: 'Y.x' })
    const busy = await failure({ status: 429, body: '', headers: { 'retry-after': '90' } })
    expect(busy.details).toEqual({ status: 429, retryAfterMs: 90_000 })
  })

  it('lets the gravest of several errors decide', async () => {
    const errors = ['KT-CT-4340', 'KT-CT-1124', 'KT-CT-1199'].map(code => graphqlError(code, 'APPLICATION', ['some']))
    expect((await failure(errorsOnly(...errors))).code).toBe('OCTOPUS_THROTTLED')
  })

  it('is used in part where only a part came', async () => {
    const errors = [graphqlError('KT-CT-4340', 'APPLICATION', ['p0'], echo)]
    const server = await startServer(() => ({ body: { data: { some: { thing: 1 }, p0: null }, errors } }))
    const answer = await createTransport(server.url, settings())(request)
    expect(answer.data).toEqual({ some: { thing: 1 }, p0: null })
    expect(answer.errors).toMatchObject([{ errorCode: 'KT-CT-4340', path: 'p0' }])
    expectNoSecret(answer.errors)
  })

  it('is read whatever content type it claims', async () => {
    const headers = { 'content-type': 'text/plain' }
    const server = await startServer(() => ({ body: { data: { some: 1 } }, headers }))
    expect((await createTransport(server.url, settings())(request)).data).toEqual({ some: 1 })
  })

  it('is asked for by one POST with the raw token and our name, without one where there is none', async () => {
    const server = await startServer(() => ({ body: tokenAnswer('x') }))
    const transport = createTransport(server.url, settings())
    await transport(request)
    await transport({ ...request, token: null })
    const [first, second] = server.requests
    expect(first).toMatchObject({ method: 'POST', body: { operationName: 'Some', variables: { input: API_KEY } } })
    expect(first?.headers).toMatchObject({
      authorization: TOKEN,
      'user-agent': 'octopus2mqtt/1.2.3 (+https://example.org/octopus2mqtt)',
    })
    expect(second?.headers.authorization).toBeUndefined()
  })

  it('is given up after the time limit of the clock', async () => {
    const server = await startServer(() => 'hang')
    const clock = new ManualClock(0, 1)
    const failed = failureAt(server.url, { clock, timeout: 20 * SECOND })
    await until(() => server.requests.length === 1)
    clock.advance(19 * SECOND)
    expect(clock.waiting).toBe(1)
    clock.advance(SECOND)
    const error = await failed
    expect(error.code).toBe('OCTOPUS_TIMEOUT')
    expectNoSecret(error)
    expect(clock.waiting).toBe(0)
  })

  it('is given up when it is larger than any answer', async () => {
    const error = await failure({ body: { data: { some: 'x'.repeat(8 * 1024 * 1024) } } })
    expect(error).toMatchObject({ code: 'OCTOPUS_BAD_ANSWER', details: { problem: 'too large' } })
  })
})

describe('an Octopus that is not there', () => {
  const failing = (networkCode: string, depth = 1) => {
    let cause: unknown = Object.assign(new Error(echo), { code: networkCode })
    for (let level = 1; level < depth; level += 1) cause = Object.assign(new AggregateError([cause], echo))
    return { fetch: () => Promise.reject(new TypeError(`fetch failed ${echo}`, { cause })) }
  }

  it.each([
    ['ENOTFOUND', 'OCTOPUS_UNREACHABLE', 'dns'],
    ['CERT_HAS_EXPIRED', 'OCTOPUS_UNREACHABLE', 'tls'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'OCTOPUS_UNREACHABLE', 'tls'],
    ['ECONNREFUSED', 'OCTOPUS_UNREACHABLE', 'refused'],
    ['ECONNRESET', 'OCTOPUS_UNREACHABLE', 'reset'],
    ['ERR_STREAM_PREMATURE_CLOSE', 'OCTOPUS_UNREACHABLE', 'reset'],
    ['ETIMEDOUT', 'OCTOPUS_TIMEOUT', undefined],
  ])('says so: %s', async (networkCode, code, problem) => {
    const error = await failureAt('https://user:password@api.example.org/v1/graphql/', failing(networkCode, 2))
    expect(error.code).toBe(code)
    expect(error.details).toMatchObject({ host: 'api.example.org', networkCode })
    expect(error.details.problem).toBe(problem)
    expectNoSecret(error)
    expect(inspect(error)).not.toContain('password')
  })

  it('is also one whose address is wrong', async () => {
    expect((await failureAt('not an address')).code).toBe('OCTOPUS_UNREACHABLE')
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    server.close()
    await once(server, 'close')
    expect((await failureAt(`http://127.0.0.1:${port}/`)).details).toMatchObject({ problem: 'refused' })
  })
})

describe('Retry-After', () => {
  it('is seconds or a date, never negative, never endless', () => {
    const now = Date.parse('2026-11-23T12:00:00Z')
    expect(readRetryAfter('120', now)).toBe(120_000)
    expect(readRetryAfter('Mon, 23 Nov 2026 12:05:00 GMT', now)).toBe(300_000)
    expect(readRetryAfter('Mon, 23 Nov 2026 11:05:00 GMT', now)).toBe(0)
    expect(readRetryAfter('999999999', now)).toBe(24 * HOUR)
    expect(readRetryAfter('later', now)).toBeNull()
    expect(readRetryAfter(null, now)).toBeNull()
  })
})
