/** What Octopus already gives of today, for installations whose half hours are published within the day. Pure. */
import { HALF_HOUR, type Instant } from '../clock.ts'
import { halfHoursOfDay, londonDate, startOfDay } from '../time/london.ts'
import type { Readings } from './days.ts'
import { type Decimal, sumOf } from './decimal.ts'

export interface TodaySoFar {
  /** Midnight in London: the day begins anew there. */
  readonly start: Instant
  /** In the unit of the readings. */
  readonly total: Decimal
  /** End of the newest half hour in it. */
  readonly until: Instant
  readonly halfHours: number
  /** Those before `until` that did not come: their use is not in the total. */
  readonly missing: number
}

/** Null where nothing of today is known. A half hour that has not ended by `now` cannot have been read, and is left out. */
export function todaySoFar(readings: Readings, now: Instant): TodaySoFar | null {
  const start = startOfDay(londonDate(now))
  const known = halfHoursOfDay(londonDate(now)).flatMap(at => {
    const amount = at + HALF_HOUR <= now ? readings.get(at) : undefined
    return amount === undefined ? [] : [{ end: at + HALF_HOUR, amount }]
  })
  const until = known.at(-1)?.end
  if (until === undefined) return null
  return {
    start,
    total: sumOf(known.map(({ amount }) => amount)),
    until,
    halfHours: known.length,
    missing: (until - start) / HALF_HOUR - known.length,
  }
}
