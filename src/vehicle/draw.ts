/** Does the car draw? The charging topic and the power topic, each debounced alike both ways. */
import type { Instant } from '../clock.ts'
import { anyYes, isDecided, isLive, isTroubled, lastHeard, type SourceState, wasHeard } from './source.ts'
import type { DrawSpec } from './spec.ts'
import { ripeAt, type Stable, settle } from './stable.ts'
import { type CarSignals, type DrawSignal, NO_SIGNALS } from './types.ts'

export interface DrawState {
  readonly sources: readonly SourceState[]
  readonly stable: Stable
  readonly watchedSince: Instant | null
}

/** What its sources are after a message at `now`: one that can be believed again is watched from then on. */
export function heardDraw(draw: DrawState, sources: readonly SourceState[], now: Instant): DrawState {
  const watchedSince = isDecided(sources) ? (isDecided(draw.sources) ? draw.watchedSince : now) : null
  return { ...draw, sources, watchedSince }
}

/** It could not be heard until now: what was said last may have stopped being true meanwhile. */
export const watchedAnew = (draw: DrawState, now: Instant): DrawState =>
  draw.watchedSince === null ? draw : { ...draw, watchedSince: now }

/** As it is while nobody can be heard: what was said last stands, and proves nothing. */
export const unwatched = <S extends DrawSignal>(signal: S): S =>
  signal.watchedSince === null ? signal : { ...signal, watchedSince: null }

const debounceOf = (spec: DrawSpec) => ({ on: spec.debounce, off: spec.debounce })

export function settleDraw(spec: DrawSpec, draw: DrawState, at: Instant, isKept = true): DrawState {
  const stable = settle(draw.stable, anyYes(draw.sources), isDecided(draw.sources), debounceOf(spec), at, isKept)
  return stable === draw.stable ? draw : { ...draw, stable }
}

export const drawEdge = (spec: DrawSpec, draw: DrawState): Instant | null => ripeAt(draw.stable, debounceOf(spec))

/**
 * A draw before this start is no evidence of a draw now, so nothing is known until something is heard; then `since` goes
 * on from the stored run.
 */
export function drawView(spec: DrawSpec | undefined, draw: DrawState): DrawSignal {
  if (spec === undefined) return NO_SIGNALS.charging
  const isKnown = draw.sources.some(source => source.heardNow)
  return {
    exists: spec.explicit || wasHeard(draw.sources),
    lastHeardAt: lastHeard(draw.sources),
    offline: draw.sources.some(isTroubled) && !isDecided(draw.sources),
    value: isKnown ? draw.stable.value : null,
    since: isKnown ? draw.stable.since : null,
    turningSince: isKnown ? draw.stable.changingSince : null,
    watchedSince: isKnown ? draw.watchedSince : null,
  }
}

/** With several sources the largest measured power that can be believed: they may well measure the same wire. */
export function powerView(spec: DrawSpec | undefined, draw: DrawState, now: Instant): CarSignals['power'] {
  // What was measured before the source could be heard again may not flow any more. A stamp that lies ahead is of before the clock was set back.
  const from = draw.watchedSince !== null && draw.watchedSince <= now ? draw.watchedSince : Number.NEGATIVE_INFINITY
  let watts: number | null = null
  let wattsAt: Instant | null = null
  for (const source of draw.sources) {
    if (!isLive(source) || source.watts === null || (source.wattsAt ?? now) < from) continue
    if (watts !== null && source.watts <= watts) continue
    watts = source.watts
    wattsAt = source.wattsAt
  }
  return { ...drawView(spec, draw), watts, wattsAt }
}
