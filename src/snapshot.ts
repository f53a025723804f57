/**
 * Everything that is true of an account at one instant, derived anew after each event. Outputs (MQTT, discovery, status)
 * read this and nothing else. `null` is "not known" everywhere. Instants are UTC milliseconds.
 */
import type { Instant } from './clock.ts'
import type { CompletedRow, DispatchRow, Measured, Tri } from './intelligent/types.ts'
import type { Interval, LondonDate } from './time/london.ts'

/** Why a listed row counts (`stands`) or does not. */
export const ROW_REASONS = [
  'stands',
  'boost',
  'test',
  'other_type',
  'ended',
  'state',
  'suspended',
  'unplugged',
  'too_old',
] as const
export type RowReason = (typeof ROW_REASONS)[number]

export interface ListedRow extends DispatchRow {
  readonly stands: boolean
  readonly why: RowReason
  /** The half hours that it would make cheap: its start rounded down and its end rounded up to :00 or :30. */
  readonly cheap: Interval
}

export interface PlanView {
  readonly rows: readonly ListedRow[]
  readonly fetchedAt: Instant | null
  readonly state: string | null
}

/** One car or charge point. */
export interface CarView {
  /** Our own identity, never Octopus's device id; part of every `unique_id`. */
  readonly id: string
  /** Its segment in topics; never changes once given. */
  readonly slug: string
  readonly name: string
  readonly make: string | null
  readonly model: string | null
  readonly provider: string | null
  readonly batteryKwh: number | null
  readonly chargerKw: number | null

  readonly dispatchActive: Tri
  readonly intelligentDispatching: Tri
  readonly dispatchingReason: 'dispatch' | 'off_peak' | 'both' | null
  readonly plan: PlanView
  readonly started: readonly Interval[]
  readonly completed: readonly CompletedRow[]
  /** Windows of standing rows. */
  readonly current: Interval | null
  readonly next: Interval | null
  /** The same with the night left out, as planners and cards read them. */
  readonly currentOutsideNight: Interval | null
  readonly nextOutsideNight: Interval | null
  /** Standing rows; null while no plan may be trusted. */
  readonly plannedCount: number | null
  /** kWh of standing rows, positive. */
  readonly plannedKwh: number | null

  readonly state: string | null
  readonly pluggedIn: Tri
  readonly pluggedSource: 'topic' | 'state' | 'charging' | 'none'
  /** False where neither a charging nor a power topic is configured or was heard: then there is no such entity. */
  readonly hasCharging: boolean
  readonly charging: Tri
  readonly boosting: Tri
  readonly suspended: Tri
  readonly stateOfCharge: Measured<number> | null
  readonly chargeTarget: Measured<number> | null
  /** Local time of day, `07:30`. */
  readonly readyBy: Measured<string> | null
}

export const HOUSE_CHEAP_REASONS = [
  'off_peak',
  'dispatch',
  'held',
  'awaiting_confirmation',
  'awaiting_evidence',
  'no_evidence_source',
  'cap_reached',
  'boosting',
  'plan_unknown',
  'rates_unknown',
  'no_dispatch',
] as const
export type HouseCheapReason = (typeof HOUSE_CHEAP_REASONS)[number]

export interface HouseCheapView {
  readonly value: Tri
  readonly reason: HouseCheapReason
  /** Cheap for certain until then; null unless ON. */
  readonly until: Instant | null
  /** Cheap until then if the plan is kept and the car charges; null unless ON. */
  readonly expectedUntil: Instant | null
  readonly policy: 'whole_slot' | 'charge_cap'
  /** Whole minutes to `until`; 0 when OFF, null when not known. */
  readonly minutesLeft: number | null
}

export const API_STATUSES = ['ok', 'slow', 'throttled', 'blocked', 'rejected', 'unreachable'] as const
export type ApiStatus = (typeof API_STATUSES)[number]

export const REFRESH_MODES = ['settling', 'steady', 'boundary', 'event', 'unplugged', 'idle', 'backoff'] as const
export type RefreshMode = (typeof REFRESH_MODES)[number]

export const NOTICE_CODES = [
  'key_rejected',
  'api_blocked',
  'api_throttled',
  'api_unreachable',
  'schema_changed',
  'plug_silent',
  'plug_contradicted',
  'plugged_not_seen',
  'plugged_no_plan',
  'charging_without_plan',
  'plan_without_charging',
  'car_lost_connection',
  'meter_data_late',
  'storage_degraded',
  'clock_jumped',
  'statistics_not_sent',
  'second_daemon',
] as const
export type NoticeCode = (typeof NOTICE_CODES)[number]

export interface Notice {
  readonly code: NoticeCode
  readonly since: Instant
  /** One line that says what to do. */
  readonly action: string
  /** The car's slug where it is about one car. */
  readonly car?: string
}

