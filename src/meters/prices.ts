/**
 * The prices of every tariff that a meter is on, was on since the history began, or will be on: the newest when the policy in
 * `energy/rates/rate-times.ts` says, and once those before them, a page at a time, the newest first; then what of it has no
 * price. Merged into what is known, kept; so is how far they were asked for, and a restart goes on there.
 */
import { type Clock, HOUR, type Instant } from '../clock.ts'
import { tariffTimeline } from '../energy/rates/agreements.ts'
import { mergePrices } from '../energy/rates/merge.ts'
import { PAYMENT_METHODS, type PaymentMethod } from '../energy/rates/payment.ts'
import { type Pricing, priceHoles, pricesKnownUntil } from '../energy/rates/pricing.ts'
import { nextRatesAt } from '../energy/rates/rate-times.ts'
import { DEFAULT_REGISTER_HOURS } from '../energy/rates/registers.ts'
import type { Direction, Fuel, TariffPrices } from '../energy/types.ts'
import type { Log } from '../log.ts'
import { addedLater, anInstant, fields, oneOf } from '../shape.ts'
import type { Prices } from '../store/prices.ts'
import type { Values } from '../store/values.ts'
import { addDays, type Interval, londonDate, startOfDay } from '../time/london.ts'
import { type Asked, Errand, type ErrandOptions, retryAfter } from './errand.ts'
import { directionOf, fuelOf, type Meter } from './meter.ts'
import { BETWEEN_PAGES, dayOf, PAGE, PriceHoles, retryPatiently } from './price-holes.ts'

/** A tariff that a meter point is on for a while. */
export interface WantedTariff {
  readonly tariffCode: string
  readonly productCode: string | null
  readonly fuel: Fuel
  readonly direction: Direction
  /** A meter point on it: where the tariff's own prices are not published, Octopus is asked for those of the point. */
  readonly point: string
  readonly start: Instant
  /** Infinity while open. */
  readonly end: Instant
}

export interface PriceBookOptions {
  readonly clock: Clock
  readonly log: Log
  readonly values: Values
  readonly prices: Prices
  readonly paymentMethod: PaymentMethod
  /** Prices that count somewhere in the interval, of that way of paying. Throws BridgeError. */
  readonly request: (tariff: WantedTariff, interval: Interval) => Promise<TariffPrices>
  /** This installation's own constant, 0–60 min in milliseconds. */
  readonly phase: number
  readonly isHeld: () => boolean
  /** The first instant from which a price is another now; null where none is. */
  readonly onChange: (from: Instant | null) => void
}

/** What was asked for and answered. An answer may have been short: see `PriceHoles`. */
interface Held {
  readonly from: Instant
  readonly until: Instant
  /** Whose prices they are, by the way of paying. */
  readonly paid: PaymentMethod
}

/** Without the way of paying it is of an earlier version, and nobody knows that it was another. */
const aHeld = fields<Held>({ from: anInstant, until: anInstant, paid: addedLater(oneOf(...PAYMENT_METHODS)) })

/** Prices of the next day are published the afternoon before. */
const AHEAD = 48 * HOUR
/** What was published lately may still be corrected. */
const BACK = 48 * HOUR

interface Wish extends Pick<ErrandOptions, 'dueAt'> {
  readonly askedFor: (at: Instant) => Interval | null
  readonly onKept?: (interval: Interval) => void
}

/** Holes are looked for in a year of half hours: only where something is another. */
interface Searched extends Interval {
  readonly prices: TariffPrices
  readonly holes: readonly Interval[]
}

export class PriceBook {
  readonly #options: PriceBookOptions
  readonly #known = new Map<string, TariffPrices>()
  readonly #errands = new Map<string, readonly Errand[]>()
  readonly #searched = new Map<string, Searched>()
  #wanted = new Map<string, WantedTariff>()
  #from: Instant = 0

  constructor(options: PriceBookOptions) {
    this.#options = options
  }

  /** By tariff code; of a tariff of which nothing is known yet there is an empty entry or none. */
  get prices(): ReadonlyMap<string, TariffPrices> {
    return this.#known
  }

