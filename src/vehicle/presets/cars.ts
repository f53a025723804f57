/** Presets of bridges that read the car itself. Most say plugged wherever the car is: give at_home where that matters. */
import type { Preset } from './kit.ts'

const TESLA_CHARGING = {
  trueValues: ['charging'],
  falseValues: ['disconnected', 'stopped', 'nopower', 'complete'],
}
const TESLAMATE_HEALTH = { topic: '{base}/cars/{car}/healthy' }

export const CARS: readonly Preset[] = [
  {
    name: 'teslamate',
    title: 'TeslaMate',
    params: ['car', 'base', 'geofence'],
    defaults: { car: '1', base: 'teslamate', geofence: 'Home' },
    texts: ['geofence'],
    note:
      'The car says plugged in anywhere, so it counts only inside the geofence named here. ' +
      'base is teslamate, or teslamate/<namespace>.',
    signals: {
      plugged: [{ topic: '{base}/cars/{car}/plugged_in', availability: TESLAMATE_HEALTH }],
      charging: [{ topic: '{base}/cars/{car}/charging_state', ...TESLA_CHARGING, availability: TESLAMATE_HEALTH }],
      power: [{ topic: '{base}/cars/{car}/charger_power', unit: 'kW', availability: TESLAMATE_HEALTH }],
      // assumption: outside every geofence TeslaMate clears the topic, so an empty payload here means away.
      atHome: [
        { topic: '{base}/cars/{car}/geofence', trueValues: ['{geofence}'], falseValues: [''], otherwise: false },
      ],
    },
  },
  {
    name: 'tesla_ble',
    title: 'Tesla by tesla_ble_mqtt',
    params: ['vin', 'prefix'],
    defaults: { prefix: 'tesla_ble' },
    note: 'Speaks only after a poll or a wake. Charging anywhere within Bluetooth reach counts.',
    signals: {
      plugged: [
        {
          topic: '{prefix}/{vin}/sensor/charging_state',
          trueValues: ['nopower', 'stopped', 'charging', 'complete'],
          falseValues: ['disconnected'],
        },
      ],
      charging: [{ topic: '{prefix}/{vin}/sensor/charging_state', ...TESLA_CHARGING }],
    },
  },
  {
    name: 'carconnectivity',
    title: 'VW, Skoda, Seat, Cupra, Audi by CarConnectivity',
    params: ['vin', 'prefix'],
    defaults: { prefix: 'carconnectivity' },
    note: 'Slow cloud data. Charging is left out: the texts of charging/state were not verified.',
    signals: {
      plugged: [
        {
          topic: '{prefix}/garage/{vin}/charging/connector/connection_state',
          trueValues: ['connected'],
          falseValues: ['disconnected'],
          unknownValues: ['unsupported', 'unknown unlock plug state'],
        },
      ],
    },
  },
  {
    name: 'saic',
    title: 'MG by the SAIC gateway',
    params: ['user', 'vin', 'prefix'],
    defaults: { prefix: 'saic' },
    note: 'The gateway polls the cloud of the maker, so it is slow while the car sleeps.',
    signals: {
      plugged: [{ topic: '{prefix}/{user}/vehicles/{vin}/drivetrain/chargerConnected' }],
      charging: [{ topic: '{prefix}/{user}/vehicles/{vin}/drivetrain/charging' }],
    },
  },
  {
    name: 'volvo',
    title: 'Volvo by volvo2mqtt',
    params: ['vin', 'prefix'],
    defaults: { prefix: 'homeassistant' },
    note: 'vin as it stands in the topics. Fault and Unspecified count as not known.',
    signals: {
      plugged: [
        {
          topic: '{prefix}/sensor/{vin}_charging_connection_status/state',
          trueValues: ['connected'],
          falseValues: ['disconnected'],
          unknownValues: ['fault', 'unspecified'],
        },
      ],
      charging: [
        {
          topic: '{prefix}/sensor/{vin}_charging_system_status/state',
          trueValues: ['charging'],
          falseValues: ['idle', 'done', 'scheduled', 'discharging'],
          unknownValues: ['fault', 'error', 'unspecified'],
        },
      ],
    },
  },
  {
    name: 'mazda',
    title: 'Mazda by mazda2mqtt',
    params: ['vin', 'prefix'],
    defaults: { prefix: 'mazda2mqtt' },
    note: 'prefix is mz2mqtt with the other bridge of that name.',
    signals: {
      plugged: [{ topic: '{prefix}/{vin}/chargeInfo/pluggedIn' }],
      charging: [{ topic: '{prefix}/{vin}/chargeInfo/charging' }],
    },
  },
  {
    name: 'outlander_phev',
    title: 'Mitsubishi Outlander PHEV by phev2mqtt',
    params: ['prefix'],
    defaults: { prefix: 'phev' },
    note: 'Reaches the car over its own wireless network, so it falls silent out of reach: consider stale_after.',
    signals: {
      // The words are those that phev2mqtt publishes (its cmd/mqtt.go).
      plugged: [{ topic: '{prefix}/charge/plug', trueValues: ['connected'], falseValues: ['unplugged'] }],
      charging: [{ topic: '{prefix}/charge/charging', trueValues: ['on'], falseValues: ['off'] }],
    },
  },
]
