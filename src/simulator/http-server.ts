/** The simulator on `node:http`. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Clock } from '../clock.ts'
import { type IncomingRequest, MOST_BYTES, type Outcome, type Reply } from './exchange.ts'
import { Timers } from './timers.ts'

export class HttpServer {
  readonly #handle: (request: IncomingRequest) => Outcome
  readonly #timers: Timers
  readonly #server: Server

  constructor(handle: (request: IncomingRequest) => Outcome, clock: Clock) {
    this.#handle = handle
    this.#timers = new Timers(clock)
    this.#server = createServer((request, response) => {
      this.#take(request, response).catch(() => response.destroy())
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

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', headers } = request
    const url = new URL(request.url ?? '/', `http://${headers.host ?? 'localhost'}`)
    const { authorization, 'user-agent': userAgent } = headers
    const body = await readBody(request)
    this.#deliver(response, this.#handle({ method, url, headers: { authorization, 'user-agent': userAgent }, body }))
  }

  #deliver(response: ServerResponse, outcome: Outcome): void {
    if (outcome.kind === 'reset') response.socket?.resetAndDestroy()
    if (outcome.kind === 'reply') send(response, outcome)
    if (outcome.kind !== 'later') return
    const cancel = this.#timers.once(outcome.delay, () => this.#deliver(response, outcome.resume()))
    response.once('close', cancel)
  }
}

function send(response: ServerResponse, { status, headers, body, truncated }: Reply): void {
  if (truncated !== true) {
    response.writeHead(status, headers).end(body)
    return
  }
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
  response.write(body.slice(0, Math.floor(body.length / 2)), () => response.socket?.destroy())
}

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
