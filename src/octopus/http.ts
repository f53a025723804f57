/**
 * One exchange with a host of Octopus, bounded in time and size. Errors name the host and the kind of trouble, never the
 * URL, the headers or what was sent.
 */
import { type Clock, HOUR, type Instant } from '../clock.ts'
import { type BridgeError, isBridgeError } from '../errors.ts'
import { type Fetch, type Sent, textOf } from '../fetch.ts'
import type { Redactor } from '../redactor.ts'
import { octopusError } from './errors.ts'
import { asObject } from './json.ts'

export interface HttpAnswer {
  readonly status: number
  readonly contentType: string | null
  /** What Retry-After asks for, from now; null where it says nothing. */
  readonly retryAfterMs: number | null
  readonly text: string
}

export interface HttpSettings {
  readonly fetch: Fetch
  readonly clock: Clock
  /** Milliseconds for everything, from the name look-up to the last byte. */
  readonly timeout: number
  readonly userAgent: string
  /** Holds the API key: a server that repeats what it was sent does not get it shown. */
  readonly redactor: Redactor
}

const LARGEST_ANSWER = 8 * 1024 * 1024

/** A network does not run faster with the clock: on a fast one an exchange has at least this much real time. */
const LEAST_REAL_TIME = 250

/** Longer than this nobody is sent away by Retry-After. */
const LONGEST_STAY_AWAY = 24 * HOUR

/** `octopus2mqtt/<version> (+<repository url>)`: Octopus asks clients to say who they are. */
export const userAgent = (version: string, repositoryUrl: string): string =>
  `octopus2mqtt/${version} (+${repositoryUrl})`

/** After so long nobody waits for an answer any more, milliseconds; a machine that sleeps meanwhile reads one later. */
export const longestExchange = ({ clock, timeout }: Pick<HttpSettings, 'clock' | 'timeout'>): number =>
  clock.speed === 1 ? timeout : Math.max(timeout, LEAST_REAL_TIME * clock.speed)

/** Redirects are not followed: they would take the key or the token to another place. */
export async function exchange(settings: HttpSettings, url: string, sent: Sent): Promise<HttpAnswer> {
  const { clock } = settings
  const controller = new AbortController()
  let timedOut = false
  const cancel = clock.after(longestExchange(settings), () => {
    timedOut = true
    controller.abort()
  })
  try {
    const response = await settings.fetch(url, { ...sent, redirect: 'manual', signal: controller.signal })
    const { status, headers } = response
    const text = await textOf(response, LARGEST_ANSWER)
    if (text === null) throw octopusError('OCTOPUS_BAD_ANSWER', { problem: 'too large', status })
    return {
      status,
      contentType: headers.get('content-type'),
      retryAfterMs: readRetryAfter(headers.get('retry-after'), clock.now()),
      text: settings.redactor.redact(text),
    }
  } catch (error) {
    if (isBridgeError(error)) throw error
    throw timedOut ? octopusError('OCTOPUS_TIMEOUT', { host: hostOf(url) }) : unreachable(error, url)
  } finally {
    cancel()
  }
}

/** Seconds, or a date. */
export function readRetryAfter(header: string | null, now: Instant): number | null {
  if (header === null) return null
  const seconds = /^\s*\d{1,9}\s*$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now
  return Number.isFinite(seconds) ? Math.min(Math.max(0, seconds), LONGEST_STAY_AWAY) : null
}

const PROBLEMS: readonly (readonly [RegExp, string])[] = [
  [/^(ENOTFOUND|EAI_)/, 'dns'],
  [/CERT|TLS|SSL|UNABLE_TO|SELF_SIGNED/, 'tls'],
  [/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH)$/, 'refused'],
  [/^(ECONNRESET|EPIPE|ERR_STREAM_PREMATURE_CLOSE)$/, 'reset'],
]

function unreachable(error: unknown, url: string): BridgeError {
  const networkCode = networkCodeOf(error, 0)
  const host = hostOf(url)
  if (networkCode !== null && /TIMEOUT|ETIMEDOUT/.test(networkCode))
    return octopusError('OCTOPUS_TIMEOUT', { host, networkCode })
  const problem = PROBLEMS.find(([pattern]) => networkCode !== null && pattern.test(networkCode))?.[1] ?? 'network'
  return octopusError('OCTOPUS_UNREACHABLE', { host, problem, networkCode })
}

/** The first code in an error, its causes and the errors it gathers. */
function networkCodeOf(error: unknown, depth: number): string | null {
  const { code, cause, errors } = asObject(error) ?? {}
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,50}$/.test(code)) return code
  if (depth === 5) return null
  const inside = [cause, ...(Array.isArray(errors) ? errors : [])].filter(one => one !== undefined)
  for (const one of inside) {
    const found = networkCodeOf(one, depth + 1)
    if (found !== null) return found
  }
  return null
}

function hostOf(url: string): string | null {
  try {
    return new URL(url).host
  } catch {
    return null
  }
}
