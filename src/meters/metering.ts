/** One meter, alive: its readings and bills are asked for, its days kept, and what is shown of it derived. */
import { HALF_HOUR, type Instant } from '../clock.ts'
import { tariffAt, tariffTimeline } from '../energy/rates/agreements.ts'
import type { Pricing } from '../energy/rates/pricing.ts'
import { isIntelligentTariff } from '../energy/rates/tariff.ts'
import type { MeterView } from '../snapshot.ts'
import { type Interval, type LondonDate, londonDate, startOfDay } from '../time/london.ts'
import { Bills } from './bills.ts'
import { Book } from './book.ts'
import type { DayInput } from './day.ts'
import { KeptRegister, type ShownRegister } from './kept-register.ts'
import type { LostRegisters } from './lost-registers.ts'
import type { Meter } from './meter.ts'
import type { MetersOptions } from './meters.ts'
import { type DaysOfRates, daysOfRates, ratesView, shownInterval } from './rates-view.ts'
import { MeterReadings } from './readings.ts'
import type { FedMeter } from './statistics-feed.ts'
import { type DaysView, daysView, meterView, newestWhole, oldestMissing, unbilledDays } from './view.ts'

export interface MeteringOptions extends MetersOptions {
  readonly meter: Meter
  /** Without what was dispatched; of the meter as it is now known. */
  readonly pricing: (meter: Meter) => Pricing
  /** Half hours that a dispatch made cheap, as far as they are shown. */
  readonly dispatched: (interval: Interval) => ReadonlySet<Instant>
  readonly lostRegisters: LostRegisters
  /** Something about the meter has changed. */
  readonly onChange: () => void
}

const isSame = (one: Meter['agreements'], other: Meter['agreements']): boolean =>
  JSON.stringify(one) === JSON.stringify(other)

interface Read {
  readonly date: LondonDate
  readonly newestWhole: LondonDate | null
  readonly lastDay: DayInput | null
  readonly latest: Instant | null
  readonly register: ShownRegister | null
}

export class Metering {
  readonly #options: MeteringOptions
  readonly #book: Book
  readonly #readings: MeterReadings
  readonly #bills: Bills | null
  readonly #register: KeptRegister
  #meter: Meter
  /** What only new readings change; null: to be read again. */
  #read: Read | null = null
  /** As it was in an edition of the book. */
  #lastDay: { readonly edition: number; readonly input: DayInput } | null = null
  /** What only another day, price, agreement or dispatch changes. */
  #priced: { readonly key: string; readonly days: DaysOfRates } | null = null
  /** What was made of what was read. */
  #viewed: { readonly read: Read; readonly key: string; readonly view: DaysView } | null = null

