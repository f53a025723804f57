/** Puts together what is true of an account at one instant, from its state and what the shell knows. Pure. */
import type { Instant } from '../clock.ts'
import { LATE_FROM } from '../energy/reading-times.ts'
import { countedDown, houseCheap } from '../intelligent/cheap.ts'
import { isOffPeak, type Rules, smartHalfHoursUsed } from '../intelligent/dispatching.ts'
import { carNotices, NOTICE_ACTIONS } from '../intelligent/notices.ts'
import type { Decision } from '../intelligent/refresh.ts'
import type { AccountState } from '../intelligent/state.ts'
import { carView } from '../intelligent/view.ts'
import type { ApiStatus, HouseCheapView, MeterView, Notice, Snapshot } from '../snapshot.ts'
import { atLocalTime, londonDate } from '../time/london.ts'

export interface SnapshotInput {
  readonly at: Instant
  readonly id: string
  readonly slug: string
  readonly number: string
  readonly state: AccountState
  readonly rules: Rules
  /** False before Octopus has said which cars there are: then nothing but the night can be told. */
  readonly carsKnown: boolean
  readonly decision: Decision | null
  /** How often an answer may be expected now, and how often while nothing happens. */
  readonly interval: number
  readonly idle: number
  readonly requestsLastHour: number
  readonly requestsPerHour: number
  readonly apiStatus: ApiStatus | null
  /** Notices that are not about one car: of the API, the store, the clock, another daemon. */
  readonly notices: readonly Notice[]
  readonly meters: readonly MeterView[]
}

/**
 * When the newest answer stops being fresh: after twice the current interval, and never before a plan does. A car that was
 * plugged in since is asked about more often from then on; until those answers are due, an answer as old as idling allows
 * is as fresh as could be.
 */
export function freshUntil(input: Pick<SnapshotInput, 'state' | 'rules' | 'interval' | 'idle'>): Instant | null {
  const { state, rules, interval, idle } = input
  if (state.answeredAt === null) return null
  const { trustPlanFor } = rules.settings
  const patience = Math.max(2 * interval, trustPlanFor)
  const turnedAt = Math.max(...state.cars.map(car => car.plug.turnedAt ?? Number.NEGATIVE_INFINITY))
  const whileIdle = state.answeredAt + Math.max(2 * idle, trustPlanFor)
  return Math.max(state.answeredAt + patience, Math.min(turnedAt + patience, whileIdle))
}

function cheapNow({ state, rules, carsKnown, at }: SnapshotInput): HouseCheapView {
  const known = houseCheap(state, rules, at)
  if (carsKnown || known.value === true) return known
  return { ...known, value: null, reason: 'plan_unknown', minutesLeft: null }
}

/** What changes though the state of the account does not: the next call, how Octopus does, the shell's own notices. */
const aside = (input: SnapshotInput) => ({
  nextRefresh: input.decision?.at ?? null,
  refreshMode: input.decision?.mode ?? null,
  refreshReason: input.decision?.reason ?? null,
  requestsLastHour: input.requestsLastHour,
  requestsLeft: Math.max(0, input.requestsPerHour - input.requestsLastHour),
  apiStatus: input.apiStatus,
  notices: noticesOf(input),
})

const noticesOf = ({ at, state, rules, notices, meters }: SnapshotInput): Notice[] => [
  ...notices,
  ...state.cars.flatMap(car => carNotices(car, rules, at)),
  // A meter that is not smart, or not connected, never had a day to be late with.
  ...(meters.some(meter => meter.isLate && (meter.kind === 'electricity_import' || meter.lastDay !== null))
    ? [
        {
          code: 'meter_data_late' as const,
          since: atLocalTime(londonDate(at), LATE_FROM),
          action: NOTICE_ACTIONS.meter_data_late,
        },
      ]
    : []),
]

export function snapshotOf(input: SnapshotInput): Snapshot {
  const { at, state, rules, meters } = input
  const fresh = freshUntil(input)
  const byCar = Object.fromEntries(state.cars.map(car => [car.slug, smartHalfHoursUsed(car, at)]))
  return {
    at,
    cars: state.cars.map(car => carView(car, state, rules, at)),
    meters,
    account: {
      id: input.id,
      slug: input.slug,
      number: input.number,
      hasNight: rules.offPeak !== null,
      dispatchIsCheap: rules.dispatchIsCheap,
      offPeak: isOffPeak(rules, at),
      houseCheap: cheapNow(input),
      smartHalfHours: { used: Math.max(0, ...Object.values(byCar)), byCar },
      dataLastRetrieved: state.answeredAt,
      ...aside(input),
      available: fresh !== null && at <= fresh,
    },
  }
}

/** The same as `snapshotOf`, where the state is that of `before` and none of its edges has passed since. */
export const snapshotLater = (before: Snapshot, input: SnapshotInput): Snapshot => ({
  ...before,
  at: input.at,
  meters: input.meters,
  account: {
    ...before.account,
    houseCheap: countedDown(before.account.houseCheap, input.at),
    ...aside(input),
  },
})
