/** When to run something: the next window of some length that costs least, or that earns most. Pure. */
import { HALF_HOUR, type Instant, MINUTE } from '../../clock.ts'
import { compare, type Decimal, decimal, roundHalfUp, ZERO } from '../decimal.ts'
import type { Direction, PricedHalfHour } from '../types.ts'

export interface CheapWindow {
  readonly start: Instant
  readonly end: Instant
  /** Of its minutes, pence per kWh, six decimals. */
  readonly average: number
}

interface Window {
  readonly start: Instant
  /** Of its minutes together. */
  readonly price: Decimal
}

/** The price of the window's minutes together; null where a half hour of it has no known price. */
function priceOf(prices: ReadonlyMap<Instant, Decimal>, start: Instant, minutes: number): Decimal | null {
  let whole = ZERO
  let at = start
  let left = minutes
  for (; left >= 30; at += HALF_HOUR, left -= 30) {
    const pence = prices.get(at)
    if (pence === undefined) return null
    whole = whole.plus(pence)
  }
  const last = left > 0 ? prices.get(at) : ZERO
  return last === undefined ? null : whole.times(30).plus(last.times(left))
}

// The same prices are looked through at every half hour of a day: what belongs to a list is remembered.
const windowsKnown = new WeakMap<readonly PricedHalfHour[], { minutes: number; windows: readonly Window[] }>()

/** Every window of so many minutes within what is known, in order. */
function windowsOf(halfHours: readonly PricedHalfHour[], minutes: number): readonly Window[] {
  const known = windowsKnown.get(halfHours)
  if (known?.minutes === minutes) return known.windows
  const prices = new Map(halfHours.map(({ start, pence }) => [start, decimal(pence)]))
  const windows = halfHours.flatMap(({ start }) => {
    const price = priceOf(prices, start, minutes)
    return price === null ? [] : [{ start, price }]
  })
  windowsKnown.set(halfHours, { minutes, windows })
  return windows
}

/**
 * The window begins at a half-hour mark, at `from` or later, and all of its half hours have known prices. Import: the
 * lowest price; export: the highest. Of equals the earliest. Null where no window fits into what is known. A device is taken to
 * draw evenly; a last half hour that is not used to its end counts by its minutes.
 */
export function nextCheapestWindow(
  halfHours: readonly PricedHalfHour[],
  from: Instant,
  minutes: number,
  direction: Direction,
): CheapWindow | null {
  if (!(minutes > 0)) return null
  const better = direction === 'import' ? -1 : 1
  let best: Window | null = null
  for (const window of windowsOf(halfHours, minutes)) {
    if (window.start < from) continue
    if (best === null || compare(window.price, best.price) === better) best = window
  }
  if (best === null) return null
  const { start, price } = best
  return { start, end: start + minutes * MINUTE, average: roundHalfUp(price.div(minutes), 6) }
}
