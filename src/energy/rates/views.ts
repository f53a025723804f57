/** What is shown of priced half hours: the rate now, before and next, and the rates of a day. Pure; pence with VAT. */
import { HALF_HOUR, type Instant } from '../../clock.ts'
import { once } from '../../once.ts'
import { addDays, atLocalTime, halfHoursOfDay, type LondonDate, startOfDay } from '../../time/london.ts'
import { averageOf, roundHalfUp } from '../decimal.ts'
import type { PricedHalfHour } from '../types.ts'

/** Neighbouring half hours of one price. */
export interface RateRun {
  readonly start: Instant
  readonly end: Instant
  readonly pence: number
}

/**
 * Half hours in order, as runs of equal prices. A half hour without a known price ends a run. The same prices are looked through at
 * every half hour of a day.
 */
export const rateRuns = once((halfHours: readonly PricedHalfHour[]): readonly RateRun[] => {
  const runs: { start: Instant; end: Instant; pence: number }[] = []
  for (const { start, pence } of halfHours) {
    const last = runs.at(-1)
    if (last?.end === start && last.pence === pence) last.end = start + HALF_HOUR
    else runs.push({ start, end: start + HALF_HOUR, pence })
  }
  return runs
})

export interface RatesAround {
  /** The run of which `at` is a part; null where its price is not known. */
  readonly current: RateRun | null
  /** The run right before the current one, so the last rate that differed; null where there is none, or a hole between. */
  readonly previous: RateRun | null
  /** The run right after it: the next rate that differs. */
  readonly next: RateRun | null
}

/**
 * A rate that differs, as cards expect of a previous and a next one, and nothing said over a hole: behind an unknown half hour may be
 * another one. On a single rate there is neither.
 */
export function ratesAround(halfHours: readonly PricedHalfHour[], at: Instant): RatesAround {
  const runs = rateRuns(halfHours)
  const index = runs.findIndex(({ start, end }) => start <= at && at < end)
  const current = runs[index] ?? null
  if (current === null) return { current: null, previous: null, next: null }
  const [before, after] = [runs[index - 1] ?? null, runs[index + 1] ?? null]
  return {
    current,
    previous: before?.end === current.start ? before : null,
    next: after?.start === current.end ? after : null,
  }
}

export interface DayRates {
  readonly date: LondonDate
  /** Those that are known, in order. */
  readonly halfHours: readonly PricedHalfHour[]
  /** Pence; null where no price of the day is known. */
  readonly min: number | null
  readonly max: number | null
  /** Over the known half hours, each as long as the other; six decimals. */
  readonly average: number | null
  /** Every half hour of the day (46, 48 or 50) has a price. */
  readonly complete: boolean
}

/**
 * Day-ahead prices are those of a day in Central Europe, which begins and ends at 23:00 in London, summer and winter: the
 * last two half hours of tomorrow are published tomorrow.
 */
export const MARKET_DAY_ENDS = '23:00'

/** Half hours of a London day that have no known price. */
const missingOf = (known: readonly PricedHalfHour[], date: LondonDate): Instant[] => {
  const starts = new Set(known.map(({ start }) => start))
  return halfHoursOfDay(date).filter(at => !starts.has(at))
}

/** Whether all that can be published of a London day is among these half hours: everything up to 23:00 by the wall. */
export function isPublished(halfHours: readonly PricedHalfHour[], date: LondonDate): boolean {
  const marketEnd = atLocalTime(date, MARKET_DAY_ENDS)
  return missingOf(halfHours, date).every(at => at >= marketEnd)
}

/** A London day of half hours that are in order. */
export function dayRates(halfHours: readonly PricedHalfHour[], date: LondonDate): DayRates {
  const [start, end] = [startOfDay(date), startOfDay(addDays(date, 1))]
  const known = halfHours.filter(half => start <= half.start && half.start < end)
  const prices = known.map(({ pence }) => pence)
  const average = averageOf(prices)
  return {
    date,
    halfHours: known,
    min: prices.length === 0 ? null : Math.min(...prices),
    max: prices.length === 0 ? null : Math.max(...prices),
    average: average === null ? null : roundHalfUp(average, 6),
    complete: missingOf(known, date).length === 0,
  }
}