export interface AccountView {
  readonly id: string
  /** Its segment in topics: the number in lower case, or its configured name. */
  readonly slug: string
  readonly number: string
  /** False where neither the tariff nor the configuration has a cheap period: no `off_peak`, no `house_cheap`. */
  readonly hasNight: boolean
  /** False where smart charging is billed like everything else, and a dispatch makes no half hour cheap. */
  readonly dispatchIsCheap: boolean
  readonly offPeak: Tri
  readonly houseCheap: HouseCheapView
  readonly smartHalfHours: { readonly used: number; readonly byCar: Readonly<Record<string, number>> }
  readonly dataLastRetrieved: Instant | null
  readonly nextRefresh: Instant | null
  readonly refreshMode: RefreshMode | null
  readonly refreshReason: string | null
  readonly requestsLastHour: number
  readonly requestsLeft: number
  readonly apiStatus: ApiStatus | null
  readonly notices: readonly Notice[]
  /** Whether a fresh answer of Octopus stands behind what can come from nowhere else. */
  readonly available: boolean
}

export interface HalfHourReading {
  readonly start: Instant
  readonly kwh: number
}

export type MeterKind = 'electricity_import' | 'electricity_export' | 'gas'

/** A stretch of one price. Money in the snapshot is pounds with VAT. */
export interface RateSpan {
  readonly start: Instant
  readonly end: Instant
  /** GBP/kWh; negative where one is paid to use. */
  readonly rate: number
}

/** A day's half hours with their prices; half hours of which the price is not known are missing. */
export interface DayRates {
  readonly date: LondonDate
  readonly rates: readonly RateSpan[]
  readonly isComplete: boolean
  readonly min: number | null
  readonly max: number | null
  readonly average: number | null
}

export interface RatesView {
  readonly tariffCode: string | null
  /** The stretch now, and the nearest ones of another price before and after it. */
  readonly current: RateSpan | null
  readonly previous: RateSpan | null
  readonly next: RateSpan | null
  readonly today: DayRates
  readonly tomorrow: DayRates
  /** GBP a day. */
  readonly standing: number | null
  /** The cheapest stretch of `energy.cheapest_window` that is still to come; of an export meter the dearest. */
  readonly nextCheapest: RateSpan | null
  /** What the car pays now on a tariff with rates of its own for it; undefined on others. */
  readonly evRate?: number | null
}

/** A period that began at `start`: sums of its complete days so far. */
export interface PeriodView {
  readonly start: Instant
  readonly kwh: number | null
  /** GBP. */
  readonly cost: number | null
  /** Days of it that have ended and are not complete yet. */
  readonly missingDays: number
}

/** What the newest complete day came to. GBP; of an export meter what was earned. */
export interface CostView {
  readonly date: LondonDate
  readonly start: Instant
  readonly total: number | null
  readonly withoutStanding: number
  readonly standing: number | null
  readonly bands: Readonly<Record<string, { readonly kwh: number; readonly cost: number }>>
  /** Half hours: GBP/kWh, kWh, exact GBP. */
  readonly halfHours: readonly {
    readonly start: Instant
    readonly rate: number
    readonly kwh: number
    readonly cost: number
  }[]
  /** The bill may still say otherwise. */
  readonly provisional: boolean
  /** The car's share, where it was billed apart. */
  readonly ev: { readonly kwh: number; readonly cost: number } | null
}

/** How what was said of half hours compares with the bill. GBP. */
export interface JudgedView {
  /** The newest day whose bill is known. */
  readonly date: LondonDate
  readonly halfHours: number
  readonly cost: number
  readonly month: { readonly start: Instant; readonly halfHours: number; readonly cost: number }
  readonly list: readonly {
    readonly start: Instant
    readonly reason: 'believed_cheap_billed_peak' | 'believed_peak_billed_cheap'
    readonly cost: number
  }[]
}

/** A meter: electricity bought or sold, or gas. */
export interface MeterView {
  readonly id: string
  readonly slug: string
  readonly kind: MeterKind
  /** MPAN, or MPRN of a gas meter. */
  readonly point: string
  readonly serial: string
  /** What the meter counts in. */
  readonly unit: 'kWh' | 'm3'
  /** The newest complete day; null until there is one. */
  readonly lastDay: {
    readonly date: LondonDate
    readonly start: Instant
    readonly kwh: number
    /** m³, of a meter that counts them. */
    readonly volume: number | null
    readonly halfHours: readonly HalfHourReading[]
  } | null
  readonly latestReading: Instant | null
  /** Yesterday is still incomplete and it is past 18:00 in London. */
  readonly isLate: boolean
  /** Everything counted since the history that we have began; null until that history is whole. */
  readonly register: { readonly kwh: number; readonly volume: number | null; readonly until: Instant } | null
  /** Today so far, where Octopus already tells of it. */
  readonly today: { readonly start: Instant; readonly kwh: number; readonly until: Instant } | null
  readonly week: PeriodView
  readonly month: PeriodView
  readonly year: PeriodView
  readonly cost: CostView | null
  readonly rates: RatesView
  /** Undefined where the tariff knows no smart half hours. */
  readonly judged?: JudgedView | null
  /** How much of the wanted history is fetched, 0–100. */
  readonly history: number
}

export interface Snapshot {
  readonly at: Instant
  readonly account: AccountView
  readonly cars: readonly CarView[]
  readonly meters: readonly MeterView[]
}
