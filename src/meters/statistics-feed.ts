/**
 * Half hours of every meter with what they came to, for who keeps statistics: all that is known, made anew a little after
 * something changed, a few days at a time, so that nothing else has to wait for a year of days.
 */
import { type Cancel, type Clock, type Instant, MINUTE } from '../clock.ts'
import { pounds } from '../energy/decimal.ts'
import type { LondonDate } from '../time/london.ts'
import { chargesOf, type DayInput, kwhReadings } from './day.ts'
import type { Meter } from './meter.ts'

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
  readonly dates: readonly LondonDate[]
  readonly dayOf: (date: LondonDate) => DayInput
}

export interface FeedOptions {
  readonly clock: Clock
  readonly meters: () => readonly FedMeter[]
  readonly push: (series: readonly MeterSeries[]) => void
}

/** After a change others mostly follow: a page of readings, then the prices. */
const QUIET = MINUTE
/** Worked out in one go: some ten milliseconds on a small computer. */
const DAYS_AT_ONCE = 4

const KINDS = {
  electricity_import: { energy: 'import', cost: 'import_cost', name: 'Octopus import' },
  electricity_export: { energy: 'export', cost: 'export_revenue', name: 'Octopus export' },
  gas: { energy: 'gas_energy', cost: 'gas_cost', name: 'Octopus gas' },
} as const

interface Lists {
  readonly energy: StatisticHalfHour[]
  readonly volume: StatisticHalfHour[]
  readonly cost: StatisticHalfHour[]
}

export class StatisticsFeed {
  readonly #options: FeedOptions
  #cancel: Cancel = () => {}

  constructor(options: FeedOptions) {
    this.#options = options
  }

  /** Something changed; what was begun is made anew. */
  changed(): void {
    this.#cancel()
    this.#cancel = this.#options.clock.after(QUIET, () => this.#make())
  }

  stop(): void {
    this.#cancel()
  }

  #make(): void {
    const { meters, push, clock } = this.#options
    const work = meters().flatMap(fed => {
      const lists: Lists = { energy: [], volume: [], cost: [] }
      return { fed, lists, dates: [...fed.dates].sort() }
    })
    const step = () => {
      for (let done = 0; done < DAYS_AT_ONCE; done += 1) {
        const next = work.find(({ dates }) => dates.length > 0)
        const date = next?.dates.shift()
        if (next === undefined || date === undefined)
          return push(work.flatMap(({ fed, lists }) => seriesOf(fed, lists)))
        addDay(next.lists, next.fed.dayOf(date))
      }
      this.#cancel = clock.after(0, step)
    }
    if (work.length > 0) step()
  }
}

function addDay({ energy, volume, cost }: Lists, input: DayInput): void {
  const { meter, readings, calorificValue } = input
  for (const [start, kwh] of kwhReadings(meter, readings, calorificValue)) energy.push({ start, value: Number(kwh) })
  if (meter.unit === 'm3') for (const { start, amount } of readings) volume.push({ start, value: amount })
  for (const { start, pence } of chargesOf(input)) cost.push({ start, value: pounds(pence) })
}

function seriesOf({ meter }: FedMeter, { energy, volume, cost }: Lists): MeterSeries[] {
  const { energy: kind, cost: costKind, name } = KINDS[meter.kind]
  const series = (of: SeriesKind, called: string, list: readonly StatisticHalfHour[]): MeterSeries => ({
    kind: of,
    meterPoint: meter.point,
    serial: meter.serial,
    name: called,
    halfHours: from => list.filter(({ start }) => start >= from),
  })
  return [
    series(kind, name, energy),
    ...(meter.unit === 'm3' ? [series('gas_volume', `${name} volume`, volume)] : []),
    series(costKind, meter.kind === 'electricity_export' ? `${name} revenue` : `${name} cost`, cost),
  ]
}
