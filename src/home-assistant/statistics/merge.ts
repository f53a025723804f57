/** Our hours and Home Assistant's rows, put together. Pure. */
import { type HourValue, type StatisticsRow, withSums } from './hours.ts'

/** A row that Home Assistant has. */
export interface KnownRow {
  readonly start: number
  readonly state: number | null
  readonly sum: number | null
}

export interface Merged {
  /** Every row that there should be, the oldest first. */
  readonly rows: readonly StatisticsRow[]
  /** Those of them that Home Assistant lacks or has otherwise. */
  readonly differing: readonly StatisticsRow[]
}

/** Half of what `withSums` can tell apart. */
const NOTHING = 0.000_000_5

const equal = (one: number | null, other: number): boolean => one !== null && Math.abs(one - other) < NOTHING

/**
 * The rows that there should be in one stretch of time, continuing from `sumBefore`. An hour that only Home Assistant has keeps
 * its value (our store may have lost it) and gets the sum that it has among the others.
 */
export function merge(ours: readonly HourValue[], theirs: readonly KnownRow[], sumBefore: number): Merged {
  const known = new Map(theirs.map(row => [row.start, row]))
  const values = new Map<number, number>()
  for (const { start, state } of theirs) if (state !== null) values.set(start, state)
  for (const { start, value } of ours) values.set(start, value)
  const hours = [...values].map(([start, value]) => ({ start, value })).sort((a, b) => a.start - b.start)
  const rows = withSums(hours, sumBefore)
  const differing = rows.filter(({ start, state, sum }) => {
    const row = known.get(start)
    return row === undefined || !equal(row.state, state) || !equal(row.sum, sum)
  })
  return { rows, differing }
}

export const sameSum = (one: number, other: number): boolean => equal(one, other)
