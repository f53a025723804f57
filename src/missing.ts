/** When what Octopus no longer lists is gone: cars and meters alike. Pure. */
import { HOUR, type Instant } from './clock.ts'
import { aNumber, anInstant, fields, type Shape } from './shape.ts'

/** Answers that left it out, one after the other: since when, and how many. */
export interface Missing {
  readonly since: Instant
  readonly count: number
}

export const aMissing: Shape = fields<Missing>({ since: anInstant, count: aNumber(0, 1e9) })

/** What answers no longer list is forgotten when this many said so, over at least this time. */
const GONE_AFTER_ANSWERS = 3
const GONE_AFTER = 6 * HOUR

/** One more answer left it out; `before` is null where the answer before listed it. */
export const missingAgain = (before: Missing | null, at: Instant): Missing => ({
  // Of a clock that was set back, a stamp from the future is no reason to wait for it.
  since: Math.min(before?.since ?? at, at),
  count: (before?.count ?? 0) + 1,
})

/** A list without it is not yet "it is gone": several answers, hours apart, have to agree. */
export const isGone = (missing: Missing | null, at: Instant): boolean =>
  missing !== null && missing.count >= GONE_AFTER_ANSWERS && at - missing.since >= GONE_AFTER
