/** What changed between two lists of planned rows, as events. Pure. */
import type { Instant } from '../clock.ts'
import type { DispatchRow } from '../intelligent/types.ts'
import { rounded, time, word } from './payload.ts'

export const PLAN_CHANGES = ['added', 'removed', 'moved'] as const

export interface PlanChange {
  readonly kind: (typeof PLAN_CHANGES)[number]
  /** The row as it is now; for a removed one, as it was. */
  readonly row: DispatchRow
  /** Only of a moved row. */
  readonly previous: DispatchRow | null
}

/** No type counts as SMART. */
const typeOf = (row: DispatchRow): string => row.type ?? 'SMART'

const isSame = (a: DispatchRow, b: DispatchRow): boolean =>
  typeOf(a) === typeOf(b) && a.start === b.start && a.end === b.end

/** Milliseconds that both cover; what only touches overlaps by nothing. */
const overlap = (a: DispatchRow, b: DispatchRow): number => Math.min(a.end, b.end) - Math.max(a.start, b.start)

const distance = (a: DispatchRow, b: DispatchRow): number => Math.abs(a.start - b.start) + Math.abs(a.end - b.end)

/** Both lists without the rows that stand in each, row for row: of two equal rows, one may stay and one go. */
function withoutSame(before: readonly DispatchRow[], after: readonly DispatchRow[]) {
  const gone = [...before]
  const come = after.filter(row => {
    const twin = gone.findIndex(other => isSame(row, other))
    if (twin >= 0) gone.splice(twin, 1)
    return twin < 0
  })
  return { gone, come }
}

/** Pairs of the same type that overlap, the pair that shares most time first; each row at most once. */
function movedPairs(gone: readonly DispatchRow[], come: readonly DispatchRow[]) {
  const candidates = gone.flatMap(previous =>
    come
      .filter(row => typeOf(row) === typeOf(previous) && overlap(row, previous) > 0)
      .map(row => ({ row, previous, shared: overlap(row, previous), apart: distance(row, previous) })),
  )
  candidates.sort((a, b) => b.shared - a.shared || a.apart - b.apart || a.row.start - b.row.start)
  const taken = new Set<DispatchRow>()
  return candidates.filter(({ row, previous }) => {
    if (taken.has(row) || taken.has(previous)) return false
    taken.add(row).add(previous)
    return true
  })
}

/**
 * The events between two listed plans, in the order of their rows. A row is moved when one of the same type that
 * overlaps it took its place with another start or end. Rows whose time has passed at `at` may leave or join the list
 * without an event; a change of energy alone is none either.
 */
export function planChanges(
  before: readonly DispatchRow[],
  after: readonly DispatchRow[],
  at: Instant,
): readonly PlanChange[] {
  const { gone, come } = withoutSame(
    before.map(row => ({ ...row })),
    after.map(row => ({ ...row })),
  )
  const moved = movedPairs(gone, come)
  const paired = new Set(moved.flatMap(({ row, previous }) => [row, previous]))
  const news = (row: DispatchRow) => !paired.has(row) && row.end > at
  const changes: PlanChange[] = [
    ...moved.map(({ row, previous }) => ({ kind: 'moved' as const, row, previous })),
    ...gone.filter(news).map(row => ({ kind: 'removed' as const, row, previous: null })),
    ...come.filter(news).map(row => ({ kind: 'added' as const, row, previous: null })),
  ]
  return changes.sort((a, b) => a.row.start - b.row.start || a.row.end - b.row.end)
}

/** The message on the event's state topic, never retained: `event_type` and the row, every key always there. */
export const planEventPayload = (change: PlanChange): string =>
  JSON.stringify({
    event_type: change.kind,
    start: time(change.row.start),
    end: time(change.row.end),
    previous_start: time(change.previous?.start ?? null),
    previous_end: time(change.previous?.end ?? null),
    type: word(change.row.type),
    energy_kwh: rounded(change.row.energyKwh),
  })
