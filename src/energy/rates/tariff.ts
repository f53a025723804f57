/**
 * What a tariff is like, told by the prices that there are and by its code. There is no list of products: Octopus makes a
 * new one every few months, and its prices come in one of a few forms. Pure.
 */
import { HALF_HOUR } from '../../clock.ts'
import { isIntelligentProduct } from '../../intelligent/dispatching.ts'
import { type LondonDate, londonDate } from '../../time/london.ts'
import type { RateBand, TariffPrices, UnitRate } from '../types.ts'

/** The product in a tariff's code: `E-1R-AGILE-24-10-01-C` is `AGILE-24-10-01` in region C. Null where it has another form. */
export const productOf = (tariffCode: string | null): string | null =>
  /^[EG]-\dR-(.+)-[A-P]$/.exec(tariffCode ?? '')?.[1] ?? null

/** A product whose smart half hours are cheap for the whole house. Told by the product, or by the tariff where only that is known. */
export const isIntelligentTariff = (productCode: string | null, tariffCode: string | null): boolean =>
  isIntelligentProduct(productCode ?? productOf(tariffCode))

/** Products whose prices follow the market: a day with few different prices is chance there, not a window. */
const MARKET_PRODUCT = /AGILE|TRACKER|SILVER/

/**
 * `single`: one price a day or longer (fixed, flexible, Tracker, most export and gas). `windows`: two or three prices a day
 * as rows of `standard` (Go, Cosy, Flux, the older Intelligent products). `half_hourly`: more than that (Agile). `day_night`: two registers
 * (Economy 7). `three_rate`: three. `four_rate`: the house's day and night, and prices of the car (Intelligent, 2026). How a
 * customer pays makes no shape: prepayment has the form of what is prepaid. `unknown`: no price at all.
 */
export type TariffShape = 'single' | 'windows' | 'half_hourly' | 'day_night' | 'three_rate' | 'four_rate' | 'unknown'

/** Registers and uses, by how Octopus reads the meter. Null: there are none, every kWh has one price. */
export function registersOf(
  bands: ReadonlySet<RateBand>,
  intelligent: boolean,
): 'day_night' | 'three_rate' | 'four_rate' | null {
  if (bands.has('ev_peak') || bands.has('ev_off_peak')) return 'four_rate'
  if (!bands.has('day') && !bands.has('night')) return null
  if (intelligent) return 'four_rate'
  return bands.has('off_peak') ? 'three_rate' : 'day_night'
}

/** The bands that a tariff has prices of, at whatever time. */
export const bandsOf = (prices: TariffPrices): ReadonlySet<RateBand> =>
  new Set(prices.unitRates.map(({ band }) => band))

/** Days at the end of what is known that are looked at: a shape shows in a few, and a year of Agile is long. */
const ROWS_LOOKED_AT = 48 * 8

/** How many different prices the London day of each row's start has, at most. Rows longer than a day count for their first. */
function mostPricesOfADay(rates: readonly UnitRate[]): number {
  const days = new Map<LondonDate, Set<number>>()
  for (const rate of rates.slice(-ROWS_LOOKED_AT)) {
    // What reaches into the next day belongs to that one as well.
    const ends = rate.end === null ? [rate.start] : [rate.start, rate.end - HALF_HOUR]
    for (const date of new Set(ends.map(londonDate))) {
      const pricesThen = days.get(date) ?? new Set()
      days.set(date, pricesThen.add(rate.pence))
    }
  }
  return Math.max(0, ...[...days.values()].map(({ size }) => size))
}

// A year of rows is looked through for it: what belongs to an object is remembered.
const shapes = new WeakMap<TariffPrices, { readonly productCode: string | null; readonly shape: TariffShape }>()

/** The shape of a tariff's prices. `productCode` may be null where only the tariff's code is known. */
export function shapeOf(prices: TariffPrices, productCode: string | null = null): TariffShape {
  const known = shapes.get(prices)
  if (known?.productCode === productCode) return known.shape
  const shape = findShape(prices, productCode)
  shapes.set(prices, { productCode, shape })
  return shape
}

function findShape(prices: TariffPrices, productCode: string | null): TariffShape {
  const product = productCode ?? productOf(prices.tariffCode)
  const standard = prices.unitRates.filter(({ band }) => band === 'standard')
  if (standard.length === 0) {
    const registers = registersOf(bandsOf(prices), isIntelligentTariff(product, null))
    return registers ?? 'unknown'
  }
  const most = mostPricesOfADay(standard)
  if (MARKET_PRODUCT.test(product ?? '')) return most > 1 ? 'half_hourly' : 'single'
  return most > 3 ? 'half_hourly' : most > 1 ? 'windows' : 'single'
}
