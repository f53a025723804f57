/** Sends an answer, or what a fault makes of it. */
import type { ServerResponse } from 'node:http'
import { SECOND } from '../clock.ts'
import type { Fault, FaultKind } from './faults.ts'
import type { JsonAnswer } from './graphql-endpoint.ts'
import type { Timers } from './timers.ts'
import { CLOUDFRONT_403, nginxPage } from './wire-errors.ts'

interface Page {
  readonly status: number
  readonly type: string
  readonly body: string
}

const html = (status: number, body: string): Page => ({ status, type: 'text/html', body })
const json = (status: number, body: unknown): Page => ({
  status,
  type: 'application/json',
  body: JSON.stringify(body),
})

/** Faults that put a page of their own in the answer's place. */
const PAGES: Partial<Record<FaultKind, Page>> = {
  http_500: html(500, '<!doctype html><html><head><title>Server Error (500)</title></head><body></body></html>'),
  http_502: html(502, nginxPage('502 Bad Gateway')),
  http_503: html(503, nginxPage('503 Service Temporarily Unavailable')),
  http_504: html(504, nginxPage('504 Gateway Time-out')),
  cloudfront_403: html(403, CLOUDFRONT_403),
  nginx_403: html(403, nginxPage('403 Forbidden')),
  http_429: json(429, { detail: 'Request was throttled.' }),
  bad_json: { status: 200, type: 'application/json', body: '{"data":{"devices":[{"id":undefined}]}}' },
  rest_401: json(401, { detail: 'Invalid API key.' }),
  rest_404: json(404, { detail: 'Not found.' }),
  rest_503: json(503, { detail: 'Service temporarily unavailable, try again later.' }),
}

const SLOW_BY_DEFAULT = 10 * SECOND
const RETRY_AFTER_BY_DEFAULT = 30

let slowAnswers = 0

/** `note` is told the status and the error codes of what went out; it is not called where nothing does. */
export async function deliver(
  response: ServerResponse,
  faults: readonly Fault[],
  timers: Timers,
  make: () => JsonAnswer | Promise<JsonAnswer>,
  note: (status: number, errorCodes: readonly string[]) => void,
): Promise<void> {
  const has = (kind: FaultKind) => faults.some(fault => fault.kind === kind)
  if (has('timeout')) return
  if (has('reset')) {
    response.socket?.resetAndDestroy()
    return
  }
  const slow = faults.find(fault => fault.kind === 'slow')
  if (slow !== undefined) await pause(response, timers, slow.delay ?? SLOW_BY_DEFAULT)
  if (response.destroyed) return

  const spoilt = faults.find(fault => PAGES[fault.kind] !== undefined)
  const replacement = spoilt === undefined ? undefined : PAGES[spoilt.kind]
  if (spoilt !== undefined && replacement !== undefined) {
    note(replacement.status, [])
    if (spoilt.kind === 'http_429') {
      response.setHeader('retry-after', String(spoilt.retryAfter ?? RETRY_AFTER_BY_DEFAULT))
    }
    send(response, replacement)
    return
  }
  const answer = await make()
  const page = json(answer.status, answer.body)
  note(page.status, codesIn(answer.body))
  if (!has('truncated')) {
    send(response, page)
    return
  }
  response.writeHead(page.status, { 'content-type': page.type, 'content-length': Buffer.byteLength(page.body) })
  response.write(page.body.slice(0, Math.floor(page.body.length / 2)), () => response.socket?.destroy())
}

const send = (response: ServerResponse, { status, type, body }: Page): void => {
  response.writeHead(status, { 'content-type': type }).end(body)
}

/** Ends early when the client gives up. */
function pause(response: ServerResponse, timers: Timers, delay: number): Promise<void> {
  slowAnswers += 1
  const name = `slow ${slowAnswers}`
  return new Promise(resolve => {
    response.once('close', () => {
      timers.clear(name)
      resolve()
    })
    timers.after(name, delay, resolve)
  })
}

function codesIn(body: unknown): string[] {
  if (typeof body !== 'object' || body === null || !('errors' in body) || !Array.isArray(body.errors)) return []
  return body.errors.flatMap(error => {
    const code: unknown = error?.extensions?.errorCode
    return typeof code === 'string' ? [code] : []
  })
}
