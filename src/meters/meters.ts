/**
 * The meters of an account, of every kind, and the prices of their tariffs. What is shown of them changes when something
 * arrives, when a half hour begins, and when a smart charge begins or ends.
 */
import { type Clock, HALF_HOUR, type Instant } from '../clock.ts'
import type { Pricing } from '../energy/rates/pricing.ts'
import { DEFAULT_REGISTER_HOURS, type RegisterHours } from '../energy/rates/registers.ts'
import type { BilledHalfHour, MeterReading, TariffPrices } from '../energy/types.ts'
import type { Log } from '../log.ts'
import type { AccountView, MeterView } from '../snapshot.ts'
import type { Store } from '../store/open.ts'
import { addDays, halfHourStart, type Interval, londonDate, type NightWindow, startOfDay } from '../time/london.ts'
import { HalfHours } from './half-hours.ts'
import { LostRegisters } from './lost-registers.ts'
import { directionOf, keyOf, type Meter } from './meter.ts'
import { Metering } from './metering.ts'
import { PriceBook, type WantedTariff } from './prices.ts'
import { tariffWindows } from './rates-view.ts'
import { type PushSeries, StatisticsFeed } from './statistics-feed.ts'

export interface MeterSettings {
  readonly historyDays: number
  readonly paymentMethod: 'DIRECT_DEBIT' | 'NON_DIRECT_DEBIT'
  /** Whether it is asked how half hours were billed. */
  readonly bill: boolean
  /** Milliseconds. */
  readonly cheapestWindow: number
  readonly calorificValue: number
  /** The night of an Intelligent product, by the clock in London; that of Economy 7, UTC. */
  readonly night: NightWindow
  readonly economy7: NightWindow
}

/** What is asked of Octopus. Each may throw BridgeError. */
export interface MeterSource {
  readonly readings: (meter: Meter, interval: Interval) => Promise<readonly MeterReading[]>
  readonly prices: (tariff: WantedTariff, interval: Interval) => Promise<TariffPrices>
  readonly bills: (meter: Meter, interval: Interval) => Promise<readonly BilledHalfHour[]>
}

export interface MetersOptions {
  readonly clock: Clock
  readonly log: Log
  readonly store: Pick<Store, 'values' | 'readings' | 'prices' | 'believed' | 'billed'>
  /** The account's number. */
  readonly account: string
  readonly settings: MeterSettings
  readonly source: MeterSource
  /** This installation's own constant, 0–60 min in milliseconds. */
  readonly phase: number
  /** Octopus turns us away, or asks for fewer requests: what is in the background waits until it takes us again. */
  readonly isHeld: () => boolean
  readonly onChange: () => void
  /** Takes half hours with what they came to, where somebody keeps statistics. */
  readonly onStatistics?: PushSeries | undefined
}

/** What a meter's view is made of besides its own: the same instant to the half hour, the same word about the car. */
interface Shown {
  readonly half: Instant
  readonly smart: boolean | null
}

export class Meters {
  readonly #options: MetersOptions
  readonly #prices: PriceBook
  readonly #halfHours: HalfHours
  readonly #hours: RegisterHours
  readonly #lost = new LostRegisters()
  readonly #feed: StatisticsFeed | null
  #meterings: readonly Metering[] = []
  /** Meters that are no more and whose last answer is still to come. */
  readonly #leaving = new Set<Promise<void>>()
  #views: readonly MeterView[] = []
  #shown: Shown | null = null

