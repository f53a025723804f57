/** The ledger of calls, as those see it who want to make one. */
import type { Instant } from '../clock.ts'
import type { CallClass } from '../intelligent/admission.ts'

export type CallKind = 'dispatch' | 'token' | 'background'

/** A call that still counts. */
export interface PastCall {
  readonly kind: CallKind
  /** When it began, counted back from now by the monotonic clock where that is known. Never later than now. */
  readonly start: Instant
  /** `ok`, `partial`, or the code of the error it ended with; null while it runs, or where the process died. */
  readonly outcome: string | null
  /** For so long after its start Octopus asked us to stay away, milliseconds. */
  readonly blockedFor: number | null
}

export interface CallRequest {
  readonly kind: CallKind
  readonly callClass: CallClass
  /** Name of the document or endpoint, for people. */
  readonly operation: string
  /** Pure: the first instant at which this call may begin, given the calls that still count. */
  readonly firstAllowed: (history: readonly PastCall[], now: Instant) => Instant
}

export type Admission =
  | { readonly admitted: true; readonly id: number }
  | { readonly admitted: false; readonly at: Instant }

/** A call as it was written down, for people who ask afterwards. */
export interface LoggedCall {
  readonly start: Instant
  readonly kind: CallKind
  readonly operation: string
  /** As of a `PastCall`. */
  readonly outcome: string | null
}

/**
 * Whether it makes no difference to what may be called next that a call ended so: it counts from its start, as one does that
 * still runs.
 */
export const isPlain = (outcome: string): boolean => outcome === 'ok' || outcome === 'partial'

export interface Ledger {
  /** Writes the row in the same transaction that found the call admissible. A store that is locked admits nothing. */
  admit(request: CallRequest): Admission
  /** `stayAway`: milliseconds from now that Octopus asked for (Retry-After). */
  finish(id: number, outcome: string, stayAway?: number): void
  /** Every call that began in the last hour, or after which Octopus still wants to be left alone; the oldest first. */
  history(now: Instant): readonly PastCall[]
  /** Starts of one kind, or of all, of the last hour. */
  effectiveStarts(kind: CallKind | null, now: Instant): Instant[]
  /** Calls that began at `from` or later by the wall clock, the oldest first; none is kept for longer than two days. */
  since(from: Instant): LoggedCall[]
}
