/**
 * The days of one meter, worked out once and kept. A day is worked out anew when something that it is made of has changed: a
 * reading, a price, a bill, what was said of its half hours. After a long way back that is done a few days at a time, the
 * newest first, since an edge must not wait for a year of days. A life that did not end in order may have left days behind
 * that nobody has worked out: after it all are, from the readings that there are.
 */
import type { Cancel, Clock, Instant } from '../clock.ts'
import { MISJUDGEMENTS } from '../energy/misjudged.ts'
import type { Pricing } from '../energy/rates/pricing.ts'
import { aFlag, aNumber, anInstant, aText, fields, listOf, mapOf, oneOf, orNull } from '../shape.ts'
import type { Store } from '../store/open.ts'
import { addDays, type LondonDate, londonDate, startOfDay } from '../time/london.ts'
import { type DayInput, type DaySummary, type Misjudged, summaryOf } from './day.ts'
import { dispatchedOf } from './half-hours.ts'
import { keyOf, type Meter } from './meter.ts'

export interface BookOptions {
  readonly clock: Clock
  readonly store: Pick<Store, 'values' | 'readings' | 'billed' | 'believed'>
  /** The account's number. */
  readonly account: string
  readonly meter: () => Meter
  /** Without what was dispatched. */
  readonly pricing: () => Pricing
  readonly calorificValue: number
  /** Whatever else every day is made of; where it has changed since the last life, all are worked out anew. */
  readonly settings: () => string
  /** Days were worked out after `touch` had returned. */
  readonly onSettled: () => void
}

interface Kept {
  readonly settings: string
  readonly days: Readonly<Record<LondonDate, DaySummary>>
}

const aPenny = orNull(aNumber(-1e9, 1e9))
const aDay = fields<DaySummary>({
  amount: value => aText(value) && /^-?\d+(\.\d+)?$/.test(value as string),
  isWhole: aFlag,
  isBilled: aFlag,
  pence: aPenny,
  penceWithoutStanding: aPenny,
  provisional: aFlag,
  misjudged: orNull(listOf(fields<Misjudged>({ start: anInstant, reason: oneOf(...MISJUDGEMENTS), pence: aPenny }))),
})
const aBook = fields<Kept>({ settings: aText, days: mapOf(aDay) })

/** Worked out in one go: a few milliseconds. */
const AT_ONCE = 8

export class Book {
  readonly #options: BookOptions
  readonly #days: Map<LondonDate, DaySummary>
  readonly #touched = new Set<LondonDate>()
  #cancel: Cancel = () => {}
  #edition = 0

  constructor(options: BookOptions) {
    this.#options = options
    const known = options.store.values.get<Kept>(this.#key, aBook)
    this.#days = new Map(Object.entries(known?.days ?? {}))
    const isClosed = options.store.values.get<boolean>(this.#closedKey, aFlag) === true
    if (!isClosed || known?.settings !== options.settings()) this.#touchAll()
    options.store.values.set(this.#closedKey, false)
    // Not at once: the prices are not there yet.
    if (this.#touched.size > 0) this.#settleLater()
  }

  /** No day waits to be worked out anew. */
  get isSettled(): boolean {
    return this.#touched.size === 0
  }

  /** Another number wherever something of a day has changed. */
  get edition(): number {
    return this.#edition
  }

  /** By date; of a day of which no reading is there, none. */
  get days(): ReadonlyMap<LondonDate, DaySummary> {
    return this.#days
  }

  /** Something of these half hours has changed. A few days are worked out before this returns. */
  touch(starts: readonly Instant[]): void {
    for (const start of starts) this.#touched.add(londonDate(start))
    this.#settle()
  }

  /** The same of all days that are there and end after `from`. */
  touchFrom(from: Instant): void {
    const first = londonDate(from)
    for (const date of this.#days.keys()) if (date >= first) this.#touched.add(date)
    this.#settle()
  }

  /** Nothing comes any more; days that are not worked out yet are so in the next life. */
  close(): void {
    this.#cancel()
    this.#options.store.values.set(this.#closedKey, this.#touched.size === 0)
  }

  /** Every day of which there may be a reading. */
  #touchAll(): void {
    for (const date of this.#days.keys()) this.#touched.add(date)
    const { point, serial } = this.#options.meter()
    const extent = this.#options.store.readings.extent({ point, serial })
    if (extent === null) return
    const newest = londonDate(extent.newest)
    for (let date = londonDate(extent.oldest); date <= newest; date = addDays(date, 1)) this.#touched.add(date)
  }

  /** All that a day is made of. */
  inputOf(date: LondonDate): DayInput {
    const { store, account, calorificValue } = this.#options
    const meter = this.#options.meter()
    const [from, to] = [startOfDay(date), startOfDay(addDays(date, 1))]
    const believed = meter.kind === 'electricity_import' ? store.believed.range(account, from, to) : []
    return {
      meter,
      date,
      readings: store.readings.range({ point: meter.point, serial: meter.serial }, from, to),
      pricing: { ...this.#options.pricing(), dispatched: dispatchedOf(believed) },
      billed: meter.kind === 'electricity_import' ? store.billed.range(meter.point, from, to) : [],
      believed,
      calorificValue,
    }
  }

  get #key(): string {
    return `days:1:${keyOf(this.#options.meter())}`
  }

  get #closedKey(): string {
    return `days-closed:${keyOf(this.#options.meter())}`
  }

  #settle(): void {
    this.#cancel()
    if (this.#touched.size > 0) this.#edition += 1
    const newestFirst = [...this.#touched].sort((a, b) => (a < b ? 1 : -1))
    for (const date of newestFirst.slice(0, AT_ONCE)) {
      this.#touched.delete(date)
      const input = this.inputOf(date)
      if (input.readings.length > 0) this.#days.set(date, summaryOf(input))
    }
    if (this.#touched.size === 0) {
      if (newestFirst.length > 0) this.#keep()
      return
    }
    this.#settleLater()
  }

  #settleLater(): void {
    this.#cancel = this.#options.clock.after(0, () => {
      this.#settle()
      if (this.#touched.size === 0) this.#options.onSettled()
    })
  }

  #keep(): void {
    const { store, settings } = this.#options
    store.values.set(this.#key, { settings: settings(), days: Object.fromEntries(this.#days) })
  }
}
