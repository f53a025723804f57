/** More charge points: those that publish JSON or long status words. */
import type { Preset } from './kit.ts'

export const CHARGERS: readonly Preset[] = [
  {
    name: 'warp',
    title: 'Tinkerforge WARP',
    params: ['prefix'],
    defaults: {},
    note: 'prefix is the MQTT prefix of the charger, by default warp/<id>. An error state counts as not known.',
    signals: {
      // The numbers are those of the API reference at docs.warp-charger.com, evse/state.
      plugged: [
        {
          topic: '{prefix}/evse/state',
          json: 'iec61851_state',
          trueValues: ['1', '2', '3'],
          falseValues: ['0'],
          unknownValues: ['4'],
        },
      ],
      charging: [
        {
          topic: '{prefix}/evse/state',
          json: 'charger_state',
          trueValues: ['3'],
          falseValues: ['0', '1', '2'],
          unknownValues: ['4'],
        },
      ],
    },
  },
  {
    name: 'givenergy_evc',
    title: 'GivEnergy EV charger by GivTCP',
    params: ['base'],
    defaults: {},
    note:
      'base is everything before /Connection_Status (GivEnergy/<serial>/...): look it up in a broker browser, the ' +
      'middle level was not verified. Power is left out: its unit was not verified.',
    signals: {
      plugged: [{ topic: '{base}/Connection_Status', trueValues: ['connected'], falseValues: ['not connected'] }],
      charging: [
        {
          topic: '{base}/Charging_State',
          trueValues: ['charging'],
          falseValues: [
            ...['idle', 'connected', 'starting', 'startup failure', 'end of charging'],
            ...['system failure', 'scheduled', 'updating', 'unstable cp'],
          ],
        },
      ],
    },
  },
  {
    name: 'myenergi2mqtt',
    title: 'zappi by myenergi2mqtt',
    params: ['serial'],
    defaults: {},
    note: 'Reads the pilot state pst; F is a fault and counts as not known. Not retained, sent every ten seconds.',
    signals: {
      plugged: [
        {
          topic: 'myenergi/zappi/{serial}',
          json: 'pst',
          trueValues: ['b1', 'b2', 'c1', 'c2'],
          falseValues: ['a'],
          unknownValues: ['f'],
        },
      ],
      charging: [
        {
          topic: 'myenergi/zappi/{serial}',
          json: 'pst',
          trueValues: ['c2'],
          falseValues: ['a', 'b1', 'b2', 'c1'],
          unknownValues: ['f'],
        },
      ],
    },
  },
]
