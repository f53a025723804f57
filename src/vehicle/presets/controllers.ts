/** Presets of charge controllers and charge points that publish over MQTT by themselves or by a bridge. */
import type { Preset } from './kit.ts'

const EVCC_STATUS = { topic: '{prefix}/status' }
const SMARTEVSE_STATUS = { topic: '{base}/connected' }
const OPENEVSE_ANNOUNCE = { topic: 'openevse/announce/{announce}', json: 'state' }
const WALLBOX_STATUS = { topic: 'wallbox_{serial}/availability' }

export const CONTROLLERS: readonly Preset[] = [
  {
    name: 'evcc',
    title: 'evcc',
    params: ['loadpoint', 'prefix'],
    defaults: { loadpoint: '1', prefix: 'evcc' },
    note: 'evcc clears its topics when it starts and stops: that is read as not known, never as unplugged.',
    signals: {
      plugged: [{ topic: '{prefix}/loadpoints/{loadpoint}/connected', availability: EVCC_STATUS }],
      charging: [{ topic: '{prefix}/loadpoints/{loadpoint}/charging', availability: EVCC_STATUS }],
      power: [{ topic: '{prefix}/loadpoints/{loadpoint}/chargePower', unit: 'W', availability: EVCC_STATUS }],
    },
  },
  {
    name: 'twcmanager',
    title: 'TWCManager',
    params: ['charger', 'prefix'],
    defaults: { prefix: 'TWC' },
    note: 'Tells whether a car charges, not whether one is plugged in: give plugged a topic of its own, or none.',
    signals: { charging: [{ topic: '{prefix}/{charger}/carsCharging', above: 0 }] },
  },
  {
    name: 'openevse',
    title: 'OpenEVSE',
    params: ['base', 'announce'],
    defaults: { announce: '' },
    note:
      'base is the base topic (by default openevse-xxxx), announce the last four characters of the device id. ' +
      'Turn on retained messages in its MQTT settings. Power is left out: its unit was not verified.',
    signals: {
      plugged: [{ topic: '{base}/vehicle', trueValues: ['1'], falseValues: ['0'], availability: OPENEVSE_ANNOUNCE }],
      charging: [
        {
          topic: '{base}/state',
          trueValues: ['3'],
          falseValues: ['1', '2', '254', '255'],
          unknownValues: ['4', '5', '6', '7', '8', '9', '10', '11'],
          availability: OPENEVSE_ANNOUNCE,
        },
      ],
    },
  },
  {
    name: 'smartevse',
    title: 'SmartEVSE v3',
    params: ['base'],
    defaults: {},
    note: 'base is SmartEVSE/<serial>; with older firmware SmartEVSE-<serial>.',
    signals: {
      plugged: [{ topic: '{base}/EVPlugState', availability: SMARTEVSE_STATUS }],
      charging: [{ topic: '{base}/State', trueValues: ['charging'], availability: SMARTEVSE_STATUS }],
    },
  },
  {
    name: 'go-e',
    title: 'go-eCharger v3 and later',
    params: ['serial', 'prefix'],
    defaults: { prefix: 'go-eCharger' },
    note: 'Turn MQTT on in the app. The states 0 and 5 (unknown, error) count as not known.',
    signals: {
      plugged: [
        {
          topic: '{prefix}/{serial}/car',
          trueValues: ['2', '3', '4'],
          falseValues: ['1'],
          unknownValues: ['0', '5'],
        },
      ],
      charging: [
        {
          topic: '{prefix}/{serial}/car',
          trueValues: ['2'],
          falseValues: ['1', '3', '4'],
          unknownValues: ['0', '5'],
        },
      ],
    },
  },
  {
    name: 'wallbox',
    title: 'Wallbox (MQTT bridge on the charger)',
    params: ['serial'],
    defaults: {},
    note: 'For the MQTT bridge that runs on the charger itself. Every status but Charging counts as not charging.',
    signals: {
      plugged: [{ topic: 'wallbox_{serial}/cable_connected/state', availability: WALLBOX_STATUS }],
      charging: [{ topic: 'wallbox_{serial}/status/state', trueValues: ['charging'], availability: WALLBOX_STATUS }],
    },
  },
  {
    name: 'openwb',
    title: 'openWB 2',
    params: ['chargepoint'],
    defaults: {},
    note: 'chargepoint is the number in openWB/chargepoint/<number>.',
    signals: {
      plugged: [{ topic: 'openWB/chargepoint/{chargepoint}/get/plug_state' }],
      charging: [{ topic: 'openWB/chargepoint/{chargepoint}/get/charge_state' }],
    },
  },
  {
    name: 'openwb1',
    title: 'openWB 1.9',
    params: ['loadpoint'],
    defaults: { loadpoint: '1' },
    note: 'For the old series; openwb is for version 2.',
    signals: {
      plugged: [{ topic: 'openWB/lp/{loadpoint}/boolPlugStat' }],
      charging: [{ topic: 'openWB/lp/{loadpoint}/boolChargeStat' }],
    },
  },
]
