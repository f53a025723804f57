/** What the demo prints: each change on the broker that a person cares for, by the demo's own clock, in London time. */
import type { Clock } from '../clock.ts'
import { UNKNOWN } from '../entities/payload.ts'
import { londonDate } from '../time/london.ts'
import { MEANINGS, METERS, OF_METER, TOLD } from './demo-words.ts'
import { clockTime, withLocalTimes } from './local-time.ts'
import { type Paint, PLAIN, type Tone } from './paint.ts'
import { displayWidth, padTo, tame } from './width.ts'

export interface ScreenStyle {
  readonly paint?: Paint
  /** Of a terminal; there is room for what a state means where it is wide. Null: no terminal, and no such words. */
  readonly columns?: number | null
}

interface Row {
  readonly name: string
  readonly value: string
  readonly tone?: Tone
  readonly meaning?: string
}

const NAME = 24
/** `17:50:08` and two spaces. */
const TIME = 10

export class DemoScreen {
  readonly #clock: Clock
  readonly #write: (line: string) => void
  readonly #paint: Paint
  readonly #columns: number | null
  readonly #last = new Map<string, string>()

  constructor(clock: Clock, write: (line: string) => void, { paint = PLAIN, columns = null }: ScreenStyle = {}) {
    this.#clock = clock
    this.#write = write
    this.#paint = paint
    this.#columns = columns
  }

  heard(topic: string, payload: string): void {
    const before = this.#last.get(topic)
    if (before === payload) return
    this.#last.set(topic, payload)
    // That something is not known yet is no news in the first second.
    if (before === undefined && payload === UNKNOWN) return
    const row = rowFor(topic, payload)
    if (row !== null) this.#say(row)
  }

  #say({ name, value, tone, meaning }: Row): void {
    const now = this.#clock.now()
    const told = tame(withLocalTimes(value, now))
    const used = TIME + NAME + 1 + displayWidth(told) + 2
    const fits = meaning !== undefined && this.#columns !== null && used + displayWidth(meaning) <= this.#columns
    const shown = tone === undefined ? told : this.#paint(tone, told)
    const line = `${this.#paint('faint', clockTime(now))}  ${padTo(name, NAME)} ${shown}`
    this.#write(fits ? `${line}  ${this.#paint('faint', meaning)}` : line)
  }
}

/** What is on stands out, what is off does not. */
function toneOf(key: string, payload: string): Tone | undefined {
  if (payload === 'ON') return key === 'house_cheap' ? 'strong' : 'good'
  if (payload === 'OFF' || payload === UNKNOWN) return 'faint'
  if (key === 'api_status') return payload === 'ok' ? 'good' : 'bad'
  return key === 'refresh_mode' ? 'later' : undefined
}

function rowFor(topic: string, payload: string): Row | null {
  const parts = topic.split('/')
  const key = parts.at(-1) ?? ''
  if (key === 'config' && payload !== '') {
    const { device, components } = JSON.parse(payload) as { device: { name: string }; components: object }
    const count = Object.keys(components).length
    const value = `${device.name}: ${count} ${count === 1 ? 'entity' : 'entities'}`
    return { name: 'Home Assistant discovery', value, tone: 'faint' }
  }
  if (parts[0] === 'ev') return { name: topic, value: payload, tone: 'title' }
  if (topic.endsWith('/bridge/state')) return { name: 'bridge', value: payload, tone: 'title' }
  const meter = METERS[parts.at(-2) ?? '']
  if (meter !== undefined) return meterRow(meter, key, payload)
  const name = TOLD[key]
  if (name === undefined) return null
  const [tone, meaning] = [toneOf(key, payload), MEANINGS[key]?.[payload]]
  return {
    name,
    value: payload === UNKNOWN ? '-' : payload,
    ...(tone === undefined ? {} : { tone }),
    ...(meaning === undefined ? {} : { meaning }),
  }
}

/** A state that begins anew with a day or a month comes as JSON, with when that was. */
function meterRow(meter: string, key: string, payload: string): Row | null {
  const tell = OF_METER[key]
  if (tell === undefined || payload === UNKNOWN) return null
  const { value, last_reset } = payload.startsWith('{')
    ? (JSON.parse(payload) as { value: number | null; last_reset: string })
    : { value: payload, last_reset: null }
  if (value === null) return null
  const [name, told] = tell(value)
  const from = last_reset === null ? '' : ` (from ${londonDate(Date.parse(last_reset))})`
  return { name: `${meter}: ${name}`, value: `${told}${from}` }
}
