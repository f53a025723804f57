/** A call that the refresh policy may make, what it is decided from, and the words for its reason. Pure. */
import { type Instant, MINUTE } from '../clock.ts'
import type { RefreshMode } from '../snapshot.ts'
import { toIso } from '../time/london.ts'
import type { CallClass } from './admission.ts'
import type { Rules } from './dispatching.ts'
import type { RefreshSettings } from './settings.ts'
import type { AccountState } from './state.ts'

/** The order in which calls give way to one another: what stands first is left out first. */
export const RANKS = ['steady', 'third_mark', 'second_mark', 'confirmation', 'late_settling', 'rest'] as const
export type Rank = (typeof RANKS)[number]

export interface Candidate {
  readonly at: Instant
  readonly mode: RefreshMode
  readonly callClass: CallClass
  readonly rank: Rank
  /** For a person: why a call is due then. */
  readonly reason: string
}

/** This installation's own constants, drawn once and kept, so that all installations do not ask at the same second. */
export interface Phases {
  /** 0–60 s: how much later the first steady call after a mark's calls comes. */
  readonly steady: number
  /** 0–10 s: how much later every mark call comes. */
  readonly mark: number
}

export interface RefreshInput {
  readonly state: AccountState
  readonly rules: Rules
  readonly refresh: RefreshSettings
  readonly phases: Phases
  /** The newest dispatch request of the account, whoever made it; null before the first. */
  readonly lastCallAt: Instant | null
  /** Starts of dispatch requests of the last hour. */
  readonly starts: readonly Instant[]
  readonly now: Instant
}

/** So long before a plan grows too old it is asked for, whatever else wants the place. */
const LAST_CHANCE = 5 * MINUTE

/** How long a plan may go without a look before it is about to grow too old to be trusted, milliseconds. */
export const patience = ({ rules }: RefreshInput): number => rules.settings.trustPlanFor - LAST_CHANCE

export const NEVER = Number.NEGATIVE_INFINITY

export const last = (input: RefreshInput): Instant => input.lastCallAt ?? NEVER

export const ordinary = (mode: RefreshMode, rank: Rank, at: Instant, reason: string): Candidate => ({
  at,
  mode,
  callClass: 'ordinary',
  rank,
  reason,
})

export const urgent = (mode: RefreshMode, rank: Rank, at: Instant, reason: string): Candidate => ({
  at,
  mode,
  callClass: 'event',
  rank,
  reason,
})

export const seconds = (duration: number): string => `${Math.round(duration / 1000)} s`
export const clockTime = (at: Instant): string => `${toIso(at).slice(11, 16)}Z`
export const minutes = (duration: number): string => `${Math.round((duration / 60_000) * 10) / 10} min`
