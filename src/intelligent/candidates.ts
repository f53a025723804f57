/**
 * The calls that the modes of contract section 5 ask for, each with the instant at which it is due by itself, before
 * limits and gaps. Pure. Every interval counts from the last call of any kind, whoever made it.
 */
import type { Instant } from '../clock.ts'
import { isSteady } from './advance.ts'
import {
  type Candidate,
  last,
  minutes,
  NEVER,
  ordinary,
  patience,
  type Rank,
  type RefreshInput,
  seconds,
  urgent,
} from './candidate.ts'
import { hasLiveDrawSignal } from './draw.ts'
import { idleInterval, steadyInterval } from './intervals.ts'
import { type Bounds, boundary, edgesOffMarks, marksOf } from './mark-calls.ts'
import type { CarState, EventKind } from './state.ts'

/** After plugging in: until there is a plan, or Octopus has been asked often enough. */
function settling(input: RefreshInput, car: CarState): Candidate[] {
  if (car.settling === null) return []
  const { refresh } = input
  const { since, calls: made } = car.settling
  const named = (at: Instant, nth: number, reason: string): Candidate =>
    urgent('settling', nth >= 3 ? 'late_settling' : 'rest', at, reason)
  if (made === 0) {
    return [
      named(
        since + refresh.settlingFirst,
        0,
        `${car.slug} was plugged in: first look after ${seconds(refresh.settlingFirst)}`,
      ),
    ]
  }
  const left = refresh.settlingCalls - made
  if (left <= 0) return []
  const heard = car.status !== null && car.status.askedAt >= since ? car.status.state : null
  if (heard === 'SMART_CONTROL_CAPABLE' || heard === 'SMART_CONTROL_IN_PROGRESS') {
    return Array.from({ length: left }, (_, nth) =>
      named(
        last(input) + (nth + 1) * refresh.settlingWhileCapable,
        made + nth,
        `${car.slug} is plugged in and has no plan yet`,
      ),
    )
  }
  return refresh.settlingWhileNotAvailable
    .map(offset => since + offset)
    .filter(at => at > last(input))
    .slice(0, left)
    .map((at, nth) => named(at, made + nth, `${car.slug} is plugged in; Octopus has not noticed yet`))
}

/** After unplugging: until Octopus says so too. */
function unplugged(input: RefreshInput, car: CarState): Candidate[] {
  const since = car.leavingSince
  const { refresh } = input
  if (since === null || input.now >= since + refresh.unpluggedGiveUp) return []
  const reason = `${car.slug} was unplugged; Octopus does not say so yet`
  const first = since + refresh.unpluggedFirst
  if (last(input) < first) return [urgent('unplugged', 'rest', first, `${car.slug} was unplugged`)]
  // assumption: "+3 min" counts from the unplugging, as "60 s" does.
  const second = since + refresh.unpluggedSecond
  const at = last(input) < second ? second : last(input) + refresh.unpluggedEvery
  return at < since + refresh.unpluggedGiveUp ? [ordinary('unplugged', 'rest', at, reason)] : []
}

/** What every kind of call asks of a car. */
interface Outlook extends Bounds {
  readonly car: CarState
  /** Its looks after plugging in. While there are any, a steady or mark call would only push the next one away by the gap. */
  readonly settling: readonly Candidate[]
  readonly isSteady: boolean
  /** It is steady and does not settle: asked about regularly, and around its marks. */
  readonly isRegular: boolean
}

function outlookOf(input: RefreshInput, car: CarState): Outlook {
  const { rules, now } = input
  const looks = settling(input, car)
  const steady = isSteady(car, rules, now)
  const isRegular = steady && looks.length === 0
  const isLive = hasLiveDrawSignal(car, now)
  return {
    car,
    settling: looks,
    isSteady: steady,
    isRegular,
    isLive,
    marks: isRegular ? marksOf(input, car) : [],
    edges: isRegular && isLive ? edgesOffMarks(input, car) : [],
  }
}

/** The newest call was one of a mark's, not somebody else's since. */
const afterMarkCall = ({ state, lastCallAt, refresh }: RefreshInput): boolean =>
  state.lastCall?.mode === 'boundary' && lastCallAt !== null && lastCallAt - state.lastCall.at < refresh.eventConfirm

/**
 * While the car is plugged in and nothing is near. In a full hour the regular call is the first to be left out; but not
 * twice, and never for so long that the plan would grow too old to be trusted. `edges`: marks and edges that have calls of their own, of any car.
 */
