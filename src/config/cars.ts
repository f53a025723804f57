/** `ev` in its one normal form: a list of cars, each signal a list of sources. */
import type { z } from 'zod'
import { carShape, DEFAULT_TOPICS, type ev } from './section-ev.ts'

/** One topic and how its payload is read. Words are trimmed and in lower case; without them the common ones count. */
export interface SignalSource {
  readonly topic: string
  /** Dotted path into a JSON payload. */
  readonly json?: string | undefined
  readonly trueValues?: readonly string[] | undefined
  readonly falseValues?: readonly string[] | undefined
  readonly above?: number | undefined
  readonly below?: number | undefined
  readonly unit?: 'W' | 'kW' | undefined
  readonly availability?: string | undefined
}

export interface SignalConfig {
  /** OR-ed. Empty where nothing is configured: a preset may fill it. */
  readonly sources: readonly SignalSource[]
  /** Whether the user named a source; a default topic is none. */
  readonly explicit: boolean
}

/** Durations are milliseconds. */
export interface PluggedConfig extends SignalConfig {
  readonly debounceOn: number
  readonly debounceOff: number
  /** Null is never. */
  readonly staleAfter: number | null
}

export interface DrawConfig extends SignalConfig {
  readonly debounce: number
}

export interface CarConfig {
  /** Id or name at Octopus; null for the only car. */
  readonly device: string | null
  readonly preset?: string
  readonly params: Readonly<Record<string, string>>
  /** `none`: nothing can tell, whatever a preset knows. */
  readonly plugged: 'none' | PluggedConfig
  readonly charging: DrawConfig
  readonly power: DrawConfig
  readonly atHome: SignalConfig
  readonly scheduleChanged: SignalConfig
}

type ParsedEv = z.output<typeof ev>
type ParsedCar = Exclude<ParsedEv, readonly unknown[]>
type ParsedSignal = ParsedCar['power'] | ParsedCar['plugged'] | ParsedCar['charging']
type ParsedSource = Exclude<Extract<NonNullable<ParsedCar['power']>, readonly unknown[]>[number], undefined>

/** Reads what the schema and the checks of `ev` have let through. */
export function normaliseCars(parsed: ParsedEv): CarConfig[] {
  const cars = Array.isArray(parsed) ? parsed : [parsed]
  return cars.map(car => {
    const topics = cars.length === 1 && car.preset === undefined ? DEFAULT_TOPICS : undefined
    const { debounce } = timesOf<'charging'>(car.charging, carShape.charging)
    const params = Object.entries(car).filter(([key]) => !Object.hasOwn(carShape, key))
    return {
      device: car.device ?? null,
      ...(car.preset === undefined ? {} : { preset: car.preset }),
      params: Object.fromEntries(params.map(([key, value]) => [key, String(value).trim()])),
      plugged: normalisePlugged(car.plugged, topics?.plugged),
      charging: { ...normaliseSignal(car.charging, topics?.charging), debounce },
      power: { ...normaliseSignal(car.power), debounce },
      atHome: normaliseSignal(car.at_home),
      scheduleChanged: normaliseSignal(car.schedule_changed),
    }
  })
}

function normalisePlugged(signal: ParsedCar['plugged'], defaultTopic?: string): CarConfig['plugged'] {
  if (typeof signal === 'string' && signal.toLowerCase() === 'none') return 'none'
  const times = timesOf<'plugged'>(signal, carShape.plugged)
  return {
    ...normaliseSignal(signal, defaultTopic),
    debounceOn: times.debounce_on,
    debounceOff: times.debounce_off,
    staleAfter: times.stale_after,
  }
}

type LongForm<K extends 'plugged' | 'charging'> = Exclude<NonNullable<ParsedCar[K]>, string | readonly unknown[]>

/** What the long form of a signal says of times; the short forms leave each at the schema's default. */
function timesOf<K extends 'plugged' | 'charging'>(signal: ParsedCar[K], schema: z.ZodType): LongForm<K> {
  const isLong = typeof signal === 'object' && !Array.isArray(signal)
  return (isLong ? signal : schema.parse({})) as LongForm<K>
}

function normaliseSignal(signal: ParsedSignal, defaultTopic?: string): SignalConfig {
  if (typeof signal === 'string') return { sources: [sourceOf(signal)], explicit: true }
  const listed = Array.isArray(signal) ? signal : signal?.sources
  if (listed !== undefined) {
    return { sources: listed.flatMap(source => (source === undefined ? [] : [sourceOf(source)])), explicit: true }
  }
  const topic = Array.isArray(signal) ? undefined : (signal?.topic ?? defaultTopic)
  if (topic === undefined) return { sources: [], explicit: false }
  return { sources: [sourceOf({ ...signal, topic })], explicit: isTopicSaid(signal) }
}

const isTopicSaid = (signal: ParsedSignal): boolean =>
  typeof signal === 'object' && !Array.isArray(signal) && signal.topic !== undefined

function sourceOf(source: ParsedSource): SignalSource {
  const said = typeof source === 'string' ? { topic: source } : source
  return {
    topic: said.topic ?? '',
    ...(said.json === undefined ? {} : { json: said.json }),
    ...(said.true_values === undefined ? {} : { trueValues: said.true_values }),
    ...(said.false_values === undefined ? {} : { falseValues: said.false_values }),
    ...(said.above === undefined ? {} : { above: said.above }),
    ...(said.below === undefined ? {} : { below: said.below }),
    ...(said.unit === undefined ? {} : { unit: said.unit }),
    ...(said.availability === undefined ? {} : { availability: said.availability }),
  }
}
