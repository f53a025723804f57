/** The whole state of one car's signals: how it begins, and what of it is kept. */
import type { Instant } from '../clock.ts'
import type { DrawState } from './draw.ts'
import type { PlugState } from './plug.ts'
import type { Remark } from './remarks.ts'
import type { ScheduleState } from './schedule.ts'
import { wasHeard } from './source.ts'
import { type CarSpec, plugSources } from './spec.ts'
import { restoreGroup, restoreSources, type StoredSignals, storeGroup, storeSources } from './stored.ts'

export interface SignalsState {
  readonly plug: PlugState
  readonly charging: DrawState
  readonly power: DrawState
  readonly schedule: ScheduleState
  /** Only ever grows, and is bounded; what is beyond the length last seen is new and deserves a log line. */
  readonly remarks: readonly Remark[]
}

/** The state at a start, with what the store kept. `now` is the moment of the start. */
export function initialState(spec: CarSpec, restored: StoredSignals | undefined, now: Instant): SignalsState {
  const plugged = restoreGroup(plugSources(spec), restored?.plugged)
  return {
    plug: {
      ...plugged,
      atHome: restoreSources(spec.atHome ?? [], restored?.atHome),
      staleSince: wasHeard(plugged.sources) ? (restored?.pluggedStaleSince ?? now) : null,
      isStored: plugged.stable.value !== null,
    },
    charging: { ...restoreGroup(spec.charging?.sources ?? [], restored?.charging), watchedSince: null },
    power: { ...restoreGroup(spec.power?.sources ?? [], restored?.power), watchedSince: null },
    schedule: { last: (spec.scheduleChanged ?? []).map(() => null), changedAt: restored?.scheduleChangedAt ?? null },
    remarks: [],
  }
}

/** What to keep for the next start. Equal states make equal JSON, so the caller writes only what changed. */
export function toStore(spec: CarSpec, state: SignalsState): StoredSignals {
  return {
    plugged: storeGroup(plugSources(spec), state.plug),
    pluggedStaleSince: state.plug.staleSince,
    atHome: storeSources(spec.atHome ?? [], state.plug.atHome),
    charging: storeGroup(spec.charging?.sources ?? [], state.charging),
    power: storeGroup(spec.power?.sources ?? [], state.power),
    scheduleChangedAt: state.schedule.changedAt,
  }
}
