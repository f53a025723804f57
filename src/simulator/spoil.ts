/** An answer, or what a fault makes of it. */
import { SECOND } from '../clock.ts'
import { html, type JsonAnswer, json, type Outcome, type Reply } from './exchange.ts'
import type { Fault, FaultKind } from './faults.ts'
import { CLOUDFRONT_403, nginxPage } from './wire-errors.ts'

/** Faults that put a page of their own in the answer's place. */
const PAGES: Partial<Record<FaultKind, Reply>> = {
  http_500: html(500, '<!doctype html><html><head><title>Server Error (500)</title></head><body></body></html>'),
  http_502: html(502, nginxPage('502 Bad Gateway')),
  http_503: html(503, nginxPage('503 Service Temporarily Unavailable')),
  http_504: html(504, nginxPage('504 Gateway Time-out')),
  cloudfront_403: html(403, CLOUDFRONT_403),
  nginx_403: html(403, nginxPage('403 Forbidden')),
  http_429: json({ status: 429, body: { detail: 'Request was throttled.' } }),
  bad_json: { ...json({ status: 200, body: null }), body: '{"data":{"devices":[{"id":undefined}]}}' },
  rest_401: json({ status: 401, body: { detail: 'Invalid API key.' } }),
  rest_404: json({ status: 404, body: { detail: 'Not found.' } }),
  rest_503: json({ status: 503, body: { detail: 'Service temporarily unavailable, try again later.' } }),
}

const SLOW_BY_DEFAULT = 10 * SECOND
const RETRY_AFTER_BY_DEFAULT = 30

/** `note` is told the status and the error codes of what goes out; it is not called where nothing does. */
export function outcomeOf(
  faults: readonly Fault[],
  make: () => JsonAnswer,
  note: (status: number, errorCodes: readonly string[]) => void,
): Outcome {
  const has = (kind: FaultKind) => faults.some(fault => fault.kind === kind)
  if (has('timeout')) return { kind: 'silence' }
  if (has('reset')) return { kind: 'reset' }
  const answer = () => replyOf(faults, make, note)
  const slow = faults.find(fault => fault.kind === 'slow')
  return slow === undefined ? answer() : { kind: 'later', delay: slow.delay ?? SLOW_BY_DEFAULT, resume: answer }
}

function replyOf(
  faults: readonly Fault[],
  make: () => JsonAnswer,
  note: (status: number, errorCodes: readonly string[]) => void,
): Reply {
  for (const fault of faults) {
    const page = PAGES[fault.kind]
    if (page === undefined) continue
    note(page.status, [])
    if (fault.kind !== 'http_429') return page
    const seconds = String(fault.retryAfter ?? RETRY_AFTER_BY_DEFAULT)
    return { ...page, headers: { ...page.headers, 'retry-after': seconds } }
  }
  const answer = make()
  note(answer.status, codesIn(answer.body))
  return { ...json(answer), truncated: faults.some(fault => fault.kind === 'truncated') }
}

function codesIn(body: unknown): string[] {
  if (typeof body !== 'object' || body === null || !('errors' in body) || !Array.isArray(body.errors)) return []
  return body.errors.flatMap(error => {
    const code: unknown = error?.extensions?.errorCode
    return typeof code === 'string' ? [code] : []
  })
}
