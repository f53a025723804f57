/**
 * What one half hour is charged: the meter's kWh at the rate of its tariff, until it is known as it was billed. Pure, in exact
 * decimals; nothing is rounded in here.
 */
import type { Instant } from '../clock.ts'
import { costOf, type Decimal, decimal, sumOf, ZERO } from './decimal.ts'
import type { BilledHalfHour, BilledPart, PricedHalfHour, RateBand } from './types.ts'

/** The price of a band at an instant, pence per kWh with VAT; null where it is not known. */
export type BandRate = (band: RateBand, at: Instant) => number | null

/** A part of a half hour that went to one band. */
export interface BandPart {
  readonly band: RateBand
  readonly kwh: Decimal
  readonly pence: Decimal
}

export interface Charge {
  readonly start: Instant
  readonly kwh: Decimal
  readonly pence: Decimal
  /** Pence per kWh; of several billed parts their average. */
  readonly rate: Decimal
  /** The band of most of its kWh. */
  readonly band: RateBand
  readonly why: 'tariff' | 'dispatch' | 'billed'
  /** One for each band; their kWh and pence are those of the half hour. */
  readonly parts: readonly BandPart[]
  readonly billed: readonly BilledPart[]
}

/** By the tariff and what we believe of it. */
export function chargeByTariff(kwh: Decimal, price: PricedHalfHour): Charge {
  const { start, band, why } = price
  const pence = costOf(price.pence, kwh)
  return { start, kwh, pence, rate: decimal(price.pence), band, why, parts: [{ band, kwh, pence }], billed: [] }
}

/**
 * As it was billed. The amounts are the bill's. The kWh stay the meter's, so that a day costs what it used; they are shared out
 * as the bill does. A part without an amount is charged at the rate of its band. Null where the bill leaves a part open: a
 * label that we do not know, or no amount and no rate.
 */
export function chargeAsBilled(
  kwh: Decimal,
  billed: BilledHalfHour,
  price: PricedHalfHour | undefined,
  bandRate: BandRate,
): Charge | null {
  const { start } = billed
  const billedKwh = sumOf(billed.parts.map(part => part.kwh))
  const shareOf = (part: BilledPart): Decimal => {
    if (billedKwh.eq(kwh)) return decimal(part.kwh)
    return billedKwh.eq(0) ? kwh.div(billed.parts.length) : kwh.times(part.kwh).div(billedKwh)
  }
  const parts: BandPart[] = []
  for (const part of billed.parts) {
    if (part.band === null) return null
    const rate = part.pence === null ? rateOf(part.band, start, price, bandRate) : null
    if (part.pence === null && rate === null) return null
    parts.push({ band: part.band, kwh: shareOf(part), pence: decimal(part.pence ?? costOf(rate ?? 0, part.kwh)) })
  }
  const most = parts.reduce<BandPart | null>(
    (best, part) => (best === null || part.kwh.gt(best.kwh) ? part : best),
    null,
  )
  if (most === null) return null
  const pence = sumOf(parts.map(part => part.pence))
  // Nothing used and nothing to pay: the rate is what it would have been. A bill has bands that the tariff has no prices of.
  const rate = kwh.eq(0) ? (rateOf(most.band, start, price, bandRate) ?? price?.pence ?? null) : pence.div(kwh)
  if (rate === null) return null
  return { start, kwh, pence, rate: decimal(rate), band: most.band, why: 'billed', parts, billed: billed.parts }
}

const rateOf = (band: RateBand, at: Instant, price: PricedHalfHour | undefined, bandRate: BandRate): number | null =>
  bandRate(band, at) ?? (price?.band === band ? price.pence : null)

/** kWh and exact pence of each band. */
export function byBand(charges: readonly Charge[]): Map<RateBand, { kwh: Decimal; pence: Decimal }> {
  const bands = new Map<RateBand, { kwh: Decimal; pence: Decimal }>()
  for (const { band, kwh, pence } of charges.flatMap(({ parts }) => parts)) {
    const so = bands.get(band) ?? { kwh: ZERO, pence: ZERO }
    bands.set(band, { kwh: so.kwh.plus(kwh), pence: so.pence.plus(pence) })
  }
  return bands
}
