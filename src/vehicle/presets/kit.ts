/**
 * A preset is data: the topics and payloads of one maker or project, with `{name}` where a parameter goes. A parameter
 * whose name ends in `entity` is a Home Assistant entity id: `sensor.x` becomes the topic levels `sensor/x`.
 */
import type { AvailabilitySpec, SourceSpec } from '../spec.ts'

export interface PresetSignals {
  readonly plugged?: readonly SourceSpec[]
  readonly charging?: readonly SourceSpec[]
  readonly power?: readonly SourceSpec[]
  readonly atHome?: readonly SourceSpec[]
  readonly scheduleChanged?: readonly SourceSpec[]
}

export interface Preset {
  readonly name: string
  readonly title: string
  /** Every parameter; one without a default must be given. */
  readonly params: readonly string[]
  /** An empty default marks a parameter as optional: what needs it is left out. */
  readonly defaults: Readonly<Record<string, string>>
  /** Parameters that payloads are compared with: no topic is made of them. */
  readonly texts?: readonly string[]
  /** What a user should know: what it cannot say, and where its facts end. */
  readonly note: string
  readonly signals: PresetSignals
}

export type PresetParams = Readonly<Record<string, string | number>>

/** One line for each parameter that is missing or unknown; empty where all is well. */
export function paramProblems(preset: Preset, params: PresetParams): string[] {
  const given = (name: string) => String(params[name] ?? preset.defaults[name] ?? '').trim()
  const missing = preset.params.filter(name => preset.defaults[name] === undefined && given(name) === '')
  const unknown = Object.keys(params).filter(name => !preset.params.includes(name))
  return [
    ...missing.map(name => `preset ${preset.name} needs ${name}`),
    ...unknown.map(name => `preset ${preset.name} has no ${name}; it takes ${preset.params.join(', ') || 'nothing'}`),
  ]
}

/** The preset's signals with the parameters filled in. Sources that need an empty parameter are left out. */
export function fillPreset(preset: Preset, params: PresetParams): PresetSignals {
  const value = (name: string): string => {
    const text = String(params[name] ?? preset.defaults[name] ?? '').trim()
    return name.endsWith('entity') ? text.replace('.', '/') : text
  }
  const fill = (template: string): string | null => {
    const names = [...template.matchAll(/\{(\w+)\}/g)].map(match => match[1] ?? '')
    if (names.some(name => value(name) === '')) return null
    return template.replace(/\{(\w+)\}/g, (_, name: string) => value(name))
  }
  const { plugged, charging, power, atHome, scheduleChanged } = preset.signals
  const all = (sources: readonly SourceSpec[] | undefined) =>
    (sources ?? []).flatMap(source => fillSource(source, fill))
  return {
    plugged: all(plugged),
    charging: all(charging),
    power: all(power),
    atHome: all(atHome),
    scheduleChanged: all(scheduleChanged),
  }
}

function fillSource(source: SourceSpec, fill: (template: string) => string | null): SourceSpec[] {
  const { availability, ...rest } = source
  const topic = fill(source.topic)
  if (topic === null) return []
  const trueValues = source.trueValues?.flatMap(text => fill(text)?.toLowerCase() ?? [])
  const filled = { ...rest, topic, ...(trueValues === undefined ? {} : { trueValues }) }
  return [{ ...filled, ...fillAvailability(availability, fill) }]
}

function fillAvailability(
  availability: AvailabilitySpec | undefined,
  fill: (template: string) => string | null,
): { readonly availability?: AvailabilitySpec } {
  if (availability === undefined) return {}
  const topic = fill(availability.topic)
  return topic === null ? {} : { availability: { ...availability, topic } }
}
