/** Whether the car is plugged in at home: the topic, what Octopus's state implies, and which of them to believe. Pure. */
import { type Instant, MINUTE } from '../clock.ts'
import { charging } from './draw.ts'
import type { IntelligentSettings } from './settings.ts'
import type { CarState } from './state.ts'
import type { Tri } from './types.ts'

/** How long a car must draw against a topic that says it is unplugged, before the topic is disbelieved. */
export const DRAW_CONTRADICTS_AFTER = 2 * MINUTE
/** How far apart two answers must lie that both say the car is there, before an OFF topic is disbelieved. */
export const STATE_CONTRADICTS_AFTER = 10 * MINUTE

const IMPLIES: Readonly<Record<string, boolean>> = {
  SMART_CONTROL_CAPABLE: true,
  SMART_CONTROL_IN_PROGRESS: true,
  BOOSTING: true,
  SMART_CONTROL_NOT_AVAILABLE: false,
}

/** What a `currentState` says of the plug: most values say nothing. */
export const impliedBy = (state: string | null): Tri => (state === null ? null : (IMPLIES[state] ?? null))

export const isActiveState = (state: string): boolean => impliedBy(state) === true

function implied(car: CarState, settings: IntelligentSettings, at: Instant): Tri {
  if (car.status === null || at - car.status.fetchedAt > settings.trustPlanFor) return null
  return impliedBy(car.status.state)
}

export interface PluggedIn {
  readonly value: Tri
  readonly source: 'topic' | 'state' | 'charging' | 'none'
}

export function pluggedIn(car: CarState, settings: IntelligentSettings, at: Instant): PluggedIn {
  const topic = car.signals.plugged
  const fromState = (): PluggedIn => {
    const value = implied(car, settings, at)
    return { value, source: value === null ? 'none' : 'state' }
  }
  if (topic.source === 'none' || topic.value === null) return fromState()
  if (car.contradicted === 'charging') return { value: true, source: 'charging' }
  if (car.contradicted === 'state') return fromState()
  const overruled = topic.source === 'stale' && car.impliedAt !== null && car.impliedAt > (topic.staleSince ?? Infinity)
  return overruled ? fromState() : { value: topic.value, source: 'topic' }
}

/** When drawing will contradict an OFF topic, if nothing changes; null where it does not. */
export function drawContradictsAt(car: CarState): Instant | null {
  const topic = car.signals.plugged
  if (car.contradicted !== null || topic.source === 'none' || topic.value !== false) return null
  const draw = charging(car)
  // Nor does one that may have ended where nobody could hear of it.
  if (draw.value !== true || draw.since === null || draw.watchedSince === null) return null
  // From when the topic counted as OFF, not from its first OFF message: a charging flag clears a minute or two late.
  return Math.max(draw.since, draw.watchedSince, car.topicTurnedAt ?? draw.since) + DRAW_CONTRADICTS_AFTER
}

/** Takes what one answer says of the state into account: it may contradict the topic, or end a contradiction. */
export function contradictionAfter(
  car: CarState,
  currentState: string | null,
  at: Instant,
): Pick<CarState, 'contradicted' | 'contradictedAt' | 'sinceOff'> {
  const topic = car.signals.plugged
  const said = impliedBy(currentState)
  if (topic.source === 'none' || topic.value !== false) return NOT_CONTRADICTED
  if (said === false) {
    const stays = charging(car).value === true
    const { contradicted, contradictedAt } = stays ? car : NOT_CONTRADICTED
    return { contradicted, contradictedAt, sinceOff: { notAvailable: true, impliedOnAt: null } }
  }
  const { contradicted, contradictedAt, sinceOff } = car
  if (said === null || !sinceOff.notAvailable) return { contradicted, contradictedAt, sinceOff }
  const impliedOnAt = sinceOff.impliedOnAt ?? at
  const begins = contradicted === null && at - impliedOnAt >= STATE_CONTRADICTS_AFTER
  return {
    contradicted: begins ? 'state' : contradicted,
    contradictedAt: begins ? at : contradictedAt,
    sinceOff: { notAvailable: true, impliedOnAt },
  }
}

export const NOT_CONTRADICTED = {
  contradicted: null,
  contradictedAt: null,
  sinceOff: { notAvailable: false, impliedOnAt: null },
} as const