  /** The meters as they are now known; prices count from `from` on. */
  use(meters: readonly Meter[], from: Instant): void {
    this.#from = from
    this.#wanted = wantedTariffs(meters, { start: from, end: this.#options.clock.now() + AHEAD })
    for (const tariff of this.#wanted.values()) {
      const { tariffCode } = tariff
      if (!this.#known.has(tariffCode)) this.#known.set(tariffCode, this.#options.prices.of(tariffCode))
      if (!this.#errands.has(tariffCode)) this.#errands.set(tariffCode, this.#errandsFor(tariffCode))
    }
    this.rearm()
  }

  rearm(): void {
    for (const errand of [...this.#errands.values()].flat()) errand.rearm()
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#errands.values()].flat().map(errand => errand.stop()))
  }

  /** For the newest prices, for those before them, and for what is missing among these. */
  #errandsFor(tariffCode: string): readonly Errand[] {
    const { clock, log, values, onChange, isHeld } = this.#options
    const holes = new PriceHoles(values, tariffCode)
    const errand = (key: string, name: string, { dueAt, askedFor, onKept }: Wish) => {
      let from: Instant | null = null
      return new Errand({
        clock,
        log,
        values,
        isHeld,
        key: `${key}:${tariffCode}`,
        name,
        details: { tariff: tariffCode },
        dueAt,
        ask: async at => {
          const interval = askedFor(at)
          const keep = await this.#ask(tariffCode, interval)
          return () => {
            from = keep()
            if (interval !== null) onKept?.(interval)
          }
        },
        onDone: () => {
          onChange(from)
          from = null
          this.rearm()
        },
      })
    }
    return [
      errand('prices-asked', 'prices', {
        dueAt: (asked, now) => this.#dueAt(tariffCode, asked, now),
        askedFor: at => this.#newest(tariffCode, at),
      }),
      errand('price-history-asked', 'history of prices', {
        dueAt: ({ at, failures }, now) => {
          if (this.#before(tariffCode) === null) return null
          return at === null ? now : Math.max(now, at + (failures > 0 ? retryAfter(failures) : BETWEEN_PAGES))
        },
        askedFor: () => this.#before(tariffCode),
        onKept: () => holes.begin(),
      }),
      errand('price-holes-asked', 'prices that are missing', {
        dueAt: (asked, now) => holes.dueAt(this.#holes(tariffCode), asked, now),
        askedFor: () => holes.page(this.#holes(tariffCode)),
        onKept: page => holes.asked(page, this.#holes(tariffCode), this.#searched.get(tariffCode)?.end ?? page.end),
      }),
    ]
  }

  /** Since the last answer, and a little more; of a tariff of which nothing is known one page. */
  #newest(tariffCode: string, at: Instant): Interval | null {
    const tariff = this.#wanted.get(tariffCode)
    if (tariff === undefined) return null
    // To a midnight: what is asked again after a failure is the same question.
    const end = Math.min(tariff.end, startOfDay(addDays(londonDate(at), 3)))
    const start = Math.max(this.#from, tariff.start)
    const held = this.#held(tariffCode)
    return { start: Math.max(start, dayOf(held === null ? end - PAGE : Math.min(held.until, at) - BACK)), end }
  }

  /** The page before what is held; null where all is that is wanted, or where the newest are still to come. */
  #before(tariffCode: string): Interval | null {
    const [tariff, held] = [this.#wanted.get(tariffCode), this.#held(tariffCode)]
    if (tariff === undefined || held === null) return null
    const start = Math.max(this.#from, tariff.start)
    return held.from > start ? { start: Math.max(start, dayOf(held.from - PAGE)), end: held.from } : null
  }

  /** What of the days before today has no price, once all of it was asked for. Today's is asked for again with the newest. */
  #holes(tariffCode: string): readonly Interval[] {
    const [tariff, held, prices] = [this.#wanted.get(tariffCode), this.#held(tariffCode), this.#known.get(tariffCode)]
    if (tariff === undefined || held === null || prices === undefined || this.#before(tariffCode) !== null) return []
    const now = this.#options.clock.now()
    const start = Math.max(this.#from, tariff.start)
    const end = Math.min(held.until, tariff.end, dayOf(now))
    const last = this.#searched.get(tariffCode)
    if (last?.prices === prices && last.start === start && last.end === end) return last.holes
    const holes = priceHoles(this.#pricing(tariff), { start, end })
    this.#searched.set(tariffCode, { prices, start, end, holes })
    return holes
  }

  #pricing(tariff: WantedTariff): Pricing {
    return {
      direction: 'import',
      agreements: [{ ...tariff, end: null }],
      prices: this.#known,
      hours: DEFAULT_REGISTER_HOURS,
      dispatched: new Set(),
    }
  }

  /** Null also where what is held are the prices of who pays otherwise: all are asked for anew then, and replace them. */
  #held(tariffCode: string): Held | null {
    const { values, paymentMethod } = this.#options
    const held = values.get<Held>(heldKey(tariffCode), aHeld)
    return held === null || (held.paid ?? paymentMethod) === paymentMethod ? held : null
  }

  #dueAt(tariffCode: string, asked: Asked, now: Instant): Instant | null {
    const tariff = this.#wanted.get(tariffCode)
    if (tariff === undefined) return null
    const { at, failures } = asked
    const isPaidOtherwise =
      this.#held(tariffCode) === null && this.#options.values.updatedAt(heldKey(tariffCode)) !== null
    if (isPaidOtherwise && at !== null) return failures > 0 ? at + retryAfter(failures) : now
    if (tariff.end <= now) return this.#dueOfEnded(tariff, asked, now)
    const start = Math.max(now, tariff.start)
    const knownUntil = pricesKnownUntil(this.#pricing(tariff), { start, end: start + AHEAD })
    return nextRatesAt({
      knownUntil: knownUntil > start ? knownUntil : null,
      neededUntil: Number.isFinite(tariff.end) ? tariff.end : null,
      lastAskedAt: at,
      failures,
      phase: this.#options.phase,
      now,
    })
  }

  /** Nothing new is published of a tariff that has ended, but its last days may have gone by while nobody asked. */
  #dueOfEnded({ tariffCode, end }: WantedTariff, { at, failures }: Asked, now: Instant): Instant | null {
    if (at === null) return now
    if (failures > 0) return at + retryPatiently(failures)
    const held = this.#held(tariffCode)
    return held !== null && held.until < end ? now : null
  }

  async #ask(tariffCode: string, interval: Interval | null): Promise<() => Instant | null> {
    const { request, prices, log, values, paymentMethod } = this.#options
    const tariff = this.#wanted.get(tariffCode)
    if (tariff === undefined || interval === null) return () => null
    const fetched = await request(tariff, interval)
    return () => {
      // Not before: meanwhile others may have come.
      const known = this.#known.get(tariffCode) ?? prices.of(tariffCode)
      const held = this.#held(tariffCode)
      // Open ends of the newest stay open.
      const isNewest = held === null || interval.end > held.from
      const merged = mergePrices(known, fetched, { start: interval.start, end: isNewest ? null : interval.end })
      prices.keep(known, merged)
      this.#known.set(tariffCode, merged)
      // Where nothing is known yet, nothing is what Octopus has not published, and it is asked for as a whole again.
      if (merged.unitRates.length > 0)
        values.set(heldKey(tariffCode), {
          from: Math.min(held?.from ?? interval.start, interval.start),
          until: Math.max(held?.until ?? interval.end, interval.end),
          paid: paymentMethod,
        })
      log.info({ tariff: tariffCode, rates: fetched.unitRates.length }, 'prices fetched')
      return firstDifference(known, merged)
    }
  }
}

const heldKey = (tariffCode: string): string => `prices-held:${tariffCode}`

/** The first instant at which either says another thing than the other. */
function firstDifference(before: TariffPrices, after: TariffPrices): Instant | null {
  const spans = ({ unitRates, standingCharges }: TariffPrices) => [...unitRates, ...standingCharges]
  const [was, is] = [spans(before), spans(after)]
  // A merge leaves what the answer did not speak of as the very same objects: only the others are held against each other.
  const others = (those: typeof was, theirs: ReadonlySet<unknown>) => those.filter(span => !theirs.has(span))
  const gone = new Map(others(was, new Set<unknown>(is)).map(span => [JSON.stringify(span), span.start]))
  const come = new Map(others(is, new Set<unknown>(was)).map(span => [JSON.stringify(span), span.start]))
  const starts = [...[...gone].filter(([key]) => !come.has(key)), ...[...come].filter(([key]) => !gone.has(key))].map(
    ([, start]) => start,
  )
  return starts.length === 0 ? null : Math.min(...starts)
}

/** Each tariff once, over all meters, as long as it counts within the interval for any of them. */
export function wantedTariffs(meters: readonly Meter[], interval: Interval): Map<string, WantedTariff> {
  const wanted = new Map<string, WantedTariff>()
  for (const meter of meters) {
    const open = (end: Instant) => (end >= interval.end ? Number.POSITIVE_INFINITY : end)
    for (const { tariffCode, productCode, start, end } of tariffTimeline(meter.agreements, interval)) {
      if (tariffCode === null) continue
      const known = wanted.get(tariffCode)
      wanted.set(tariffCode, {
        tariffCode,
        productCode,
        fuel: fuelOf(meter),
        direction: directionOf(meter),
        point: meter.point,
        start: Math.min(known?.start ?? start, start),
        end: Math.max(known?.end ?? open(end), open(end)),
      })
    }
  }
  return wanted
}
