/** Prices that follow the clock on the wall: Go, Cosy and the older Intelligent product, as rows between local times. Pure. */
import type { Instant } from '../../clock.ts'
import { addDays, atLocalTime, type LondonDate, londonDate, startOfDay, type TimeOfDay } from '../../time/london.ts'
import { type Asked, overlaps, type Price, type PriceRow, type Series } from './price.ts'
import { LAUNCHED } from './steps.ts'

/** From that local time on, until the next in the list; the first is `00:00`. */
export type Windows = (date: LondonDate) => readonly (readonly [TimeOfDay, Price])[]

/** Rows are told up to the end of tomorrow, each to its own end. */
const DAYS_AHEAD = 2

/** Rows of the same price are one, over midnight too. */
export const windows =
  (of: Windows): Series =>
  (asked: Asked) => {
    const end = Number.isFinite(asked.now) ? startOfDay(addDays(londonDate(asked.now), DAYS_AHEAD)) : asked.to
    const until = Math.min(asked.to, end)
    const rows: PriceRow[] = []
    if (until <= asked.from) return rows
    const last = addDays(londonDate(until), 1)
    for (let date = addDays(londonDate(Math.max(asked.from, LAUNCHED)), -1); date <= last; date = addDays(date, 1)) {
      for (const [time, price] of of(date)) append(rows, Math.max(LAUNCHED, atLocalTime(date, time)), price)
    }
    // The last has no end yet; it begins after all that was asked for.
    return rows.filter(row => row.to !== null && row.from < end && overlaps(row, asked))
  }

function append(rows: PriceRow[], from: Instant, price: Price): void {
  const before = rows.at(-1)
  if (before?.incVat === price.incVat) return
  if (before !== undefined) rows[rows.length - 1] = { ...before, to: from }
  if (before?.from === from) rows.pop()
  rows.push({ ...price, from, to: null, payment: null })
}

/** `cheap` between two local times, the later one possibly past midnight, else `dear`. */
export const nightly = (start: TimeOfDay, end: TimeOfDay, cheap: Price, dear: Price): Series =>
  windows(() =>
    start > end
      ? [
          ['00:00', cheap],
          [end, dear],
          [start, cheap],
        ]
      : [
          ['00:00', dear],
          [start, cheap],
          [end, dear],
        ],
  )
