/** How often each thing goes wrong, in events a day. One table, so that the weather of a run can be read in one place. */
export const LEVELS = ['calm', 'normal', 'storm'] as const
export type Level = (typeof LEVELS)[number]

const each = (calm: number, normal: number, storm: number): Readonly<Record<Level, number>> => ({ calm, normal, storm })

/** `calm`: a good month. `normal`: a bad one. `storm`: everything at once, which no house has seen. */
export const RATES = {
  octopus_slow: each(0.2, 0.8, 3),
  octopus_down: each(0.15, 0.8, 4),
  octopus_throttled: each(0.08, 0.3, 1.5),
  octopus_blocked: each(0.03, 0.15, 0.8),
  octopus_blocked_at_night: each(0.01, 0.05, 0.3),
  octopus_answers_half: each(0.2, 1, 4),
  octopus_no_devices: each(0.05, 0.3, 1.5),
  octopus_removed_field: each(0.02, 0.06, 0.3),
  octopus_token_refused: each(0.08, 0.3, 1.2),
  octopus_rest_fails: each(0.1, 0.4, 1),
  unreachable: each(0.05, 0.3, 1.5),
  broker_away: each(0.05, 0.3, 1.5),
  broker_drops: each(0.1, 0.6, 4),
  home_assistant_restart: each(0.15, 0.5, 2),
  /** The mains: daemon, broker and Home Assistant go together and come back one by one. */
  power_cut: each(0.02, 0.08, 0.4),
  source_silent: each(0.1, 0.3, 1.5),
  source_flaps: each(0.1, 0.4, 2),
  source_lies: each(0.03, 0.15, 0.8),
  source_garbage: each(0.08, 0.4, 2),
  source_offline: each(0.05, 0.3, 1),
  clock_jump: each(0.02, 0.12, 0.6),
  sleep: each(0.02, 0.1, 0.5),
  kill: each(0.1, 0.8, 6),
  clean_restart: each(0.08, 0.3, 1.5),
  store_locked: each(0.05, 0.3, 1),
  store_full: each(0.01, 0.04, 0.15),
  store_corrupt: each(0.01, 0.03, 0.1),
  second_daemon: each(0.01, 0.04, 0.15),
} as const satisfies Record<string, Readonly<Record<Level, number>>>

export type Cause = keyof typeof RATES

export const CAUSES = Object.keys(RATES) as readonly Cause[]
