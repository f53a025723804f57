/** The calls to Octopus as people see them: what was asked, why, and what is left of the hour. Pure. */
import { HOUR, type Instant, SECOND } from '../../clock.ts'
import type { PageInput } from './input.ts'
import type { Budget, Call, Due } from './model.ts'

interface Reason {
  readonly at: Instant
  readonly mode: string
  readonly reason: string
}

/** A request goes out a moment after it was decided on: a token may have to be fetched first. */
const GOES_OUT_WITHIN = 30 * SECOND

const isReason = (data: unknown): data is Reason => {
  const { at, mode, reason } = (data ?? {}) as Record<string, unknown>
  return typeof at === 'number' && typeof mode === 'string' && typeof reason === 'string'
}

/** Dispatch requests, each with the reason that was written down nearest before it. */
export function callsOf({ calls, reasons }: PageInput): Call[] {
  const known = reasons.filter(isReason).sort((a, b) => b.at - a.at)
  return calls
    .filter(({ kind }) => kind === 'dispatch')
    .map(({ start, outcome }) => {
      const why = known.find(({ at }) => at <= start + SECOND && at > start - GOES_OUT_WITHIN)
      return { at: start, mode: why?.mode ?? null, reason: why?.reason ?? null, outcome }
    })
}

export function dueOf({ snapshot }: PageInput): Due | null {
  const { nextRefresh, refreshMode, refreshReason } = snapshot?.account ?? {}
  return nextRefresh == null ? null : { at: nextRefresh, mode: refreshMode ?? null, reason: refreshReason ?? null }
}

export function budgetOf({ at, calls, dispatchLimit, requestsPerHour }: PageInput): Budget {
  const lately = calls.filter(({ start }) => start > at - HOUR)
  const dispatches = lately.filter(({ kind }) => kind === 'dispatch')
  return {
    dispatch: { used: dispatches.length, limit: dispatchLimit },
    all: { used: lately.length, limit: requestsPerHour },
    freesAt: dispatches[0] === undefined ? null : dispatches[0].start + HOUR,
  }
}
