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
  previous_accumulative_consumption: 'last complete day',
  api_status: 'Octopus API',
  requests_last_hour: 'calls in the last hour',
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
  const name = TOLD[key]
  if (name === undefined) return null
  if (key === 'previous_accumulative_consumption') {
    const { value, last_reset } = JSON.parse(payload) as { value: number | null; last_reset: string }
    return value === null ? null : row(name, `${value} kWh (from ${last_reset})`)
  }
  return row(name, payload === UNKNOWN ? '-' : payload)
}