function steady(input: RefreshInput, { car, isRegular }: Outlook, edges: readonly Instant[]): Candidate[] {
  const { refresh, phases, now } = input
  if (!isRegular) return []
  const { interval, why } = steadyInterval(car, refresh, now)
  const spread = afterMarkCall(input) ? phases.steady : 0
  const longest = Math.max(interval, Math.min(2 * interval, patience(input)))
  const call = (rank: Rank, after: number): Candidate =>
    ordinary(
      'steady',
      rank,
      Math.max(now, last(input) + after + spread),
      `${car.slug} is plugged in${why}: every ${minutes(interval)}`,
    )
  // So soon before a mark or an edge it would take the place of the call that the edge has.
  const isNear = (at: Instant) => edges.some(edge => at < edge && at >= edge - refresh.boundaryQuiet)
  return [call('steady', interval), call('rest', longest), call('rest', Math.max(longest, patience(input)))].filter(
    ({ at }) => !isNear(at),
  )
}

function idle(input: RefreshInput, { car, isSteady }: Outlook): Candidate[] {
  if (isSteady) return []
  const interval = idleInterval(car, input.refresh, input.now)
  const at = last(input) + interval
  return [ordinary('idle', 'rest', Number.isFinite(at) ? at : input.now, `nothing happens: every ${minutes(interval)}`)]
}

function events(input: RefreshInput, kinds?: readonly EventKind[]): Candidate[] {
  return input.state.events
    .filter(event => event.at > last(input) && (kinds?.includes(event.kind) ?? true))
    .map(event =>
      event.confirmation
        ? urgent('event', 'confirmation', event.at, 'the last answer disagreed with the charging')
        : (event.kind === 'turning' ? ordinary : urgent)('event', 'rest', event.at, EVENT_REASONS[event.kind]),
    )
}

const EVENT_REASONS = {
  charging: 'charging began or ended',
  turning: 'charging seems to begin or end',
  schedule: 'the charger changed its schedule',
  manual: 'asked for by hand',
  start: 'started with no fresh answer',
  token: 'again with a new token',
} as const

/** After a failure: 1, 2, 3 … minutes, or for a block 5, 10, 20 … */
export function backoffAt(input: RefreshInput): Instant | null {
  const { failures } = input.state
  if (failures === null) return null
  const { refresh } = input
  const wait =
    failures.kind === 'blocked' || failures.kind === 'rejected'
      ? Math.min(refresh.blockFirst * 2 ** (failures.kindCount - 1), refresh.blockMax)
      : Math.min(refresh.backoffStep * failures.count, refresh.backoffMax)
  const at = Math.max(failures.at, last(input)) + wait * (1 + 0.1 * failures.jitter)
  return Math.ceil(Math.max(at, failures.notBefore ?? NEVER))
}

/** Every call that is due or can be foreseen for the next half hour or so, in no order. Never empty. */
export function candidates(input: RefreshInput): Candidate[] {
  const { state, refresh, now } = input
  const cars = state.cars.map(car => outlookOf(input, car))
  const pressing = [
    ...events(input),
    ...cars.flatMap(car => car.settling),
    ...cars.flatMap(car => boundary(input, car)),
  ]
  const leaving = cars.flatMap(({ car }) => unplugged(input, car))
  const backoff = backoffAt(input)
  if (backoff !== null && state.failures !== null) {
    const { kind, count } = state.failures
    const waiting = pressing.some(call => call.callClass === 'event' && call.at <= backoff)
    const again = (waiting ? urgent : ordinary)(
      'backoff',
      'rest',
      backoff,
      `Octopus ${FAILURE_REASONS[kind]} (${count} in a row)`,
    )
    if (kind === 'failed') return [again, ...pressing, ...leaving.filter(call => call.callClass === 'event')]
    // A person may have put in another key just now: a start and a wish are worth one try.
    return kind === 'rejected' ? [again, ...events(input, ['start', 'manual'])] : [again]
  }
  const edges = cars.flatMap(car => [...car.marks, ...car.edges])
  const regular = [...cars.flatMap(car => steady(input, car, edges)), ...cars.flatMap(car => idle(input, car))]
  const nothing =
    state.cars.length === 0
      ? [ordinary('idle', 'rest', Math.max(now, last(input) + refresh.idle), 'no car is known')]
      : []
  return [...pressing, ...leaving, ...regular, ...nothing]
}

const FAILURE_REASONS = {
  failed: 'did not answer',
  throttled: 'throttled us',
  blocked: 'blocked us',
  rejected: 'refused the key',
} as const
