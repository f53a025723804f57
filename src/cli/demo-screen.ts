/** What the demo prints: each change on the broker that a person cares for, by the demo's own clock. */
import type { Clock } from '../clock.ts'
import { UNKNOWN } from '../entities/payload.ts'

const TOLD: Readonly<Record<string, string>> = {
  plugged_in: 'plugged in',
  charging: 'charging',
  intelligent_state: 'Octopus says',
  planned_dispatch_count: 'planned dispatches',
  next_dispatch_start: 'next dispatch starts',
  next_dispatch_end: 'next dispatch ends',
  current_dispatch_end: 'dispatch ends',
  dispatch_active: 'dispatch active',
  intelligent_dispatching: 'intelligent dispatching',
  house_cheap: 'house cheap',
  house_cheap_until: 'house cheap until',
  refresh_mode: 'refresh mode',
  api_status: 'Octopus API',
  requests_last_hour: 'calls in the last hour',
}

const pounds = (value: string | number): string => `£${Number(value).toFixed(2)}`

/** Of each meter, after its name. */
const OF_METER: Readonly<Record<string, (value: string | number) => readonly [name: string, value: string]>> = {
  history: value => ['history', `${value} %`],
  previous_accumulative_consumption: value => ['last day', `${value} kWh`],
  previous_accumulative_cost: value => ['last day', pounds(value)],
  month_consumption: value => ['month so far', `${value} kWh`],
  month_cost: value => ['month so far', pounds(value)],
  current_rate: value => ['rate now', `£${value} a kWh`],
  half_hours_misjudged: value => ['misjudged', `${value} half hours`],
}

/** By the segment of their topics. */
const METERS: Readonly<Record<string, string>> = {
  electricity_import: 'import',
  electricity_export: 'export',
  gas: 'gas',
}

export class DemoScreen {
  readonly #clock: Clock
  readonly #write: (line: string) => void
  readonly #last = new Map<string, string>()

  constructor(clock: Clock, write: (line: string) => void) {
    this.#clock = clock
    this.#write = write
  }

  heard(topic: string, payload: string): void {
    const before = this.#last.get(topic)
    if (before === payload) return
    this.#last.set(topic, payload)
    // That something is not known yet is no news in the first second.
    if (before === undefined && payload === UNKNOWN) return
    const line = lineFor(topic, payload)
    if (line !== null) this.say(line)
  }

  say(text: string): void {
    const time = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', timeStyle: 'medium' }).format(
      this.#clock.now(),
    )
    this.#write(`${time}  ${text}`)
  }
}

const row = (name: string, value: string): string => `${name.padEnd(24)} ${value}`

function lineFor(topic: string, payload: string): string | null {
  const parts = topic.split('/')
  const key = parts.at(-1) ?? ''
  if (key === 'config' && payload !== '') {
    const document = JSON.parse(payload) as { device: { name: string }; components: object }
    return row(
      'Home Assistant discovery',
      `${document.device.name}: ${Object.keys(document.components).length} entities`,
    )
  }
  if (parts[0] === 'ev') return row(topic, payload)
  if (topic.endsWith('/bridge/state')) return row('bridge', payload)
  const meter = METERS[parts.at(-2) ?? '']
  if (meter !== undefined) return meterLine(meter, key, payload)
  const name = TOLD[key]
  return name === undefined ? null : row(name, payload === UNKNOWN ? '-' : payload)
}

/** A state that begins anew with a day or a month comes as JSON, with when that was. */
function meterLine(meter: string, key: string, payload: string): string | null {
  const tell = OF_METER[key]
  if (tell === undefined || payload === UNKNOWN) return null
  const { value, last_reset } = payload.startsWith('{')
    ? (JSON.parse(payload) as { value: number | null; last_reset: string })
    : { value: payload, last_reset: null }
  if (value === null) return null
  const [name, told] = tell(value)
  return row(`${meter}: ${name}`, last_reset === null ? told : `${told} (from ${last_reset.slice(0, 10)})`)
}
