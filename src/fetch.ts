/**
 * HTTP to others: as much of `fetch` as one exchange needs, over Node's own client. Node's `fetch` brings a second client, with
 * a parser in WebAssembly, and keeps megabytes for as long as the daemon runs (docs/performance.md).
 */
import { type IncomingMessage, request as overHttp } from 'node:http'
import { request as overHttps } from 'node:https'
import { pipeline, type Readable } from 'node:stream'
import { createUnzip } from 'node:zlib'

export interface Sent {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Redirects are not followed in any case; a `fetch` that would has to be told. */
  readonly redirect?: 'manual'
  readonly signal?: AbortSignal
}

/** As much of a `Response` as is looked at. */
export interface Received {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  /** Its bytes, unpacked; to be read once. */
  readonly body: AsyncIterable<Uint8Array> | null
}

/** Fails with an error that has a `code` somewhere within where nobody was reached, and as `signal` says where it is aborted. */
export type Fetch = (url: string, sent: Sent) => Promise<Received>

/** Follows no redirect. A connection is used again for what is asked within seconds, and then closed. */
export const fetchOverHttp: Fetch = (url, { method = 'GET', headers = {}, body, signal }) =>
  new Promise((resolve, reject) => {
    const request = url.startsWith('https:') ? overHttps : overHttp
    const options = { method, headers: { ...headers, 'accept-encoding': 'gzip, deflate' }, ...(signal && { signal }) }
    request(url, options, message => resolve(received(message)))
      .on('error', reject)
      .end(body)
  })

function received(message: IncomingMessage): Received {
  const header = (name: string): string | null => {
    const value = message.headers[name]
    return value === undefined ? null : String(value)
  }
  return { status: message.statusCode ?? 0, headers: { get: header }, body: unpacked(message) }
}

function unpacked(message: IncomingMessage): Readable {
  const packed = /^(x-)?(gzip|deflate)$/i.test(message.headers['content-encoding'] ?? '')
  // Whoever reads it is told of an error of either.
  return packed ? pipeline(message, createUnzip(), () => {}) : message
}

/** The whole body as text, or null where it is longer than `most` bytes: then nothing more of it is read. */
export async function textOf({ body }: Received, most: number): Promise<string | null> {
  if (body === null) return ''
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > most) return null
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}
