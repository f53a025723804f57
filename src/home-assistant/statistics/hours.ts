/**
 * Hours with a running sum, as Home Assistant's statistics keep them. Pure. Sums are made of whole millionths, so it makes no
 * difference where one begins to add: from the first hour or from the last one known.
 */
import { HALF_HOUR, HOUR, type Instant } from '../../clock.ts'

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
 * The hours that can be written, the oldest first: those that have ended by `now` and of which both half hours are known; or one,
 * where a later hour is known already. Such a hole may never be filled, and what is known counts; the newest hour is only half
 * there yet. Of two values for one half hour the later in the list counts; what is no finite number is not known.
 */
export function hoursOf(halfHours: readonly HalfHourValue[], now: Instant): HourValue[] {
  const known = new Map<Instant, number>()
  for (const { start, value } of halfHours) {
    if (Number.isFinite(value)) known.set(start, value)
    else known.delete(start)
  }
  const starts = [...new Set([...known.keys()].map(start => start - (start % HOUR)))].sort((a, b) => a - b)
  const newest = starts.at(-1)
  return starts.flatMap(start => {
    const [first, second] = [known.get(start), known.get(start + HALF_HOUR)]
    const isGrowing = start === newest && (first === undefined || second === undefined)
    if (isGrowing || start + HOUR > now) return []
    return [{ start, value: inParts((first ?? 0) + (second ?? 0)) / PARTS }]
  })
}

/** The rows of hours in their order. The first sum is `sumBefore` and the first value, and none begins again at zero. */
export function withSums(hours: readonly HourValue[], sumBefore: number): StatisticsRow[] {
  let parts = inParts(sumBefore)
  return hours.map(({ start, value }) => {
    parts += inParts(value)
    return { start, state: value, sum: parts / PARTS }
  })
}
