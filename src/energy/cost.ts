/**
 * What a day costs, or earns. Each half hour from its unrounded kWh at its own rate, and the day rounded once to whole pence. What
 * is not known makes the day unknown, never free. Pure.
 */
import { halfHoursOfDay, type LondonDate, startOfDay } from '../time/london.ts'
import { type BandRate, byBand, type Charge, chargeAsBilled, chargeByTariff } from './charging.ts'
import type { Readings } from './days.ts'
import { type Decimal, decimal, roundHalfUp, sumOf, toText } from './decimal.ts'
import type { BilledHalfHour, ChargedHalfHour, DayCost, Direction, PricedHalfHour, RateBand } from './types.ts'

export interface DayCostInput {
  readonly date: LondonDate
  readonly direction: Direction
  /** kWh by the start of the half hour; of gas as `kwhOfCubicMetres` gives them. */
  readonly readings: Readings
  /** Those of the day, or more, in any order. */
  readonly prices: readonly PricedHalfHour[]
  /** Pence of that day with VAT; null where it is not known. An export meter that has none of its own pays none. */
  readonly standing: number | null
  /** As billed, where that is known already. */
  readonly billed?: readonly BilledHalfHour[]
  /** For a billed part without an amount. */
  readonly bandRate?: BandRate
  /** On an Intelligent product: a half hour may turn out cheaper or dearer than we believe until it was billed. */
  readonly billCanDiffer: boolean
}

/** What one half hour needs: a day without its standing charge. */
export type ChargeInput = Pick<DayCostInput, 'date' | 'readings' | 'prices' | 'billed' | 'bandRate'>

/**
 * The half hours of the day that can be charged, in order: those with a reading, and a price or a bill. Of a day that is not whole too,
 * so that what is known of it has its place in the statistics. Exact; the standing charge is no part of them.
 */
export const chargedHalfHours = (input: ChargeInput): ChargedHalfHour[] => chargesOf(input).map(shown)

/**
 * The day's cost; null where a half hour lacks its reading, or its price and its bill. `pence` and `penceWithoutStanding` are each
 * rounded once from the exact sum, so their difference may be a penny off the standing charge.
 */
export function costOfDay(input: DayCostInput): DayCost | null {
  const { date, billCanDiffer } = input
  const charges = chargesOf(input)
  if (charges.length < halfHoursOfDay(date).length) return null
  const exact = sumOf(charges.map(({ pence }) => pence))
  const standing = input.standing ?? (input.direction === 'export' ? 0 : null)
  // assumption: a day is rounded once, to the nearest penny, after its half hours and its standing charge were added
  // exactly; a half goes away from zero. Others say that a bill rounds the kWh of each half hour to 0.01 first.
  const penceWithoutStanding = roundHalfUp(exact, 0)
  return {
    date,
    start: startOfDay(date),
    kwh: sumOf(charges.map(({ kwh }) => kwh)).toNumber(),
    pence: standing === null ? null : roundHalfUp(exact.plus(standing), 0),
    penceWithoutStanding,
    standing,
    byBand: sharedOut(byBand(charges), penceWithoutStanding),
    halfHours: charges.map(shown),
    provisional: billCanDiffer && charges.some(({ why }) => why !== 'billed'),
  }
}

function chargesOf({ date, readings, prices, billed = [], bandRate = () => null }: ChargeInput): Charge[] {
  const priceAt = new Map(prices.map(price => [price.start, price]))
  const billAt = new Map(billed.map(bill => [bill.start, bill]))
  return halfHoursOfDay(date).flatMap(start => {
    const reading = readings.get(start)
    if (reading === undefined) return []
    const kwh = decimal(reading)
    const price = priceAt.get(start)
    const bill = billAt.get(start)
    return (bill && chargeAsBilled(kwh, bill, price, bandRate)) ?? (price && chargeByTariff(kwh, price)) ?? []
  })
}

/**
 * Whole pence for each band that add up to the day's: each is rounded down, and what is left goes penny by penny to those that lost
 * the most. Of equals the one that comes first in the day.
 */
function sharedOut(bands: ReadonlyMap<RateBand, { kwh: Decimal; pence: Decimal }>, pence: number): DayCost['byBand'] {
  const floors = [...bands].map(([band, { kwh, pence: exact }]) => {
    const whole = floor(exact)
    return { band, kwh, whole, lost: exact.minus(whole) }
  })
  let left = pence - floors.reduce((sum, { whole }) => sum + whole, 0)
  const shares: Partial<Record<RateBand, { kwh: number; pence: number }>> = {}
  for (const { band, kwh, whole } of [...floors].sort((a, b) => b.lost.cmp(a.lost))) {
    shares[band] = { kwh: kwh.toNumber(), pence: left > 0 ? whole + 1 : whole }
    left -= 1
  }
  return shares
}

function floor(value: Decimal): number {
  const nearest = roundHalfUp(value, 0)
  return value.lt(nearest) ? nearest - 1 : nearest
}

const shown = ({ start, kwh, rate, pence, band, why, billed }: Charge): ChargedHalfHour => ({
  start,
  kwh: kwh.toNumber(),
  rate: rate.toNumber(),
  pence: toText(pence),
  band,
  why,
  ...(billed.length > 1 && { parts: billed }),
})
