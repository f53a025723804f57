/** Takes a request, counts it, lets a fault spoil it, and asks its endpoint. Knows nothing of how requests come in. */
import type { Instant } from '../clock.ts'
import type { Audit } from './audit.ts'
import { answerBackend } from './backend.ts'
import { answerControl, type ControlParts } from './control.ts'
import { html, type IncomingRequest, type JsonAnswer, json, type Outcome } from './exchange.ts'
import type { Fault, Faults, RequestFacts } from './faults.ts'
import { GraphqlEndpoint, readRequest } from './graphql-endpoint.ts'
import type { World } from './resolvers.ts'
import { answerRest, restNames } from './rest-endpoint.ts'
import { outcomeOf } from './spoil.ts'
import { nginxPage } from './wire-errors.ts'

/** One call as it was seen; `status` stays null where no answer went out. */
export interface LoggedRequest {
  readonly at: Instant
  readonly protocol: 'graphql' | 'rest'
  /** GraphQL: the operation's name, if any, and its root fields; REST: the route. */
  readonly names: readonly string[]
  readonly path: string
  readonly userAgent: string | null
  readonly status: number | null
  readonly errorCodes: readonly string[]
}

export interface HandlerParts extends Omit<ControlParts, 'clock' | 'logged'> {
  readonly world: World
  readonly faults: Faults
  readonly audit: Audit
  /** Told of each call when its answer goes out. */
  readonly onRequest?: ((request: LoggedRequest) => void) | undefined
}

export const GRAPHQL_PATH = '/v1/graphql/'
export const BACKEND_PATH = '/backend/v1/graphql/'

const MOST_LOGGED = 10_000

const DISPATCH_FIELDS = ['flexPlannedDispatches', 'completedDispatches', 'plannedDispatches']

export class Handler {
  readonly requests: LoggedRequest[] = []
  readonly #parts: HandlerParts
  readonly #graphql: GraphqlEndpoint

  constructor(parts: HandlerParts) {
    this.#parts = parts
    this.#graphql = new GraphqlEndpoint(parts.world)
  }

  handle(request: IncomingRequest): Outcome {
    const { url, body, headers } = request
    if (body === null) return json({ status: 413, body: { detail: 'Request body is too large.' } })
    if (url.pathname.startsWith('/simulator/')) {
      const { world, ...others } = this.#parts
      const parts = { ...others, clock: world.clock, logged: () => this.requests }
      return json(answerControl(parts, request.method, url, body))
    }
    if (url.pathname === GRAPHQL_PATH || url.pathname === BACKEND_PATH) return this.#handleGraphql(request, body)
    if (`${url.pathname}/` === GRAPHQL_PATH) {
      return { kind: 'reply', status: 301, headers: { location: GRAPHQL_PATH }, body: '' }
    }
    const { audit, world } = this.#parts
    audit.record({ dispatch: false, mint: false })
    return this.#answer(request, { protocol: 'rest', names: restNames(url.pathname) }, faults =>
      answerRest(world, { url, authorization: headers.authorization }, faults),
    )
  }

  #handleGraphql(request: IncomingRequest, body: string): Outcome {
    const { audit, world } = this.#parts
    const { authorization, 'user-agent': userAgent } = request.headers
    const isBackend = request.url.pathname === BACKEND_PATH
    if (request.method !== 'POST') return json({ status: 405, body: { errors: [{ message: 'POST only.' }] } })
    if (isBackend && userAgent === undefined) return html(403, nginxPage('403 Forbidden'))
    const read = readRequest(body)
    const operation = typeof read === 'string' ? null : this.#graphql.operationOf(read)
    const rootFields = operation !== null && 'rootFields' in operation ? operation.rootFields : []
    audit.record({
      dispatch: rootFields.some(field => DISPATCH_FIELDS.includes(field)),
      mint: rootFields.includes('obtainKrakenToken'),
    })
    const names = operation !== null && 'names' in operation ? operation.names : []
    return this.#answer(request, { protocol: 'graphql', names }, faults => {
      if (typeof read === 'string') return { status: 400, body: { errors: [{ message: read }] } }
      if (operation === null || 'status' in operation) return operation ?? { status: 400, body: { errors: [] } }
      return isBackend
        ? answerBackend(operation, read.variables, authorization, world.tokens)
        : this.#graphql.answer(read, operation, authorization, faults)
    })
  }

  #answer(request: IncomingRequest, facts: RequestFacts, make: (faults: readonly Fault[]) => JsonAnswer): Outcome {
    const faults = this.#parts.faults.take(facts)
    const note = this.#log({
      at: this.#parts.world.clock.now(),
      ...facts,
      path: request.url.pathname,
      userAgent: request.headers['user-agent'] ?? null,
      status: null,
      errorCodes: [],
    })
    return outcomeOf(faults, () => make(faults), note)
  }

  /** Writes the line and gives the way to complete it. */
  #log(entry: LoggedRequest): (status: number, errorCodes: readonly string[]) => void {
    const written = { ...entry }
    this.requests.push(written)
    if (this.requests.length > MOST_LOGGED) this.requests.shift()
    return (status, errorCodes) => {
      Object.assign(written, { status, errorCodes })
      this.#parts.onRequest?.(written)
    }
  }
}
