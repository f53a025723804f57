/** One row of the catalogue as a component of a discovery document. */
import type { EntityRow } from '../entities/entity.ts'
import { OFFLINE, ONLINE, PRESS } from '../entities/payload.ts'
import {
  accountAvailabilityTopic,
  attributesTopic,
  bridgeStateTopic,
  commandTopic,
  stateTopic,
} from '../entities/topics.ts'
import type { Component } from './document.ts'

/** Where a device publishes, and how its entities are named. */
export interface Place {
  readonly base: string
  readonly accountSlug: string
  readonly deviceSlug: string
  /** Identity of the device in every `unique_id`. */
  readonly id: string
  readonly entityIdStem: string
}

type Part = Partial<Component>

/** Only the keys that have a value: Home Assistant refuses null for some of them. */
const described = (row: EntityRow): Part => ({
  ...(row.deviceClass !== undefined && { device_class: row.deviceClass }),
  ...(row.stateClass !== undefined && { state_class: row.stateClass }),
  ...(row.unit !== undefined && { unit_of_measurement: row.unit }),
  ...(row.precision !== undefined && { suggested_display_precision: row.precision }),
  ...(row.options !== undefined && { options: row.options }),
  ...(row.eventTypes !== undefined && { event_types: row.eventTypes }),
  ...(row.icon !== undefined && { icon: row.icon }),
  ...(row.category !== undefined && { entity_category: row.category }),
  ...(row.enabledByDefault === false && { enabled_by_default: false }),
})

function topics(row: EntityRow, { base, accountSlug, deviceSlug }: Place): Part {
  const at = [base, accountSlug, deviceSlug, row.key] as const
  if (row.platform === 'button') return { command_topic: commandTopic(...at), payload_press: PRESS }
  return {
    state_topic: stateTopic(...at),
    ...(row.attributeMeanings !== undefined && { json_attributes_topic: attributesTopic(...at) }),
  }
}

/** An empty last reset is passed over in silence; a null one would be warned about with every message. */
const templates = (row: EntityRow): Part =>
  row.resets === true
    ? {
        value_template: '{{ value_json.value }}',
        last_reset_value_template: "{{ value_json.last_reset or '' }}",
      }
    : {}

function availability(row: EntityRow, { base, accountSlug }: Place): Part {
  const bridge = { topic: bridgeStateTopic(base) }
  if (row.availability === 'none') return {}
  if (row.availability === 'bridge') return { availability: [bridge] }
  return { availability: [bridge, { topic: accountAvailabilityTopic(base, accountSlug) }], availability_mode: 'all' }
}

const named = (row: EntityRow, { id, entityIdStem }: Place) => ({
  platform: row.platform,
  name: row.name,
  unique_id: `octopus2mqtt_${id}_${row.key}`,
  default_entity_id: `${row.platform}.${entityIdStem}_${row.key}`,
})

export const component = (row: EntityRow, place: Place): Component => ({
  ...named(row, place),
  ...topics(row, place),
  ...templates(row),
  ...described(row),
  ...availability(row, place),
})

/** The bridge's own entity reads `online` and `offline` where all others read ON and OFF. */
export const bridgeComponent = (row: EntityRow, place: Place): Component => ({
  ...named(row, place),
  state_topic: bridgeStateTopic(place.base),
  payload_on: ONLINE,
  payload_off: OFFLINE,
  ...described(row),
  ...availability(row, place),
})
