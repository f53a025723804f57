/** A car's plan as its topic shows it. */
import type { Instant } from '../../../src/clock.ts'
import type { Scene } from '../world/scene.ts'

export interface ShownRow {
  readonly start: string
  readonly end: string
  readonly type: string | null
  readonly energy_kwh: number | null
}

export interface ShownPlan {
  readonly rows: readonly ShownRow[]
  readonly fetched_at: string | null
  readonly state: string | null
}

interface Times {
  /** `NaN` where it was never fetched. */
  readonly fetchedAt: Instant
  readonly rows: readonly { readonly start: Instant; readonly end: Instant; readonly type: string | null }[]
}

export const planOf = (scene: Scene, car: string): ShownPlan | undefined => scene.shownJson<ShownPlan>(car, 'plan')

/** Plans stand for hours and are looked at each minute. */
const read = new WeakMap<ShownPlan, Times>()

/** Its times as instants. */
export function timesOf(plan: ShownPlan): Times {
  const known = read.get(plan)
  if (known !== undefined) return known
  const rows = plan.rows.map(({ start, end, type }) => ({ start: Date.parse(start), end: Date.parse(end), type }))
  const times = { fetchedAt: Date.parse(plan.fetched_at ?? ''), rows }
  read.set(plan, times)
  return times
}

/** A dispatch: it makes the house cheap, which a boost does not. */
export const isSmart = ({ type }: { readonly type: string | null }): boolean => type === null || type === 'SMART'
