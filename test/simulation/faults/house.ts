/** The broker, Home Assistant, and the machine that the daemon runs on, in trouble. */
import { HOUR, type Instant, MINUTE, SECOND } from '../../../src/clock.ts'
import type { Random } from '../../../src/simulator/random.ts'
import type { FaultEvent, Kill } from './types.ts'

/** From a tenth of a second to half an hour, each order of magnitude alike. */
const downFor = (random: Random): number => Math.round(100 * 18_000 ** random.next())

/** A restart of a second, or minutes to hours. In one case of three the retained messages are lost. */
export function brokerAway(random: Random, at: Instant): readonly FaultEvent[] {
  const away = random.chance(0.5) ? random.between(SECOND, 20 * SECOND) : random.lognormal(8 * MINUTE, 5 * HOUR)
  return [{ kind: 'broker_away', at, until: Math.round(at + away), keeps: random.chance(2 / 3) }]
}

export const brokerDrops = (random: Random, at: Instant): readonly FaultEvent[] => [
  { kind: 'broker_drops', at, until: at + 10 * MINUTE, afterBytes: random.whole(0, random.pick([20, 400, 6000])) },
]

export const homeAssistantRestart = (random: Random, at: Instant): readonly FaultEvent[] => [
  { kind: 'home_assistant_restart', at, until: Math.round(at + random.between(10 * SECOND, 5 * MINUTE)) },
]

function killed(random: Random, at: Instant, within: number, down: number): Kill {
  return { kind: 'kill', at, until: at + within + down, afterEffects: random.whole(1, 60), within, downFor: down }
}

export const kill = (random: Random, at: Instant): readonly FaultEvent[] => [
  killed(random, at, 10 * MINUTE, downFor(random)),
]

/** Everything goes out at once. The daemon is back before the broker, or behind it; Home Assistant is the last. */
export function powerCut(random: Random, at: Instant): readonly FaultEvent[] {
  const daemon = Math.round(random.between(20 * SECOND, 10 * MINUTE))
  const broker = Math.round(random.between(10 * SECOND, 30 * MINUTE))
  const last = Math.max(daemon, broker) + Math.round(random.between(10 * SECOND, 3 * MINUTE))
  return [
    killed(random, at, 0, daemon),
    { kind: 'broker_away', at, until: at + broker, keeps: random.chance(0.7) },
    { kind: 'home_assistant_restart', at, until: at + last },
  ]
}

export function cleanRestart(random: Random, at: Instant): readonly FaultEvent[] {
  const down = downFor(random)
  // A clean stop takes five seconds at most.
  return [{ kind: 'clean_restart', at, until: at + 5 * SECOND + down, downFor: down }]
}

/** Seconds to hours, forth and back; set right again within minutes mostly. */
export function clockJump(random: Random, at: Instant): readonly FaultEvent[] {
  const size = random.pick([2 * SECOND, 40 * SECOND, 5 * MINUTE, 31 * MINUTE, HOUR, 9 * HOUR, 30 * HOUR])
  const by = Math.round(size * random.between(0.5, 1.5)) * random.pick([-1, 1])
  return [{ kind: 'clock_jump', at, until: Math.round(at + random.lognormal(5 * MINUTE, 3 * HOUR)), by }]
}

export const sleep = (random: Random, at: Instant): readonly FaultEvent[] => [
  {
    kind: 'sleep',
    at,
    until: Math.round(at + random.lognormal(12 * MINUTE, 7 * HOUR)),
    monotonicCounts: random.chance(0.5),
  },
]

export const storeLocked = (random: Random, at: Instant): readonly FaultEvent[] => [
  { kind: 'store_locked', at, until: Math.round(at + random.lognormal(3 * SECOND, 40 * SECOND)) },
]

export const storeFull = (random: Random, at: Instant): readonly FaultEvent[] => [
  { kind: 'store_full', at, until: Math.round(at + random.lognormal(20 * MINUTE, 4 * HOUR)) },
]

export function storeCorrupt(random: Random, at: Instant): readonly FaultEvent[] {
  const down = downFor(random)
  return [
    {
      kind: 'store_corrupt',
      at,
      until: at + down,
      downFor: down,
      how: random.pick(['header', 'page', 'truncated']),
    },
  ]
}

export const secondDaemon = (random: Random, at: Instant): readonly FaultEvent[] => [
  {
    kind: 'second_daemon',
    at,
    until: Math.round(at + random.between(MINUTE, 3 * HOUR)),
    shares: random.pick(['account', 'client_id']),
  },
]
