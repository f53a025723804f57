/**
 * Half hours of every meter with what they came to, for who keeps statistics: all that is known, a little after something
 * changed, and ever more seldom while changes go on. A day is worked out once and again only when it is another; a few days at a
 * time, so that nothing else has to wait for a year of days.
 */
import { type Cancel, type Clock, HOUR, type Instant, MINUTE } from '../clock.ts'
import { pounds } from '../energy/decimal.ts'
import { type LondonDate, startOfDay } from '../time/london.ts'
import { chargesOf, type DayInput, type DaySummary, kwhReadings } from './day.ts'
import { keyOf, type Meter } from './meter.ts'

export interface StatisticHalfHour {
  readonly start: Instant
  /** kWh, m³ or pounds. */
  readonly value: number
}

export type SeriesKind =
  | 'import'
  | 'import_cost'
  | 'export'
  | 'export_revenue'
  | 'gas_volume'
  | 'gas_energy'
  | 'gas_cost'

export interface MeterSeries {
  readonly kind: SeriesKind
  readonly meterPoint: string
  readonly serial: string
  /** For people. */
  readonly name: string
  /** From an instant on, in order. */
  readonly halfHours: (from: Instant) => readonly StatisticHalfHour[]
}

/** A meter whose history is whole, and its days. */
export interface FedMeter {
  readonly meter: Meter
  /** A day that was worked out anew is another object. */
  readonly days: ReadonlyMap<LondonDate, DaySummary>
  readonly inputOf: (date: LondonDate) => DayInput
}

/** Takes the series of a meter; no half hour before `from` has changed since it was told last. */
export type PushSeries = (series: readonly MeterSeries[], from: Instant) => void

export interface FeedOptions {
  readonly clock: Clock
  readonly meters: () => readonly FedMeter[]
  readonly push: PushSeries
}

/** After a change others mostly follow: a page of readings, then the prices. */
const QUIET = MINUTE
/**
 * Between two pushes. It doubles while they follow one another: bills of a first start come for hours, a page in five minutes,
 * and each push has all from its page on.
 */
const GAP_FIRST = 2 * MINUTE
const GAP_MOST = HOUR
/** After so long a pause a push follows no other. */
const PAUSE = 2 * HOUR
/** Worked out in one go: some milliseconds on a small computer. */
const DAYS_AT_ONCE = 4

const KINDS = {
  electricity_import: { energy: 'import', cost: 'import_cost', name: 'Octopus import' },
  electricity_export: { energy: 'export', cost: 'export_revenue', name: 'Octopus export' },
  gas: { energy: 'gas_energy', cost: 'gas_cost', name: 'Octopus gas' },
} as const

/** Half hours of a day, each as its start and its value: a year of them is kept, and objects would take three times as much. */
type Values = Float64Array

interface Made {
  readonly of: DaySummary
  readonly start: Instant
  readonly energy: Values
  readonly volume: Values
  readonly cost: Values
}

type MadeDays = Map<LondonDate, Made>

interface Work {
  readonly fed: FedMeter
  readonly made: MadeDays
  /** To be worked out, the oldest first. */
  readonly dates: LondonDate[]
  readonly from: Instant
}

export class StatisticsFeed {
  readonly #options: FeedOptions
  readonly #made = new Map<string, MadeDays>()
  /** The first instant that has changed since it was pushed, by meter; it outlives work that was begun and not ended. */
  readonly #changedFrom = new Map<string, Instant>()
  #cancel: Cancel = () => {}
  #last: { readonly at: Instant; readonly gap: number } | null = null

  constructor(options: FeedOptions) {
    this.#options = options
  }

  /** Something changed, of whatever day. */
  changed(): void {
    this.#cancel()
    const now = this.#options.clock.now()
    const gap = this.#last === null ? 0 : this.#last.at + this.#last.gap - now
    // Somebody may have set the clock back.
    this.#cancel = this.#options.clock.after(Math.min(Math.max(QUIET, gap), GAP_MOST), () => this.#make())
  }

