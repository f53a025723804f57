/**
 * What outlives the process: stable values and what each source said last. Kept coarse, so that a power topic that
 * speaks each second does not write to the store each second.
 */
import { type Instant, MINUTE } from '../clock.ts'
import type { Tri } from '../intelligent/types.ts'
import { aFlag, anInstant, aText, fields, listOf, orNull } from '../shape.ts'
import { newSource, type SourceState } from './source.ts'
import { type SourceSpec, sourceKey } from './spec.ts'
import { NEVER_KNOWN, type Stable } from './stable.ts'

export interface StoredSource {
  readonly key: string
  readonly value: Tri
  /** To within ten minutes, never later than the truth; null where it was never heard. */
  readonly heardAt: Instant | null
}

export interface StoredGroup {
  readonly value: Tri
  readonly since: Instant | null
  readonly sources: readonly StoredSource[]
}

export interface StoredSignals {
  readonly plugged: StoredGroup
  readonly pluggedStaleSince: Instant | null
  readonly atHome: readonly StoredSource[]
  readonly charging: StoredGroup
  readonly power: StoredGroup
  readonly scheduleChangedAt: Instant | null
}

const aTri = orNull(aFlag)
const since = orNull(anInstant)
const sources = listOf(fields<StoredSource>({ key: aText, value: aTri, heardAt: since }))
const group = fields<StoredGroup>({ value: aTri, since, sources })

/** The shape in which they come back. */
export const someStoredSignals = fields<StoredSignals>({
  plugged: group,
  pluggedStaleSince: since,
  atHome: sources,
  charging: group,
  power: group,
  scheduleChangedAt: since,
})

const GRAIN = 10 * MINUTE

const coarse = (at: Instant | null): Instant | null => (at === null ? null : Math.floor(at / GRAIN) * GRAIN)

export const storeSources = (specs: readonly SourceSpec[], sources: readonly SourceState[]): StoredSource[] =>
  specs.map((spec, index) => ({
    key: sourceKey(spec),
    value: sources[index]?.value ?? null,
    heardAt: coarse(sources[index]?.heardAt ?? null),
  }))

export const storeGroup = (
  specs: readonly SourceSpec[],
  group: { readonly sources: readonly SourceState[]; readonly stable: Stable },
): StoredGroup => ({
  value: group.stable.value,
  since: group.stable.since,
  sources: storeSources(specs, group.sources),
})

export const restoreSources = (specs: readonly SourceSpec[], stored: readonly StoredSource[] = []): SourceState[] =>
  specs.map(spec => {
    const found = stored.find(({ key }) => key === sourceKey(spec))
    return newSource(found?.value ?? null, found?.heardAt ?? null)
  })

/** A value is forgotten when none of the sources that made it is configured any more. */
export function restoreGroup(
  specs: readonly SourceSpec[],
  stored: StoredGroup | undefined,
): { readonly sources: SourceState[]; readonly stable: Stable } {
  const sources = restoreSources(specs, stored?.sources)
  const isOurs = stored !== undefined && sources.some(source => source.heardAt !== null)
  const stable = isOurs ? { value: stored.value, since: stored.since, changingSince: null } : NEVER_KNOWN
  return { sources, stable }
}
