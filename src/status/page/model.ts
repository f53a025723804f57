/**
 * What the status page shows, as one JSON object: derived on this side, so that the page only draws. Instants are UTC
 * milliseconds (the page says them in London's time), money is GBP, energy kWh; `null` is "not known".
 */
import type { Instant } from '../../clock.ts'
import type { HouseCheapView, RowReason } from '../../snapshot.ts'
import type { Interval, LondonDate } from '../../time/london.ts'
import type { Health } from '../health.ts'

export type Tri = boolean | null

/** A value and when it was measured, where that is told. */
export interface Aged<T> {
  readonly value: T
  readonly at: Instant | null
}

export interface CarCard {
  readonly slug: string
  readonly name: string
  readonly pluggedIn: Tri
  readonly pluggedSource: string
  /** False where nothing tells whether it charges. */
  readonly tellsCharging: boolean
  readonly charging: Tri
  readonly dispatching: Tri
  readonly boosting: Tri
  readonly suspended: Tri
  /** Octopus's word. */
  readonly state: string | null
  readonly battery: Aged<number> | null
  readonly target: Aged<number> | null
  readonly readyBy: Aged<string> | null
  readonly current: Interval | null
  readonly next: Interval | null
  readonly plannedKwh: number | null
}

export interface PlannedRow extends Interval {
  readonly stands: boolean
  readonly why: RowReason
  readonly type: string
  readonly kwh: number | null
}

export interface CarLane {
  readonly slug: string
  readonly name: string
  readonly planned: readonly PlannedRow[]
  readonly started: readonly Interval[]
}

export interface CheapStretch extends Interval {
  /** `was`: said while it ran; `is`: certain now; `expected`: if the plan is kept and the car charges. */
  readonly kind: 'was' | 'is' | 'expected'
  readonly why: string
}

export interface Call {
  readonly at: Instant
  /** Why it was made; null where another command made it. */
  readonly mode: string | null
  readonly reason: string | null
  /** `ok`, `partial` or the code of an error; null while it runs. */
  readonly outcome: string | null
}

export interface Due {
  readonly at: Instant
  readonly mode: string | null
  readonly reason: string | null
}

export interface Timeline extends Interval {
  /** Midnight between the two days. */
  readonly midnight: Instant
  readonly offPeak: readonly Interval[]
  readonly cheap: readonly CheapStretch[]
  readonly cars: readonly CarLane[]
  /** Of all cars: Octopus does not say whose. */
  readonly completed: readonly (Interval & { readonly kwh: number | null; readonly source: string | null })[]
  readonly calls: readonly Call[]
  readonly due: Due | null
}

export const LEVELS = ['paid', 'cheap', 'normal', 'dear'] as const

export interface DayBars {
  readonly date: LondonDate
  readonly isYesterday: boolean
  readonly kwh: number
  readonly total: number | null
  readonly standing: number | null
  readonly provisional: boolean
  readonly halfHours: readonly {
    readonly start: Instant
    readonly kwh: number
    readonly rate: number
    readonly cost: number
    /** Of its price within the day. */
    readonly level: (typeof LEVELS)[number]
  }[]
}

export interface PlanChangeLine {
  readonly at: Instant
  readonly car: string
  readonly kind: string
  readonly start: Instant
  readonly end: Instant
  readonly previous: Interval | null
}

export interface TopicLine {
  readonly topic: string
  /** The device's segment and the entity's name, where it is one. */
  readonly device: string
  readonly name: string | null
  readonly unit: string | null
  /** Cut where it is long; the whole is at `api/topic`. */
  readonly payload: string
  readonly isCut: boolean
}

export interface Budget {
  readonly dispatch: { readonly used: number; readonly limit: number }
  readonly all: { readonly used: number; readonly limit: number }
  /** When the oldest dispatch request of the hour no longer counts. */
  readonly freesAt: Instant | null
}

export interface PageModel {
  readonly at: Instant
  /** How many times as fast as real time the clock runs: the page counts on by it. */
  readonly speed: number
  readonly version: string
  readonly docs: string
  readonly health: Pick<Health, 'status' | 'reasons' | 'broker_connected' | 'api_status' | 'store'>
  /** Null until the account is known. */
  readonly account: {
    readonly slug: string
    readonly offPeak: Tri
    readonly cheap:
      | (Pick<HouseCheapView, 'value' | 'until' | 'expectedUntil' | 'policy'> & {
          readonly reason: HouseCheapView['reason'] | 'not_off_peak'
        })
      | null
    /** GBP/kWh that the house pays now, and from when it is another. */
    readonly rate: { readonly now: number; readonly next: number | null; readonly changesAt: Instant } | null
    /** Since noon, where the contract has an allowance of them; else null. */
    readonly smartHalfHours: number | null
    readonly available: boolean
  } | null
  readonly cars: readonly CarCard[]
  readonly timeline: Timeline
  readonly changes: readonly PlanChangeLine[]
  readonly day: DayBars | null
  readonly budget: Budget
  readonly ages: readonly { readonly what: string; readonly at: Instant | null; readonly isStale: boolean }[]
  readonly notices: readonly {
    readonly code: string
    readonly since: Instant
    readonly car: string | null
    readonly action: string
    readonly link: string
  }[]
  readonly topics: readonly TopicLine[]
  readonly refresh: Due | null
}