  constructor(options: MeteringOptions) {
    const { clock, log, store, source, phase, settings, account, meter, onChange } = options
    this.#options = options
    this.#meter = meter
    const common = { clock, log, values: store.values, meter, phase, isHeld: options.isHeld }
    this.#book = new Book({
      clock,
      store,
      account,
      meter: () => this.#meter,
      pricing: () => options.pricing(this.#meter),
      calorificValue: settings.calorificValue,
      settings: () =>
        JSON.stringify([
          ...[settings.calorificValue, settings.night, settings.economy7, settings.paymentMethod],
          this.#meter.unit,
        ]),
      onSettled: () => this.#changed(),
    })
    this.#readings = new MeterReadings({
      ...common,
      readings: store.readings,
      request: source.readings,
      historyDays: settings.historyDays,
      days: () => ({
        newestWhole: newestWhole(this.#book.days, clock.now()),
        oldestMissing: oldestMissing(this.#book.days, this.#readings.since, clock.now()),
      }),
      onChange: starts => {
        this.#doubt(starts)
        this.#book.touch(starts)
        this.#changed()
      },
    })
    this.#bills =
      meter.kind !== 'electricity_import' || !settings.bill
        ? null
        : new Bills({
            ...common,
            billed: store.billed,
            readings: store.readings,
            request: source.bills,
            stretches: () => this.#judgedTimes,
            // Days of a tariff that has ended are billed after it, too.
            unbilled: () =>
              unbilledDays(this.#book.days, clock.now()).filter(date => this.#isJudgedAt(startOfDay(date))),
            isReady: () => this.#isJudged && this.#readings.isWhole,
            onChange: starts => {
              this.#book.touch(starts)
              this.#changed()
            },
          })
    this.#register = new KeptRegister({
      store,
      lost: options.lostRegisters,
      meter: () => this.#meter,
      since: () => this.#readings.since,
      calorificValue: settings.calorificValue,
    })
    this.#onChange = onChange
  }

  readonly #onChange: () => void

  get meter(): Meter {
    return this.#meter
  }

  /** Readings, prices and days count from here on. */
  get since(): Instant {
    return this.#readings.since
  }

  /** The meter as it was just discovered again. */
  use(meter: Meter): void {
    const changed = meter.unit !== this.#meter.unit || !isSame(meter.agreements, this.#meter.agreements)
    this.#meter = meter
    this.#read = null
    this.#lastDay = null
    this.#priced = null
    if (changed) this.#book.touchFrom(this.since)
    this.rearm()
  }

  rearm(): void {
    this.#readings.rearm()
    this.#bills?.rearm()
  }

  /** Prices of a tariff have changed that count from then on. */
  pricesChanged(from: Instant): void {
    this.#book.touchFrom(from)
    this.#read = null
    this.#priced = null
  }

  /** The broker holds something of the register: true where it is another now. */
  takeLostRegister(): boolean {
    if (!this.#register.takeLost()) return false
    this.#read = null
    return true
  }

  /** Its register is published from here on. */
  registerTold(): void {
    this.#register.told()
  }

  /** Something was said of a half hour that has ended. */
  believed(start: Instant): void {
    if (!this.#book.days.has(londonDate(start))) return
    this.#book.touch([start])
    this.#read = null
  }

  /** Asks no more; what is under way ends first. */
  async stopAsking(): Promise<void> {
    await Promise.all([this.#readings.stop(), this.#bills?.stop()])
  }

  /** Once nobody asks any more. */
  close(): void {
    this.#book.close()
  }

  /** Null while the history is not whole: statistics begin with its beginning. */
  get fed(): FedMeter | null {
    const book = this.#book
    if (!this.#readings.isWhole) return null
    return { meter: this.#meter, days: book.days, inputOf: date => book.inputOf(date) }
  }

  view(now: Instant, smart: boolean | null): MeterView {
    const { settings, dispatched } = this.#options
    const meter = this.#meter
    const read = this.#readNow(now)
    const own = this.#options.pricing(meter)
    const pricing = meter.kind === 'electricity_import' ? { ...own, dispatched: dispatched(shownInterval(now)) } : own
    const days = this.#daysOfRates(pricing, now)
    const rates = ratesView({ pricing, days, now, cheapestWindow: settings.cheapestWindow, smart })
    return meterView(this.#daysView(read, rates.evRate !== undefined, now), rates, read.newestWhole, now)
  }

  #daysOfRates(pricing: Pricing, now: Instant): DaysOfRates {
    const key = [londonDate(now), ...pricing.dispatched].join()
    if (this.#priced?.key !== key) this.#priced = { key, days: daysOfRates(pricing, now) }
    return this.#priced.days
  }

  #daysView(read: Read, hasCarRates: boolean, now: Instant): DaysView {
    const isJudged = this.#isJudged
    const key = `${hasCarRates} ${isJudged}`
    if (this.#viewed?.read === read && this.#viewed.key === key) return this.#viewed.view
    const { store, settings } = this.#options
    const meter = this.#meter
    const view = daysView({
      meter,
      days: this.#book.days,
      since: this.since,
      now,
      calorificValue: settings.calorificValue,
      lastDay: read.lastDay,
      today: store.readings.range({ point: meter.point, serial: meter.serial }, startOfDay(read.date), now),
      latestReading: read.latest,
      register: read.register && { ...read.register, until: (read.latest ?? this.since) + HALF_HOUR },
      hasCarRates,
      isJudged,
      history: this.#readings.progress,
    })
    this.#viewed = { read, key, view }
    return view
  }

  get #isJudged(): boolean {
    return this.#isJudgedAt(this.#options.clock.now())
  }

  #isJudgedAt(at: Instant): boolean {
    const tariff = tariffAt(this.#meter.agreements, at)
    const isImport = this.#meter.kind === 'electricity_import'
    return isImport && tariff !== null && isIntelligentTariff(tariff.productCode, tariff.tariffCode)
  }

  /** Back to where the history begins. */
  get #judgedTimes(): Interval[] {
    const interval = { start: this.since, end: this.#options.clock.now() }
    return tariffTimeline(this.#meter.agreements, interval).filter(({ start }) => this.#isJudgedAt(start))
  }

  #doubt(starts: readonly Instant[]): void {
    if (this.#bills === null || starts.length === 0) return
    const { point, serial } = this.#meter
    const those = new Set(starts)
    const readings = this.#options.store.readings.range(
      { point, serial },
      starts.reduce((least, start) => Math.min(least, start), Number.POSITIVE_INFINITY),
      starts.reduce((most, start) => Math.max(most, start), 0) + 1,
    )
    this.#bills.doubt(readings.filter(({ start }) => those.has(start)))
  }

  #changed(): void {
    this.#read = null
    this.#onChange()
  }

  #inputOf(date: LondonDate): DayInput {
    const { edition } = this.#book
    const known = this.#lastDay
    if (known?.edition === edition && known.input.date === date) return known.input
    const input = this.#book.inputOf(date)
    this.#lastDay = { edition, input }
    return input
  }

  #readNow(now: Instant): Read {
    const date = londonDate(now)
    if (this.#read?.date === date) return this.#read
    const { store } = this.#options
    const last = newestWhole(this.#book.days, now)
    const latest = store.readings.extent({ point: this.#meter.point, serial: this.#meter.serial })?.newest ?? null
    this.#read = {
      date,
      newestWhole: last,
      lastDay: last === null ? null : this.#inputOf(last),
      latest,
      // Without a reading nothing is known: a register never says 0 for that.
      register:
        this.#readings.isWhole && latest !== null ? this.#register.read(this.#book.days, this.#book.isSettled) : null,
    }
    return this.#read
  }
}
