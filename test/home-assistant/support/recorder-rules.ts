/**
 * What Home Assistant's recorder refuses, as it was measured on real ones (2024.12 to 2026.11). Each judge gives the code and the
 * words of a refusal, or null.
 */
export type Refusal = { readonly code: string; readonly message: string } | null

type Mapping = Readonly<Record<string, unknown>>

const format = (message: string): Refusal => ({ code: 'invalid_format', message })
const failed = (message: string): Refusal => ({ code: 'home_assistant_error', message })

export const monthOf = (version: string): number => {
  const [year, month] = version.split('.').map(Number)
  return (year ?? 0) * 12 + (month ?? 0)
}
const UNIT_CLASS_KNOWN = monthOf('2025.11')
const UNIT_CLASS_NEEDED = monthOf('2026.11')

const UNITS: Readonly<Record<string, readonly string[]>> = {
  energy: ['Wh', 'kWh', 'MWh'],
  volume: ['L', 'm³', 'ft³'],
}

const isText = (value: unknown) => typeof value === 'string'
const isTextOrNull = (value: unknown) => value === null || isText(value)
const isFlag = (value: unknown) => typeof value === 'boolean'
const isNumber = (value: unknown) => typeof value === 'number'
const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

interface Key {
  readonly is: (value: unknown) => boolean
  readonly required: boolean
}

function keysRefused(data: unknown, keys: Readonly<Record<string, Key>>, at: string): Refusal {
  if (!isMapping(data)) return format(`expected a dictionary @ ${at}`)
  for (const [key, { is, required }] of Object.entries(keys)) {
    if (!(key in data)) {
      if (required) return format(`required key not provided @ ${at}['${key}']. Got None`)
    } else if (!is(data[key])) return format(`wrong type @ ${at}['${key}']. Got ${JSON.stringify(data[key])}`)
  }
  const extra = Object.keys(data).find(key => !(key in keys))
  return extra === undefined ? null : format(`extra keys not allowed @ ${at}['${extra}']. Got ${String(data[extra])}`)
}

const required = (is: Key['is']): Key => ({ is, required: true })
const optional = (is: Key['is']): Key => ({ is, required: false })

function metadataKeys(version: string): Record<string, Key> {
  const always = {
    statistic_id: required(isText),
    source: required(isText),
    name: required(isTextOrNull),
    unit_of_measurement: required(isTextOrNull),
    has_sum: required(isFlag),
  }
  const month = monthOf(version)
  if (month < UNIT_CLASS_KNOWN) return { ...always, has_mean: required(isFlag) }
  const needed = month >= UNIT_CLASS_NEEDED ? required : optional
  return {
    ...always,
    has_mean: optional(isFlag),
    mean_type: needed(value => [0, 1, 2].includes(value as number)),
    unit_class: needed(isTextOrNull),
  }
}

const ROW: Record<string, Key> = {
  start: required(isText),
  ...Object.fromEntries(['state', 'sum', 'mean', 'min', 'max', 'last_reset'].map(key => [key, optional(isNumber)])),
}

const EXTERNAL_ID = /^(?!.+__)(?!_)[\da-z_]+(?<!_):(?!_)[\da-z_]+(?<!_)$/
const ENTITY_ID = /^[a-z_]+\.[a-z0-9_]+$/

export function importRefused(message: Mapping, version: string): Refusal {
  const { metadata, stats } = message
  const outer = keysRefused(
    message,
    {
      id: required(isNumber),
      type: required(isText),
      metadata: required(isMapping),
      stats: required(Array.isArray),
    },
    'data',
  )
  const shape =
    outer ??
    keysRefused(metadata, metadataKeys(version), "data['metadata']") ??
    (stats as unknown[]).reduce<Refusal>(
      (found, row, nth) => found ?? keysRefused(row, ROW, `data['stats'][${nth}]`),
      null,
    )
  if (shape !== null) return shape
  const { statistic_id: id, source, unit_class: unitClass, unit_of_measurement: unit } = metadata as Mapping
  const name = String(id)
  if (ENTITY_ID.test(name)) {
    if (source !== 'recorder') return failed('Invalid source')
  } else if (!EXTERNAL_ID.test(name)) return failed('Invalid statistic_id')
  else if (source !== name.split(':')[0]) return failed('Invalid source')
  if (typeof unitClass === 'string' && !UNITS[unitClass]?.includes(String(unit)))
    return failed(`Unsupported unit_of_measurement for unit_class ${unitClass}`)
  for (const { start } of stats as { start: string }[]) {
    if (Number.isNaN(Date.parse(start))) return format('Invalid datetime specified')
    if (!/(Z|[+-]\d\d:\d\d)$/.test(start)) return failed('Naive timestamp')
    if (Date.parse(start) % 3_600_000 !== 0) {
      return failed('Invalid timestamp: timestamps must be from the top of the hour (minutes and seconds = 0)')
    }
  }
  return null
}

const PERIODS = ['5minute', 'hour', 'day', 'week', 'month', 'year']
const TYPES = ['change', 'last_reset', 'max', 'mean', 'min', 'state', 'sum']

export function readingRefused(message: Mapping): Refusal {
  const shape = keysRefused(
    message,
    {
      id: required(isNumber),
      type: required(isText),
      start_time: required(isText),
      end_time: optional(isText),
      statistic_ids: required(value => Array.isArray(value) && value.length > 0 && value.every(isText)),
      period: required(value => PERIODS.includes(String(value))),
      types: optional(value => Array.isArray(value) && value.every(type => TYPES.includes(String(type)))),
    },
    'data',
  )
  if (shape !== null) return shape
  for (const key of ['start_time', 'end_time'] as const) {
    const given = message[key]
    if (given !== undefined && Number.isNaN(Date.parse(String(given))))
      return { code: `invalid_${key}`, message: `Invalid ${key}` }
  }
  return null
}
