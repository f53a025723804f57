/**
 * What goes wrong around a simulated household, drawn from a seed: every row of the daemon's promises about trouble, one
 * over the other, with calm stretches between. Pure, and made day by day: the same seed, start and options give the same
 * schedule, however much of it is asked for.
 *
 * ```ts
 * for (const events of faultDays(seededRandom(seed).fork('faults'), begin, { level: 'normal', cars: 2 })) {
 *   for (const event of events) world.at(event.at, () => begin(event), event.until, () => end(event))
 * }
 * ```
 */
import { HOUR, type Instant } from '../../../src/clock.ts'
import type { Random } from '../../../src/simulator/random.ts'
import type { Interval } from '../../../src/time/london.ts'
import { CALM, calmAround } from './calm.ts'
import * as house from './house.ts'
import * as octopus from './octopus.ts'
import { CAUSES, type Cause, type Level, RATES } from './rates.ts'
import * as sources from './sources.ts'
import type { FaultEvent } from './types.ts'

export { CALM, calmAround } from './calm.ts'
export { CAUSES, type Cause, LEVELS, type Level, RATES } from './rates.ts'
export type * from './types.ts'

export interface FaultOptions {
  readonly level: Level
  /** How many cars have sources of their own; 1 by default. */
  readonly cars?: number
  /** Leaves out causes that a harness cannot play. */
  readonly without?: readonly Cause[]
}

const DAY = 24 * HOUR

type Draw = (random: Random, at: Instant, cars: number) => readonly FaultEvent[]

const DRAWS: Readonly<Record<Cause, Draw>> = {
  octopus_slow: octopus.slow,
  octopus_down: octopus.down,
  octopus_throttled: octopus.throttled,
  octopus_blocked: octopus.blocked,
  octopus_blocked_at_night: octopus.blockedAtNight,
  octopus_answers_half: octopus.answersHalf,
  octopus_no_devices: octopus.noDevices,
  octopus_removed_field: octopus.removedField,
  octopus_token_refused: octopus.tokenRefused,
  octopus_rest_fails: octopus.restFails,
  unreachable: octopus.unreachable,
  broker_away: house.brokerAway,
  broker_drops: house.brokerDrops,
  home_assistant_restart: house.homeAssistantRestart,
  power_cut: house.powerCut,
  source_silent: sources.silent,
  source_flaps: sources.flaps,
  source_lies: sources.lies,
  source_garbage: sources.garbage,
  source_offline: sources.offline,
  clock_jump: house.clockJump,
  sleep: house.sleep,
  kill: house.kill,
  clean_restart: house.cleanRestart,
  store_locked: house.storeLocked,
  store_full: house.storeFull,
  store_corrupt: house.storeCorrupt,
  second_daemon: house.secondDaemon,
}

/** What one cause brings about in a day: a Poisson stream of its own, which no other cause moves. */
function drawn(random: Random, cause: Cause, day: Interval, { level, cars = 1 }: FaultOptions): FaultEvent[] {
  const mean = DAY / RATES[cause][level]
  const events: FaultEvent[] = []
  for (let at = day.start + random.exponential(mean); at < day.end; at += random.exponential(mean)) {
    events.push(...DRAWS[cause](random, Math.round(at), cars))
  }
  return events
}

const isClear = (event: FaultEvent, calm: Interval): boolean => event.until <= calm.start || event.at >= calm.end

/** Events of the day number `day` after `from`, in order of their beginnings. They may last into later days. */
function eventsOfDay(random: Random, from: Instant, day: number, options: FaultOptions): FaultEvent[] {
  const start = from + day * DAY
  // What begins in one block may last into the next, but never over that one's stretch.
  const calms = [0, CALM.everyDays].map(ahead => calmAround(random, from, day + ahead))
  return CAUSES.filter(cause => !options.without?.includes(cause))
    .flatMap(cause => drawn(random.fork(`${cause} ${day}`), cause, { start, end: start + DAY }, options))
    .filter(event => event.at >= start && event.at < start + DAY && calms.every(calm => isClear(event, calm)))
    .sort((a, b) => a.at - b.at)
}

/** Without end: one list of events for each 24 hours from `from` on. Time order holds from list to list, too. */
export function* faultDays(random: Random, from: Instant, options: FaultOptions): Generator<readonly FaultEvent[]> {
  for (let day = 0; ; day += 1) yield eventsOfDay(random, from, day, options)
}

/** All events that begin and end in [from, until), in order of their beginnings. */
export function faultsFrom(
  random: Random,
  { from, until }: { readonly from: Instant; readonly until: Instant },
  options: FaultOptions,
): FaultEvent[] {
  const all: FaultEvent[] = []
  let begins = from
  for (const events of faultDays(random, from, options)) {
    if (begins >= until) break
    all.push(...events.filter(event => event.until <= until))
    begins += DAY
  }
  return all
}
