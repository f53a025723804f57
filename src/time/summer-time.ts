/**
 * When London's clocks are an hour ahead of UTC: from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of
 * October, so since 1996. Written down here, because a time zone's tables stay in memory once they were asked
 * (docs/performance.md). `octopus2mqtt check` holds the two together: a law that changes comes to Node.js with an update of its own.
 */
import { HOUR, type Instant } from '../clock.ts'

const DAY = 24 * HOUR

/** 01:00 UTC on the last Sunday of a month that has 31 days. */
function lastSunday(year: number, month: number): Instant {
  const last = Date.UTC(year, month, 31, 1)
  return last - new Date(last).getUTCDay() * DAY
}

const MARCH = 2
const OCTOBER = 9

/** The year that was asked for last, which is nearly always the one that is asked for next. */
let known = { from: 0, to: 0, begins: 0, ends: 0 }

function summerOf(at: Instant): typeof known {
  if (known.from <= at && at < known.to) return known
  const year = new Date(at).getUTCFullYear()
  const begins = lastSunday(year, MARCH)
  known = { from: Date.UTC(year, 0), to: Date.UTC(year + 1, 0), begins, ends: lastSunday(year, OCTOBER) }
  return known
}

/** How far London's clocks are ahead of UTC then, milliseconds. */
export function londonOffset(at: Instant): number {
  const { begins, ends } = summerOf(at)
  return begins <= at && at < ends ? HOUR : 0
}
