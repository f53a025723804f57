/**
 * Chargers that Home Assistant knows, by its `mqtt_statestream`: `<base_topic>/<domain>/<object id>/state`, the raw
 * state as text, retained, published when it changes. Home Assistant's own last will says when it is gone.
 */
import type { AvailabilitySpec, SourceSpec } from '../spec.ts'
import type { Preset } from './kit.ts'

const COMMON = { base_topic: 'homeassistant/statestream', ha_status: 'homeassistant/status' }
const HA_STATUS: AvailabilitySpec = { topic: '{ha_status}' }
const NOTE = 'Home Assistant publishes a state when it changes, so the first one may come late after the first set-up.'

const stateOf = (entity: string, rule: Omit<SourceSpec, 'topic'> = {}): SourceSpec => ({
  topic: `{base_topic}/{${entity}}/state`,
  ...rule,
  availability: HA_STATUS,
})

const ZAPPI_CONNECTED = ['ev connected', 'waiting for ev', 'ev ready to charge', 'charging']

export const HOME_ASSISTANT: readonly Preset[] = [
  {
    name: 'statestream',
    title: 'Any Home Assistant entity by mqtt_statestream',
    params: ['plugged_entity', 'charging_entity', 'power_entity', 'base_topic', 'ha_status'],
    defaults: { ...COMMON, charging_entity: '', power_entity: '' },
    note: `Entity ids such as binary_sensor.car_plugged; power in W. ${NOTE}`,
    signals: {
      plugged: [stateOf('plugged_entity')],
      charging: [stateOf('charging_entity')],
      power: [stateOf('power_entity', { unit: 'W' })],
    },
  },
  {
    name: 'hypervolt',
    title: 'Hypervolt by Home Assistant',
    params: ['plugged_entity', 'charging_entity', 'base_topic', 'ha_status'],
    defaults: {
      ...COMMON,
      plugged_entity: 'binary_sensor.hypervolt_car_plugged',
      charging_entity: 'switch.hypervolt_charging',
    },
    note: `The plug needs a charger of the third generation; it may flap for seconds, which debounce removes. ${NOTE}`,
    signals: { plugged: [stateOf('plugged_entity')], charging: [stateOf('charging_entity')] },
  },
  {
    name: 'ohme',
    title: 'Ohme by Home Assistant',
    params: ['status_entity', 'base_topic', 'ha_status'],
    defaults: COMMON,
    note: `status_entity is the charger's status sensor, sensor.<name>_status. ${NOTE}`,
    signals: {
      plugged: [
        stateOf('status_entity', {
          trueValues: ['plugged_in', 'charging', 'paused', 'pending_approval', 'finished'],
          falseValues: ['unplugged'],
        }),
      ],
      charging: [
        stateOf('status_entity', {
          trueValues: ['charging'],
          falseValues: ['unplugged', 'plugged_in', 'paused', 'pending_approval', 'finished'],
        }),
      ],
    },
  },
  {
    name: 'easee',
    title: 'Easee by Home Assistant',
    params: ['status_entity', 'base_topic', 'ha_status'],
    defaults: COMMON,
    note: `status_entity is the charger's status sensor. Every status but disconnected, offline and error is a plugged-in car. ${NOTE}`,
    signals: {
      plugged: [stateOf('status_entity', { falseValues: ['disconnected'], unknownValues: ['offline', 'error'] })],
      charging: [stateOf('status_entity', { trueValues: ['charging'], unknownValues: ['offline', 'error'] })],
    },
  },
  {
    name: 'ocpp',
    title: 'OCPP charge point by Home Assistant',
    params: ['status_entity', 'base_topic', 'ha_status'],
    defaults: COMMON,
    note: `status_entity is the connector's status sensor, sensor.<charge point>_status_connector. ${NOTE}`,
    signals: {
      plugged: [
        stateOf('status_entity', {
          trueValues: ['preparing', 'charging', 'suspendedev', 'suspendedevse', 'finishing'],
          falseValues: ['available', 'reserved'],
          unknownValues: ['unavailable', 'faulted'],
        }),
      ],
      charging: [
        stateOf('status_entity', {
          trueValues: ['charging'],
          falseValues: ['available', 'preparing', 'suspendedev', 'suspendedevse', 'finishing', 'reserved'],
          unknownValues: ['unavailable', 'faulted'],
        }),
      ],
    },
  },
  {
    name: 'zappi',
    title: 'zappi by Home Assistant (myenergi)',
    params: ['plug_entity', 'status_entity', 'base_topic', 'ha_status'],
    defaults: { ...COMMON, status_entity: '' },
    note: `plug_entity is the plug status sensor; status_entity, the charger's status, is optional. ${NOTE}`,
    signals: {
      plugged: [
        stateOf('plug_entity', {
          trueValues: ZAPPI_CONNECTED,
          falseValues: ['ev disconnected'],
          unknownValues: ['fault'],
        }),
      ],
      charging: [
        stateOf('plug_entity', {
          trueValues: ['charging'],
          falseValues: ['ev disconnected', 'ev connected', 'waiting for ev', 'ev ready to charge'],
          unknownValues: ['fault'],
        }),
        stateOf('status_entity', { trueValues: ['charging', 'boosting'], falseValues: ['paused', 'completed'] }),
      ],
    },
  },
]
