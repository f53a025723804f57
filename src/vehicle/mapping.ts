/** From the configuration's `ev` section to a car's spec: the preset first, then whatever was said explicitly. */
import { MINUTE, SECOND } from '../clock.ts'
import { BridgeError } from '../errors.ts'
import type { AvailabilityConfig, DrawConfig, EvConfig, ListedValue, SourceConfig } from './config.ts'
import { plainText } from './extract.ts'
import { fillPreset, PRESETS, type PresetParams, type PresetSignals, paramProblems } from './presets.ts'
import type { AvailabilitySpec, CarSpec, DrawSpec, PlugSpec, SourceSpec } from './spec.ts'

export const DEFAULT_TOPICS = { plugged: 'ev/plugged', charging: 'ev/charging' } as const
export const DEFAULT_DEBOUNCE = { on: 5 * SECOND, off: MINUTE, draw: 20 * SECOND }
/** Watts. Above, a car draws; below, it does not; the test spikes and the 0.7 A between two slots stay below. */
export const DEFAULT_THRESHOLDS = { above: 1_000, below: 200 }

/**
 * `defaults`: the topics of signals that neither the preset nor the configuration names; none for one of several cars, for all would
 * share them. Throws CONFIG_INVALID where the preset or a parameter of it is missing or unknown.
 */
export function carSpec(config: EvConfig, defaults: Partial<typeof DEFAULT_TOPICS> = DEFAULT_TOPICS): CarSpec {
  const preset = config.preset === undefined ? {} : presetSignals(config.preset, config.params ?? {})
  const charging = drawSpec(config.charging, preset.charging, defaults.charging)
  const power = drawSpec(config.power, preset.power)
  const atHome = sourcesOf(config.atHome?.sources, preset.atHome)
  const scheduleChanged = sourcesOf(config.scheduleChanged?.sources, preset.scheduleChanged)
  return {
    plugged: plugSpec(config.plugged, preset.plugged, defaults.plugged),
    ...(charging === null ? {} : { charging }),
    ...(power === null ? {} : { power: { ...power, sources: power.sources.map(withThresholds) } }),
    ...(atHome.length === 0 ? {} : { atHome }),
    ...(scheduleChanged.length === 0 ? {} : { scheduleChanged }),
  }
}

function presetSignals(name: string, params: PresetParams): PresetSignals {
  const preset = PRESETS.get(name)
  const problems =
    preset === undefined
      ? [`there is no preset ${name}; there are ${[...PRESETS.keys()].sort().join(', ')}`]
      : paramProblems(preset, params)
  if (preset === undefined || problems.length > 0) throw new BridgeError('CONFIG_INVALID', `ev: ${problems.join('; ')}`)
  return fillPreset(preset, params)
}

const sourcesOf = (own: readonly SourceConfig[] | undefined, preset: readonly SourceSpec[] | undefined) =>
  own !== undefined && own.length > 0 ? own.map(sourceSpec) : (preset ?? [])

function plugSpec(
  config: EvConfig['plugged'],
  preset: readonly SourceSpec[] = [],
  defaultTopic?: string,
): 'none' | PlugSpec {
  if (config === 'none') return 'none'
  const replaced = preset.length > 0 && config?.explicit === false
  const named = sourcesOf(replaced ? [] : config?.sources, preset)
  const sources = named.length > 0 || defaultTopic === undefined ? named : [{ topic: defaultTopic }]
  if (sources.length === 0) return 'none'
  return {
    sources,
    debounceOn: config?.debounceOn ?? DEFAULT_DEBOUNCE.on,
    debounceOff: config?.debounceOff ?? DEFAULT_DEBOUNCE.off,
    staleAfter: config?.staleAfter ?? null,
  }
}

function drawSpec(
  config: DrawConfig | undefined,
  preset: readonly SourceSpec[] = [],
  defaultTopic?: string,
): DrawSpec | null {
  const debounce = config?.debounce ?? DEFAULT_DEBOUNCE.draw
  const own = config?.sources ?? []
  if (own.length > 0 && config?.explicit === true) return { sources: own.map(sourceSpec), debounce, explicit: true }
  if (preset.length > 0) return { sources: preset, debounce, explicit: true }
  if (own.length > 0) return { sources: own.map(sourceSpec), debounce, explicit: false }
  return defaultTopic === undefined ? null : { sources: [{ topic: defaultTopic }], debounce, explicit: false }
}

const listed = (values: readonly ListedValue[]): string[] => values.map(value => plainText(String(value)))

const listsOf = (config: AvailabilityConfig) => ({
  ...(config.json === undefined ? {} : { json: config.json }),
  ...(config.trueValues === undefined ? {} : { trueValues: listed(config.trueValues) }),
  ...(config.falseValues === undefined ? {} : { falseValues: listed(config.falseValues) }),
})

export function sourceSpec(config: SourceConfig): SourceSpec {
  const { above, below, unit, availability } = config
  return {
    topic: config.topic,
    ...listsOf(config),
    ...(above === undefined ? {} : { above }),
    ...(below === undefined ? {} : { below }),
    ...(unit === undefined ? {} : { unit }),
    ...(availability === undefined ? {} : { availability: availabilitySpec(availability) }),
  }
}

const availabilitySpec = (config: string | AvailabilityConfig): AvailabilitySpec =>
  typeof config === 'string' ? { topic: config } : { topic: config.topic, ...listsOf(config) }

/** Thresholds are in the payload's own unit; a missing one is the default in watts, kept on its side of the other. */
function withThresholds(source: SourceSpec): SourceSpec {
  const scale = source.unit === 'kW' ? 1 / 1_000 : 1
  const above = source.above ?? Math.max(DEFAULT_THRESHOLDS.above * scale, source.below ?? 0)
  return { ...source, above, below: source.below ?? Math.min(DEFAULT_THRESHOLDS.below * scale, above) }
}
