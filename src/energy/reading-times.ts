/**
 * When to ask for meter readings. Yesterday's arrive between the early morning and the late afternoon, so we ask a few
 * times a day, each installation at minutes of its own, until yesterday is complete, and then not again that day. Pure.
 */
import { HOUR, type Instant, MINUTE } from '../clock.ts'
import { addDays, atLocalTime, type LondonDate, londonDate, startOfDay } from '../time/london.ts'

/** Local times from which a reading is asked for; the installation's phase is added. */
const SLOTS = ['06:00', '09:00', '12:00', '15:00', '18:00', '21:00'] as const
/** From this local time on, a yesterday that is not complete is late. */
export const LATE_FROM = '18:00'
const RETRY_FIRST = 10 * MINUTE
const RETRY_MAX = 3 * HOUR

export interface ReadingInput {
  /** The newest complete day that we hold. */
  readonly newestComplete: LondonDate | null
  readonly lastAskedAt: Instant | null
  /** Failed requests in a row. */
  readonly failures: number
  /** This installation's own constant, 0–60 min in milliseconds. */
  readonly phase: number
  readonly now: Instant
}

const hasYesterday = ({ newestComplete, now }: ReadingInput): boolean =>
  newestComplete !== null && newestComplete >= addDays(londonDate(now), -1)

function slotsFrom(date: LondonDate, phase: number): Instant[] {
  return [date, addDays(date, 1)].flatMap(day => SLOTS.map(slot => atLocalTime(day, slot) + phase))
}

/** The instant of the next request: `now` or later. */
export function nextReadingAt(input: ReadingInput): Instant {
  const { lastAskedAt, failures, phase, now } = input
  if (hasYesterday(input)) {
    // Today's day can be complete tomorrow at the earliest.
    return Math.max(now, atLocalTime(addDays(londonDate(now), 1), SLOTS[0]) + phase)
  }
  if (lastAskedAt === null) return now
  // Slots of an earlier day were for an earlier day: midnight alone is no reason to ask.
  const since = Math.max(lastAskedAt, startOfDay(londonDate(now)))
  const next = slotsFrom(londonDate(since), phase).find(slot => slot > since) ?? now
  const retry = failures > 0 ? lastAskedAt + Math.min(RETRY_FIRST * 2 ** (failures - 1), RETRY_MAX) : next
  return Math.max(now, Math.min(next, retry))
}

/** Yesterday is still incomplete at 18:00 in London or later. */
export const readingsAreLate = (newestComplete: LondonDate | null, now: Instant): boolean =>
  now >= atLocalTime(londonDate(now), LATE_FROM) &&
  (newestComplete === null || newestComplete < addDays(londonDate(now), -1))
