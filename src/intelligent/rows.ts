/** Which rows of a car's plan stand, and why not; and the windows they make. Pure; contract, section 4. */
import type { Instant } from '../clock.ts'
import type { RowReason } from '../snapshot.ts'
import type { Interval } from '../time/london.ts'
import { pluggedIn } from './plugged.ts'
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

/** Why a row counts or does not, its own end apart. */
function standing(car: CarState, row: DispatchRow, settings: IntelligentSettings, at: Instant): RowReason {
  if (!isSmart(row)) return row.type === 'BOOST' ? 'boost' : row.type === 'TEST' ? 'test' : 'other_type'
  if (pluggedIn(car, settings, at).value === false) return 'unplugged'
  if (suspended(car) === true) return 'suspended'
  if (car.status === null || !settings.standingStates.includes(car.status.state)) return 'state'
  if (!planIsTrusted(car, settings, at)) return 'too_old'
  return 'stands'
}

export const rowReason = (car: CarState, row: DispatchRow, settings: IntelligentSettings, at: Instant): RowReason =>
  isSmart(row) && row.end <= at ? 'ended' : standing(car, row, settings, at)

export const standingRows = (car: CarState, settings: IntelligentSettings, at: Instant): DispatchRow[] =>
  (car.plan?.rows ?? []).filter(row => rowReason(car, row, settings, at) === 'stands')

/** Rows that stand, or stood until they ended. Octopus drops a row from its list when it ends. */
export const standingOrEndedRows = (car: CarState, settings: IntelligentSettings, at: Instant): DispatchRow[] =>
  (car.plan?.rows ?? []).filter(row => standing(car, row, settings, at) === 'stands')

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
export function boosting(car: CarState, settings: IntelligentSettings, at: Instant): Tri {
  const fresh = planIsTrusted(car, settings, at)
  if (fresh && car.plan?.rows.some(row => row.type === 'BOOST' && covers(row, at))) return true
  if (car.status === null || at - car.status.fetchedAt > settings.trustPlanFor) return null
  return car.status.state === 'BOOSTING'
}
