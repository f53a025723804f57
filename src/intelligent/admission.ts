/**
 * When may the next dispatch request begin? A true sliding window, whatever the order of calls, and a gap between any
 * two. Pure: the ledger is handed in as the instants at which earlier calls of the account began, counted back from now
 * by the monotonic clock where it is known, so that a set clock opens nothing.
 */
import { HOUR, type Instant } from '../clock.ts'

export interface CallLimits {
  /** Dispatch requests that may begin in any 60 minutes. */
  readonly perHour: number
  /** How many of them only an event may use. */
  readonly reserveForEvents: number
  /** Least time between the beginnings of two requests, milliseconds. */
  readonly minGap: number
}

/** `ordinary`: steady, boundary, idle, late unplugged polls. `event`: settling, the first unplugged poll, events. */
export type CallClass = 'ordinary' | 'event'

/**
 * Held back on both limits, so that two requests that leave 60 s apart do not arrive 59.9 s apart and an hour is never
 * an hour less the jitter of a timer.
 */
export const MARGIN = 1_000

export const callsAllowed = (limits: CallLimits, callClass: CallClass): number =>
  callClass === 'event' ? limits.perHour : Math.max(0, limits.perHour - limits.reserveForEvents)

/**
 * The first instant at or after `at` at which a call of this class is admitted, given the starts of earlier calls in any
 * order. `Infinity` where the limits admit none of this class at all.
 */
export function firstAdmission(
  starts: readonly Instant[],
  callClass: CallClass,
  limits: CallLimits,
  at: Instant,
): Instant {
  const allowed = callsAllowed(limits, callClass)
  if (allowed === 0) return Number.POSITIVE_INFINITY
  const newestFirst = [...starts].sort((a, b) => b - a)
  const newest = newestFirst[0]
  const afterGap = newest === undefined ? at : newest + limits.minGap + MARGIN
  const blocking = newestFirst[allowed - 1]
  const afterWindow = blocking === undefined ? at : blocking + HOUR + MARGIN
  return Math.max(at, afterGap, afterWindow)
}
