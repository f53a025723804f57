/**
 * How the requests of an hour are shared out. Pure. Dispatch requests have their own promise; tokens are capped; what is
 * left of the overall number is for everything else, so that the rest can never take what a dispatch request may need.
 */
import { HOUR, type Instant, MINUTE } from '../clock.ts'
import { type CallClass, type CallLimits, firstAdmission, MARGIN } from '../intelligent/admission.ts'
import type { CallKind, PastCall } from '../store/calls.ts'

export interface LimitSettings {
  readonly dispatchPerHour: number
  /** Milliseconds between the beginnings of two dispatch requests. */
  readonly dispatchMinGap: number
  readonly reserveForEvents: number
  /** All requests of any kind. */
  readonly requestsPerHour: number
}

export const TOKENS_PER_HOUR = 4

/** Without these the account could not even be discovered; a small overall number takes them from the dispatch requests. */
const LEAST_BACKGROUND = 6

/** After Octopus asked for fewer requests, for an hour. */
const THROTTLED = { perHour: 10, ordinary: 8, minGap: 2 * MINUTE }

export const backgroundPerHour = (settings: LimitSettings): number =>
  Math.max(LEAST_BACKGROUND, settings.requestsPerHour - settings.dispatchPerHour - TOKENS_PER_HOUR)

/** With these a request for a token ended before Octopus could have made one. */
const NO_TOKEN_MADE: readonly (string | null)[] = ['OCTOPUS_UNREACHABLE', 'OCTOPUS_BLOCKED', 'OCTOPUS_SERVER_ERROR']

const startsOf = (history: readonly PastCall[], kind: CallKind, now: Instant): Instant[] =>
  history.filter(call => call.kind === kind && call.start > now - HOUR - MARGIN).map(call => call.start)

export const isThrottled = (history: readonly PastCall[], now: Instant): boolean =>
  history.some(call => call.outcome === 'OCTOPUS_THROTTLED' && call.start > now - HOUR)

/** The limits on dispatch requests as they are now. */
export function dispatchLimits(settings: LimitSettings, history: readonly PastCall[], now: Instant): CallLimits {
  const left = settings.requestsPerHour - TOKENS_PER_HOUR - backgroundPerHour(settings)
  const perHour = Math.max(1, Math.min(settings.dispatchPerHour, left))
  // Of a small number the reserve would leave nothing for looking now and then.
  const reserveForEvents = Math.min(settings.reserveForEvents, Math.floor(perHour / 2))
  const minGap = settings.dispatchMinGap
  if (!isThrottled(history, now)) return { perHour, reserveForEvents, minGap }
  const fewer = Math.min(perHour, THROTTLED.perHour)
  const ordinary = Math.min(perHour - reserveForEvents, THROTTLED.ordinary, fewer)
  return { perHour: fewer, reserveForEvents: fewer - ordinary, minGap: Math.max(minGap, THROTTLED.minGap) }
}

/** The first instant at or after `now` at which a call of this kind may begin. */
export function firstAllowed(
  settings: LimitSettings,
  kind: CallKind,
  callClass: CallClass,
  history: readonly PastCall[],
  now: Instant,
): Instant {
  const starts = startsOf(history, kind, now)
  const wanted = Math.max(now, ...history.map(call => call.start + (call.blockedFor ?? 0)))
  if (kind === 'dispatch') return firstAdmission(starts, callClass, dispatchLimits(settings, history, now), wanted)
  if (kind === 'background') return firstInWindow(starts, backgroundPerHour(settings), wanted)
  const made = history.filter(call => !NO_TOKEN_MADE.includes(call.outcome))
  // In an outage no token is made and none is spent, but the attempts keep their distance all the same.
  const failed = history.filter(call => call.kind === 'token' && NO_TOKEN_MADE.includes(call.outcome))
  const apart = Math.max(wanted, ...failed.map(call => call.start + settings.dispatchMinGap))
  // Nor are there more of them than of the requests that they are for.
  const few = firstInWindow(startsOf(failed, 'token', now), settings.dispatchPerHour, apart)
  return firstInWindow(startsOf(made, 'token', now), TOKENS_PER_HOUR, few)
}

function firstInWindow(starts: readonly Instant[], allowed: number, at: Instant): Instant {
  const blocking = [...starts].sort((a, b) => b - a)[allowed - 1]
  return blocking === undefined ? at : Math.max(at, blocking + HOUR + MARGIN)
}
