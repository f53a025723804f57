/** When a car that Octopus no longer lists is gone. Pure. */
import { HOUR, type Instant } from '../clock.ts'
import type { CarState } from '../intelligent/state.ts'

/** A car that answers no longer list is forgotten when this many said so, over at least this time. */
const GONE_AFTER_ANSWERS = 3
const GONE_AFTER = 6 * HOUR

/** An empty list is not yet "no cars": several answers, hours apart, have to agree. */
export function withoutGone<S extends { cars: readonly CarState[] }>(state: S, at: Instant): S {
  const isGone = ({ missing }: CarState) =>
    missing !== null && missing.count >= GONE_AFTER_ANSWERS && at - missing.since >= GONE_AFTER
  return { ...state, cars: state.cars.filter(car => !isGone(car)) }
}
