/** Topics of ours as pages and examples name them, held against the catalogue. */
import { registerRequests } from '../../src/bridge-requests.ts'
import { catalogue } from '../../src/entities/catalogue.ts'
import type { EntityRow } from '../../src/entities/entity.ts'

/** Behind the base: an account or a wildcard, or the bridge. What else begins with the program's name is a path of files. */
const TOPIC = /(?:\boctopus2mqtt|<base>)\/(?:bridge\/|<account>\/|\+\/|a-[\w…]+\/)[^\s`'"|),;:\\]*/g

/** With the name of a topic as it is read, and no full stop of a sentence. */
export const topicsOn = (text: string): string[] =>
  [...text.matchAll(TOPIC)].map(([topic]) => topic.replace(/\.+$/, ''))

/** What the bridge registers, and nothing else. */
export const REQUESTS: readonly string[] = (() => {
  const names: string[] = []
  registerRequests({ register: name => void names.push(name) }, {} as Parameters<typeof registerRequests>[1])
  return names
})()

const BRIDGE = [
  ...['state', 'info', 'event'],
  ...['request', 'response'].flatMap(way => REQUESTS.map(name => `${way}/${name}`)),
]

const METERS: readonly (readonly [slug: string, rows: readonly EntityRow[]])[] = [
  ['electricity_import', catalogue.import_meter],
  ['electricity_export', catalogue.export_meter],
  ['gas', catalogue.gas_meter],
]

const ofRows = (device: string, rows: readonly EntityRow[]): string[] =>
  rows.flatMap(({ key, platform, attributeMeanings }) => [
    `${device}/${key}`,
    ...(attributeMeanings === undefined ? [] : [`${device}/${key}/attributes`]),
    ...(platform === 'button' ? [`${device}/${key}/set`] : []),
  ])

/** Every topic below an account. `*` is a car: any name that is no other device's. */
const ACCOUNT: readonly string[] = [
  'availability',
  ...ofRows('account', catalogue.account),
  ...METERS.flatMap(([slug, rows]) => [...ofRows(slug, rows), `${slug}/rates`]),
  ...ofRows('*', catalogue.car),
  '*/plan',
]

const FIXED = new Set(['account', ...METERS.map(([slug]) => slug)])

/** One level of a topic that is named, against one that there is. `<…>` and `+` stand for any that fits. */
function fits(named: string, real: string): boolean {
  if (named === '+' || named === '<device>' || named === '<entity>' || named === '<name>') return true
  if (named === '<meter>') return FIXED.has(real) && real !== 'account'
  if (real === '*') return named === '<car>' || !(FIXED.has(named) || named.startsWith('<'))
  return named === real
}

function matches(named: readonly string[], real: readonly string[]): boolean {
  const open = named.at(-1) === '#' || named.at(-1) === '…' || named.at(-1) === ''
  const levels = open ? named.slice(0, -1) : named
  if (open ? levels.length > real.length : levels.length !== real.length) return false
  return levels.every((level, index) => fits(level, real[index] ?? ''))
}

/** What is wrong with a topic; null where something may be published there or is listened to. */
export function topicProblem(topic: string): string | null {
  const [, second = '', ...rest] = topic.split('/')
  const real = second === 'bridge' ? BRIDGE : second === '+' ? [...ACCOUNT, ...BRIDGE] : ACCOUNT
  return real.some(one => matches(rest, one.split('/'))) ? null : 'there is no such topic'
}
