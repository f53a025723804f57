import { describe, expect, it } from '@jest/globals'
import type { Tri } from '../../src/intelligent/types.ts'
import { carSpec } from '../../src/vehicle/mapping.ts'
import { PRESETS, paramProblems } from '../../src/vehicle/presets.ts'
import { initialState, onMessage, view } from '../../src/vehicle/signals.ts'
import { topicsOf } from '../../src/vehicle/spec.ts'

const NOW = Date.parse('2026-11-23T18:00:00Z')

type Params = Record<string, string | number>
type Row = readonly [topic: string, payload: string, plugged: Tri, charging: Tri]

const json = (value: unknown) => JSON.stringify(value)
const HA = 'homeassistant/statestream'

/** Each row is the first message of a fresh start: what is plugged and charging then? */
const TABLE: readonly (readonly [preset: string, params: Params, rows: readonly Row[]])[] = [
  [
    'evcc',
    {},
    [
      ['evcc/loadpoints/1/connected', 'true', true, null],
      ['evcc/loadpoints/1/connected', 'false', false, null],
      ['evcc/loadpoints/1/connected', '', null, null],
      ['evcc/loadpoints/1/charging', 'true', null, true],
      ['evcc/loadpoints/1/charging', '', null, null],
    ],
  ],
  ['evcc', { loadpoint: 2, prefix: 'garage' }, [['garage/loadpoints/2/connected', 'true', true, null]]],
  [
    'twcmanager',
    { charger: 'ab12' },
    [
      ['TWC/ab12/carsCharging', '1', null, true],
      ['TWC/ab12/carsCharging', '0', null, false],
    ],
  ],
  [
    'openevse',
    { base: 'openevse-55ad' },
    [
      ['openevse-55ad/vehicle', '1', true, null],
      ['openevse-55ad/vehicle', '0', false, null],
      ['openevse-55ad/state', '1', null, false],
      ['openevse-55ad/state', '2', null, false],
      ['openevse-55ad/state', '3', null, true],
      ['openevse-55ad/state', '4', null, null],
      ['openevse-55ad/state', '11', null, null],
      ['openevse-55ad/state', '254', null, false],
      ['openevse-55ad/state', '255', null, false],
    ],
  ],
  [
    'smartevse',
    { base: 'SmartEVSE/5213' },
    [
      ['SmartEVSE/5213/EVPlugState', 'Connected', true, null],
      ['SmartEVSE/5213/EVPlugState', 'Disconnected', false, null],
      ['SmartEVSE/5213/State', 'Charging', null, true],
      ['SmartEVSE/5213/State', 'Ready to Charge', null, false],
      ['SmartEVSE/5213/State', 'Connected to EV', null, false],
    ],
  ],
  [
    'go-e',
    { serial: '012345' },
    [
      ['go-eCharger/012345/car', '0', null, null],
      ['go-eCharger/012345/car', '1', false, false],
      ['go-eCharger/012345/car', '2', true, true],
      ['go-eCharger/012345/car', '3', true, false],
      ['go-eCharger/012345/car', '4', true, false],
      ['go-eCharger/012345/car', '5', null, null],
      ['go-eCharger/012345/car', 'null', null, null],
    ],
  ],
  [
    'wallbox',
    { serial: '77' },
    [
      ['wallbox_77/cable_connected/state', '1', true, null],
      ['wallbox_77/cable_connected/state', '0', false, null],
      ['wallbox_77/status/state', 'Charging', null, true],
      ...['Ready', 'Connected waiting car', 'Connected waiting schedule', 'Paused', 'Schedule end', 'Locked'].map(
        (text): Row => ['wallbox_77/status/state', text, null, false],
      ),
    ],
  ],
  [
    'openwb',
    { chargepoint: 4 },
    [
      ['openWB/chargepoint/4/get/plug_state', 'true', true, null],
      ['openWB/chargepoint/4/get/plug_state', 'false', false, null],
      ['openWB/chargepoint/4/get/charge_state', 'true', null, true],
    ],
  ],
  [
    'openwb1',
    {},
    [
      ['openWB/lp/1/boolPlugStat', '1', true, null],
      ['openWB/lp/1/boolChargeStat', '0', null, false],
    ],
  ],
  [
    'warp',
    { prefix: 'warp/AbC' },
    [
      ['warp/AbC/evse/state', json({ iec61851_state: 0, charger_state: 0 }), false, false],
      ['warp/AbC/evse/state', json({ iec61851_state: 1, charger_state: 1 }), true, false],
      ['warp/AbC/evse/state', json({ iec61851_state: 1, charger_state: 2 }), true, false],
      ['warp/AbC/evse/state', json({ iec61851_state: 2, charger_state: 3 }), true, true],
      ['warp/AbC/evse/state', json({ iec61851_state: 4, charger_state: 4 }), null, null],
    ],
  ],
  [
    'givenergy_evc',
    { base: 'GivEnergy/EVC1/Charger' },
    [
      ['GivEnergy/EVC1/Charger/Connection_Status', 'Connected', true, null],
      ['GivEnergy/EVC1/Charger/Connection_Status', 'Not Connected', false, null],
      ['GivEnergy/EVC1/Charger/Charging_State', 'Charging', null, true],
      ['GivEnergy/EVC1/Charger/Charging_State', 'Unknown', null, null],
      ...['Idle', 'Connected', 'End of Charging', 'Scheduled', 'Unstable CP'].map(
        (text): Row => ['GivEnergy/EVC1/Charger/Charging_State', text, null, false],
      ),
    ],
  ],
  [
    'myenergi2mqtt',
    { serial: 1 },
    [
      ['myenergi/zappi/1', json({ pst: 'A', che: 0 }), false, false],
      ['myenergi/zappi/1', json({ pst: 'B1' }), true, false],
      ['myenergi/zappi/1', json({ pst: 'B2' }), true, false],
      ['myenergi/zappi/1', json({ pst: 'C1' }), true, false],
      ['myenergi/zappi/1', json({ pst: 'C2' }), true, true],
      ['myenergi/zappi/1', json({ pst: 'F' }), null, null],
    ],
  ],
  [
    'teslamate',
    {},
    [
      ['teslamate/cars/1/plugged_in', 'true', true, null],
      ['teslamate/cars/1/plugged_in', 'false', false, null],
      ['teslamate/cars/1/charging_state', 'Charging', null, true],
      ...['Disconnected', 'Stopped', 'NoPower', 'Complete'].map(
        (text): Row => ['teslamate/cars/1/charging_state', text, null, false],
      ),
    ],
  ],
  ['teslamate', { base: 'teslamate/mine', car: 2 }, [['teslamate/mine/cars/2/plugged_in', 'true', true, null]]],
  [
    'tesla_ble',
    { vin: 'V1' },
    [
      ['tesla_ble/V1/sensor/charging_state', 'NoPower', true, false],
      ['tesla_ble/V1/sensor/charging_state', 'Stopped', true, false],
      ['tesla_ble/V1/sensor/charging_state', 'Charging', true, true],
      ['tesla_ble/V1/sensor/charging_state', 'Complete', true, false],
      ['tesla_ble/V1/sensor/charging_state', 'Disconnected', false, false],
    ],
  ],
  [
    'carconnectivity',
    { vin: 'V1' },
    [
      ...(
        [
          ['connected', true],
          ['disconnected', false],
          ['invalid', null],
          ['unsupported', null],
          ['unknown unlock plug state', null],
        ] as const
      ).map(
        ([text, value]): Row => ['carconnectivity/garage/V1/charging/connector/connection_state', text, value, null],
      ),
    ],
  ],
  [
    'saic',
    { user: 'me@example.org', vin: 'V1' },
    [
      ['saic/me@example.org/vehicles/V1/drivetrain/chargerConnected', 'true', true, null],
      ['saic/me@example.org/vehicles/V1/drivetrain/charging', 'false', null, false],
    ],
  ],
  [
    'volvo',
    { vin: 'v1' },
    [
      ['homeassistant/sensor/v1_charging_connection_status/state', 'Connected', true, null],
      ['homeassistant/sensor/v1_charging_connection_status/state', 'Disconnected', false, null],
      ['homeassistant/sensor/v1_charging_connection_status/state', 'Fault', null, null],
      ['homeassistant/sensor/v1_charging_system_status/state', 'Charging', null, true],
      ['homeassistant/sensor/v1_charging_system_status/state', 'Done', null, false],
      ['homeassistant/sensor/v1_charging_system_status/state', 'Error', null, null],
    ],
  ],
  [
    'mazda',
    { vin: 'V1', prefix: 'mz2mqtt' },
    [
      ['mz2mqtt/V1/chargeInfo/pluggedIn', 'true', true, null],
      ['mz2mqtt/V1/chargeInfo/charging', 'false', null, false],
    ],
  ],
  [
    'outlander_phev',
    {},
    [
      ['phev/charge/plug', 'connected', true, null],
      ['phev/charge/plug', 'unplugged', false, null],
      ['phev/charge/charging', 'on', null, true],
    ],
  ],
  [
    'statestream',
    { plugged_entity: 'binary_sensor.indra_connected', charging_entity: 'binary_sensor.indra_charging' },
    [
      [`${HA}/binary_sensor/indra_connected/state`, 'on', true, null],
      [`${HA}/binary_sensor/indra_connected/state`, 'off', false, null],
      [`${HA}/binary_sensor/indra_connected/state`, 'unavailable', null, null],
      [`${HA}/binary_sensor/indra_charging/state`, 'on', null, true],
    ],
  ],
  [
    'hypervolt',
    { base_topic: 'ha' },
    [
      ['ha/binary_sensor/hypervolt_car_plugged/state', 'on', true, null],
      ['ha/binary_sensor/hypervolt_car_plugged/state', 'unknown', null, null],
      ['ha/switch/hypervolt_charging/state', 'off', null, false],
    ],
  ],
  [
    'ohme',
    { status_entity: 'sensor.ohme_home_status' },
    [
      [`${HA}/sensor/ohme_home_status/state`, 'unplugged', false, false],
      [`${HA}/sensor/ohme_home_status/state`, 'charging', true, true],
      ...['plugged_in', 'paused', 'pending_approval', 'finished'].map(
        (text): Row => [`${HA}/sensor/ohme_home_status/state`, text, true, false],
      ),
    ],
  ],
  [
    'easee',
    { status_entity: 'sensor.garage_status' },
    [
      [`${HA}/sensor/garage_status/state`, 'disconnected', false, false],
      [`${HA}/sensor/garage_status/state`, 'charging', true, true],
      [`${HA}/sensor/garage_status/state`, 'error', null, null],
      [`${HA}/sensor/garage_status/state`, 'offline', null, null],
      ...['awaiting_start', 'completed', 'ready_to_charge', 'awaiting_authorization', 'de_authorizing'].map(
        (text): Row => [`${HA}/sensor/garage_status/state`, text, true, false],
      ),
    ],
  ],
  [
    'ocpp',
    { status_entity: 'sensor.cp_status_connector' },
    [
      [`${HA}/sensor/cp_status_connector/state`, 'Available', false, false],
      [`${HA}/sensor/cp_status_connector/state`, 'Charging', true, true],
      [`${HA}/sensor/cp_status_connector/state`, 'Faulted', null, null],
      [`${HA}/sensor/cp_status_connector/state`, 'Unavailable', null, null],
      ...['Preparing', 'SuspendedEV', 'SuspendedEVSE', 'Finishing'].map(
        (text): Row => [`${HA}/sensor/cp_status_connector/state`, text, true, false],
      ),
    ],
  ],
  [
    'zappi',
    { plug_entity: 'sensor.zappi_plug_status', status_entity: 'sensor.zappi_status' },
    [
      [`${HA}/sensor/zappi_plug_status/state`, 'EV Disconnected', false, false],
      [`${HA}/sensor/zappi_plug_status/state`, 'EV Connected', true, false],
      [`${HA}/sensor/zappi_plug_status/state`, 'Waiting for EV', true, false],
      [`${HA}/sensor/zappi_plug_status/state`, 'EV ready to charge', true, false],
      [`${HA}/sensor/zappi_plug_status/state`, 'Charging', true, true],
      [`${HA}/sensor/zappi_plug_status/state`, 'Fault', null, null],
      [`${HA}/sensor/zappi_plug_status/state`, '', null, null],
      [`${HA}/sensor/zappi_status/state`, 'Boosting', null, true],
      [`${HA}/sensor/zappi_status/state`, 'Completed', null, false],
    ],
  ],
]

