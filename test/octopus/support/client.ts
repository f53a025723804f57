import { afterEach, jest } from '@jest/globals'
import { MINUTE, SECOND } from '../../../src/clock.ts'
import { createOctopus } from '../../../src/octopus/client.ts'
import type { Octopus } from '../../../src/octopus/octopus.ts'
import { openStore } from '../../../src/store/open.ts'
import { ManualClock } from './manual-clock.ts'
import { API_KEY, aToken, tokenAnswer } from './samples.ts'
import { type Reply, type Seen, startServer } from './server.ts'

export const NOON = Date.parse('2026-11-23T12:00:00Z')

let octopus: Octopus | null = null
afterEach(() => octopus?.stop())

/** A client in front of a server that mints tokens by itself and answers the rest by `answer`. */
export async function setUp(answer: (request: Seen) => Reply, requestsPerHour = 60) {
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
    limits: { dispatchPerHour: 20, dispatchMinGap: MINUTE, reserveForEvents: 4, requestsPerHour },
    userAgent: 'octopus2mqtt/test (+https://example.org)',
    log,
  })
  octopus = client
  const operations = () => server.requests.map(request => request.body?.operationName ?? 'REST')
  /** Of the requests by REST, below the version. */
  const paths = () =>
    server.requests.filter(({ body }) => body === null).map(({ url }) => url.replace('/v1/', '').split('?')[0] ?? '')
  return { client, clock, server, store, log, operations, paths }
}

/** The query of a request by REST. */
export const queryOf = ({ url }: Seen): Record<string, string> =>
  Object.fromEntries(new URL(url, 'http://octopus.test').searchParams)
