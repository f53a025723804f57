/** Rates as other programs read them: pounds per kWh with VAT, times in UTC. Pure; what comes out is plain JSON. */
import { HALF_HOUR, type Instant } from '../../clock.ts'
import { toIso } from '../../time/london.ts'
import { pounds } from '../decimal.ts'
import type { PricedHalfHour } from '../types.ts'

/** What the cards of Home Assistant read in the attribute `rates` of an event. */
export interface ListedRate {
  /** `2026-11-24T16:30:00Z` */
  readonly start: string
  readonly end: string
  /** GBP per kWh, every digit of it. */
  readonly value_inc_vat: number
}

/** One for each half hour, also where the price stays: the cards draw a bar for each. */
export const rateList = (halfHours: readonly PricedHalfHour[]): ListedRate[] =>
  halfHours.map(({ start, pence }) => ({
    start: toIso(start),
    end: toIso(start + HALF_HOUR),
    value_inc_vat: pounds(pence),
  }))

/** What evcc reads in the `forecast` of a tariff of type `custom`: RFC 3339 times and currency per kWh. */
export interface EvccRate {
  readonly start: string
  readonly end: string
  readonly value: number
}

/**
 * From the half hour of `now` on, in order. evcc looks a time up by halves, so the list is sorted and does not overlap;
 * it takes slots of any length. Without a price there is no row: evcc then has no price, rather than a free one.
 */
export const evccRates = (halfHours: readonly PricedHalfHour[], now: Instant): EvccRate[] =>
  halfHours
    .filter(({ start }) => start + HALF_HOUR > now)
    .map(({ start, pence }) => ({ start: toIso(start), end: toIso(start + HALF_HOUR), value: pounds(pence) }))
