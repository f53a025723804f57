/**
 * Rows for Home Assistant's long-term statistics: half hours added up to the hours of UTC, each with what the hour brought
 * (`state`) and a running `sum` that never restarts. Pure; any amount will do: kWh, m³, or pounds.
 *
 * The rules. A row is for an hour that has ended, never for one to come. An hour of which one half is known is written with that half,
 * and written anew when the other comes: energy that is known is not held back for a half hour that may never come. When an hour
 * changes, every later row is written anew, since each carries the sum. What was sent and is no longer known here stays as
 * it was sent: a shorter history is no reason to take anything back.
 */
import { HOUR, type Instant } from '../clock.ts'
import { type Decimal, type DecimalSource, decimal, ZERO } from './decimal.ts'

export interface StatisticHalfHour {
  readonly start: Instant
  readonly amount: DecimalSource
}

export interface HourlyRow {
  /** On the hour, UTC. */
  readonly start: Instant
  readonly state: number
  readonly sum: number
}

const hourStart = (at: Instant): Instant => Math.floor(at / HOUR) * HOUR

/** The hours from `from` on that have ended by `now` and of which something is known, in order. */
function hoursFrom(halfHours: readonly StatisticHalfHour[], from: Instant, now: Instant): Map<Instant, Decimal> {
  const hours = new Map<Instant, Decimal>()
  for (const { start, amount } of [...halfHours].sort((a, b) => a.start - b.start)) {
    const hour = hourStart(start)
    if (hour < from || hour + HOUR > now) continue
    hours.set(hour, (hours.get(hour) ?? ZERO).plus(amount))
  }
  return hours
}

function summed(hours: Iterable<readonly [Instant, DecimalSource]>, sumBefore: DecimalSource): HourlyRow[] {
  let sum = decimal(sumBefore)
  return [...hours].map(([start, amount]) => {
    sum = sum.plus(amount)
    return { start, state: decimal(amount).toNumber(), sum: sum.toNumber() }
  })
}

/**
 * The rows of the hours from `from`, on the hour in UTC, on. `sumBefore` is the sum of the last row before `from`, 0 where there
 * is none. Each half hour once, in any order.
 */
export const rowsFrom = (
  halfHours: readonly StatisticHalfHour[],
  from: Instant,
  sumBefore: DecimalSource,
  now: Instant,
): HourlyRow[] => summed(hoursFrom(halfHours, from, now), sumBefore)

/**
 * The first hour that is new or other than it was sent; null where all is as sent. `sent` are rows in order, and all that were sent
 * from the first of them on. If they do not go back to the beginning, neither may `halfHours`.
 */
export function firstChanged(
  sent: readonly HourlyRow[],
  halfHours: readonly StatisticHalfHour[],
  now: Instant,
): Instant | null {
  const states = new Map(sent.map(({ start, state }) => [start, state]))
  for (const [start, amount] of hoursFrom(halfHours, Number.NEGATIVE_INFINITY, now))
    if (states.get(start) !== amount.toNumber()) return start
  return null
}

/**
 * What has to be sent now, after `sent`: nothing, or every row from the first changed hour on. `sumBefore` is the sum before the
 * first row of `sent`: 0 where they go back to the beginning.
 */
export function rowsToSend(
  sent: readonly HourlyRow[],
  halfHours: readonly StatisticHalfHour[],
  now: Instant,
  sumBefore: DecimalSource = 0,
): HourlyRow[] {
  const from = firstChanged(sent, halfHours, now)
  if (from === null) return []
  const before = sent.filter(({ start }) => start < from).at(-1)
  const hours = new Map<Instant, DecimalSource>(
    sent.filter(({ start }) => start >= from).map(({ start, state }) => [start, state]),
  )
  for (const [start, amount] of hoursFrom(halfHours, from, now)) hours.set(start, amount)
  return summed(
    [...hours].sort(([a], [b]) => a - b),
    before?.sum ?? sumBefore,
  )
}
