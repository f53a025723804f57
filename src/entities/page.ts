/** docs/entities.md, made from the catalogue. */
import { catalogue } from './catalogue.ts'
import type { DeviceKind, EntityRow } from './entity.ts'
import {
  accountAvailabilityTopic,
  attributesTopic,
  bridgeEventTopic,
  bridgeInfoTopic,
  bridgeStateTopic,
  commandTopic,
  planTopic,
  ratesTopic,
  requestTopic,
  responseTopic,
  stateTopic,
} from './topics.ts'

const BASE = '<base>'
const ACCOUNT = '<account>'
const AT = [BASE, ACCOUNT, '<device>', '<entity>'] as const

const TOPICS: readonly (readonly [topic: string, kept: 'yes' | 'no', meaning: string])[] = [
  [bridgeStateTopic(BASE), 'yes', '`online` or `offline`; the last will. `online` comes after discovery and states'],
  [bridgeInfoTopic(BASE), 'yes', 'JSON: version, start, configuration without secrets'],
  [
    requestTopic(BASE, '<name>'),
    'no',
    'JSON: a request: `health`, `refresh`, `discovery` ([home-assistant.md](home-assistant.md#birth-and-restart)) or `log_level` ([operations.md](operations.md#requests)). One that the broker had kept is ignored',
  ],
  [responseTopic(BASE, '<name>'), 'no', 'JSON: the answer to it, with its `transaction`'],
  [bridgeEventTopic(BASE), 'no', 'JSON: plan changes, mode changes, notices opened and closed'],
  [accountAvailabilityTopic(BASE, ACCOUNT), 'yes', '`online` or `offline`: whether fresh answers of Octopus come'],
  [planTopic(BASE, ACCOUNT, '<car>'), 'yes', 'JSON: every planned row, see below'],
  [ratesTopic(BASE, ACCOUNT, '<meter>'), 'yes', 'JSON: today’s and tomorrow’s prices, see below'],
  [stateTopic(...AT), 'yes', 'the state of an entity; of an event entity, each event as JSON, not retained'],
  [attributesTopic(...AT), 'yes', 'JSON: its attributes, under 16 KiB'],
  [commandTopic(...AT), 'no', 'a command, for an entity that takes one: the button takes `PRESS`'],
]

const TITLES: Readonly<Record<DeviceKind, string>> = {
  bridge: 'Bridge',
  account: 'Account',
  import_meter: 'Import meter',
  export_meter: 'Export meter',
  gas_meter: 'Gas meter',
  car: 'Car',
}

const SEGMENTS: Readonly<Record<DeviceKind, string>> = {
  bridge: 'One device for the daemon.',
  account: '`<device>` is `account`.',
  import_meter: '`<device>` is `electricity_import`; a second meter has the last four digits of its MPAN appended.',
  export_meter: '`<device>` is `electricity_export`, a second one as above.',
  gas_meter: '`<device>` is `gas`, a second one with the last four digits of its MPRN.',
  car: 'One device for each car or charge point; `<device>` is its own short name, which never changes.',
}

const AVAILABILITY: Readonly<Record<EntityRow['availability'], string>> = {
  none: 'always',
  bridge: 'bridge',
  'bridge+account': 'bridge and account',
}

/** A pipe would end the cell. */
const cell = (text: string): string => text.replaceAll('|', '\\|')

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.map(cell).join(' | ')} |`).join('\n')

function kindOf(row: EntityRow): string {
  const remarks = [row.deviceClass, row.unit, row.stateClass, row.category].filter(remark => remark !== undefined)
  return remarks.length === 0 ? row.platform : `${row.platform} (${remarks.join(', ')})`
}

function meaningOf(row: EntityRow): string {
  const exists = row.existsWhen === undefined ? '' : ` Only with ${row.existsWhen}.`
  const enabled = row.enabledByDefault === false ? ' Disabled by default in Home Assistant.' : ''
  return `${row.meaning}${exists}${enabled}`
}

const entityTable = (rows: readonly EntityRow[]): string =>
  table(
    ['key', 'name', 'kind', 'means', 'available with'],
    rows.map(row => [`\`${row.key}\``, row.name, kindOf(row), meaningOf(row), AVAILABILITY[row.availability]]),
  )

