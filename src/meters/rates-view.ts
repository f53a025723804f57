/** What is shown of a meter's prices at an instant. Pure; pounds. */
import { HALF_HOUR, type Instant, MINUTE } from '../clock.ts'
import { pounds } from '../energy/decimal.ts'
import { tariffAt } from '../energy/rates/agreements.ts'
import { carRateAt } from '../energy/rates/car.ts'
import { nextCheapestWindow } from '../energy/rates/cheapest.ts'
import { firstUnjudged, hasOffPeak, offPeakWindows } from '../energy/rates/off-peak.ts'
import {
  type Pricing,
  priceHalfHours,
  priceHoles,
  pricesKnownUntil,
  standingChargeOn,
} from '../energy/rates/pricing.ts'
import { shapeOf } from '../energy/rates/tariff.ts'
import { dayRates, type RateRun, ratesAround } from '../energy/rates/views.ts'
import type { PricedHalfHour } from '../energy/types.ts'
import type { DayRates, RateSpan, RatesView } from '../snapshot.ts'
import { addDays, halfHourStart, type Interval, londonDate, startOfDay } from '../time/london.ts'

/** The prices of the days around today: the same all day, as long as no price and no dispatch comes. */
export interface DaysOfRates {
  readonly halfHours: readonly PricedHalfHour[]
  readonly today: DayRates
  readonly tomorrow: DayRates
  readonly standing: number | null
}

export interface RatesInput {
  /** With the half hours that were dispatched lately. */
  readonly pricing: Pricing
  /** Of the day of `now`. */
  readonly days: DaysOfRates
  readonly now: Instant
  /** `energy.cheapest_window`, milliseconds. */
  readonly cheapestWindow: number
  /** Whether the car charges, or would charge, at the price of smart charging; null where nobody knows. */
  readonly smart: boolean | null
}

/** From yesterday on, so that what came before now has a beginning; up to the end of the day after tomorrow. */
export const shownInterval = (now: Instant): Interval => ({
  start: startOfDay(addDays(londonDate(now), -1)),
  end: startOfDay(addDays(londonDate(now), 3)),
})

const span = ({ start, end, pence }: RateRun): RateSpan => ({ start, end, rate: pounds(pence) })
const orNull = (run: RateRun | null): RateSpan | null => (run === null ? null : span(run))
const inPounds = (pence: number | null): number | null => (pence === null ? null : pounds(pence))

function dayView(halfHours: readonly PricedHalfHour[], date: string): DayRates {
  const day = dayRates(halfHours, date)
  return {
    date,
    rates: day.halfHours.map(({ start, pence }) => span({ start, end: start + HALF_HOUR, pence })),
    isComplete: day.complete,
    min: inPounds(day.min),
    max: inPounds(day.max),
    average: inPounds(day.average),
  }
}

export function daysOfRates(pricing: Pricing, now: Instant): DaysOfRates {
  const halfHours = priceHalfHours(pricing, shownInterval(now))
  const today = londonDate(now)
  return {
    halfHours,
    today: dayView(halfHours, today),
    tomorrow: dayView(halfHours, addDays(today, 1)),
    standing: inPounds(standingChargeOn(pricing, today)),
  }
}

export function ratesView({ pricing, days, now, cheapestWindow, smart }: RatesInput): RatesView {
  const { halfHours, today, tomorrow, standing } = days
  const tariff = tariffAt(pricing.agreements, now)
  const prices = pricing.prices.get(tariff?.tariffCode ?? '')
  const around = ratesAround(halfHours, now)
  const cheapest = nextCheapestWindow(halfHours, now, cheapestWindow / MINUTE, pricing.direction)
  const hasCarRates = prices !== undefined && shapeOf(prices, tariff?.productCode ?? null) === 'four_rate'
  return {
    tariffCode: tariff?.tariffCode ?? null,
    current: orNull(around.current),
    previous: orNull(around.previous),
    next: orNull(around.next),
    today,
    tomorrow,
    standing,
    nextCheapest:
      cheapest === null ? null : { start: cheapest.start, end: cheapest.end, rate: pounds(cheapest.average) },
    ...(hasCarRates && { evRate: inPounds(carRateAt(pricing, now, smart)) }),
  }
}

/**
 * The cheap windows that an import tariff's own prices show; null where it has none. Where the prices of now are not known, what is known ends
 * before now.
 */
export function tariffWindows(
  pricing: Pricing,
  now: Instant,
): { readonly known: Interval; readonly windows: readonly Interval[] } | null {
  const tariff = tariffAt(pricing.agreements, now)
  const prices = pricing.prices.get(tariff?.tariffCode ?? '')
  if (prices === undefined) return null
  const shown = shownInterval(now)
  const half = halfHourStart(now)
  const holes = priceHoles(pricing, { start: shown.start, end: half + HALF_HOUR })
  const isUnknown = (holes.at(-1)?.end ?? 0) > half
  // Of a contract that begins today yesterday's prices may not be there, nor are they needed.
  const start = holes.at(isUnknown ? -2 : -1)?.end ?? shown.start
  const interval = { start, end: shown.end }
  const all = priceHalfHours(pricing, { start, end: pricesKnownUntil(pricing, interval) })
  const end = firstUnjudged(all, now - HALF_HOUR) ?? pricesKnownUntil(pricing, interval)
  const halfHours = all.filter(({ start }) => start < end)
  const shape = shapeOf(prices, tariff?.productCode ?? null)
  const windows = offPeakWindows(halfHours, shape)
  if (windows.length === 0)
    return end <= half && hasOffPeak(shape) ? { known: { start, end: start }, windows: [] } : null
  return {
    known: { start, end },
    windows: windows.map(one => ({ start: one.start, end: one.end ?? end })),
  }
}
