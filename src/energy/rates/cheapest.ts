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

/** A beginning of a window, and the best window that begins then or later. */
interface Ahead {
  readonly from: Instant
  readonly best: CheapWindow
}

/** For every beginning of a window within what is known, in order. */
function lookAhead(halfHours: readonly PricedHalfHour[], minutes: number, direction: Direction): Ahead[] {
  const prices = new Map(halfHours.map(({ start, pence }) => [start, decimal(pence)]))
  const worse = direction === 'import' ? 1 : -1
  const ahead: Ahead[] = []
  let best: CheapWindow | null = null
  let least = ZERO
  // From the end: of equals the one that is met last is the earliest.
  for (const { start } of [...halfHours].reverse()) {
    const price = priceOf(prices, start, minutes)
    if (price === null) continue
    const difference = best === null ? null : compare(price, least)
    if (best === null || difference !== worse) {
      const average: number = best !== null && difference === 0 ? best.average : roundHalfUp(price.div(minutes), 6)
      best = { start, end: start + minutes * MINUTE, average }
      least = price
    }
    ahead.push({ from: start, best })
  }
  return ahead.reverse()
}

interface LookedThrough {
  readonly minutes: number
  readonly direction: Direction
  readonly ahead: readonly Ahead[]
}

// The same prices are looked through at every half hour of a day: what belongs to a list is remembered.
const looked = new WeakMap<readonly PricedHalfHour[], LookedThrough>()

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
  const known = looked.get(halfHours)
  const isKnown = known?.minutes === minutes && known.direction === direction
  const ahead = isKnown ? known.ahead : lookAhead(halfHours, minutes, direction)
  if (!isKnown) looked.set(halfHours, { minutes, direction, ahead })
  return ahead.find(window => window.from >= from)?.best ?? null
}
