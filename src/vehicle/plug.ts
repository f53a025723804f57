/** Is the car plugged in at home? What the plug sources say, with `at_home`, debounced and with its staleness. */
import type { Instant } from '../clock.ts'
import type { Tri } from '../intelligent/types.ts'
import { anyYes, isDecided, type SourceState, wasHeard } from './source.ts'
import type { PlugSpec } from './spec.ts'
import { ripeAt, type Stable, settle } from './stable.ts'
import type { PlugSignal } from './types.ts'

export interface PlugState {
  readonly sources: readonly SourceState[]
  readonly atHome: readonly SourceState[]
  readonly stable: Stable
  readonly staleSince: Instant | null
  /** The value is still the stored one: nothing that was heard since this start has changed it. */
  readonly isStored: boolean
}

const debounceOf = (spec: PlugSpec) => ({ on: spec.debounceOn, off: spec.debounceOff })

const pluggedAtHome = (sources: readonly SourceState[], atHome: readonly SourceState[]): Tri => {
  const plugged = anyYes(sources)
  return plugged === true && anyYes(atHome) === false ? false : plugged
}

/** Where `at_home` makes the difference, it must be one that can be believed too. */
function isBelieved({ sources, atHome }: PlugState): boolean {
  const awayDecides = anyYes(sources) === true && anyYes(atHome) === false
  return isDecided(sources) && (!awayDecides || isDecided(atHome))
}

/** Takes the sources as they are at `at`. */
export function settlePlug(spec: PlugSpec, plug: PlugState, at: Instant, isKept = true): PlugState {
  const believed = isBelieved(plug)
  const stable = settle(plug.stable, pluggedAtHome(plug.sources, plug.atHome), believed, debounceOf(spec), at, isKept)
  const staleSince = believed || !wasHeard(plug.sources) ? null : (plug.staleSince ?? at)
  return { ...plug, stable, staleSince, isStored: plug.isStored && stable.value === plug.stable.value }
}

/**
 * Takes what was just heard. That the car is away, said for the first time ever, is adopted at once: the ON before it was
 * adopted without knowing better, and retained messages come in any order.
 */
export function hearPlug(
  spec: PlugSpec,
  plug: PlugState,
  heard: Pick<PlugState, 'sources' | 'atHome'>,
  at: Instant,
  isKept: boolean,
): PlugState {
  const learntAway = anyYes(plug.atHome) === null && anyYes(heard.atHome) === false
  const stable =
    learntAway && anyYes(heard.sources) === true ? { value: false, since: at, changingSince: null } : plug.stable
  const isStored = plug.isStored && stable.value === plug.stable.value
  return settlePlug(spec, { ...plug, ...heard, stable, isStored }, at, isKept)
}

const silentAt = (source: SourceState, staleAfter: number | null): Instant | null =>
  staleAfter === null || source.silent || source.freshAt === null ? null : source.freshAt + staleAfter

/** Marks the sources that have been silent for too long by `at`. */
export function hushPlug(spec: PlugSpec, plug: PlugState, at: Instant): PlugState {
  const isDue = (source: SourceState) => at >= (silentAt(source, spec.staleAfter) ?? Number.POSITIVE_INFINITY)
  if (!plug.sources.some(isDue)) return plug
  return { ...plug, sources: plug.sources.map(source => (isDue(source) ? { ...source, silent: true } : source)) }
}

/** Instants at which it changes without a message. */
export function plugEdges(spec: PlugSpec, plug: PlugState): Instant[] {
  const edges = [ripeAt(plug.stable, debounceOf(spec)), ...plug.sources.map(s => silentAt(s, spec.staleAfter))]
  return edges.filter(edge => edge !== null)
}

export function plugView(plug: PlugState): PlugSignal {
  const source = !wasHeard(plug.sources) ? 'none' : plug.staleSince === null ? 'live' : 'stale'
  return {
    source,
    value: plug.stable.value,
    since: plug.stable.since,
    repeated: plug.isStored && plug.stable.value !== null,
    staleSince: plug.staleSince,
  }
}
