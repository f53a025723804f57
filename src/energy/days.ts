/**
 * Days made of half-hour readings, of any fuel and in the meter's own unit. Pure. A day is a calendar day in London: 46,
 * 48 or 50 half hours.
 */
import type { Instant } from '../clock.ts'
import type { HalfHourReading } from '../snapshot.ts'
import { addDays, halfHoursOfDay, type LondonDate, londonDate, startOfDay } from '../time/london.ts'
import { type Decimal, type DecimalSource, decimal, sumOf } from './decimal.ts'

/** How many days back a late day is still asked for and shown: Octopus's late data mostly comes within a week. */
export const ROLLING_DAYS = 7

/** Readings by the start of their half hour: kWh or m³, numbers as Octopus gives them, or exact decimals after a conversion. */
export type Readings = ReadonlyMap<Instant, DecimalSource>

/** A day of which every half hour is there, in exact decimals and the unit of its readings. */
export interface WholeDay {
  readonly date: LondonDate
  readonly start: Instant
  readonly total: Decimal
  readonly halfHours: readonly { readonly start: Instant; readonly amount: Decimal }[]
}

export interface CompleteDay {
  readonly date: LondonDate
  readonly start: Instant
  readonly kwh: number
  readonly halfHours: readonly HalfHourReading[]
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

/** The same in plain numbers, for readings that are kWh. */
export function completeDay(readings: Readings, date: LondonDate): CompleteDay | null {
  const day = wholeDay(readings, date)
  if (day === null) return null
  const halfHours = day.halfHours.map(({ start, amount }) => ({ start, kwh: amount.toNumber() }))
  return { date, start: day.start, kwh: day.total.toNumber(), halfHours }
}

/** How far back a complete day is still shown where nothing newer has come. */
const SHOWN_DAYS = 31

export const shownFrom = (now: Instant): Instant => startOfDay(addDays(londonDate(now), -SHOWN_DAYS))

/** The newest day that is whole and has ended by `now`, of the last month. */
export function newestWholeDate(readings: ReadonlyMap<Instant, unknown>, now: Instant): LondonDate | null {
  for (let back = 1; back <= SHOWN_DAYS; back += 1) {
    const date = addDays(londonDate(now), -back)
    if (halfHoursOfDay(date).every(start => readings.has(start))) return date
  }
  return null
}

/** The newest complete day that has ended by `now`, of the last month. Readings may come in any order. */
export function newestCompleteDay(readings: readonly HalfHourReading[], now: Instant): CompleteDay | null {
  const byStart = new Map(readings.map(({ start, kwh }) => [start, kwh]))
  const date = newestWholeDate(byStart, now)
  return date === null ? null : completeDay(byStart, date)
}