  stop(): void {
    this.#cancel()
  }

  #make(): void {
    const { meters, clock } = this.#options
    const work = meters().flatMap(fed => this.#workOf(fed))
    const step = () => {
      for (let done = 0; done < DAYS_AT_ONCE; done += 1) {
        const next = work.find(({ dates }) => dates.length > 0)
        const date = next?.dates.shift()
        if (next === undefined || date === undefined) return this.#push(work)
        const summary = next.fed.days.get(date)
        if (summary !== undefined) next.made.set(date, madeOf(summary, next.fed.inputOf(date)))
      }
      this.#cancel = clock.after(0, step)
    }
    if (work.length > 0) step()
  }

  #workOf(fed: FedMeter): Work[] {
    const key = keyOf(fed.meter)
    const made = this.#made.get(key) ?? new Map<LondonDate, Made>()
    this.#made.set(key, made)
    const dates = [...fed.days].flatMap(([date, summary]) => (made.get(date)?.of === summary ? [] : [date])).sort()
    const [first] = dates
    const from = Math.min(
      this.#changedFrom.get(key) ?? Number.POSITIVE_INFINITY,
      first === undefined ? Number.POSITIVE_INFINITY : startOfDay(first),
    )
    if (!Number.isFinite(from)) return []
    this.#changedFrom.set(key, from)
    return [{ fed, made, dates, from }]
  }

  #push(work: readonly Work[]): void {
    const at = this.#options.clock.now()
    const follows = this.#last !== null && at - this.#last.at < PAUSE
    this.#last = { at, gap: follows ? Math.min(2 * (this.#last?.gap ?? 0), GAP_MOST) : GAP_FIRST }
    for (const { fed, made, from } of work) {
      this.#changedFrom.delete(keyOf(fed.meter))
      this.#options.push(seriesOf(fed.meter, made), from)
    }
  }
}

const packed = (halfHours: readonly StatisticHalfHour[]): Values =>
  Float64Array.from(halfHours.flatMap(({ start, value }) => [start, value]))

function madeOf(of: DaySummary, input: DayInput): Made {
  const { meter, date, readings, calorificValue } = input
  const kwh = [...kwhReadings(meter, readings, calorificValue)]
  return {
    of,
    start: startOfDay(date),
    energy: packed(kwh.map(([start, value]) => ({ start, value: Number(value) }))),
    volume: packed(meter.unit === 'm3' ? readings.map(({ start, amount }) => ({ start, value: amount })) : []),
    cost: packed(chargesOf(input).map(({ start, pence }) => ({ start, value: pounds(pence) }))),
  }
}

function seriesOf(meter: Meter, made: MadeDays): MeterSeries[] {
  const { energy: kind, cost: costKind, name } = KINDS[meter.kind]
  const series = (of: SeriesKind, called: string, values: 'energy' | 'volume' | 'cost'): MeterSeries => ({
    kind: of,
    meterPoint: meter.point,
    serial: meter.serial,
    name: called,
    halfHours: from => halfHoursFrom(made, values, from),
  })
  return [
    series(kind, name, 'energy'),
    ...(meter.unit === 'm3' ? [series('gas_volume', `${name} volume`, 'volume')] : []),
    series(costKind, meter.kind === 'electricity_export' ? `${name} revenue` : `${name} cost`, 'cost'),
  ]
}

/** A day is never longer than 25 hours. */
const LONGEST_DAY = 25 * 60 * MINUTE

function halfHoursFrom(made: MadeDays, values: 'energy' | 'volume' | 'cost', from: Instant): StatisticHalfHour[] {
  const halfHours: StatisticHalfHour[] = []
  const days = [...made.values()].filter(({ start }) => start + LONGEST_DAY > from).sort((a, b) => a.start - b.start)
  for (const { [values]: list } of days)
    for (let at = 0; at < list.length; at += 2) {
      const start = list[at] ?? 0
      if (start >= from) halfHours.push({ start, value: list[at + 1] ?? 0 })
    }
  return halfHours
}
