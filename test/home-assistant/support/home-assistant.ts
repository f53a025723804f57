/** A Home Assistant as far as its recorder is spoken to: over a real websocket, with its refusals, and with bad days on order. */
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { importRefused, monthOf, type Refusal, readingRefused } from './recorder-rules.ts'

export interface Row {
  readonly state: number | null
  readonly sum: number | null
}

export interface Statistic {
  readonly metadata: Readonly<Record<string, unknown>>
  /** By start, UTC milliseconds. */
  readonly rows: Map<number, Row>
}

type Message = Readonly<Record<string, unknown>>

export const TOKEN = 'eyJhbGciOi.NeverShowThisToken.Zq7mAdmin'

const HOUR = 3_600_000

export class HomeAssistant {
  /** What it takes for the token of somebody. */
  token = TOKEN
  version = '2026.11.2'
  /** The version that it says, where that is another one. */
  claims: string | null = null
  isAdministrator = true
  /** False: its recorder is not up, and knows no command. */
  hasRecorder = true
  /** Rows become visible only after so many readings. */
  slowness = 0
  /** The connection ends at this message of a client's (1 is the next), before or after it is obeyed. */
  drop: { in: number; when: 'before' | 'after' } | null = null
  /** Says nothing more. */
  silent = false
  /** Sent in place of the next answer; `then` is called when it is on its way. */
  instead: { readonly text: string; readonly then?: () => void } | null = null
  readonly statistics = new Map<string, Statistic>()
  readonly heard: Message[] = []
  /** What a real one would write into its log. */
  readonly warnings: string[] = []
  connections = 0
  onConnection: () => void = () => {}
  rejections = 0
  readonly #queue: { after: number; write: () => void }[] = []
  readonly #server: Server
  readonly #sockets: WebSocketServer

