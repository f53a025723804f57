/** What asks for a call to Octopus, and what a call comes to that has no answer. Each is one pure step. */
import type { Instant } from '../clock.ts'
import type { RefreshMode } from '../snapshot.ts'
import { advance } from './advance.ts'
import type { Rules } from './dispatching.ts'
import { charging, draws, hasLiveDrawSignal } from './draw.ts'
import { boosting, covers, standingRows } from './rows.ts'
import type { AccountState, CarState, EventKind, FailureKind, PendingEvent } from './state.ts'

/** The car draws without a row that covers now, or a row covers now and the car does not draw. */
export function disagrees(car: CarState, rules: Rules, at: Instant): boolean {
  if (!hasLiveDrawSignal(car, at) || charging(car).value === null) return false
  if (boosting(car, rules.settings, at) === true) return false
  return draws(car) !== standingRows(car, rules.settings, at).some(row => covers(row, at))
}

/** A newer event takes the place of an older one of its kind: a call that is under way may have come too early for it. */
export function addEvent(events: readonly PendingEvent[], event: PendingEvent): PendingEvent[] {
  return [
    ...events.filter(({ kind, confirmation }) => kind !== event.kind || confirmation !== event.confirmation),
    event,
  ]
}

export interface Failure {
  /** When the failed request began. */
  readonly askedAt: Instant
  readonly kind: FailureKind
  readonly notBefore: Instant | null
  /** 0–1. */
  readonly jitter: number
}

/** A dispatch request failed or was refused. */
export function onFailure(state: AccountState, rules: Rules, failure: Failure, at: Instant): AccountState {
  const before = advance(state, rules, at)
  const earlier = before.failures
  const { askedAt, ...rest } = failure
  return {
    ...before,
    failures: {
      ...rest,
      at: askedAt,
      count: (earlier?.count ?? 0) + 1,
      kindCount: earlier?.kind === failure.kind ? earlier.kindCount + 1 : 1,
    },
    events: before.events.filter(event => event.at > askedAt),
  }
}

/** A dispatch request begins. */
export const onCall = (state: AccountState, mode: RefreshMode, at: Instant): AccountState => ({
  ...state,
  lastCall: { at, mode },
  cars: state.cars.map(car =>
    car.settling === null ? car : { ...car, settling: { ...car.settling, calls: car.settling.calls + 1 } },
  ),
})

/** Something asks for a call at once. */
export const onEvent = (state: AccountState, kind: EventKind, at: Instant): AccountState => ({
  ...state,
  events: addEvent(state.events, { kind, at, confirmation: false }),
})
