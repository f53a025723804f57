/** Weeks, months and years to date, in London, made of days. Pure. */
import type { Instant } from '../clock.ts'
import { addDays, type LondonDate, startOfDay } from '../time/london.ts'
import { type DecimalSource, sumOf } from './decimal.ts'

/** A week begins on Monday. */
export const PERIODS = ['week', 'month', 'year'] as const
export type PeriodName = (typeof PERIODS)[number]

/** What is known of a day. A day whose readings are there may still lack its cost. */
export interface DayAmounts {
  /** kWh, or m³: the same unit for all days. */
  readonly amount: DecimalSource | null
  /** Whole pence with the standing charge. */
  readonly pence: number | null
  readonly penceWithoutStanding: number | null
  readonly provisional: boolean
}

/** A sum over the days of which the value is known. */
export interface SumToDate {
  /** Null where days have ended and none is known; 0 on the period's first day, when none has. */
  readonly value: number | null
  readonly days: number
  /** Days that have ended and are not in the sum. */
  readonly missing: readonly LondonDate[]
}

export interface PeriodToDate {
  readonly name: PeriodName
  readonly from: LondonDate
  /** Midnight in London of `from`: what Home Assistant calls `last_reset`. */
  readonly lastReset: Instant
  readonly amount: SumToDate
  /** Each day was rounded once, and the sum is that of the days as shown. */
  readonly pence: SumToDate
  readonly penceWithoutStanding: SumToDate
  /** True while a day in it is. */
  readonly provisional: boolean
}

/** Sunday is 0, and Monday begins the week. */
const dayOfWeek = (date: LondonDate): number => new Date(`${date}T00:00:00Z`).getUTCDay()

/** The first day of the week, month or year that the day lies in. */
export function periodStart(name: PeriodName, date: LondonDate): LondonDate {
  if (name === 'year') return `${date.slice(0, 4)}-01-01`
  if (name === 'month') return `${date.slice(0, 7)}-01`
  return addDays(date, -((dayOfWeek(date) + 6) % 7))
}

/** The days of the period that have ended before `today`, the first first. */
export function endedDays(name: PeriodName, today: LondonDate): LondonDate[] {
  const days: LondonDate[] = []
  for (let date = periodStart(name, today); date < today; date = addDays(date, 1)) days.push(date)
  return days
}

/**
 * The period up to yesterday. Days before `firstDay`, on which the meter's history begins, are no part of it and are not
 * missing; null where the history has no known beginning.
 */
export function periodToDate(
  name: PeriodName,
  today: LondonDate,
  days: ReadonlyMap<LondonDate, DayAmounts>,
  firstDay: LondonDate | null = null,
): PeriodToDate {
  const from = periodStart(name, today)
  const ended = endedDays(name, today).filter(date => firstDay === null || date >= firstDay)
  const sum = (pick: (day: DayAmounts) => DecimalSource | null) =>
    sumToDate(ended, date => {
      const day = days.get(date)
      return day === undefined ? null : pick(day)
    })
  return {
    name,
    from,
    lastReset: startOfDay(from),
    amount: sum(day => day.amount),
    pence: sum(day => day.pence),
    penceWithoutStanding: sum(day => day.penceWithoutStanding),
    provisional: ended.some(date => days.get(date)?.provisional),
  }
}

function sumToDate(ended: readonly LondonDate[], pick: (date: LondonDate) => DecimalSource | null): SumToDate {
  const known: DecimalSource[] = []
  const missing: LondonDate[] = []
  for (const date of ended) {
    const value = pick(date)
    if (value === null) missing.push(date)
    else known.push(value)
  }
  const value = ended.length > 0 && known.length === 0 ? null : sumOf(known).toNumber()
  return { value, days: known.length, missing }
}
