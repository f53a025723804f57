/** The simulator without a socket: a `fetch` that behaves like the global one in front of the HTTP server, on any clock. */
import type { Cancel, Clock } from '../clock.ts'
import { type IncomingRequest, MOST_BYTES, type Outcome, type Reply } from './exchange.ts'
import { Timers } from './timers.ts'

export type Fetch = typeof fetch

/** Its name can never be looked up, so that a client without this fetch reaches nobody. */
export const IN_PROCESS_ORIGIN = 'http://simulator.invalid'

export interface InProcessParts {
  readonly handle: (request: IncomingRequest) => Outcome
  readonly clock: Clock
  readonly origin: string
  /** Milliseconds of the simulator's clock that a message travels, drawn anew for each way. */
  readonly latency: () => number
}

export class InProcess {
  readonly #parts: InProcessParts
  readonly #timers: Timers
  readonly #open = new Set<() => void>()
  #stopped = false

  constructor(parts: InProcessParts) {
    this.#parts = parts
    this.#timers = new Timers(parts.clock)
  }

  /** A body comes with the headers at once, so an abort after that comes too late. */
  readonly fetch: Fetch = async (input, init = {}) => {
    const signal = init.signal ?? (input instanceof Request ? input.signal : null)
    signal?.throwIfAborted()
    const request = await requestOf(input, init)
    if (request.url.origin !== this.#parts.origin) throw failed('ENOTFOUND', 'no such host')
    if (this.#stopped) throw failed('ECONNREFUSED', 'connect ECONNREFUSED')
    const reply = await this.#exchange(request, signal)
    const { location } = reply.headers
    const { redirect = 'follow' } = init
    if (location === undefined || redirect === 'manual') return responseOf(reply)
    if (redirect === 'error') throw failed(undefined, 'unexpected redirect')
    return this.fetch(new URL(location, request.url), { ...init, method: 'GET', body: null })
  }

  /** Hangs up on whoever waits; later requests find nobody. */
  stop(): void {
    this.#stopped = true
    this.#timers.stop()
    for (const hangUp of [...this.#open]) hangUp()
  }

  #exchange(request: IncomingRequest, signal: AbortSignal | null): Promise<Reply> {
    return new Promise((resolve, reject) => {
      let cancel: Cancel = () => {}
      const end = (settle: () => void) => {
        if (!this.#open.delete(hangUp)) return
        cancel()
        signal?.removeEventListener('abort', abort)
        settle()
      }
      const hangUp = () => end(() => reject(failed('ECONNRESET', 'socket hang up')))
      const abort = () => end(() => reject(signal?.reason))
      const deliver = (outcome: Outcome) => {
        if (!this.#open.has(hangUp) || outcome.kind === 'silence') return
        if (outcome.kind === 'later') cancel = this.#timers.once(outcome.delay, () => deliver(outcome.resume()))
        else if (outcome.kind === 'reply') cancel = this.#travel(() => end(() => resolve(outcome)))
        else cancel = this.#travel(() => end(() => reject(failed('ECONNRESET', 'read ECONNRESET'))))
      }
      this.#open.add(hangUp)
      signal?.addEventListener('abort', abort)
      // What is on its way arrives and counts, also where the client has given up meanwhile.
      this.#travel(() => deliver(this.#parts.handle(request)))
    })
  }

  #travel(task: () => void): Cancel {
    const latency = this.#parts.latency()
    if (latency > 0) return this.#timers.once(latency, task)
    task()
    return () => {}
  }
}

async function requestOf(input: Parameters<Fetch>[0], init: RequestInit): Promise<IncomingRequest> {
  const { body = null } = init
  // Node's Request costs more than the rest of an exchange, and is needed for other bodies than text only.
  const whole =
    input instanceof Request || (body !== null && typeof body !== 'string') ? new Request(input, init) : null
  const text = whole === null ? String(body ?? '') : await whole.text()
  return {
    method: (whole?.method ?? init.method ?? 'GET').toUpperCase(),
    url: new URL(whole?.url ?? String(input)),
    headers: { 'user-agent': 'node', ...Object.fromEntries(whole?.headers ?? headersOf(init)) },
    body: Buffer.byteLength(text) > MOST_BYTES ? null : text,
  }
}

const headersOf = ({ headers }: RequestInit): Headers => (headers instanceof Headers ? headers : new Headers(headers))

function responseOf({ status, headers, body, truncated }: Reply): Response {
  if (truncated === true) return new Response(brokenStream(body), { status, headers })
  return new WholeResponse(status, new Headers(headers), body) as unknown as Response
}

/**
 * As much of a Response as clients of the simulator look at: what it is, and the body, in one piece. Node's own costs more
 * than the rest of an exchange.
 */
class WholeResponse {
  readonly status: number
  readonly ok: boolean
  readonly headers: Headers
  readonly body: AsyncIterable<Uint8Array>
  readonly #text: string

  constructor(status: number, headers: Headers, text: string) {
    this.status = status
    this.ok = status >= 200 && status < 300
    this.headers = headers
    this.#text = text
    this.body = piece(text)
  }

  async text(): Promise<string> {
    return this.#text
  }

  async json(): Promise<unknown> {
    return JSON.parse(this.#text)
  }
}

async function* piece(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

/** Half the body, then an error as of a connection that broke. */
function brokenStream(body: string): ReadableStream<Uint8Array> {
  const chunks = [new TextEncoder().encode(body.slice(0, Math.floor(body.length / 2)))]
  const pull = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    const chunk = chunks.shift()
    if (chunk === undefined) controller.error(new TypeError('terminated', { cause: closed() }))
    else controller.enqueue(chunk)
  }
  return new ReadableStream({ pull }, { highWaterMark: 0 })
}

const closed = () => Object.assign(new Error('aborted'), { code: 'ECONNRESET' })

function failed(code: string | undefined, message: string): TypeError {
  const cause = code === undefined ? new Error(message) : Object.assign(new Error(message), { code })
  return new TypeError('fetch failed', { cause })
}
