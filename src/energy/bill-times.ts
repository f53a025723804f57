/**
 * When to ask how half hours were billed. It is known a day or two after the readings, so a day that is whole and not billed
 * is asked about a few times a day, and given up after a while. Pure.
 */
import { HOUR, type Instant } from '../clock.ts'
import { addDays, atLocalTime, type LondonDate, londonDate, startOfDay } from '../time/london.ts'

/** Local times from which it is asked; the installation's phase is added. */
const SLOTS = ['08:00', '13:00', '19:00'] as const
/** A bill that has not come by then is not waited for any more. */
export const WAITED_DAYS = 14

export interface BillTimesInput {
  /** Days that are whole and of which some half hour is not known as it was billed, the oldest first. */
  readonly unbilled: readonly LondonDate[]
  readonly lastAskedAt: Instant | null
  /** Failed requests in a row, and how long the next one waits for that, milliseconds. */
  readonly failures: number
  readonly retryAfter: number
  /** This installation's own constant, 0–60 min in milliseconds. */
  readonly phase: number
  readonly now: Instant
}

/** The days that are worth asking about: not so old that their bill is given up, the oldest first. */
export const askedDays = (unbilled: readonly LondonDate[], now: Instant): LondonDate[] =>
  unbilled.filter(date => startOfDay(date) >= now - WAITED_DAYS * 24 * HOUR)

/** The instant of the next request, `now` or later; null while there is nothing to ask about. */
export function nextBillAt({
  unbilled,
  lastAskedAt,
  failures,
  retryAfter,
  phase,
  now,
}: BillTimesInput): Instant | null {
  if (askedDays(unbilled, now).length === 0) return null
  if (lastAskedAt === null) return now
  if (failures > 0) return Math.max(now, lastAskedAt + retryAfter)
  const date = londonDate(lastAskedAt)
  const slots = [date, addDays(date, 1)].flatMap(day => SLOTS.map(slot => atLocalTime(day, slot) + phase))
  return Math.max(now, slots.find(slot => slot > lastAskedAt + HOUR) ?? now)
}
