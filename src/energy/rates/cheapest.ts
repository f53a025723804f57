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
function priceOf(prices: ReadonlyMap<Instant, number>, start: Instant, minutes: number): Decimal | null {
  let sum = ZERO
  for (let at = start, left = minutes; left > 0; at += HALF_HOUR, left -= 30) {
    const pence = prices.get(at)
    if (pence === undefined) return null
    sum = sum.plus(decimal(pence).times(Math.min(left, 30)))
  }
  return sum
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
  const prices = new Map(halfHours.map(({ start, pence }) => [start, pence]))
  const better = direction === 'import' ? -1 : 1
  let best: { start: Instant; price: Decimal } | null = null
  for (const { start } of halfHours) {
    if (start < from) continue
    const price = priceOf(prices, start, minutes)
    if (price !== null && (best === null || compare(price, best.price) === better)) best = { start, price }
  }
  if (best === null) return null
  const { start, price } = best
  return { start, end: start + minutes * MINUTE, average: roundHalfUp(price.div(minutes), 6) }
}
