/**
 * Carries an account's state from one instant to the next. Time is walked edge by edge, never jumped over, so it makes
 * no difference whether a timer fired at every edge or the machine slept through them. Pure.
 */
import { HOUR, type Instant, MINUTE } from '../clock.ts'
import { halfHourCeil, halfHourStart } from '../time/london.ts'
import type { CarSignals } from '../vehicle/types.ts'
import { cheapUntil, heldAt } from './cheap.ts'
import { dispatchActive, halfHoursBegun, isOffPeak, lingersUntil, type Rules, startedCheap } from './dispatching.ts'
import { charging, drawnUpTo, draws, evidenceEdges, hasLiveDrawSignal, isMeasured } from './draw.ts'
import { offPeakEdges } from './off-peak.ts'
import { drawContradictsAt, isActiveState, pluggedIn } from './plugged.ts'
import { firstAfter, type Lasting, remembered } from './remembered.ts'
import { boosting, covers, planStaysUntil, standingOrEndedRows } from './rows.ts'
import type { AccountState, CarState } from './state.ts'

/** How long half hours and completed rows are remembered. */
export const REMEMBERED = 48 * HOUR
/** After this long away, older edges can no longer change anything that is still shown. */
const LONGEST_WALK = REMEMBERED

interface CarEdge extends Lasting {
  /** The first instant at which something of this car may change by itself. */
  readonly next: Instant
}

const carEdge = remembered((car, rules: Rules, at): CarEdge => {
  const next = firstAfter(at, [
    planStaysUntil(car, rules.settings, at),
    lingersUntil(car),
    drawContradictsAt(car),
    ...evidenceEdges(car, at),
  ])
  return { next, until: isMeasured(car) ? at : next }
})

/** The next mark or edge of the off-peak time. */
const commonEdge = ({ offPeak }: Rules, at: Instant): Instant =>
  Math.min(
    halfHourCeil(at + 1),
    offPeak === null ? Number.POSITIVE_INFINITY : firstAfter(at, offPeakEdges(offPeak, at)),
  )

/** The next instant after `at` at which what is true may change without anything being heard. There always is one. */
export const nextEdge = (state: AccountState, rules: Rules, at: Instant): Instant =>
  Math.min(
    commonEdge(rules, at),
    firstAfter(at, [state.held?.until]),
    ...state.cars.map(car => carEdge(car, rules, at).next),
  )

/** The next instant at which `cheap_minutes_left` shows another number; null while it is 0 or not known. */
export function nextMinute(state: AccountState, rules: Rules, at: Instant): Instant | null {
  const until = cheapUntil(state, rules, at)
  const left = until === null ? 0 : Math.floor((until - at) / MINUTE)
  return until === null || left <= 0 ? null : until - left * MINUTE + 1
}

/** Whether the car is one that is asked about regularly: contract, section 5, `steady`. */
export function isSteady(car: CarState, rules: Rules, at: Instant): boolean {
  if (pluggedIn(car, rules.settings, at).value === true) return true
  return car.signals.plugged.source !== 'live' && car.status !== null && isActiveState(car.status.state)
}

/** Whether a standing row begins, ends or runs at the mark, or the car charges. */
export const marksMatter = (car: CarState, rules: Rules, mark: Instant, at: Instant): boolean =>
  isSteady(car, rules, at) &&
  (draws(car) || standingOrEndedRows(car, rules.settings, at).some(row => row.start <= mark && mark <= row.end))

/** `plugged_in` may have turned: remembers when, and what that begins. */
function withPlug(car: CarState, rules: Rules, at: Instant): CarState {
  const { value, source } = pluggedIn(car, rules.settings, at)
  if (value === car.plug.value) return car
  const leftOffAt = car.plug.value === false ? at : car.plug.leftOffAt
  if (value === null || value === car.plug.known) return { ...car, plug: { ...car.plug, value, leftOffAt } }
  const since = source === 'topic' ? car.signals.plugged.since : source === 'state' ? car.status?.askedAt : at
  // A value that comes back after it was overruled turned now, however old its message is.
  const earlier = Math.max(car.plug.turnedAt ?? 0, car.plug.leftOffAt ?? 0)
  const turnedAt = since != null && since > earlier ? since : at
  const saysSoAlready = car.status?.state === 'SMART_CONTROL_NOT_AVAILABLE' && car.status.askedAt >= turnedAt
  return {
    ...car,
    plug: { value, known: value, turnedAt, leftOffAt },
    // Where an answer turned it ON, that answer is the first look.
    settling: value && !isSettledSince(car, turnedAt) ? { since: turnedAt, calls: source === 'state' ? 1 : 0 } : null,
    leavingSince: !value && car.plug.known !== null && !saysSoAlready ? turnedAt : null,
  }
}