describe('presets', () => {
  it('all have a row here, a note and parameters that hang together', () => {
    expect([...PRESETS.keys()].sort()).toEqual([...new Set(TABLE.map(([name]) => name))].sort())
    for (const preset of PRESETS.values()) {
      expect(preset.note.length).toBeGreaterThan(20)
      expect(Object.keys(preset.defaults).filter(name => !preset.params.includes(name))).toEqual([])
      const used = [...JSON.stringify(preset.signals).matchAll(/\{(\w+)\}/g)].map(match => match[1])
      expect([...new Set(used)].sort()).toEqual([...preset.params].sort())
    }
  })

  const rows = TABLE.flatMap(([preset, params, list]) => list.map(row => [preset, params, ...row] as const))
  it.each(rows)('%s %j: %s says %j', (preset, params, topic, payload, plugged, charging) => {
    const spec = carSpec({ preset, params })
    expect(topicsOf(spec)).toContain(topic)
    expect(topicsOf(spec).join()).not.toMatch(/[{}]|\/\//)
    const state = onMessage(spec, initialState(spec, undefined, NOW), topic, Buffer.from(payload), true, NOW)
    const signals = view(spec, state, NOW)
    expect([signals.plugged.value, signals.charging.value]).toEqual([plugged, charging])
    expect(state.remarks.filter(({ kind }) => kind === 'not_understood')).toEqual([])
  })

  it('count a Tesla only inside the geofence', () => {
    const spec = carSpec({ preset: 'teslamate', params: { geofence: '🏡 Home' } })
    const seen = (...geofences: string[]) => {
      let state = onMessage(spec, initialState(spec, undefined, NOW), 'teslamate/cars/1/plugged_in', 'true', true, NOW)
      for (const text of geofences) state = onMessage(spec, state, 'teslamate/cars/1/geofence', text, true, NOW)
      return view(spec, state, NOW).plugged
    }
    expect([seen(), seen('🏡 home'), seen('Work'), seen('')].map(({ value }) => value)).toEqual([
      true,
      true,
      false,
      false,
    ])
  })

  it('mark evcc stale when it clears its topics or its will says offline', () => {
    const spec = carSpec({ preset: 'evcc' })
    const connected = 'evcc/loadpoints/1/connected'
    const on = onMessage(spec, initialState(spec, undefined, NOW), connected, 'true', true, NOW)
    const cleared = onMessage(spec, on, connected, '', false, NOW + 1)
    const gone = onMessage(spec, on, 'evcc/status', 'offline', false, NOW + 1)
    for (const state of [cleared, gone]) {
      expect(view(spec, state, NOW + 2).plugged).toMatchObject({ source: 'stale', value: true, staleSince: NOW + 1 })
    }
    expect(view(spec, onMessage(spec, gone, 'evcc/status', 'online', false, NOW + 3), NOW + 3).plugged.source).toBe(
      'live',
    )
  })

  it('read power in its unit', () => {
    const watts = (preset: string, topic: string, payload: string) => {
      const spec = carSpec({ preset })
      return view(spec, onMessage(spec, initialState(spec, undefined, NOW), topic, payload, true, NOW), NOW).power
    }
    expect(watts('evcc', 'evcc/loadpoints/1/chargePower', '7212.5')).toMatchObject({ watts: 7212.5, value: true })
    expect(watts('teslamate', 'teslamate/cars/1/charger_power', '7')).toMatchObject({ watts: 7_000, value: true })
    expect(watts('teslamate', 'teslamate/cars/1/charger_power', '0')).toMatchObject({ watts: 0, value: false })
  })

  it('name every parameter that is missing or unknown', () => {
    const saic = PRESETS.get('saic')
    expect(saic && paramProblems(saic, { vim: 'x' })).toEqual([
      'preset saic needs user',
      'preset saic needs vin',
      'preset saic has no vim; it takes user, vin, prefix',
    ])
  })
})
