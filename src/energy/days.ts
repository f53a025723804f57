/**
 * Days made of half-hour readings, of any fuel and in the meter's own unit. Pure. A day is a calendar day in London: 46,
 * 48 or 50 half hours.
 */
import type { Instant } from '../clock.ts'
import { addDays, halfHoursOfDay, type LondonDate, londonDate, startOfDay } from '../time/london.ts'
import { type Decimal, type DecimalSource, decimal, sumOf } from './decimal.ts'

/** How many days back a late day is still asked for: Octopus's late data mostly comes within a week. */
const ROLLING_DAYS = 7

/** Readings by the start of their half hour: kWh or m³, numbers as Octopus gives them, or exact decimals after a conversion. */
export type Readings = ReadonlyMap<Instant, DecimalSource>

/** A day of which every half hour is there, in exact decimals and the unit of its readings. */
export interface WholeDay {
  readonly date: LondonDate
  readonly start: Instant
  readonly total: Decimal
  readonly halfHours: readonly { readonly start: Instant; readonly amount: Decimal }[]
}

/** The first instant of the rolling week, a midnight in London: what to ask readings from. */
export const rollingWeekStart = (now: Instant): Instant => startOfDay(addDays(londonDate(now), -ROLLING_DAYS))

/** The half hours of the day that have no reading, in order. */
export const missingOfDay = (readings: ReadonlyMap<Instant, unknown>, date: LondonDate): Instant[] =>
  halfHoursOfDay(date).filter(start => !readings.has(start))

/** The day, if a reading of every one of its half hours is there; else null. */
export function wholeDay(readings: Readings, date: LondonDate): WholeDay | null {
  const halfHours: { start: Instant; amount: Decimal }[] = []
  for (const start of halfHoursOfDay(date)) {
    const amount = readings.get(start)
    if (amount === undefined) return null
    halfHours.push({ start, amount: decimal(amount) })
  }
  return { date, start: startOfDay(date), total: sumOf(halfHours.map(({ amount }) => amount)), halfHours }
}
