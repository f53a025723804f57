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
import { dayRates } from './views.ts'

export interface OffPeakWindow {
  readonly start: Instant
  /** Null where what is known ends first. */
  readonly end: Instant | null
}

export interface OffPeak {
  /** Null where it is not known, or where the tariff has no off-peak. */
  readonly value: boolean | null
  /** The window of which now is a part. */
  readonly current: OffPeakWindow | null
  readonly next: OffPeakWindow | null
}

const FEW_PRICES = 3

/** Lower than any price: a day that has no off-peak. */
const NONE = Number.NEGATIVE_INFINITY

/** The lowest price of a day of rows, where that is off-peak; `NONE`; or null where too little of the day is known. */
function lowestOf(halfHours: readonly PricedHalfHour[], date: LondonDate): number | null {
  const own = (day: LondonDate) => {
    const { halfHours: known, published } = dayRates(halfHours, day)
    const rows = known.filter(({ band, why }) => band === 'standard' && why === 'tariff')
    return { prices: new Set(rows.map(({ pence }) => pence)), published }
  }
  const judged = own(date)
  let { prices } = judged
  if (!judged.published) {
    const before = own(addDays(date, -1))
    if (!before.published || [...prices].some(price => !before.prices.has(price))) return null
    prices = before.prices
  }
  return prices.size > 1 && prices.size <= FEW_PRICES ? Math.min(...prices) : NONE
}

/** Of each half hour whether it is off-peak; null where that cannot be said. */
function judged(halfHours: readonly PricedHalfHour[]): { start: Instant; value: boolean | null }[] {
  const lowest = new Map<LondonDate, number | null>()
  return halfHours.map(({ start, pence, band, why }) => {
    if (band !== 'standard') return { start, value: band === 'night' && why === 'tariff' }
    const date = londonDate(start)
    const known = lowest.get(date)
    const low = known === undefined ? lowestOf(halfHours, date) : known
    lowest.set(date, low)
    return { start, value: low === null ? null : why === 'tariff' && pence === low }
  })
}

/** Windows of half hours that are off-peak, in order. */
export function offPeakWindows(halfHours: readonly PricedHalfHour[], shape: TariffShape): OffPeakWindow[] {
  if (shape === 'half_hourly' || shape === 'single' || shape === 'unknown') return []
  const windows: { start: Instant; end: Instant | null; until: Instant }[] = []
  const all = judged(halfHours)
  const known = new Set(all.filter(({ value }) => value !== null).map(({ start }) => start))
  for (const { start } of all.filter(({ value }) => value === true)) {
    const last = windows.at(-1)
    const until = start + HALF_HOUR
    const end = known.has(until) ? until : null
    if (last?.until === start) windows[windows.length - 1] = { start: last.start, end, until }
    else windows.push({ start, end, until })
  }
  return windows.map(({ start, end }) => ({ start, end }))
}

/**
 * Off-peak now, and the window after. `halfHours` should begin a day before now and reach two days ahead, so that no window
 * is cut short. An Intelligent product's `off_peak` is the daemon's own night, which these windows agree with.
 */
export function offPeakAt(halfHours: readonly PricedHalfHour[], shape: TariffShape, now: Instant): OffPeak {
  const windows = offPeakWindows(halfHours, shape)
  const next = windows.find(({ start }) => start > now) ?? null
  const half = judged(halfHours).find(({ start }) => start <= now && now < start + HALF_HOUR)
  if (half === undefined || half.value === null || windows.length === 0) return { value: null, current: null, next }
  const current = windows.findLast(({ start }) => start <= now) ?? null
  return half.value ? { value: true, current, next } : { value: false, current: null, next }
}
