/** How often a car is asked about while nothing in particular is due: the less, the sooner the house itself would tell. Pure. */
import { HOUR, type Instant } from '../clock.ts'
import { halfHourStart } from '../time/london.ts'
import { hasLiveDrawSignal, hasLiveSchedule } from './draw.ts'
import type { RefreshSettings } from './settings.ts'
import type { CarState } from './state.ts'

export interface SteadyInterval {
  /** Milliseconds. */
  readonly interval: number
  /** For a person, to follow "is plugged in". */
  readonly why: string
}

/** While the car is plugged in. */
export function steadyInterval(car: CarState, refresh: RefreshSettings, now: Instant): SteadyInterval {
  const plannedOrPlugged = Math.max(car.plannedAt ?? 0, car.plug.turnedAt ?? 0)
  if (now - plannedOrPlugged >= refresh.withoutPlanAfter) {
    return { interval: refresh.steadyWithoutPlan, why: ', long without a plan' }
  }
  if (hasLiveSchedule(car, now)) {
    return { interval: refresh.steadyWithSchedule, why: ', the charger tells of a new plan' }
  }
  if (!hasLiveDrawSignal(car, now)) return { interval: refresh.steady, why: '' }
  return car.mark === halfHourStart(now)
    ? { interval: refresh.steadyAfterMarkWithSignal, why: ', the mark had its calls' }
    : { interval: refresh.steadyWithSignal, why: ', the charger tells us sooner' }
}

/** While it is not, or nobody knows. Milliseconds. */
export function idleInterval(car: CarState, refresh: RefreshSettings, now: Instant): number {
  const { source } = car.signals.plugged
  if (source === 'live') return refresh.idle
  if (source === 'stale') return refresh.idleStale
  const active = car.activeAt !== null && now - car.activeAt <= 24 * HOUR
  return active ? refresh.idleNoSourceActive : refresh.idleNoSource
}