/** The answer that turned it ON may have brought the plan itself, or a state that plans nothing. */
function isSettledSince({ status, plan }: CarState, since: Instant): boolean {
  if (status === null || status.askedAt < since) return false
  if (status.state === 'SMART_CONTROL_CAPABLE' || status.state === 'SMART_CONTROL_NOT_AVAILABLE') return false
  return status.state !== 'SMART_CONTROL_IN_PROGRESS' || (plan !== null && plan.askedAt >= since)
}

const withContradiction = (car: CarState, at: Instant): CarState => {
  const contradictsAt = drawContradictsAt(car)
  return contradictsAt !== null && at >= contradictsAt ? { ...car, contradicted: 'charging', contradictedAt: at } : car
}

// Most cars rest: what was evaluated is evaluated until the next edge. By our own id of the car, the newest state of each.
const evaluated = new Map<string, { car: CarState; rules: Rules; at: Instant; until: Instant }>()

function evaluateCar(before: CarState, rules: Rules, at: Instant): CarState {
  const known = evaluated.get(before.id)
  if (known?.car === before && known.rules === rules && known.at <= at && at < known.until) return before
  const car = evaluateAnew(before, rules, at)
  const until = isMeasured(car)
    ? at
    : Math.min(commonEdge(rules, at), carEdge(car, rules, at).next, firstAfter(at, forgottenAt(car)))
  evaluated.set(car.id, { car, rules, at, until })
  return car
}

function evaluateAnew(before: CarState, rules: Rules, at: Instant): CarState {
  let car = withParts(before, { drawn: drawnUpTo(before, at), otherCharge: otherChargeAt(before, rules, at) })
  car = withContradiction(car, at)
  car = withPlug(car, rules, at)
  car = withParts(car, halfHourLists(car, rules, at))
  car = withParts(car, { unplannedSince: drawsUnplanned(car, rules, at) ? (car.unplannedSince ?? at) : null })
  car = withParts(car, { missedSince: restsInDispatch(car, rules, at) ? (car.missedSince ?? at) : null })
  if (at === halfHourStart(at) && marksMatter(car, rules, at, at)) car = withParts(car, { mark: at })
  return car
}

/** The car itself where it has these very parts already, as at most edges: who keeps or shows it sees that it is the same. */
function withParts(car: CarState, parts: Partial<CarState>): CarState {
  const keys = Object.keys(parts) as (keyof CarState)[]
  return keys.every(key => Object.is(car[key], parts[key])) ? car : { ...car, ...parts }
}

/** The boost or test that runs at `at`, or the newest that ended. */
function otherChargeAt(car: CarState, { settings }: Rules, at: Instant): CarState['otherCharge'] {
  const isTest = car.plan?.rows.some(row => row.type === 'TEST' && covers(row, at)) ?? false
  const ran = car.otherCharge?.endedAt === null
  if (boosting(car, settings, at) === true || isTest) return ran ? car.otherCharge : { endedAt: null }
  return ran ? { endedAt: at } : car.otherCharge
}

/** It charges at the normal price, for all we know: by day, outside any dispatch, and not boosted by a person. */
const drawsUnplanned = (car: CarState, rules: Rules, at: Instant): boolean =>
  draws(car) &&
  car.plug.value !== false &&
  isOffPeak(rules, at) === false &&
  boosting(car, rules.settings, at) !== true &&
  dispatchActive(car, rules.settings, at) === false

/** A dispatch is active, and the car does not draw, as far as somebody can tell. */
const restsInDispatch = (car: CarState, rules: Rules, at: Instant): boolean =>
  charging(car).value === false && hasLiveDrawSignal(car, at) && dispatchActive(car, rules.settings, at) === true

function halfHourLists(car: CarState, rules: Rules, at: Instant): Pick<CarState, 'started' | 'smart' | 'cheap'> {
  const { smart, cheap } = halfHoursBegun(car, rules, at)
  const since = at - REMEMBERED
  return {
    started: only(car.started, start => start >= since),
    smart: only(smart, start => start >= since),
    cheap: only(cheap, half => half.start >= since),
  }
}

/** When the oldest half hours are forgotten; they stand in the order of time. */
const forgottenAt = ({ started, smart, cheap }: CarState): (Instant | null)[] =>
  [started[0], smart[0], cheap[0]?.start].map(start => (start === undefined ? null : start + REMEMBERED + 1))

/** The list itself where all of it passes, as it nearly always does: who compares lists sees at once that it is the same. */
const only = <T>(list: readonly T[], passes: (value: T) => boolean): readonly T[] =>
  list.every(passes) ? list : list.filter(passes)

