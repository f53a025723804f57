/**
 * Prices that follow the market: Agile by half hours, Tracker by days. Tomorrow's are told between 16:00 and 20:00. All of
 * them are functions of the half hour or the day alone, so any past one can be asked for. Pure.
 */
import { HALF_HOUR, HOUR, type Instant, MINUTE } from '../../clock.ts'
import { addDays, atLocalTime, type LondonDate, londonDate, londonOffset, startOfDay } from '../../time/london.ts'
import { fractionOf } from '../random.ts'
import { type Asked, beforeTax, overlaps, type Price, type PriceRow, type Series, untaxed } from './price.ts'
import { LAUNCHED } from './steps.ts'

/** When the prices of the day after `date` are told: at a minute of its own between 16:00 and 20:00 in London. */
export const toldAt = (date: LondonDate): Instant =>
  atLocalTime(date, '16:00') + Math.floor(fractionOf('told', date) * 240) * MINUTE

/**
 * The market's day runs from 23:00 to 23:00.
 * assumption: by London's clocks, as the day of the auction does, so from 22:00Z in summer; the rows of any summer day
 * would settle it.
 */
const MARKET_DAY_BEGINS = '23:00'

const beginningOf = (date: LondonDate): Instant => atLocalTime(addDays(date, -1), MARKET_DAY_BEGINS)

/** Up to where half hours have been told. */
export function toldUntil(now: Instant): Instant {
  if (!Number.isFinite(now)) return now
  const today = londonDate(now)
  return beginningOf(addDays(today, now >= toldAt(today) ? 2 : 1))
}

/** Pence per kWh by hour of the local day, before the weather. */
const SHAPE = [
  4, 3.6, 3.4, 3.3, 3.5, 4.2, 6, 7.5, 7.4, 6.4, 5.6, 5, 4.6, 4.4, 4.8, 6, 8.5, 9.5, 9.8, 8.6, 7, 6, 5.2, 4.5,
]

/** One day in twelve is so windy that nights are worth less than nothing. Pence per kWh on top of the shape. */
function windLevel(date: LondonDate): number {
  const wind = fractionOf('wind', date)
  return wind < 1 / 12 ? -5 : wind < 0.3 ? -1.5 : 3 * wind
}

// Half hours are asked for in order, 48 of a day: the day's level is remembered, and depends on the day alone.
let windOf: { readonly day: number; readonly level: number } = { day: Number.NaN, level: 0 }

const DAY = 24 * HOUR

const hourOf = (at: Instant): number => Math.floor(((at + londonOffset(at)) % DAY) / HOUR)

/** Wholesale, pence per kWh. */
function wholesale(at: Instant): number {
  const day = Math.floor((at + londonOffset(at)) / DAY)
  if (windOf.day !== day) windOf = { day, level: windLevel(londonDate(at)) }
  return (SHAPE[hourOf(at)] ?? 5) + windOf.level + 1.5 * (fractionOf('market', at) - 0.5)
}

const isPeak = (at: Instant): boolean => {
  const hour = hourOf(at)
  return hour >= 16 && hour < 19
}

const pence = (value: number): number => Number(value.toFixed(2))

/** Import: 2.2 times wholesale and 12 p more at the peak, at most 95 p before tax. May be negative. */
export const agilePrice = (at: Instant): Price =>
  beforeTax(pence(Math.min(95, 2.2 * wholesale(at) + (isPeak(at) ? 12 : 0))))

/** Export: near wholesale, some more at the peak, and never less than nothing. */
export const agileExportPrice = (at: Instant): Price =>
  untaxed(pence(Math.max(0, 1.09 * wholesale(at) + (isPeak(at) ? 6.5 : 1))))

/** Somewhat more than a year of half hours: a client reads a year of them page by page. */
const ROWS_KEPT = 20_000

/**
 * A row for each half hour, up to what has been told. Rows are remembered, since every page of a list is cut from the whole list; what
 * a row says depends on its half hour alone.
 */
export const halfHourly = (priceOf: (at: Instant) => Price): Series => {
  const known = new Map<Instant, PriceRow>()
  const rowOf = (from: Instant): PriceRow => {
    const row = known.get(from) ?? { ...priceOf(from), from, to: from + HALF_HOUR, payment: null }
    if (known.size >= ROWS_KEPT) known.clear()
    known.set(from, row)
    return row
  }
  return (asked: Asked) => {
    const until = Math.min(asked.to, toldUntil(asked.now))
    const first = Math.floor(Math.max(asked.from, LAUNCHED) / HALF_HOUR) * HALF_HOUR
    const rows: PriceRow[] = []
    for (let from = first; from < until; from += HALF_HOUR) rows.push(rowOf(from))
    return rows
  }
}

/** A price for each London day, told the afternoon before; by the seed of its own `name`. */
export const daily =
  (name: string, low: number, high: number): Series =>
  (asked: Asked) => {
    const rows: PriceRow[] = []
    for (let date = londonDate(Math.max(asked.from, LAUNCHED)); ; date = addDays(date, 1)) {
      const from = startOfDay(date)
      if (from >= asked.to || toldAt(addDays(date, -1)) > asked.now) return rows
      const price = beforeTax(pence(low + (high - low) * fractionOf(name, date)))
      const row = { ...price, from, to: startOfDay(addDays(date, 1)), payment: null }
      if (overlaps(row, asked)) rows.push(row)
    }
  }

/** What is asked for without an end: nothing is told further ahead than this. */
export const FAR_AHEAD = 60 * 24 * HOUR
