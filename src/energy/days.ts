/** Days made of half-hour readings. Pure. A day is a calendar day in London: 46, 48 or 50 half hours. */
import type { Instant } from '../clock.ts'
import type { HalfHourReading } from '../snapshot.ts'
import { addDays, halfHoursOfDay, type LondonDate, londonDate, startOfDay } from '../time/london.ts'

/** How many days back a late day is still asked for and shown: Octopus's late data mostly comes within a week. */
export const ROLLING_DAYS = 7

export interface CompleteDay {
  readonly date: LondonDate
  readonly start: Instant
  readonly kwh: number
  readonly halfHours: readonly HalfHourReading[]
}

/** The first instant of the rolling week, a midnight in London: what to ask readings from. */
export const rollingWeekStart = (now: Instant): Instant => startOfDay(addDays(londonDate(now), -ROLLING_DAYS))

/** The day, if a reading of every one of its half hours is there; else null. Readings may come in any order. */
export function completeDay(readings: ReadonlyMap<Instant, number>, date: LondonDate): CompleteDay | null {
  const halfHours: HalfHourReading[] = []
  for (const start of halfHoursOfDay(date)) {
    const kwh = readings.get(start)
    if (kwh === undefined) return null
    halfHours.push({ start, kwh })
  }
  // Octopus gives three decimals: adding watt-hours keeps the sum free of binary dust.
  const wattHours = halfHours.reduce((sum, { kwh }) => sum + Math.round(kwh * 1000), 0)
  return { date, start: startOfDay(date), kwh: wattHours / 1000, halfHours }
}

/** How far back a complete day is still shown where nothing newer has come. */
const SHOWN_DAYS = 31

export const shownFrom = (now: Instant): Instant => startOfDay(addDays(londonDate(now), -SHOWN_DAYS))

/** The newest complete day that has ended by `now`, of the last month. */
export function newestCompleteDay(readings: readonly HalfHourReading[], now: Instant): CompleteDay | null {
  const byStart = new Map(readings.map(({ start, kwh }) => [start, kwh]))
  for (let back = 1; back <= SHOWN_DAYS; back += 1) {
    const day = completeDay(byStart, addDays(londonDate(now), -back))
    if (day) return day
  }
  return null
}
