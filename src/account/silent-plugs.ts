/** Notices about plug topics that were asked for by name and have never said a word. Pure. */
import { type Instant, MINUTE } from '../clock.ts'
import { NOTICE_ACTIONS } from '../intelligent/notices.ts'
import type { CarState } from '../intelligent/state.ts'
import type { Notice } from '../snapshot.ts'
import { boundCars, type CarBinding } from './bindings.ts'

/** A plug topic that says nothing at all is worth a notice after this. */
const NEVER_HEARD_AFTER = 10 * MINUTE

export function silentPlugs(
  cars: readonly CarState[],
  bindings: readonly CarBinding[],
  startedAt: Instant,
  at: Instant,
): Notice[] {
  const since = startedAt + NEVER_HEARD_AFTER
  if (at < since) return []
  const unheard = cars.filter(car => car.signals.plugged.source === 'none')
  if (unheard.length === 0) return []
  const bound = boundCars(cars, bindings)
  return unheard
    .filter(({ deviceId }) => bound.get(deviceId)?.explicit)
    .map(car => ({ code: 'plug_silent', since, action: NOTICE_ACTIONS.plug_silent, car: car.slug }))
}
