/** The shapes of a device discovery document, as Home Assistant takes them from 2024.12 on. Keys are written out. */

export interface AvailabilityEntry {
  readonly topic: string
}

/** Keys that a component may have; a key that an older release does not know is dropped there without a word. */
export interface Component {
  readonly platform: string
  readonly name: string
  readonly unique_id: string
  /** With its domain. It decides the entity id when Home Assistant first sees the `unique_id`, and never later. */
  readonly default_entity_id: string
  readonly state_topic?: string
  readonly command_topic?: string
  readonly json_attributes_topic?: string
  readonly value_template?: string
  readonly last_reset_value_template?: string
  readonly payload_on?: string
  readonly payload_off?: string
  readonly payload_press?: string
  readonly event_types?: readonly string[]
  readonly options?: readonly string[]
  readonly device_class?: string
  readonly state_class?: string
  readonly unit_of_measurement?: string
  readonly suggested_display_precision?: number
  readonly icon?: string
  readonly entity_category?: string
  readonly enabled_by_default?: boolean
  readonly availability?: readonly AvailabilityEntry[]
  readonly availability_mode?: 'all'
}

/** What is left of a component that is being removed: the entity and its registry entry go. */
export interface RemovedComponent {
  readonly platform: string
}

export interface Device {
  readonly identifiers: readonly string[]
  readonly name: string
  readonly manufacturer?: string
  readonly model?: string
  readonly serial_number?: string
  readonly sw_version?: string
  readonly via_device?: string
}

export interface Origin {
  readonly name: string
  readonly sw_version: string
  readonly support_url: string
}

/** The root is a closed schema: one key more, and Home Assistant refuses the whole document. */
export interface DevicePayload<C = Component> {
  readonly device: Device
  readonly origin: Origin
  /** Of Home Assistant's subscriptions and of what it publishes. */
  readonly qos: 1
  readonly components: Readonly<Record<string, C>>
}

export interface DiscoveryDocument {
  readonly topic: string
  /** `[a-zA-Z0-9_-]+`, or Home Assistant ignores the topic. */
  readonly id: string
  readonly payload: DevicePayload
}

export interface DiscoverySettings {
  /** `mqtt.base_topic` */
  readonly base: string
  /** `homeassistant.discovery_prefix` */
  readonly prefix: string
  /** `homeassistant.entity_id_prefix` */
  readonly entityIdPrefix?: string | undefined
  readonly version: string
  /** The project's page, http or https. */
  readonly url: string
}

/** By this name we know our own documents again. */
export const ORIGIN_NAME = 'octopus2mqtt'
