/**
 * Hours with a running sum, as Home Assistant's statistics keep them. Pure. Sums are made of whole millionths, so it makes no
 * difference where one begins to add: from the first hour or from the last one known.
 */
import { HALF_HOUR, HOUR, type Instant } from '../clock.ts'

/** kWh, m³ or pounds in the half hour that starts then; may be negative. */
export interface HalfHourValue {
  /** UTC, on the half-hour grid. */
  readonly start: Instant
  readonly value: number
}

/** The same for an hour of UTC: a day of London's has 23, 24 or 25 of them, and none is cut. */
export interface HourValue {
  readonly start: Instant
  readonly value: number
}

/** `state`: the hour's own value; `sum`: of all hours up to and with this one. */
export interface StatisticsRow {
  readonly start: Instant
  readonly state: number
  readonly sum: number
}

/** A millionth of a kWh, a m³ or a pound: far below what a meter or a bill can tell. */
const PARTS = 1_000_000

/** Zero is added so that no negative zero comes out. */
const inParts = (value: number): number => Math.round(value * PARTS) + 0

/**
 * The hours that are whole: both half hours are known, and the hour has ended by `now`. The oldest first. Of two values for
 * one half hour the later in the list counts; a value that is no finite number counts as missing.
 */
export function hoursOf(halfHours: readonly HalfHourValue[], now: Instant): HourValue[] {
  const known = new Map<Instant, number>()
  for (const { start, value } of halfHours) {
    if (Number.isFinite(value)) known.set(start, value)
    else known.delete(start)
  }
  const hours: HourValue[] = []
  for (const [start, first] of known) {
    const second = known.get(start + HALF_HOUR)
    if (start % HOUR !== 0 || second === undefined || start + HOUR > now) continue
    hours.push({ start, value: inParts(first + second) / PARTS })
  }
  return hours.sort((a, b) => a.start - b.start)
}

/** The rows of hours in their order. The first sum is `sumBefore` and the first value, and none begins again at zero. */
export function withSums(hours: readonly HourValue[], sumBefore: number): StatisticsRow[] {
  let parts = inParts(sumBefore)
  return hours.map(({ start, value }) => {
    parts += inParts(value)
    return { start, state: value, sum: parts / PARTS }
  })
}
