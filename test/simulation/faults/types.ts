/**
 * What goes wrong around the daemon, as data. Every event has a beginning and an end; when the last one has ended, all is
 * as it should be, and stays so. Events overlap: what finds nothing to break (a kill of a daemon that is down) is left out
 * by whoever plays them. Instants are UTC milliseconds of true time, which no event changes.
 */
import type { Instant } from '../../../src/clock.ts'
import type { Fault } from '../../../src/simulator/faults.ts'

export interface Span {
  readonly at: Instant
  /** From here on nothing of it is left. Never before `at`. */
  readonly until: Instant
}

/** How Octopus misbehaves; `faults` are for the simulator's `Faults.inject`, each bounded by the same span. */
export interface OctopusFault extends Span {
  readonly kind: 'octopus'
  readonly trouble:
    | 'slow'
    | 'down'
    | 'throttled'
    | 'blocked'
    | 'answers_half'
    | 'no_devices'
    | 'removed_field'
    | 'token_refused'
    | 'rest_fails'
  readonly faults: readonly Fault[]
}

/** Nobody gets as far as Octopus: what the request fails with, as `cause.code` of Node's fetch. */
export interface Unreachable extends Span {
  readonly kind: 'unreachable'
  readonly code: 'ENOTFOUND' | 'EAI_AGAIN' | 'ECONNREFUSED' | 'CERT_HAS_EXPIRED'
}

/** The broker is away from `at` to `until`. `keeps`: its retained messages and sessions are there again afterwards. */
export interface BrokerAway extends Span {
  readonly kind: 'broker_away'
  readonly keeps: boolean
}

/** The daemon's connection breaks once `afterBytes` more bytes of it were sent, at `until` at the latest; it may come back at once. */
export interface BrokerDrops extends Span {
  readonly kind: 'broker_drops'
  readonly afterBytes: number
}

/** `offline` on the status topic at `at`, the birth message `online` at `until`. */
export interface HomeAssistantRestart extends Span {
  readonly kind: 'home_assistant_restart'
}

/** What a source says at an instant: the truth, its opposite, or these very bytes. */
export interface Message {
  readonly at: Instant
  readonly says: 'truth' | 'opposite' | { readonly payload: string }
  readonly retain: boolean
}

interface SourceSpan extends Span {
  /** Of which car, counted from 0, and of which of its topics. At `until` the source says the truth, retained. */
  readonly car: number
  readonly source: 'plugged' | 'charging'
}

/** Changes are not told. */
export interface SourceSilent extends SourceSpan {
  readonly kind: 'source_silent'
}

/** It says these messages, in order, and nothing else meanwhile: flaps, garbage, an outright lie. */
export interface SourceSays extends SourceSpan {
  readonly kind: 'source_flaps' | 'source_lies' | 'source_garbage'
  readonly messages: readonly Message[]
}

/** Its availability topic says `offline` at `at` and `online` at `until`; changes between are not told. */
export interface SourceOffline extends SourceSpan {
  readonly kind: 'source_offline'
}

/** The wall clock of the daemon's machine is off by `by` milliseconds from `at` on; at `until` it is set right. */
export interface ClockJump extends Span {
  readonly kind: 'clock_jump'
  readonly by: number
}

/** Nothing on the daemon's machine runs from `at` to `until`. Afterwards its wall clock is right again. */
export interface Sleep extends Span {
  readonly kind: 'sleep'
  /** Whether its monotonic clock went on meanwhile. */
  readonly monotonicCounts: boolean
}

interface Restart extends Span {
  /** From the end of the process to the next start, milliseconds. */
  readonly downFor: number
}

/** kill -9 right after the `afterEffects`-th effect from `at` on, and in any case `within` milliseconds after `at`. */
export interface Kill extends Restart {
  readonly kind: 'kill'
  readonly afterEffects: number
  readonly within: number
}

/** SIGTERM at `at`; the next start `downFor` later. */
export interface CleanRestart extends Restart {
  readonly kind: 'clean_restart'
}

/** Another process holds the write lock of the store. */
export interface StoreLocked extends Span {
  readonly kind: 'store_locked'
}

/** Nothing more can be written to the store's disk. */
export interface StoreFull extends Span {
  readonly kind: 'store_full'
}

/** kill -9 at `at`; the file is found damaged by the start `downFor` later. */
export interface StoreCorrupt extends Restart {
  readonly kind: 'store_corrupt'
  readonly how: 'header' | 'page' | 'truncated'
}

/** A second daemon is started on the same account or with the same client id, and ended again. */
export interface SecondDaemon extends Span {
  readonly kind: 'second_daemon'
  readonly shares: 'account' | 'client_id'
}

export type FaultEvent =
  | OctopusFault
  | Unreachable
  | BrokerAway
  | BrokerDrops
  | HomeAssistantRestart
  | SourceSilent
  | SourceSays
  | SourceOffline
  | ClockJump
  | Sleep
  | Kill
  | CleanRestart
  | StoreLocked
  | StoreFull
  | StoreCorrupt
  | SecondDaemon

export type FaultEventKind = FaultEvent['kind']
