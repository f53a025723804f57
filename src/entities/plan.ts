/** The whole plan of a car as one message, for those who read more than Home Assistant shows. */
import { once } from '../once.ts'
import type { CarView, ListedRow, PlanView } from '../snapshot.ts'
import { rounded, time, word } from './payload.ts'

/** A boost or a test never makes a half hour cheap. */
const mayBeCheap = (row: ListedRow): boolean => row.type === null || row.type === 'SMART'

const planRow = (row: ListedRow) => ({
  start: time(row.start),
  end: time(row.end),
  type: word(row.type),
  energy_kwh: rounded(row.energyKwh),
  stands: row.stands,
  why: row.why,
  cheap_start: time(mayBeCheap(row) ? row.cheap.start : null),
  cheap_end: time(mayBeCheap(row) ? row.cheap.end : null),
})

/**
 * `{"rows":[{start,end,type,energy_kwh,stands,why,cheap_start,cheap_end}],"fetched_at","state"}`: every listed row in
 * the order of its start, `energy_kwh` with Octopus's sign, `cheap_*` the half hours that it would make cheap, null
 * for a row that makes none.
 */
export const planPayload = ({ plan }: Pick<CarView, 'plan'>): string => written(plan)

// A plan is the same object as long as nothing of it changed.
const written = once((plan: PlanView): string =>
  JSON.stringify({
    rows: [...plan.rows].sort((a, b) => a.start - b.start || a.end - b.end).map(planRow),
    fetched_at: time(plan.fetchedAt),
    state: word(plan.state),
  }),
)