/** What a state may be, and what its attributes say, where there is something to say. */
function details(row: EntityRow): string[] {
  const words = row.options ?? row.eventTypes
  const lines = [
    ...(words === undefined ? [] : [`One of ${words.map(word => `\`${word}\``).join(', ')}.`]),
    ...(row.resets === true ? ['The state is `{"value": 12.345, "last_reset": "2026-11-22T00:00:00Z"}`.'] : []),
    ...(row.attributeMeanings === undefined
      ? []
      : [
          table(
            ['attribute', 'means'],
            Object.entries(row.attributeMeanings).map(([name, meaning]) => [`\`${name}\``, meaning]),
          ),
        ]),
  ]
  return lines.length === 0 ? [] : [`### ${row.key}`, ...lines]
}

const device = (kind: DeviceKind): string[] => [
  `## ${TITLES[kind]}`,
  SEGMENTS[kind],
  entityTable(catalogue[kind]),
  ...catalogue[kind].flatMap(details),
]

const INTRODUCTION = [
  '<!-- Made from the catalogue in src/entities by `npm run docs`. Do not edit. -->',
  '# Topics and entities',
  'States are retained, one topic each, published when they change: plain text that a person can read and a script can ' +
    'compare. `<base>` is `mqtt.base_topic` (`octopus2mqtt`), `<account>` the account’s number in lower case or its ' +
    'configured name.',
  'Binary sensors say `ON` or `OFF`. What is not known is `None`, which Home Assistant shows as `unknown`; in JSON it is ' +
    '`null`. Times are UTC, `2026-11-23T23:30:00Z`. Energy is in kWh.',
]

const PLAN = [
  '## Plan',
  'One message for each car: `{"rows": [...], "fetched_at": ..., "state": ...}`. A row has `start`, `end`, `type`, ' +
    '`energy_kwh` (Octopus’s sign, negative into a car), `stands`, `why`, and `cheap_start`, `cheap_end`: the half hours ' +
    'that it would make cheap. Only rows that stand count; `why` says why the others do not.',
  'An event of `plan_changed` is `{"event_type": "moved", "start", "end", "previous_start", "previous_end", "type", ' +
    '"energy_kwh"}`; the previous times are null unless a row was moved.',
]

const RATES = [
  '## Prices',
  '`<meter>/rates` is one message for each meter: `[{"start": ..., "end": ..., "value": ...}]`, the half hours of today and ' +
    'tomorrow of which the price is known, in order, GBP/kWh with VAT. evcc reads it as the forecast of a custom tariff.',
  'An event of `current_day_rates` or `next_day_rates` is `{"event_type": "rates", "date", "tariff_code", "mpan", ' +
    '"serial_number", "min_rate", "max_rate", "average_rate", "rates": [{"start", "end", "value_inc_vat"}]}`. It comes ' +
    'when the list changes, at midnight at the latest, and on each connection to the broker. From midnight until the ' +
    'prices of tomorrow are known, `rates` of `next_day_rates` is empty.',
]

const AVAILABLE = [
  '## Availability',
  '*bridge*: available while the daemon runs. *bridge and account*: also only while fresh answers of Octopus come, for ' +
    'what can come from nowhere else. Everything else stays available through an outage of Octopus and turns unknown ' +
    'when it is no longer known, so that an automation which waits for OFF is not left hanging.',
  'Lists in attributes are cut to stay under 16 KiB: what lies nearest or is newest is kept.',
]

/** The whole page. */
export const entitiesPage = (): string =>
  `${[
    ...INTRODUCTION,
    '## Topics',
    table(
      ['topic', 'retained', 'what'],
      TOPICS.map(([topic, kept, meaning]) => [`\`${topic}\``, kept, meaning]),
    ),
    ...AVAILABLE,
    ...PLAN,
    ...RATES,
    ...(Object.keys(TITLES) as DeviceKind[]).flatMap(device),
  ].join('\n\n')}\n`
