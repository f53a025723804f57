/**
 * The windows that a tariff itself makes cheap. Pure. Smart half hours are no part of it: `house_cheap` is for these.
 *
 * The rules. Of registers the night is off-peak. Of rows of `standard` the lowest price of a London day is, where that day
 * has two or three different ones (Go, Cosy, Flux); with one there is no off-peak, with more it is a market's price. A day that is known
 * in part is judged by the day before, as long as it has no price that that day did not have.
 */
import { HALF_HOUR, type Instant } from '../../clock.ts'
import { addDays, type LondonDate, londonDate } from '../../time/london.ts'
import type { PricedHalfHour } from '../types.ts'
import type { TariffShape } from './tariff.ts'
import { isPublished } from './views.ts'

export interface OffPeakWindow {
  readonly start: Instant
  /** Null where what is known ends first. */
  readonly end: Instant | null
}

const FEW_PRICES = 3

/** Lower than any price: a day that has no off-peak. */
const NONE = Number.NEGATIVE_INFINITY

/** A London day: the different prices of its rows, and whether all is there that can be. */
interface Day {
  readonly prices: ReadonlySet<number>
  readonly published: boolean
}

function daysOf(halfHours: readonly PricedHalfHour[]): Map<LondonDate, Day> {
  const byDate = new Map<LondonDate, PricedHalfHour[]>()
  for (const half of halfHours) {
    const date = londonDate(half.start)
    byDate.set(date, [...(byDate.get(date) ?? []), half])
  }
  const days = [...byDate].map(([date, known]): [LondonDate, Day] => {
    const rows = known.filter(({ band, why }) => band === 'standard' && why === 'tariff')
    return [date, { prices: new Set(rows.map(({ pence }) => pence)), published: isPublished(known, date) }]
  })
  return new Map(days)
}

/** The lowest price of a day of rows, where that is off-peak; `NONE`; or null where too little of the day is known. */
function lowestOf(days: ReadonlyMap<LondonDate, Day>, date: LondonDate): number | null {
  const day = days.get(date)
  const judgedBy = day?.published ? day : days.get(addDays(date, -1))
  if (day === undefined || !judgedBy?.published) return null
  if ([...day.prices].some(price => !judgedBy.prices.has(price))) return null
  const { prices } = judgedBy
  return prices.size > 1 && prices.size <= FEW_PRICES ? Math.min(...prices) : NONE
}

interface Judged {
  readonly start: Instant
  /** Whether it is off-peak; null where that cannot be said. */
  readonly value: boolean | null
}

function judge(halfHours: readonly PricedHalfHour[]): Judged[] {
  const days = daysOf(halfHours)
  const lowest = new Map([...days.keys()].map(date => [date, lowestOf(days, date)]))
  return halfHours.map(({ start, pence, band, why }) => {
    if (band !== 'standard') return { start, value: band === 'night' && why === 'tariff' }
    const low = lowest.get(londonDate(start)) ?? null
    return { start, value: low === null ? null : why === 'tariff' && pence === low }
  })
}

/** Whether prices of that shape show an off-peak at all. */
export const hasOffPeak = (shape: TariffShape): boolean =>
  shape !== 'half_hourly' && shape !== 'single' && shape !== 'unknown'

function windowsOf(judged: readonly Judged[]): OffPeakWindow[] {
  const known = new Set(judged.filter(({ value }) => value !== null).map(({ start }) => start))
  const windows: { start: Instant; until: Instant }[] = []
  for (const { start, value } of judged) {
    if (value !== true) continue
    const last = windows.at(-1)
    if (last?.until === start) last.until = start + HALF_HOUR
    else windows.push({ start, until: start + HALF_HOUR })
  }
  return windows.map(({ start, until }) => ({ start, end: known.has(until) ? until : null }))
}

/** Windows of half hours that are off-peak, in order. `shape` is that of the tariff in force. */
export const offPeakWindows = (halfHours: readonly PricedHalfHour[], shape: TariffShape): OffPeakWindow[] =>
  hasOffPeak(shape) ? windowsOf(judge(halfHours)) : []

/**
 * Start of the first half hour from `from` on of which it cannot be said; null where it can be said of all. Those before are
 * what a day is judged by: they have to be among them.
 */
export const firstUnjudged = (halfHours: readonly PricedHalfHour[], from: Instant): Instant | null =>
  judge(halfHours).find(({ start, value }) => start >= from && value === null)?.start ?? null
