/** What the house's own signals change of an account's state. Pure. */
import { HOUR, type Instant, MINUTE } from '../clock.ts'
import type { CarSignals } from '../vehicle/types.ts'
import { advance, evaluate } from './advance.ts'
import type { Rules } from './dispatching.ts'
import { charging } from './draw.ts'
import { addEvent, disagrees } from './events.ts'
import { NOT_CONTRADICTED } from './plugged.ts'
import type { AccountState, CarState, PendingEvent } from './state.ts'
import type { Tri } from './types.ts'

/** A charger that flickers is not asked about each time: only so long after the last time, or once it has really turned. */
const TURNING_AGAIN_AFTER = 10 * MINUTE

/** A schedule that changes all the time is asked about so often in an hour. */
const SCHEDULES_AN_HOUR = 6

/** The events with one for a schedule that changed at `now`, and the instants of the last hour for which there was one. */
function withSchedule(
  events: readonly PendingEvent[],
  asks: readonly Instant[],
  now: Instant,
): { readonly events: readonly PendingEvent[]; readonly scheduleAsks: readonly Instant[] } {
  // One that lies ahead was given up for another car's, if it does not wait any more, or is of before the clock was set back.
  const made = asks.filter(ask => ask <= now && ask > now - HOUR)
  const oldest = made.at(-SCHEDULES_AN_HOUR)
  const event = { kind: 'schedule' as const, at: oldest === undefined ? now : oldest + HOUR, confirmation: false }
  const waiting = events.find(({ kind, confirmation, at }) => kind === 'schedule' && !confirmation && at > now)
  // What waits for its time will tell of this change too; what is due may be under way already, and too early for it.
  if (waiting !== undefined && waiting.at <= event.at) return { events, scheduleAsks: asks }
  const scheduleAsks = [...made, event.at]
  if (event.at <= now) return { events: addEvent(events, event), scheduleAsks }
  return { events: [...events.filter(other => other !== waiting), event], scheduleAsks }
}

/** The first message that says so: it has not lasted long enough to count, but Octopus may know more already. */
function seemsToTurn(before: CarState, car: CarState, at: Instant): boolean {
  const { turningSince, since } = charging(car)
  if (turningSince === null || charging(before).turningSince !== null) return false
  const asked = car.turningAskedAt ?? null
  return asked === null || at - asked >= TURNING_AGAIN_AFTER || (since !== null && since >= asked)
}

/**
 * What asks for a call while the draw turns: a look as soon as it seems to, and one when it has, unless an answer to a
 * request since its first message is in. Where that answer disagrees, the second look comes as after any event.
 */
function withDrawEvents(
  events: readonly PendingEvent[],
  before: CarState,
  car: CarState,
  looksEarly: boolean,
  rules: Rules,
  at: Instant,
): readonly PendingEvent[] {
  const { value, since, turningSince } = charging(car)
  const bounced = turningSince === null && charging(before).turningSince !== null
  const open = bounced ? events.filter(({ kind }) => kind !== 'turning') : events
  if (looksEarly) return addEvent(open, { kind: 'turning', at, confirmation: false })
  const turned = value !== null && value !== before.chargingKnown && (before.chargingKnown !== null || value)
  if (!turned) return open
  const askedAt = car.plan?.askedAt ?? null
  if (askedAt === null || since === null || askedAt < since) {
    return addEvent(open, { kind: 'charging', at, confirmation: false })
  }
  if (!disagrees(car, rules, at)) return open
  return addEvent(open, { kind: 'charging', at: Math.max(at, askedAt + rules.confirmAfter), confirmation: true })
}

/** The house's own signals of one car changed. */
export function onSignals(
  state: AccountState,
  rules: Rules,
  carId: string,
  signals: CarSignals,
  at: Instant,
): AccountState {
  const before = advance(state, rules, at)
  const now = Math.max(at, before.evaluatedAt)
  let events: readonly PendingEvent[] = before.events
  const cars = before.cars.map(car => {
    if (car.id !== carId) return car
    const next = withSignals(car, notAhead(signals, car.signals, now), now)
    const looksEarly = seemsToTurn(car, next, now)
    events = withDrawEvents(events, car, next, looksEarly, rules, now)
    const scheduled = next.signals.scheduleChangedAt
    const isChange = scheduled !== null && scheduled !== car.signals.scheduleChangedAt
    const asks = isChange ? withSchedule(events, car.scheduleAsks, now) : { events, scheduleAsks: car.scheduleAsks }
    events = asks.events
    const turningAskedAt = looksEarly ? now : car.turningAskedAt
    return {
      ...next,
      chargingKnown: charging(next).value ?? car.chargingKnown,
      turningAskedAt,
      scheduleAsks: asks.scheduleAsks,
    }
  })
  const after = evaluate({ ...before, cars, events }, rules, now)
  return {
    ...after,
    events: after.events.filter(event => !event.confirmation || cars.some(car => disagrees(car, rules, now))),
  }
}

function withSignals(car: CarState, signals: CarSignals, at: Instant): CarState {
  const before = car.signals.plugged
  // Not by the stamps: where the clock was set back, those that we kept moved with it, and those of the house did not.
  const turned = signals.plugged.value !== before.value
  return turned ? { ...car, ...NOT_CONTRADICTED, signals, topicTurnedAt: at } : { ...car, signals }
}

/**
 * Stamps that lie ahead were made before the clock was set back. A run that goes on keeps the beginning that we knew,
 * which moved with the clock; any other begins now.
 */
function notAhead(signals: CarSignals, before: CarSignals, at: Instant): CarSignals {
  const began = (now: { value: Tri; since: Instant | null }, known: { value: Tri; since: Instant | null }) =>
    now.since === null || now.since <= at ? now.since : now.value === known.value ? Math.min(known.since ?? at, at) : at
  const heard = (stamp: Instant | null) => (stamp === null ? null : Math.min(stamp, at))
  const watched = (stamp: Instant | null, known: Instant | null) =>
    stamp === null || stamp <= at ? stamp : Math.min(known ?? at, at)
  const { plugged, charging: flag, power } = signals
  return {
    plugged: { ...plugged, since: began(plugged, before.plugged), staleSince: heard(plugged.staleSince) },
    charging: {
      ...flag,
      since: began(flag, before.charging),
      turningSince: heard(flag.turningSince),
      watchedSince: watched(flag.watchedSince, before.charging.watchedSince),
      lastHeardAt: heard(flag.lastHeardAt),
    },
    power: {
      ...power,
      since: began(power, before.power),
      turningSince: heard(power.turningSince),
      watchedSince: watched(power.watchedSince, before.power.watchedSince),
      lastHeardAt: heard(power.lastHeardAt),
      wattsAt: heard(power.wattsAt),
    },
    scheduleChangedAt: heard(signals.scheduleChangedAt),
  }
}
