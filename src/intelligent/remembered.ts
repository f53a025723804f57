/**
 * Remembers what was made last of each car. A car is the same object as long as nothing of it has changed; so under the same
 * rules the same is true of it until something begins or ends by time alone. Stays pure: what is remembered depends on the
 * arguments alone.
 */
import type { Instant } from '../clock.ts'
import type { CarState } from './state.ts'

/** What is true of a car from the instant for which it was made on, and before `until`. */
export interface Lasting {
  readonly until: Instant
}

export function remembered<Rules, Made extends Lasting>(
  make: (car: CarState, rules: Rules, at: Instant) => Made,
): (car: CarState, rules: Rules, at: Instant) => Made {
  // By our own id of the car: there are few, and none but the newest state of each is asked about again.
  const known = new Map<string, { car: CarState; rules: Rules; at: Instant; made: Made }>()
  return (car, rules, at) => {
    const last = known.get(car.id)
    if (last?.car === car && last.rules === rules && (last.at === at || (last.at < at && at < last.made.until)))
      return last.made
    const made = make(car, rules, at)
    known.set(car.id, { car, rules, at, made })
    return made
  }
}

/** The first of these instants after `at`; infinity where there is none. */
export function firstAfter(at: Instant, instants: readonly (Instant | null | undefined)[]): Instant {
  let first = Number.POSITIVE_INFINITY
  for (const instant of instants) if (instant != null && instant > at && instant < first) first = instant
  return first
}
