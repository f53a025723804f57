/** The simulator on `node:http`: reads a request, counts it, lets a fault spoil it, and hands it to its endpoint. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Instant } from '../clock.ts'
import type { Audit } from './audit.ts'
import { answerBackend } from './backend.ts'
import { answerControl, type ControlParts } from './control.ts'
import type { Fault, Faults, RequestFacts } from './faults.ts'
import { GraphqlEndpoint, type JsonAnswer, operationOf, readRequest } from './graphql-endpoint.ts'
import type { World } from './resolvers.ts'
import { answerRest, routeOf } from './rest-endpoint.ts'
import { deliver } from './spoil.ts'
import { Timers } from './timers.ts'
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

export interface ServerParts extends Omit<ControlParts, 'clock'> {
  readonly world: World
  readonly faults: Faults
  readonly audit: Audit
}

export const GRAPHQL_PATH = '/v1/graphql/'
export const BACKEND_PATH = '/backend/v1/graphql/'

const MOST_BYTES = 1024 * 1024
const MOST_LOGGED = 10_000

const DISPATCH_FIELDS = ['flexPlannedDispatches', 'completedDispatches', 'plannedDispatches']

export class SimulatorServer {
  readonly requests: LoggedRequest[] = []
  readonly #parts: ServerParts
  readonly #graphql: GraphqlEndpoint
  readonly #timers: Timers
  readonly #server: Server

  constructor(parts: ServerParts) {
    this.#parts = parts
    this.#graphql = new GraphqlEndpoint(parts.world)
    this.#timers = new Timers(parts.world.clock)
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch(() => response.destroy())
    })
  }

  /** Rejects with Node's own error where the port cannot be had. Gives the port. */
  start(port: number, host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject)
        const address = this.#server.address()
        resolve(typeof address === 'object' && address !== null ? address.port : port)
      })
    })
  }

  /** Closes every connection, also those that a fault holds open. */
  stop(): Promise<void> {
    this.#timers.stop()
    return new Promise(resolve => {
      this.#server.close(() => resolve())
      this.#server.closeAllConnections()
    })
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', `http://${request.headers.host ?? 'localhost'}`)
    const body = await readBody(request)
    if (body === null) return sendJson(response, { status: 413, body: { detail: 'Request body is too large.' } })
    if (url.pathname.startsWith('/simulator/')) {
      const { world, ...others } = this.#parts
      return sendJson(response, answerControl({ ...others, clock: world.clock }, request.method ?? 'GET', url, body))
    }
    if (url.pathname === GRAPHQL_PATH || url.pathname === BACKEND_PATH) {
      return this.#handleGraphql(request, response, url, body)
    }
    if (`${url.pathname}/` === GRAPHQL_PATH) {
      response.writeHead(301, { location: GRAPHQL_PATH }).end()
      return
    }
    const { audit, world } = this.#parts
    audit.record({ dispatch: false, mint: false })
    return this.#answer(request, response, url, { protocol: 'rest', names: [routeOf(url.pathname)] }, faults =>
      answerRest(world, { url, authorization: request.headers.authorization }, faults),
    )
  }

  async #handleGraphql(request: IncomingMessage, response: ServerResponse, url: URL, body: string): Promise<void> {
    const { audit, world } = this.#parts
    const isBackend = url.pathname === BACKEND_PATH
    if (request.method !== 'POST') {
      return sendJson(response, { status: 405, body: { errors: [{ message: 'POST only.' }] } })
    }
    if (isBackend && request.headers['user-agent'] === undefined) {
      return sendHtml(response, 403, nginxPage('403 Forbidden'))
    }
    const read = readRequest(body)
    const operation = typeof read === 'string' ? null : operationOf(read)
    const rootFields = operation !== null && 'rootFields' in operation ? operation.rootFields : []
    audit.record({
      dispatch: rootFields.some(field => DISPATCH_FIELDS.includes(field)),
      mint: rootFields.includes('obtainKrakenToken'),
    })
    const names = operation !== null && 'names' in operation ? operation.names : []
    const { authorization } = request.headers
    return this.#answer(request, response, url, { protocol: 'graphql', names }, faults => {
      if (typeof read === 'string') return { status: 400, body: { errors: [{ message: read }] } }
      if (operation === null || 'status' in operation) return operation ?? { status: 400, body: { errors: [] } }
      return isBackend
        ? answerBackend(operation, read.variables, authorization, world.tokens)
        : this.#graphql.answer(read, operation, authorization, faults)
    })
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    facts: RequestFacts,
    make: (faults: readonly Fault[]) => JsonAnswer | Promise<JsonAnswer>,
  ): Promise<void> {
    const faults = this.#parts.faults.take(facts)
    const note = this.#log({
      at: this.#parts.world.clock.now(),
      ...facts,
      path: url.pathname,
      userAgent: request.headers['user-agent'] ?? null,
      status: null,
      errorCodes: [],
    })
    await deliver(response, faults, this.#timers, () => make(faults), note)
  }

  /** Writes the line and gives the way to complete it. */
  #log(entry: LoggedRequest): (status: number, errorCodes: readonly string[]) => void {
    const written = { ...entry }
    this.requests.push(written)
    if (this.requests.length > MOST_LOGGED) this.requests.shift()
    return (status, errorCodes) => {
      Object.assign(written, { status, errorCodes })
    }
  }
}

/** `null` where there is more than a megabyte of it. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    const buffer = Buffer.from(chunk)
    bytes += buffer.length
    if (bytes <= MOST_BYTES) chunks.push(buffer)
  }
  return bytes > MOST_BYTES ? null : Buffer.concat(chunks).toString('utf8')
}

const sendJson = (response: ServerResponse, { status, body }: JsonAnswer): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

const sendHtml = (response: ServerResponse, status: number, html: string): void => {
  response.writeHead(status, { 'content-type': 'text/html' }).end(html)
}