  constructor(tls?: { key: string; cert: string }) {
    this.#server = tls === undefined ? createServer() : createTlsServer(tls)
    this.#server.on('request', (_, response) => response.writeHead(404).end())
    this.#sockets = new WebSocketServer({ noServer: true })
    this.#server.on('upgrade', (request, socket, head) => {
      if (request.url !== '/api/websocket') socket.end('HTTP/1.1 404 Not Found\r\n\r\n')
      else this.#sockets.handleUpgrade(request, socket, head, client => this.#meet(client))
    })
  }

  /** Gives the URL of its front page. */
  async start(): Promise<string> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve))
    const scheme = 'setSecureContext' in this.#server ? 'https' : 'http'
    return `${scheme}://localhost:${(this.#server.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    for (const client of this.#sockets.clients) client.terminate()
    await new Promise(resolve => this.#server.close(resolve))
  }

  /** Resolves when no client is connected. */
  async empty(): Promise<void> {
    await Promise.all([...this.#sockets.clients].map(client => new Promise(resolve => client.once('close', resolve))))
  }

  /** The rows of a statistic, the oldest first: `[start, state, sum]`. */
  rows(id: string): [number, number | null, number | null][] {
    const { rows } = this.statistics.get(id) ?? { rows: new Map<number, Row>() }
    return [...rows].sort(([a], [b]) => a - b).map(([start, { state, sum }]) => [start, state, sum])
  }

  /** A backup; `restore` brings it back, and whatever was written since is lost. */
  backup(): () => void {
    const copy = [...this.statistics].map(([id, { metadata, rows }]) => [id, metadata, [...rows]] as const)
    return () => {
      this.#queue.length = 0
      this.statistics.clear()
      for (const [id, metadata, rows] of copy) this.statistics.set(id, { metadata, rows: new Map(rows) })
    }
  }

  #meet(client: WebSocket): void {
    this.connections += 1
    this.onConnection()
    let isIn = false
    let lastId = 0
    const say = (message: unknown) => client.send(JSON.stringify(message))
    client.on('error', () => {})
    client.on('message', data => {
      const message = JSON.parse(String(data)) as Message
      if (this.silent) return
      if (!isIn) {
        isIn = message.type === 'auth' && message.access_token === this.token
        if (isIn) return say({ type: 'auth_ok', ha_version: this.claims ?? this.version })
        this.rejections += 1
        say({ type: 'auth_invalid', message: 'Invalid access token or password' })
        return client.close()
      }
      this.heard.push(message)
      if (this.drop !== null) this.drop.in -= 1
      const dropped = this.drop?.in === 0 ? this.drop.when : null
      if (dropped === 'before') return this.#hangUp(client)
      const id = Number(message.id)
      const refusal = id <= lastId ? { code: 'id_reuse', message: 'Identifier values have to increase.' } : null
      lastId = Math.max(lastId, id)
      const { result, refused } = refusal === null ? this.#obey(message) : { result: null, refused: refusal }
      if (dropped === 'after') return this.#hangUp(client)
      if (this.instead !== null) {
        client.send(this.instead.text, this.instead.then)
        this.instead = null
      } else if (refused !== null) say({ id, type: 'result', success: false, error: refused })
      else say({ id, type: 'result', success: true, result })
    })
    if (!this.silent) say({ type: 'auth_required', ha_version: this.claims ?? this.version })
  }

  #hangUp(client: WebSocket): void {
    this.drop = null
    client.terminate()
  }

  #obey(message: Message): { result: unknown; refused: Refusal } {
    const refuse = (code: string, words: string) => ({ result: null, refused: { code, message: words } })
    if (message.type === 'auth/current_user')
      return { result: { id: 'b1946ac9', name: 'Dev', is_owner: false, is_admin: this.isAdministrator }, refused: null }
    if (!this.hasRecorder) return refuse('unknown_command', 'Unknown command.')
    if (message.type === 'recorder/import_statistics') {
      if (!this.isAdministrator) return refuse('unauthorized', 'Unauthorized')
      const refused = importRefused(message, this.version)
      if (refused === null) this.#import(message)
      return { result: null, refused }
    }
    if (message.type === 'recorder/statistics_during_period') {
      const refused = readingRefused(message)
      return { result: refused === null ? this.#read(message) : null, refused }
    }
    return refuse('unknown_command', 'Unknown command.')
  }

  #import({ metadata, stats }: Message): void {
    const about = metadata as Message
    if (monthOf(this.version) >= monthOf('2025.11')) {
      for (const key of ['mean_type', 'unit_class']) if (!(key in about)) this.warnings.push(`${key} is missing`)
      if ('has_mean' in about) this.warnings.push('has_mean is deprecated')
    }
    const write = () => {
      const id = String(about.statistic_id)
      const rows = this.statistics.get(id)?.rows ?? new Map<number, Row>()
      this.statistics.set(id, { metadata: about, rows })
      for (const { start, state = null, sum = null } of stats as { start: string; state?: number; sum?: number }[])
        rows.set(Date.parse(start), { state, sum })
    }
    if (this.slowness === 0) write()
    else this.#queue.push({ after: this.slowness, write })
  }

  #read({ start_time: from, end_time: to, statistic_ids: ids, types }: Message): unknown {
    for (const waiting of this.#queue) waiting.after -= 1
    while (this.#queue[0] !== undefined && this.#queue[0].after <= 0) this.#queue.shift()?.write()
    const end = to === undefined ? Number.POSITIVE_INFINITY : Date.parse(String(to))
    const kinds = types as (keyof Row)[]
    const found = (ids as string[]).map(id => {
      const rows = this.rows(id).filter(([start]) => start >= Date.parse(String(from)) && start < end)
      const told = rows.map(([start, state, sum]) => ({
        start,
        end: start + HOUR,
        ...Object.fromEntries(kinds.map(kind => [kind, { state, sum }[kind]])),
      }))
      return [id, told] as const
    })
    return Object.fromEntries(found.filter(([, rows]) => rows.length > 0))
  }
}
