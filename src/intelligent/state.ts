/**
 * What is remembered of an account between two events, as plain JSON: it goes to the store after each event and comes
 * back at the next start, so a restart goes on where it was. Instants are UTC milliseconds.
 */
import type { Instant } from '../clock.ts'
import type { Missing } from '../missing.ts'
import type { RefreshMode } from '../snapshot.ts'
import { type CarSignals, NO_SIGNALS } from '../vehicle/types.ts'
import type { CompletedRow, DeviceFacts, DispatchRow, Measured, Tri } from './types.ts'

export interface Plan {
  readonly rows: readonly DispatchRow[]
  readonly askedAt: Instant
  readonly fetchedAt: Instant
}

export interface Status {
  readonly state: string
  readonly isSuspended: Tri
  readonly askedAt: Instant
  readonly fetchedAt: Instant
  /** The first answer of the unbroken row that said this state. */
  readonly since: Instant
}

/** A half hour that began to be cheap, by the instant at which it starts, and why. */
export interface CheapHalfHour {
  readonly start: Instant
  readonly since: Instant
  readonly why: 'confirmed' | 'evidence' | 'plan'
}

/** Energy drawn in one half hour, told apart by whether the draw ran over the mark that began it. */
export interface Drawn {
  readonly halfHour: Instant
  readonly overMarkWh: number
  readonly freshWh: number
  /** Integrated up to here. */
  readonly at: Instant
  /** When the power rose above nothing; null while it is down. */
  readonly risingSince: Instant | null
}

export interface CarState {
  /** Our own identity and topic segment. */
  readonly id: string
  readonly slug: string
  readonly deviceId: string
  readonly facts: DeviceFacts | null

  readonly plan: Plan | null
  readonly status: Status | null
  /** When the newest answer was asked for that says whether a row of this car stands. */
  readonly answeredAskedAt: Instant | null
  /** The newest answer whose state implies whether the car is plugged in. */
  readonly impliedAt: Instant | null
  /** The newest answer with an active state, and the newest with any row still to come. */
  readonly activeAt: Instant | null
  readonly plannedAt: Instant | null
  readonly stateOfCharge: Measured<number> | null
  readonly chargeTarget: Measured<number> | null
  readonly readyBy: Measured<string> | null
  /** Null where the newest answer that listed cars has this one. */
  readonly missing: Missing | null

  readonly signals: CarSignals
  /** When we heard that the topic had turned to its present value; later than the message that turned it. */
  readonly topicTurnedAt: Instant | null
  readonly contradicted: 'charging' | 'state' | null
  readonly contradictedAt: Instant | null
  /** Against an OFF topic: what answers said since it turned OFF. */
  readonly sinceOff: { readonly notAvailable: boolean; readonly impliedOnAt: Instant | null }

  /** `plugged_in` as last derived; `known` is the last value that was not unknown, `turnedAt` the first message of the run that made it. */
  readonly plug: {
    readonly value: Tri
    readonly known: Tri
    readonly turnedAt: Instant | null
    readonly leftOffAt: Instant | null
  }
  readonly drawn: Drawn | null
  /** Whether the car charged when that was last known. */
  readonly chargingKnown: Tri
  /** When it last seemed to begin or end charging and that asked for a call. */
  readonly turningAskedAt: Instant | null
  /** Since when it draws outside the night and any dispatch. */
  readonly unplannedSince: Instant | null
  /** Since when a dispatch is active and the car does not charge. */
  readonly missedSince: Instant | null
  /** When its schedule was to be asked about in the last hour. */
  readonly scheduleAsks: readonly Instant[]
  /** The newest boost or test, and when it ended; null while it runs. */
  readonly otherCharge: { readonly endedAt: Instant | null } | null

  /** Half hours by their start: seen running by an answer; smart; cheap. 48 h are kept. */
  readonly started: readonly Instant[]
  readonly smart: readonly Instant[]
  readonly cheap: readonly CheapHalfHour[]

  /** The plug-in that waits for its plan, and the calls made since; null when settled. */
  readonly settling: { readonly since: Instant; readonly calls: number } | null
  /** The unplugging that waits for NOT_AVAILABLE. */
  readonly leavingSince: Instant | null
  /** The newest half-hour mark at which a standing row began, ended or ran, or the car charged. */
  readonly mark: Instant | null
}

/** `turning`: the charging seems to begin or end, and has not lasted long enough to count. */
export const EVENT_KINDS = ['charging', 'turning', 'schedule', 'manual', 'start', 'token'] as const
export type EventKind = (typeof EVENT_KINDS)[number]

/** Something that asks for a call; gone once a call began at or after `at`. */
export interface PendingEvent {
  readonly kind: EventKind
  readonly at: Instant
  /** A second look at an event whose first answer disagreed with the charging. */
  readonly confirmation: boolean
}

/** `rejected`: the key or our rights were refused; that passes as slowly as a block. */
export const FAILURE_KINDS = ['failed', 'throttled', 'blocked', 'rejected'] as const
export type FailureKind = (typeof FAILURE_KINDS)[number]

export interface Failures {
  /** In a row, of whatever kind; and of this kind. */
  readonly count: number
  readonly kindCount: number
  readonly kind: FailureKind
  /** When the last failed call began, and the instant before which Octopus asked us not to come back. */
  readonly at: Instant
  readonly notBefore: Instant | null
  /** 0–1, drawn when it failed. */
  readonly jitter: number
}

export interface AccountState {
  readonly cars: readonly CarState[]
  readonly completed: readonly CompletedRow[]
  /** The newest whole or partial answer. */
  readonly answeredAt: Instant | null
  readonly events: readonly PendingEvent[]
  readonly failures: Failures | null
  /** The last dispatch request and what it was for. */
  readonly lastCall: { readonly at: Instant; readonly mode: RefreshMode } | null
  /** Cheap time held at a mark because a car still draws. */
  readonly held: { readonly mark: Instant; readonly until: Instant } | null
  /** House cheap as last derived, to notice the mark that ends it. */
  readonly wasCheap: boolean
  /** Everything up to this instant has been taken into account. */
  readonly evaluatedAt: Instant
}

export const emptyAccount = (at: Instant): AccountState => ({
  cars: [],
  completed: [],
  answeredAt: null,
  events: [],
  failures: null,
  lastCall: null,
  held: null,
  wasCheap: false,
  evaluatedAt: at,
})

export const newCar = (id: string, slug: string, deviceId: string, facts: DeviceFacts | null): CarState => ({
  id,
  slug,
  deviceId,
  facts,
  plan: null,
  status: null,
  answeredAskedAt: null,
  impliedAt: null,
  activeAt: null,
  plannedAt: null,
  stateOfCharge: null,
  chargeTarget: null,
  readyBy: null,
  missing: null,
  signals: NO_SIGNALS,
  topicTurnedAt: null,
  contradicted: null,
  contradictedAt: null,
  sinceOff: { notAvailable: false, impliedOnAt: null },
  plug: { value: null, known: null, turnedAt: null, leftOffAt: null },
  drawn: null,
  chargingKnown: null,
  turningAskedAt: null,
  unplannedSince: null,
  missedSince: null,
  scheduleAsks: [],
  otherCharge: null,
  started: [],
  smart: [],
  cheap: [],
  settling: null,
  leavingSince: null,
  mark: null,
})
