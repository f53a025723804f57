/** What the car pays, where Octopus bills it apart from the house. Pure. */
import { HALF_HOUR, type Instant } from '../../clock.ts'
import { halfHourStart } from '../../time/london.ts'
import { tariffAt } from './agreements.ts'
import { bandPriceAt, type Pricing, priceHalfHours } from './pricing.ts'

/**
 * The car's rate now, pence per kWh. On a four-rate tariff that is off-peak while it is charged smartly within the allowance, and
 * peak on a boost and beyond the allowance, whatever the hour; `smart` null is not known. On every other tariff the car pays
 * what the house pays in this half hour. Null where the price is not known, and for an export meter.
 */
export function carRateAt(pricing: Pricing, at: Instant, smart: boolean | null): number | null {
  if (pricing.direction === 'export') return null
  const start = halfHourStart(at)
  const prices = pricing.prices.get(tariffAt(pricing.agreements, start)?.tariffCode ?? '')
  if (prices?.unitRates.some(({ band }) => band === 'ev_peak' || band === 'ev_off_peak')) {
    return smart === null ? null : bandPriceAt(prices, smart ? 'ev_off_peak' : 'ev_peak', start)
  }
  return priceHalfHours(pricing, { start, end: start + HALF_HOUR })[0]?.pence ?? null
}
