/**
 * Whether the car draws current, how much it drew in this half hour, and whether that is evidence of charging. Pure.
 * A draw that ran over a half-hour mark proves nothing for the new half hour until Octopus has answered after the mark:
 * the plan that it followed may have ended there.
 */
import { HOUR, type Instant, SECOND } from '../clock.ts'
import { halfHourStart } from '../time/london.ts'
import type { DrawSignal } from '../vehicle/types.ts'
import { firstAfter } from './remembered.ts'
import type { CarState, Drawn } from './state.ts'

const EVIDENCE_AFTER = 60 * SECOND
const EVIDENCE_WH = 10
/** A charger that stands by takes some watts all day; that is no draw of the car. */
const STANDBY_WATTS = 100
const ALIVE_FOR = 24 * HOUR

type Draw = Pick<DrawSignal, 'value' | 'since' | 'turningSince' | 'watchedSince'>
const UNKNOWN: Draw = { value: null, since: null, turningSince: null, watchedSince: null }

/** It spoke in this plug-in or in the last 24 h. */
function spoke(car: CarState, heardAt: Instant | null, at: Instant): boolean {
  if (heardAt === null) return false
  const pluggedSince = car.plug.value === true ? car.plug.turnedAt : null
  return at - heardAt <= ALIVE_FOR || (pluggedSince !== null && heardAt >= pluggedSince)
}

/** The signal spoke in this plug-in or in the last 24 h, and its availability is not offline. */
export const isAlive = (car: CarState, signal: DrawSignal, at: Instant): boolean =>
  signal.exists && !signal.offline && spoke(car, signal.lastHeardAt, at)

/** The charger told of a new schedule in this plug-in or in the last 24 h: it will tell of the next one too. */
export const hasLiveSchedule = (car: CarState, at: Instant): boolean => spoke(car, car.signals.scheduleChangedAt, at)

export const hasLiveDrawSignal = (car: CarState, at: Instant): boolean =>
  isAlive(car, car.signals.charging, at) || isAlive(car, car.signals.power, at)

/** Charging or not, and since when. Watts are believed before a charging flag: the flag lags by a minute or two. */
export function charging(car: CarState): Draw {
  const { power, charging: flag } = car.signals
  if (power.exists && !power.offline && power.value !== null) return power
  if (flag.exists && !flag.offline && flag.value !== null) return flag
  return UNKNOWN
}

export const draws = (car: CarState): boolean => charging(car).value === true

const wattsNow = (car: CarState): number => {
  const { power } = car.signals
  return power.exists && !power.offline && power.watts !== null && power.watts >= STANDBY_WATTS ? power.watts : 0
}

/** Power that flows flows since now, or since the run that was stored before a restart: that may have gone over a mark. */
const beganAt = ({ signals: { power } }: CarState, at: Instant): Instant =>
  power.value === true && power.since !== null ? Math.min(power.since, at) : at

/** A boost or a test runs: what is drawn now is evidence of no dispatch. */
const isOtherCharge = ({ otherCharge }: CarState): boolean => otherCharge?.endedAt === null

/**
 * Integrates the power that was flowing up to `at`, but for that of a boost or a test; the caller stops at every half-hour mark, every
 * new sample and every edge of the plan.
 */
export function drawnUpTo(car: CarState, at: Instant): Drawn | null {
  if (!car.signals.power.exists) return null
  const halfHour = halfHourStart(at)
  const before = car.drawn
  const watts = wattsNow(car)
  // A run ends when the power has stayed down, not at a sample of nothing between two others.
  const runs = watts > 0 || car.signals.power.value === true
  const risingSince = runs ? (before?.risingSince ?? (watts > 0 ? beganAt(car, at) : null)) : null
  // Nothing ran and nothing runs, or no time has passed: it is what it was, and so is the car.
  const isSame = before?.halfHour === halfHour && before.risingSince === risingSince
  if (isSame && (risingSince === null || before.at === at)) return before
  if (before === null || at <= before.at) {
    return { halfHour, overMarkWh: before?.overMarkWh ?? 0, freshWh: before?.freshWh ?? 0, at, risingSince }
  }
  const wh = before.risingSince === null || isOtherCharge(car) ? 0 : (watts * (at - before.at)) / HOUR
  if (halfHour !== before.halfHour) return { halfHour, overMarkWh: 0, freshWh: 0, at, risingSince }
  const over = before.risingSince !== null && before.risingSince < before.halfHour
  return {
    halfHour,
    overMarkWh: before.overMarkWh + (over ? wh : 0),
    freshWh: before.freshWh + (over ? 0 : wh),
    at,
    risingSince,
  }
}

/** Current flows, or did a moment ago: what was drawn grows from instant to instant. */
export const isMeasured = (car: CarState): boolean => wattsNow(car) > 0 || (car.drawn?.risingSince ?? null) !== null

/** When a signal that tells now will have been silent for too long. */
export function deafAt({ signals }: CarState, at: Instant): Instant {
  const heard = [signals.charging.lastHeardAt, signals.power.lastHeardAt]
  return firstAfter(
    at,
    heard.map(last => last && last + ALIVE_FOR + 1),
  )
}

/** Whether an answer that was asked for after the mark that began the half hour of `at` is in. */
const answeredInHalfHour = (car: CarState, at: Instant): boolean =>
  car.answeredAskedAt !== null && car.answeredAskedAt >= halfHourStart(at)

/**
 * Since when the present draw has been seen to be that of a plan: not while its source could not be believed, nor while a boost or a test
 * ran. Null where the car does not draw, or its last message says that it no longer does.
 */
function provesSince(car: CarState): Instant | null {
  const { value, since, turningSince, watchedSince } = charging(car)
  if (value !== true || since === null || turningSince !== null || watchedSince === null) return null
  return Math.max(since, watchedSince, car.otherCharge?.endedAt ?? since)
}

/** The car draws now and has for 60 s, or drew 10 Wh in this half hour. */
export function evidence(car: CarState, at: Instant): boolean {
  const answered = answeredInHalfHour(car, at)
  const { since } = charging(car)
  const from = provesSince(car)
  if (from !== null && since !== null && at - from >= EVIDENCE_AFTER) {
    if (answered || since >= halfHourStart(at)) return true
  }
  const drawn = drawnUpTo(car, at)
  if (drawn === null) return false
  return drawn.freshWh >= EVIDENCE_WH || (answered && drawn.freshWh + drawn.overMarkWh >= EVIDENCE_WH)
}

/** When the present draw becomes evidence, if nothing changes: the instants worth waking for. */
export function evidenceEdges(car: CarState, at: Instant): Instant[] {
  const edges: Instant[] = []
  const from = provesSince(car)
  if (from !== null) edges.push(from + EVIDENCE_AFTER)
  const watts = wattsNow(car)
  const drawn = drawnUpTo(car, at)
  if (watts > 0 && drawn !== null && !isOtherCharge(car)) {
    const answered = answeredInHalfHour(car, at)
    const ranOver = drawn.risingSince !== null && drawn.risingSince < drawn.halfHour
    const wh = drawn.freshWh + (answered ? drawn.overMarkWh : 0)
    // What is drawn over the mark does not count before the answer, so no moment comes at which it is enough.
    if (answered || !ranOver) edges.push(Math.ceil(at + ((EVIDENCE_WH - wh) / watts) * HOUR))
  }
  return edges.filter(edge => edge > at)
}
