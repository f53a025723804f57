/** Goes through the months of a plan in Home Assistant: compares, writes what differs, and looks again. */

import type { SentBlock } from './blocks.ts'
import type { StatisticsRow } from './hours.ts'
import { sumBefore } from './last-row.ts'
import { merge, sameSum } from './merge.ts'
import type { Plan } from './plan.ts'
import type { Recorder } from './session.ts'

export interface Walk {
  /** How many rows were not there as they should be. */
  readonly differing: number
  /** The months as they are once every row is written. */
  readonly blocks: readonly SentBlock[]
  /** The newest row of all. */
  readonly last: StatisticsRow | null
}

/** Rows in one message; what Home Assistant is known to take without trouble. */
const MOST_ROWS = 1_000

/**
 * Compares each month of the plan and hands what differs to `write`, in order of time, so that a connection that ends in the
 * middle leaves the older hours right. Null where the sum before the first of them is not the one that was left there: then
 * nothing is written, and all months are to be compared.
 */
export async function walk(
  { kept, blocks }: Plan,
  id: string,
  recorder: Recorder,
  write: (rows: readonly StatisticsRow[]) => Promise<void>,
): Promise<Walk | null> {
  const first = blocks[0]
  if (first === undefined) return { differing: 0, blocks: kept, last: null }
  const left = kept.at(-1)
  // Rows of Home Assistant before our first hour are not ours to add up.
  const begin = left === undefined ? (first.hours[0]?.start ?? first.start) : first.start
  const found = await sumBefore(recorder, id, begin)
  if (left !== undefined && (found === null || !sameSum(found, left.sum))) return null
  let sum = found ?? 0
  let differing = 0
  let last: StatisticsRow | null = null
  const walked: SentBlock[] = []
  for (const block of blocks) {
    const theirs = await recorder.rows(id, Math.max(begin, block.start), block.end)
    const merged = merge(block.hours, theirs, sum)
    last = merged.rows.at(-1) ?? last
    sum = last?.sum ?? sum
    differing += merged.differing.length
    for (let at = 0; at < merged.differing.length; at += MOST_ROWS)
      await write(merged.differing.slice(at, at + MOST_ROWS))
    walked.push({ start: block.start, digest: block.digest, sum })
  }
  return { differing, blocks: [...kept, ...walked], last }
}
