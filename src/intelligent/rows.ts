/** Which rows of a car's plan stand, and why not; and the windows they make. Pure; contract, section 4. */
import type { Instant } from '../clock.ts'
import type { RowReason } from '../snapshot.ts'
import type { Interval } from '../time/london.ts'
import { pluggedIn } from './plugged.ts'
import { firstAfter, type Lasting, remembered } from './remembered.ts'
import type { IntelligentSettings } from './settings.ts'
import type { CarState } from './state.ts'
import type { DispatchRow, Tri } from './types.ts'

export const covers = (interval: Interval, at: Instant): boolean => interval.start <= at && at < interval.end

const isSmart = (row: DispatchRow): boolean => row.type === null || row.type === 'SMART'

export function suspended(car: CarState): Tri {
  if (car.status === null) return null
  return car.status.state === 'SMART_CONTROL_OFF' ? true : car.status.isSuspended
}

/** Whether the newest plan may still be believed. */
export const planIsTrusted = (car: CarState, settings: IntelligentSettings, at: Instant): boolean =>
  car.plan !== null && at - car.plan.fetchedAt <= settings.trustPlanFor

/** What keeps every smart row of the car from standing, or `stands`. */
function smartStanding(car: CarState, settings: IntelligentSettings, at: Instant): RowReason {
  if (pluggedIn(car, settings, at).value === false) return 'unplugged'
  if (suspended(car) === true) return 'suspended'
  if (car.status === null || !settings.standingStates.includes(car.status.state)) return 'state'
  if (!planIsTrusted(car, settings, at)) return 'too_old'
  return 'stands'
}

/** Why a row counts or does not, its own end apart. */
const standing = (row: DispatchRow, smart: RowReason): RowReason =>
  isSmart(row) ? smart : row.type === 'BOOST' ? 'boost' : row.type === 'TEST' ? 'test' : 'other_type'

const hasEnded = (row: DispatchRow, at: Instant): boolean => isSmart(row) && row.end <= at

/** A row of the plan with `stands`, or why it does not. */
export interface ReasonedRow {
  readonly row: DispatchRow
  readonly why: RowReason
}

interface Standing extends Lasting {
  readonly listed: readonly ReasonedRow[]
  readonly rows: readonly DispatchRow[]
  readonly rowsOrEnded: readonly DispatchRow[]
  readonly boosting: Tri
}

// One change asks a dozen times for the rows that stand at one instant.
const lookAt = remembered((car, settings: IntelligentSettings, at): Standing => {
  const all = car.plan?.rows ?? []
  const smart = smartStanding(car, settings, at)
  const listed = all.map(row => ({ row, why: hasEnded(row, at) ? 'ended' : standing(row, smart) }) as const)
  return {
    listed,
    rows: listed.filter(({ why }) => why === 'stands').map(({ row }) => row),
    rowsOrEnded: all.filter(row => standing(row, smart) === 'stands'),
    boosting: isBoosting(car, settings, at),
    until: firstAfter(at, planEdges(car, settings)),
  }
})

/** The instants at which plan and state may come to mean another thing by time alone. */
function planEdges({ plan, status }: CarState, { trustPlanFor }: IntelligentSettings): Instant[] {
  const edges: Instant[] = []
  for (const row of plan?.rows ?? []) edges.push(row.start, row.end)
  if (plan !== null) edges.push(plan.fetchedAt + trustPlanFor + 1)
  if (status !== null) edges.push(status.fetchedAt + trustPlanFor + 1)
  return edges
}

/** The first instant after `at` at which plan and state may come to mean another thing, if nothing is heard. */
export const planStaysUntil = (car: CarState, settings: IntelligentSettings, at: Instant): Instant =>
  lookAt(car, settings, at).until

/** Every row of the plan, in its order. */
export const reasonedRows = (car: CarState, settings: IntelligentSettings, at: Instant): readonly ReasonedRow[] =>
  lookAt(car, settings, at).listed

export const standingRows = (car: CarState, settings: IntelligentSettings, at: Instant): readonly DispatchRow[] =>
  lookAt(car, settings, at).rows

/** Rows that stand, or stood until they ended. Octopus drops a row from its list when it ends. */
export const standingOrEndedRows = (
  car: CarState,
  settings: IntelligentSettings,
  at: Instant,
): readonly DispatchRow[] => lookAt(car, settings, at).rowsOrEnded

/** Rows merged where they overlap or touch, in time order. */
export function windowsOf(rows: readonly DispatchRow[]): Interval[] {
  const windows: { start: Instant; end: Instant }[] = []
  for (const row of [...rows].sort((a, b) => a.start - b.start)) {
    const last = windows.at(-1)
    if (last && row.start <= last.end) last.end = Math.max(last.end, row.end)
    else windows.push({ start: row.start, end: row.end })
  }
  return windows
}

/** A BOOST row of a trusted plan covers `at`, or the state is BOOSTING. */
export const boosting = (car: CarState, settings: IntelligentSettings, at: Instant): Tri =>
  lookAt(car, settings, at).boosting

function isBoosting(car: CarState, settings: IntelligentSettings, at: Instant): Tri {
  const fresh = planIsTrusted(car, settings, at)
  if (fresh && car.plan?.rows.some(row => row.type === 'BOOST' && covers(row, at))) return true
  if (car.status === null || at - car.status.fetchedAt > settings.trustPlanFor) return null
  return car.status.state === 'BOOSTING'
}
