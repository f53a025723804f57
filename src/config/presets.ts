/** What this room needs to know of a preset; what a preset does is known where it is defined. */
export interface PresetKeys {
  /** Its parameters: keys that may stand beside `ev.preset`. */
  readonly params: readonly string[]
  /** A parameter that is not in here must be given. */
  readonly defaults: Readonly<Record<string, string>>
}

export type Presets = ReadonlyMap<string, PresetKeys>

export const allParams = (presets: Presets): string[] => [
  ...new Set([...presets.values()].flatMap(preset => [...preset.params])),
]
