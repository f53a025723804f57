/** What is listened to for one car, ready to be used: preset and configuration merged, defaults filled in. */
import type { ReadingRule } from './payload.ts'

export interface AvailabilitySpec {
  readonly topic: string
  readonly json?: string
  readonly trueValues?: readonly string[]
  readonly falseValues?: readonly string[]
}

export interface SourceSpec extends ReadingRule {
  readonly topic: string
  readonly availability?: AvailabilitySpec
}

/** Durations are milliseconds. */
export interface PlugSpec {
  readonly sources: readonly SourceSpec[]
  readonly debounceOn: number
  readonly debounceOff: number
  /** Silence after which a source is stale; null is never. */
  readonly staleAfter: number | null
}

export interface DrawSpec {
  readonly sources: readonly SourceSpec[]
  readonly debounce: number
  /** Somebody asked for it, by a topic of their own or by a preset; false for the default topic. */
  readonly explicit: boolean
}

export interface CarSpec {
  readonly plugged: 'none' | PlugSpec
  readonly charging?: DrawSpec
  /** Sources carry thresholds, in their own unit. */
  readonly power?: DrawSpec
  readonly atHome?: readonly SourceSpec[]
  readonly scheduleChanged?: readonly SourceSpec[]
}

export const plugSources = (spec: CarSpec): readonly SourceSpec[] =>
  spec.plugged === 'none' ? [] : spec.plugged.sources

/** Every topic to subscribe to, each once. */
export function topicsOf(spec: CarSpec): string[] {
  const sources = [
    ...plugSources(spec),
    ...(spec.charging?.sources ?? []),
    ...(spec.power?.sources ?? []),
    ...(spec.atHome ?? []),
    ...(spec.scheduleChanged ?? []),
  ]
  const topics = sources.flatMap(source =>
    source.availability === undefined ? [source.topic] : [source.topic, source.availability.topic],
  )
  return [...new Set(topics)]
}

/** By what the store finds a source again after a restart or a changed configuration. */
export const sourceKey = (source: SourceSpec): string => `${source.topic} ${source.json ?? ''}`.trimEnd()
