/**
 * What each half hour costs, from agreements, prices and the half hours that we believe cheap. Pure.
 *
 * The rules. A half hour has the tariff and the price that are in force at its beginning; one that changes within it counts
 * from the next. A row of `standard` goes before registers. A half hour without a known price is left out: unknown is never
 * zero, and never the price of a neighbour. A believed half hour has the night's price of the same London day on the same tariff.
 */
import { HALF_HOUR, type Instant } from '../../clock.ts'
import { once } from '../../once.ts'
import {
  halfHourCeil,
  halfHoursOfDay,
  type Interval,
  isNight,
  type LondonDate,
  londonDate,
  startOfDay,
} from '../../time/london.ts'
import { spanAt } from '../spans.ts'
import type { AgreementSpan, Direction, PricedHalfHour, RateBand, TariffPrices, UnitRate } from '../types.ts'
import { type TariffSpan, tariffAt, tariffTimeline } from './agreements.ts'
import { type RegisterHours, registerAt } from './registers.ts'
import { bandsOf, isIntelligentTariff, registersOf } from './tariff.ts'

/** All that a price depends on, for one meter point. */
export interface Pricing {
  readonly direction: Direction
  readonly agreements: readonly AgreementSpan[]
  /** By tariff code; each as `mergePrices` leaves it, so that the spans of a band do not overlap. */
  readonly prices: ReadonlyMap<string, TariffPrices>
  readonly hours: RegisterHours
  /**
   * Starts of the half hours that are cheap because of a started smart half hour: the ledger's. Nothing else is believed. They count on an
   * Intelligent product's import only.
   */
  readonly dispatched: ReadonlySet<Instant>
}

interface Sorted {
  readonly lines: ReadonlyMap<RateBand, readonly UnitRate[]>
  readonly bands: ReadonlySet<RateBand>
}

// Sorting a year of half-hourly rows for each minute's snapshot would be a waste: what belongs to an object is remembered.
const linesOf = once((prices: TariffPrices): Sorted => {
  const lines = new Map<RateBand, UnitRate[]>()
  for (const rate of prices.unitRates) {
    const line = lines.get(rate.band)
    if (line === undefined) lines.set(rate.band, [rate])
    else line.push(rate)
  }
  return { lines, bands: bandsOf(prices) }
})

/** The price of a band on a tariff at an instant, pence per kWh; null where it is not known. */
export function bandPriceAt(prices: TariffPrices | undefined, band: RateBand, at: Instant): number | null {
  const line = prices === undefined ? undefined : linesOf(prices).lines.get(band)
  return (line && spanAt(line, at)?.pence) ?? null
}

interface Price {
  readonly pence: number
  readonly band: RateBand
}

type OwnPrice = (at: Instant) => Price | null

/** By the tariff's own prices and hours. */
function ownPricer(pricing: Pricing, tariff: TariffSpan, isIntelligent: boolean): OwnPrice {
  const prices = pricing.prices.get(tariff.tariffCode ?? '')
  if (prices === undefined) return () => null
  const { lines, bands } = linesOf(prices)
  const registers = registersOf(bands, isIntelligent)
  const priceOf = (band: RateBand, at: Instant): Price | null => {
    const rate = spanAt(lines.get(band) ?? [], at)
    return rate && { pence: rate.pence, band }
  }
  return at =>
    priceOf('standard', at) ?? (registers === null ? null : priceOf(registerAt(registers, pricing.hours, at), at))
}

/** The cheapest of the day's own night half hours on this very tariff; null where none of them is known. */
function nightPrice(pricing: Pricing, ownPrice: OwnPrice, date: LondonDate): Price | null {
  return halfHoursOfDay(date)
    .filter(at => isNight(at, pricing.hours.intelligentNight))
    .map(ownPrice)
    .reduce<Price | null>(
      (least, price) => (least === null || (price !== null && price.pence < least.pence) ? price : least),
      null,
    )
}

/** The prices of a stretch on one tariff, half hour by half hour; null where none is known. */
function pricer(pricing: Pricing, tariff: TariffSpan): (at: Instant) => PricedHalfHour | null {
  const isIntelligent = isIntelligentTariff(tariff.productCode, tariff.tariffCode)
  const believes = pricing.direction === 'import' && isIntelligent
  const ownPrice = ownPricer(pricing, tariff, isIntelligent)
  const nights = new Map<LondonDate, Price | null>()
  const nightOf = (at: Instant): Price | null => {
    const date = londonDate(at)
    const known = nights.get(date)
    if (known !== undefined) return known
    const found = nightPrice(pricing, ownPrice, date)
    nights.set(date, found)
    return found
  }
  return start => {
    const own = ownPrice(start)
    if (believes && pricing.dispatched.has(start) && !isNight(start, pricing.hours.intelligentNight)) {
      const cheap = nightOf(start)
      if (cheap === null) return null
      if (own === null || cheap.pence < own.pence) return { start, ...cheap, why: 'dispatch' }
    }
    return own && { start, ...own, why: 'tariff' }
  }
}

/** The half hours of an interval that have a known price, in order. One that began before the interval is left out. */
export const priceHalfHours = (pricing: Pricing, interval: Interval): PricedHalfHour[] =>
  tariffTimeline(pricing.agreements, interval).flatMap(tariff => {
    const price = pricer(pricing, tariff)
    const halfHours: PricedHalfHour[] = []
    for (let at = halfHourCeil(tariff.start); at < tariff.end; at += HALF_HOUR) {
      const priced = price(at)
      if (priced !== null) halfHours.push(priced)
    }
    return halfHours
  })

/**
 * Runs of half hours without a known price, in order; each begins and ends at a mark. A time without an agreement, or on a
 * tariff that Octopus does not name, is no hole: there is nothing to ask for.
 */
export function priceHoles(pricing: Pricing, interval: Interval): Interval[] {
  const priced = new Set(priceHalfHours({ ...pricing, dispatched: new Set() }, interval).map(({ start }) => start))
  const holes: { start: Instant; end: Instant }[] = []
  for (const { start, end, tariffCode } of tariffTimeline(pricing.agreements, interval)) {
    if (tariffCode === null) continue
    for (let at = halfHourCeil(start); at < end; at += HALF_HOUR) {
      if (priced.has(at)) continue
      const last = holes.at(-1)
      if (last?.end === at) last.end = at + HALF_HOUR
      else holes.push({ start: at, end: at + HALF_HOUR })
    }
  }
  return holes
}

/** Up to when prices are known without a hole, counted from `interval.start`, at most to `interval.end`. */
export const pricesKnownUntil = (pricing: Pricing, interval: Interval): Instant =>
  priceHoles(pricing, interval)[0]?.start ?? interval.end

/** The standing charge of a London day, pence with VAT: that of the tariff in force as the day begins. Null where it is not known. */
export function standingChargeOn(pricing: Pick<Pricing, 'agreements' | 'prices'>, date: LondonDate): number | null {
  const at = startOfDay(date)
  const prices = pricing.prices.get(tariffAt(pricing.agreements, at)?.tariffCode ?? '')
  return (prices && spanAt(prices.standingCharges, at)?.pence) ?? null
}
