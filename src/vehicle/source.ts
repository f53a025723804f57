/** One source: the last thing that one topic said, and whether it can still be believed. Pure; JSON-serialisable. */
import type { Instant } from '../clock.ts'
import type { Tri } from '../intelligent/types.ts'
import type { Understood } from './payload.ts'

export interface SourceState {
  /** The last understood answer; until something is heard, the stored one. */
  readonly value: Tri
  readonly watts: number | null
  readonly wattsAt: Instant | null
  /** The last message of any kind, in this run or, to within some minutes, an earlier one. */
  readonly heardAt: Instant | null
  readonly heardNow: boolean
  /** Silence counts from here: the last message, or the moment its availability came back. */
  readonly freshAt: Instant | null
  /** Silent for longer than its `stale_after`. */
  readonly silent: boolean
  /** Set while the last payload was no answer. */
  readonly trouble: 'unknown' | 'not_understood' | null
  /** What its availability topic says; null where there is none or it was not heard. */
  readonly online: Tri
  /** That came retained: it is heard anew on each connection. */
  readonly onlineIsKept: boolean
}

/** What a payload says: yes or no, and how many watts where it is a measured power. */
export interface Said {
  readonly value: Tri
  readonly watts: number | null
}

export const newSource = (value: Tri, heardAt: Instant | null): SourceState => ({
  value,
  heardAt,
  watts: null,
  wattsAt: null,
  heardNow: false,
  freshAt: null,
  silent: false,
  trouble: null,
  online: null,
  onlineIsKept: false,
})

/**
 * Takes a message. A good one that is not merely retained also outweighs an availability that said offline. So does a retained
 * one that is another than we heard last, where nobody keeps the availability: both were said while we were not connected.
 */
export function hear(source: SourceState, said: Understood<Said>, retained: boolean, now: Instant): SourceState {
  const heard = { ...source, heardAt: now, heardNow: true, freshAt: now, silent: false }
  if (said.kind !== 'value') return { ...heard, trouble: said.kind, watts: null, wattsAt: null }
  const { value, watts } = said.value
  const isNew = source.heardNow && !source.onlineIsKept && (value !== source.value || watts !== source.watts)
  return {
    ...heard,
    trouble: null,
    value: value ?? source.value,
    watts,
    wattsAt: watts === null ? null : now,
    online: source.online === false && (!retained || isNew) ? null : source.online,
  }
}

/**
 * Takes a message of its availability topic. Coming back vouches for what the broker still holds: with a retained value
 * nothing else may ever be said. A heartbeat that only repeats `online` vouches for nothing.
 */
export function hearAvailability(
  source: SourceState,
  online: boolean,
  onlineIsKept: boolean,
  now: Instant,
): SourceState {
  if (source.online === online && source.onlineIsKept === onlineIsKept) return source
  const isBack = online && source.online === false && source.heardNow
  return { ...source, online, onlineIsKept, ...(isBack && { freshAt: now, silent: false }) }
}

/** Can its answer be believed now? Before the first message of this run it cannot. */
export const isLive = (source: SourceState): boolean =>
  source.heardNow && source.trouble === null && source.online !== false && !source.silent

/** A known problem, rather than nothing heard yet. */
export const isTroubled = (source: SourceState): boolean => source.online === false || source.trouble !== null

/** Yes if any says yes, no if all that are known say no. What they said last counts, believed or not. */
export function anyYes(sources: readonly SourceState[]): Tri {
  if (sources.some(source => source.value === true)) return true
  return sources.some(source => source.value === false) ? false : null
}

/** Does a source that can be believed say the same as all together? */
export function isDecided(sources: readonly SourceState[]): boolean {
  const value = anyYes(sources)
  return value !== null && sources.some(source => source.value === value && isLive(source))
}

export const wasHeard = (sources: readonly SourceState[]): boolean => sources.some(source => source.heardAt !== null)

export const lastHeard = (sources: readonly SourceState[]): Instant | null =>
  sources.reduce<Instant | null>(
    (latest, { heardAt }) => (heardAt !== null && (latest === null || heardAt > latest) ? heardAt : latest),
    null,
  )
