/** A value over time, as the instants at which it changes. Pure. */
import type { Instant } from '../src/clock.ts'
import type { Interval } from '../src/time/london.ts'

export interface Step<T> {
  readonly at: Instant
  readonly value: T
}

/** Adds a step at its end; a later word about the same instant replaces the earlier, and no step repeats its predecessor. */
export function addStep<T>(steps: Step<T>[], at: Instant, value: T): void {
  if (steps.at(-1)?.at === at) steps.pop()
  if (steps.length === 0 || steps.at(-1)?.value !== value) steps.push({ at, value })
}

/** The last step at or before `at`; `at` must not lie before the first. */
export function indexAt(steps: readonly { readonly at: Instant }[], at: Instant): number {
  let low = 0
  let high = steps.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((steps[middle]?.at ?? Number.POSITIVE_INFINITY) <= at) low = middle
    else high = middle - 1
  }
  return low
}

/** The stretches up to `end` in which the value is one that `holds`. */
export function stretches<T>(steps: readonly Step<T>[], end: Instant, holds: (value: T) => boolean): Interval[] {
  return steps.flatMap(({ at, value }, index) =>
    holds(value) && at < end ? [{ start: at, end: Math.min(end, steps[index + 1]?.at ?? end) }] : [],
  )
}

export const length = (intervals: readonly Interval[]): number =>
  intervals.reduce((sum, { start, end }) => sum + end - start, 0)

/** What both lists cover. Each is in order and has no overlaps of its own. */
export function intersection(one: readonly Interval[], other: readonly Interval[]): Interval[] {
  const common: Interval[] = []
  let i = 0
  let j = 0
  for (;;) {
    const a = one[i]
    const b = other[j]
    if (a === undefined || b === undefined) return common
    const start = Math.max(a.start, b.start)
    const end = Math.min(a.end, b.end)
    if (start < end) common.push({ start, end })
    if (a.end < b.end) i += 1
    else j += 1
  }
}

/** What of `whole` the intervals leave uncovered. */
export function complement(intervals: readonly Interval[], whole: Interval): Interval[] {
  const gaps: Interval[] = []
  let from = whole.start
  for (const { start, end } of intervals) {
    if (start > from) gaps.push({ start: from, end: Math.min(start, whole.end) })
    from = Math.max(from, end)
  }
  if (from < whole.end) gaps.push({ start: from, end: whole.end })
  return gaps
}