/** Derives everything at `at` itself; all earlier edges must have been walked. */
export function evaluate(state: AccountState, rules: Rules, at: Instant): AccountState {
  const cars = state.cars.map(car => evaluateCar(car, rules, at))
  const next = { ...state, cars, evaluatedAt: at }
  const held = heldAt(next, rules, at)
  const cheap = isOffPeak(rules, at) === true || cars.some(car => startedCheap(car, at) !== undefined)
  return { ...next, held, wasCheap: cheap }
}

/** Walks every edge up to `to`. Going back in time changes nothing (see `shiftClock`). */
export function advance(state: AccountState, rules: Rules, to: Instant): AccountState {
  if (to <= state.evaluatedAt) return state
  let walked = state.evaluatedAt < to - LONGEST_WALK ? { ...state, evaluatedAt: to - LONGEST_WALK } : state
  for (;;) {
    const edge = nextEdge(walked, rules, walked.evaluatedAt)
    if (edge >= to) return evaluate(walked, rules, to)
    walked = evaluate(walked, rules, edge)
  }
}

/**
 * The wall clock was set by `by` milliseconds. What we stamped ourselves moves with it, so ages stay true; what Octopus
 * stamped (rows, half hours) stays where it is. Half hours that have not begun by the right clock never began.
 */
export function shiftClock(state: AccountState, by: number): AccountState {
  const shift = <T extends Instant | null>(at: T): T => (at === null ? at : ((at + by) as T))
  const hasBegun = (start: Instant): boolean => start <= state.evaluatedAt + by
  const cars = state.cars.map(car => ({
    ...car,
    started: only(car.started, hasBegun),
    smart: only(car.smart, hasBegun),
    cheap: only(car.cheap, ({ start }) => hasBegun(start)),
    plan: car.plan && { ...car.plan, askedAt: car.plan.askedAt + by, fetchedAt: car.plan.fetchedAt + by },
    status: car.status && {
      ...car.status,
      askedAt: car.status.askedAt + by,
      fetchedAt: car.status.fetchedAt + by,
      since: car.status.since + by,
    },
    signals: shiftSignals(car.signals, shift),
    topicTurnedAt: shift(car.topicTurnedAt),
    contradictedAt: shift(car.contradictedAt),
    unplannedSince: shift(car.unplannedSince),
    turningAskedAt: shift(car.turningAskedAt),
    answeredAskedAt: shift(car.answeredAskedAt),
    impliedAt: shift(car.impliedAt),
    activeAt: shift(car.activeAt),
    plannedAt: shift(car.plannedAt),
    plug: { ...car.plug, turnedAt: shift(car.plug.turnedAt), leftOffAt: shift(car.plug.leftOffAt) },
    sinceOff: { ...car.sinceOff, impliedOnAt: shift(car.sinceOff.impliedOnAt) },
    settling: car.settling && { ...car.settling, since: car.settling.since + by },
    leavingSince: shift(car.leavingSince),
    missedSince: shift(car.missedSince),
    scheduleAsks: car.scheduleAsks.map(shift),
    otherCharge: car.otherCharge && { endedAt: shift(car.otherCharge.endedAt) },
    drawn: null,
  }))
  return {
    ...state,
    cars,
    answeredAt: shift(state.answeredAt),
    events: state.events.map(event => ({ ...event, at: event.at + by })),
    failures: state.failures && {
      ...state.failures,
      at: state.failures.at + by,
      notBefore: shift(state.failures.notBefore),
    },
    lastCall: state.lastCall && { ...state.lastCall, at: state.lastCall.at + by },
    held: state.held && { mark: state.held.mark + by, until: state.held.until + by },
    evaluatedAt: state.evaluatedAt + by,
  }
}

function shiftSignals(signals: CarSignals, shift: <T extends Instant | null>(at: T) => T): CarSignals {
  const { plugged, charging, power } = signals
  return {
    plugged: { ...plugged, since: shift(plugged.since), staleSince: shift(plugged.staleSince) },
    charging: {
      ...charging,
      since: shift(charging.since),
      turningSince: shift(charging.turningSince),
      watchedSince: shift(charging.watchedSince),
      lastHeardAt: shift(charging.lastHeardAt),
    },
    power: {
      ...power,
      since: shift(power.since),
      turningSince: shift(power.turningSince),
      watchedSince: shift(power.watchedSince),
      lastHeardAt: shift(power.lastHeardAt),
      wattsAt: shift(power.wattsAt),
    },
    scheduleChangedAt: shift(signals.scheduleChangedAt),
  }
}
