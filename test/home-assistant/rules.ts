/** Home Assistant's own rules of discovery, read from beside the repository where they are at hand. */
import { existsSync, readFileSync } from 'node:fs'

const FILE = '../shared/data/ha-mqtt-rules.json'

export interface Platform {
  readonly required: readonly string[]
  readonly optional: Readonly<Record<string, unknown>>
}

export interface Rules {
  readonly discovery: {
    readonly device_root: { readonly required: readonly string[]; readonly shared_optional: readonly string[] }
    readonly origin: { readonly required: readonly string[]; readonly optional: readonly string[] }
    readonly device_keys: readonly string[]
    readonly availability_entry: { readonly required: readonly string[]; readonly optional: readonly string[] }
    readonly availability_modes: readonly string[]
  }
  readonly supported_components: readonly string[]
  readonly common_keys: Readonly<Record<string, unknown>>
  readonly platforms: Readonly<Record<string, Platform>>
  readonly json_attributes_blocked: readonly string[]
  readonly sensor: {
    readonly state_classes: readonly string[]
    readonly non_numeric_classes: readonly string[]
    readonly state_classes_by_class: Readonly<Record<string, readonly string[]>>
    readonly units_by_class: Readonly<Record<string, readonly string[] | string>>
    readonly max_state_length: number
    readonly max_recorded_attributes_bytes: number
  }
  readonly binary_sensor_device_classes: readonly string[]
  readonly button_device_classes: readonly string[]
  readonly event_device_classes: readonly string[]
  readonly entity_category: { readonly values: readonly string[]; readonly config_refused_on: readonly string[] }
}

/** Null where the file is not there: then only what the validator knows by itself is checked. */
export const rules: Rules | null = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as Rules) : null

if (rules === null) console.warn(`${FILE} is not there: discovery is held against the validator's own rules only`)
