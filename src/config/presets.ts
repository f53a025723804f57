/** What this room needs to know of a preset; what a preset does is known where it is defined. */
export interface PresetKeys {
  /** Its parameters: keys that may stand beside `ev.preset`. */
  readonly params: readonly string[]
  /** A parameter that is not in here must be given. */
  readonly defaults: Readonly<Record<string, string>>
  /** Parameters that no topic is made of. */
  readonly texts?: readonly string[]
  /** Where it knows of no plug, that has no source. */
  readonly signals?: { readonly plugged?: readonly unknown[] }
}

export type Presets = ReadonlyMap<string, PresetKeys>

export const allParams = (presets: Presets): string[] => [
  ...new Set([...presets.values()].flatMap(preset => [...preset.params])),
]
