/** Plug and charging sources in trouble. */
import { HOUR, type Instant, MINUTE, SECOND } from '../../../src/clock.ts'
import type { Random } from '../../../src/simulator/random.ts'
import type { FaultEvent, Message } from './types.ts'

/** What was seen on such topics beside yes and no, and what nobody ought to send. */
export const GARBAGE: readonly [string, ...string[]] = [
  '',
  ' ',
  'unavailable',
  'unknown',
  'null',
  'none',
  'offline',
  'invalid',
  'Unbekannt',
  '{"state":',
  '{"plugged":"perhaps"}',
  'NaN',
  '-1',
  '\u0000\ufffd\u0007',
  'x'.repeat(20_000),
]

/** Half of the time the plug, which matters more, is the one. */
const anySource = (random: Random): 'plugged' | 'charging' => random.pick(['plugged', 'plugged', 'charging'])

export const silent = (random: Random, at: Instant, cars: number): readonly FaultEvent[] => [
  {
    kind: 'source_silent',
    car: random.whole(0, cars - 1),
    source: anySource(random),
    at,
    until: Math.round(at + random.lognormal(35 * MINUTE, 4 * HOUR)),
  },
]

export const offline = (random: Random, at: Instant, cars: number): readonly FaultEvent[] => [
  {
    kind: 'source_offline',
    car: random.whole(0, cars - 1),
    source: anySource(random),
    at,
    until: Math.round(at + random.lognormal(15 * MINUTE, 3 * HOUR)),
  },
]

/** Of six seconds mostly, as one charger's, or of a contact that is loose for minutes. */
export function flaps(random: Random, at: Instant, cars: number): readonly FaultEvent[] {
  const messages: Message[] = []
  let when = at
  for (let left = random.whole(1, 12); left > 0; left -= 1) {
    const wrongFor = random.chance(0.7) ? 6 * SECOND : random.between(200, 2 * MINUTE)
    messages.push({ at: Math.round(when), says: 'opposite', retain: true })
    messages.push({ at: Math.round(when + wrongFor), says: 'truth', retain: true })
    when += wrongFor + random.between(SECOND, 3 * MINUTE)
  }
  const car = random.whole(0, cars - 1)
  return [{ kind: 'source_flaps', car, source: anySource(random), at, until: Math.round(when), messages }]
}

/** Says unplugged while it charges, or plugged while the drive is empty. */
export const lies = (random: Random, at: Instant, cars: number): readonly FaultEvent[] => [
  {
    kind: 'source_lies',
    car: random.whole(0, cars - 1),
    source: 'plugged',
    at,
    until: Math.round(at + random.lognormal(25 * MINUTE, 5 * HOUR)),
    messages: [{ at, says: 'opposite', retain: true }],
  },
]

export function garbage(random: Random, at: Instant, cars: number): readonly FaultEvent[] {
  const messages: Message[] = []
  let when = at
  for (let left = random.whole(1, 5); left > 0; left -= 1) {
    messages.push({ at: Math.round(when), says: { payload: random.pick(GARBAGE) }, retain: random.chance(0.6) })
    when += random.between(SECOND, 20 * MINUTE)
  }
  const car = random.whole(0, cars - 1)
  return [{ kind: 'source_garbage', car, source: anySource(random), at, until: Math.round(when), messages }]
}
