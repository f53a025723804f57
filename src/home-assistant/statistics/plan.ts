/** Which months of a series have to be looked at in Home Assistant. Pure, but for the half hours that it asks for. */
import type { Instant } from '../../clock.ts'
import { type Block, blocksOf, monthStart, type Sent, type SentBlock } from './blocks.ts'
import { hoursOf } from './hours.ts'
import { type StatisticsSeries, unitOf } from './series.ts'

export interface Plan {
  readonly described: string
  /** Months that stand as they were left, before those of `blocks`. */
  readonly kept: readonly SentBlock[]
  /** To be compared with Home Assistant's rows, the oldest first; never empty. */
  readonly blocks: readonly Block[]
  /** The metadata has to go out even where no row differs. */
  readonly renamed: boolean
}

export interface Wish {
  /** No half hour before it has changed since the series was last sent. */
  readonly from: Instant
  readonly now: Instant
  /** What is to be looked at besides what has changed: the newest month, or all of them. */
  readonly look: 'no' | 'newest' | 'all'
}

/** What the metadata says, apart from its form. */
export const describedAs = (series: StatisticsSeries): string => `${series.name} (${unitOf(series)})`

/** Null where there is nothing to do. `sent` is null where nothing is known of what was sent. */
export function planFor(series: StatisticsSeries, sent: Sent | null, { from, now, look }: Wish): Plan | null {
  const described = describedAs(series)
  const renamed = sent !== null && sent.described !== described
  const before = look === 'all' ? [] : (sent?.blocks ?? [])
  // The newest month that was sent is always read, so that there is something to look at.
  const changedFrom = monthStart(Math.min(from, before.at(-1)?.start ?? 0))
  const kept = before.filter(({ start }) => start < changedFrom)
  const blocks = blocksOf(hoursOf(series.halfHours(kept.length === 0 ? 0 : changedFrom), now))
  const wasSent = new Map(before.map(block => [block.start, block]))
  let changed = blocks.findIndex(block => wasSent.get(block.start)?.digest !== block.digest)
  if (changed === -1) {
    if (blocks.length === 0 || (look === 'no' && !renamed)) return null
    changed = blocks.length - 1
  }
  const standing = blocks.slice(0, changed).flatMap(({ start }) => wasSent.get(start) ?? [])
  return { described, kept: [...kept, ...standing], blocks: blocks.slice(changed), renamed }
}
