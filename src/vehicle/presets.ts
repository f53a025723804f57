/** Every preset by name: `ev: {preset: evcc, loadpoint: 1}`. Only topics and payloads that were verified are in them. */
import { CARS } from './presets/cars.ts'
import { CHARGERS } from './presets/chargers.ts'
import { CONTROLLERS } from './presets/controllers.ts'
import { HOME_ASSISTANT } from './presets/home-assistant.ts'
import type { Preset } from './presets/kit.ts'

export type { Preset, PresetParams, PresetSignals } from './presets/kit.ts'
export { fillPreset, paramProblems } from './presets/kit.ts'

export const PRESETS: ReadonlyMap<string, Preset> = new Map(
  [...CONTROLLERS, ...CHARGERS, ...CARS, ...HOME_ASSISTANT].map(preset => [preset.name, preset]),
)
