/**
 * Stretches of time that overlap, made into a line of stretches that do not: prices that were published twice, agreements
 * during a change of tariff, what was known and what came now. Pure; open ends are ±Infinity in here.
 */
import type { Instant } from '../clock.ts'

export interface Span {
  readonly start: Instant
  /** Not part of the span. */
  readonly end: Instant
}

/** What an open start or end is in a `Span`. */
export const openStart = (start: Instant | null): Instant => start ?? Number.NEGATIVE_INFINITY
export const openEnd = (end: Instant | null): Instant => end ?? Number.POSITIVE_INFINITY
export const closedEnd = (end: Instant): Instant | null => (end === Number.POSITIVE_INFINITY ? null : end)

/**
 * The line: at every instant the span that counts most of those that cover it. `counts` is negative where `a` counts less
 * than `b`; of equals the later in the list counts. Neighbours that touch and say the `same` become one. Empty spans say nothing.
 */
export function flatten<T extends Span>(
  spans: readonly T[],
  counts: (a: T, b: T) => number,
  same: (a: T, b: T) => boolean,
): T[] {
  const waiting = spans
    .filter(({ start, end }) => start < end)
    .sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0))
  const edges = [...new Set(waiting.flatMap(({ start, end }) => [start, end]))].sort((a, b) => (a < b ? -1 : 1))
  const line: T[] = []
  let standing: T[] = []
  let next = 0
  edges.forEach((start, index) => {
    standing = standing.filter(span => span.end > start)
    for (let span = waiting[next]; span !== undefined && span.start === start; span = waiting[next]) {
      standing.push(span)
      next += 1
    }
    const end = edges[index + 1]
    if (end === undefined || standing.length === 0) return
    const best = standing.reduce((most, span) => (counts(most, span) <= 0 ? span : most))
    const last = line.at(-1)
    if (last !== undefined && last.end === start && same(last, best)) line[line.length - 1] = { ...last, end }
    else line.push({ ...best, start, end })
  })
  return line
}

/** The span of a line that covers `at`, or null. By halves: a year of half-hourly prices is 17,520 spans. */
export function spanAt<T extends { readonly start: Instant; readonly end: Instant | null }>(
  line: readonly T[],
  at: Instant,
): T | null {
  let low = 0
  let high = line.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((line[middle]?.start ?? at) <= at) low = middle + 1
    else high = middle
  }
  const found = line[low - 1]
  return found !== undefined && openEnd(found.end) > at ? found : null
}
