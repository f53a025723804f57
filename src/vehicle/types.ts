/** What the house itself says of one car, after payloads were understood, sources OR-ed and bounces removed. */
import type { Instant } from '../clock.ts'
import type { Tri } from '../intelligent/types.ts'

export interface PlugSignal {
  /**
   * `none`: `ev.plugged: none`, or no configured topic was ever heard (the store remembers that one was).
   * `stale`: past `stale_after`, its availability offline, a payload not understood, or not heard since this start.
   */
  readonly source: 'none' | 'live' | 'stale'
  /** The last stable value, also while stale; ON only while `at_home` is not false. */
  readonly value: Tri
  /** When the first message of the run arrived that made `value` stable. */
  readonly since: Instant | null
  /** True where `value` only repeats, by a retained message at start, what the store already knew. */
  readonly repeated: boolean
  readonly staleSince: Instant | null
}

export interface DrawSignal {
  /** A topic for it is configured and was heard at least once, or is configured explicitly. */
  readonly exists: boolean
  readonly lastHeardAt: Instant | null
  /** Its availability topic says offline, or its last payload was not understood. */
  readonly offline: boolean
  readonly value: Tri
  /** When the first message of the run arrived that made `value` stable. */
  readonly since: Instant | null
  /** The first message of a run that says the opposite of `value` and has not lasted long enough yet. */
  readonly turningSince: Instant | null
  /**
   * Since when a source that can be believed has been heard without a break; null while there is none, as while its availability is
   * offline or the broker away.
   */
  readonly watchedSince: Instant | null
}

export interface CarSignals {
  readonly plugged: PlugSignal
  /** The charging topic, debounced. */
  readonly charging: DrawSignal
  /** The power topic as yes or no, by `above` and `below` with hysteresis, debounced like charging. */
  readonly power: DrawSignal & { readonly watts: number | null; readonly wattsAt: Instant | null }
  /** When `schedule_changed` last fired (a change of its payload; a retained repetition is none). */
  readonly scheduleChangedAt: Instant | null
}

const NO_DRAW: DrawSignal = {
  exists: false,
  lastHeardAt: null,
  offline: false,
  value: null,
  since: null,
  turningSince: null,
  watchedSince: null,
}

export const NO_SIGNALS: CarSignals = {
  plugged: { source: 'none', value: null, since: null, repeated: false, staleSince: null },
  charging: NO_DRAW,
  power: { ...NO_DRAW, watts: null, wattsAt: null },
  scheduleChangedAt: null,
}