  constructor(options: MetersOptions) {
    const { clock, log, store, source, phase, settings, account, isHeld } = options
    this.#options = options
    this.#hours = {
      ...DEFAULT_REGISTER_HOURS,
      intelligentNight: settings.night,
      economy7Night: settings.economy7,
    }
    this.#halfHours = new HalfHours(store.believed, account)
    this.#feed = options.onStatistics
      ? new StatisticsFeed({
          clock,
          meters: () => this.#meterings.flatMap(({ fed }) => fed ?? []),
          push: options.onStatistics,
        })
      : null
    this.#prices = new PriceBook({
      clock,
      log,
      values: store.values,
      prices: store.prices,
      paymentMethod: settings.paymentMethod,
      request: source.prices,
      phase,
      isHeld,
      onChange: from => {
        if (from !== null) for (const metering of this.#meterings) metering.pricesChanged(from)
        this.#changed()
      },
    })
  }

  /** The account's meters, as they are now known. */
  use(meters: readonly Meter[]): void {
    const known = new Map(this.#meterings.map(metering => [keyOf(metering.meter), metering]))
    this.#meterings = meters.map(meter => {
      const metering = known.get(keyOf(meter)) ?? this.#begin(meter)
      metering.use(meter)
      metering.takeLostRegister()
      known.delete(keyOf(meter))
      return metering
    })
    // A meter that was exchanged is asked for no more.
    for (const gone of known.values()) this.#leave(gone)
    const { clock, settings } = this.#options
    const history = startOfDay(addDays(londonDate(clock.now()), -settings.historyDays))
    this.#prices.use(meters, Math.min(history, ...this.#meterings.map(({ since }) => since)))
    this.#shown = null
    this.#feed?.changed()
  }

  async stop(): Promise<void> {
    // What comes in at the last moment changes days: their books are closed when nothing comes any more.
    await Promise.all([
      this.#prices.stop(),
      ...this.#leaving,
      ...this.#meterings.map(metering => metering.stopAsking()),
    ])
    for (const metering of this.#meterings) metering.close()
    this.#feed?.stop()
  }

  /** What the broker holds of a register: see `LostRegisters`. */
  hearRegister(slug: string, key: string, payload: string): void {
    // What comes after we publish them is our own word, or that of somebody who pretends.
    if (!this.#lost.isAwaited) return
    this.#lost.hear(slug, key, payload)
    const taken = this.#meterings.filter(metering => metering.takeLostRegister())
    if (taken.length === 0) return
    this.#shown = null
    this.#options.onChange()
  }

  /** Registers are published from here on: nothing that is heard of them later was there before. */
  registersTold(): void {
    this.#lost.endWait()
    for (const metering of this.#meterings) metering.registerTold()
  }

  /** What is due in the background may have changed: Octopus takes us again. */
  rearm(): void {
    this.#prices.rearm()
    for (const metering of this.#meterings) metering.rearm()
  }

  get views(): readonly MeterView[] {
    return this.#views
  }

  /** Whether `keepUp` would change anything. */
  isBehind(at: Instant, account: Pick<AccountView, 'hasNight' | 'houseCheap'>, smart: boolean | null): boolean {
    const isShown = this.#shown?.half === halfHourStart(at) && this.#shown.smart === smart
    return !isShown || this.#halfHours.isNews(at, account)
  }

  /** Writes down what is said of the half hour, and derives the views anew where they may be others: true where it did. */
  keepUp(at: Instant, account: Pick<AccountView, 'hasNight' | 'houseCheap'>, smart: boolean | null): boolean {
    const wrote = this.#halfHours.note(at, account)
    const half = halfHourStart(at)
    if (wrote) for (const metering of this.#meterings) metering.believed(half - HALF_HOUR)
    if (!wrote && this.#shown?.half === half && this.#shown.smart === smart) return false
    this.#shown = { half, smart }
    this.#views = this.#meterings.map(metering => metering.view(at, smart))
    return true
  }

  /** The cheap windows of the import tariff's own prices, where it has any. */
  windows(now: Instant): ReturnType<typeof tariffWindows> {
    const metering = this.#meterings.find(({ meter }) => meter.kind === 'electricity_import')
    return metering === undefined ? null : tariffWindows(this.#pricing(metering.meter), now)
  }

  #leave(gone: Metering): void {
    const left = gone.stopAsking().then(() => {
      gone.close()
      this.#leaving.delete(left)
    })
    this.#leaving.add(left)
  }

  #begin(meter: Meter): Metering {
    return new Metering({
      ...this.#options,
      meter,
      pricing: one => this.#pricing(one),
      dispatched: interval => this.#halfHours.dispatched(interval),
      lostRegisters: this.#lost,
      onChange: () => this.#changed(),
    })
  }

  #pricing(meter: Meter): Pricing {
    return {
      direction: directionOf(meter),
      agreements: meter.agreements,
      prices: this.#prices.prices,
      hours: this.#hours,
      dispatched: new Set(),
    }
  }

  #changed(): void {
    this.#shown = null
    this.#feed?.changed()
    for (const metering of this.#meterings) metering.rearm()
    this.#options.onChange()
  }
}
