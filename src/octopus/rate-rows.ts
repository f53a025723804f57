/** Rows of prices as the REST API gives them, of one kind of rate or of the standing charge. */
import type { Instant } from '../clock.ts'
import type { RateBand, StandingCharge } from '../energy/types.ts'
import { asArray, asInstant, asName, asNumber, asObject, type JsonObject } from './json.ts'

/** A price for those who pay so; null is everybody. */
export interface PaidCharge extends StandingCharge {
  readonly paymentMethod: string | null
}

export interface PaidRate extends PaidCharge {
  readonly band: RateBand
}

/** All rows of a tariff, of every way of paying. */
export interface TariffRows {
  readonly unitRates: readonly PaidRate[]
  readonly standingCharges: readonly PaidCharge[]
}

/** Pence. No price of electricity or gas comes near this, either way; such a number only breaks the sums it is added to. */
const DEAREST = 10_000

/** Rows without a beginning, an end before it, or a price are left out: of that time no price is known. */
export function parseRateRows(body: JsonObject): PaidCharge[] {
  return (asArray(body.results) ?? []).flatMap(entry => {
    const row = asObject(entry) ?? {}
    const [start, end, pence] = [asInstant(row.valid_from), asInstant(row.valid_to), asNumber(row.value_inc_vat)]
    const isClosed = row.valid_to !== null && row.valid_to !== undefined
    if (start === null || pence === null || Math.abs(pence) > DEAREST) return []
    if (isClosed && (end === null || end <= start)) return []
    return [{ start, end: isClosed ? end : null, pence, paymentMethod: asName(row.payment_method, 30) }]
  })
}

/** The last part of the address of each kind of rate, in the order in which they are asked for. */
export const ENDPOINTS = {
  standard: 'standard-unit-rates',
  day: 'day-unit-rates',
  night: 'night-unit-rates',
  ev_peak: 'ev-device-peak-unit-rates',
  ev_off_peak: 'ev-device-off-peak-unit-rates',
} as const satisfies Partial<Record<RateBand, string>>

export type PublishedBand = keyof typeof ENDPOINTS

const STANDARD: readonly PublishedBand[] = ['standard']
const REGISTERS: readonly PublishedBand[] = ['day', 'night']
const FOUR: readonly PublishedBand[] = ['day', 'night', 'ev_peak', 'ev_off_peak']

/**
 * The kinds of rate to try in turn, until one of them has rows. A tariff of two registers is refused at `standard`; the four
 * rates of the Intelligent tariffs of 2026 stand beside a `standard` that is empty.
 */
export const bandsToTry = (tariffCode: string): readonly (readonly PublishedBand[])[] =>
  /^E-[23]R-/.test(tariffCode) ? [REGISTERS] : /^G-/.test(tariffCode) ? [STANDARD] : [STANDARD, FOUR]

export interface RateQuestion {
  /** `AGILE-24-10-01`; its tariff code has it in the middle. */
  readonly productCode: string
  readonly tariffCode: string
  readonly from: Instant
  readonly to: Instant
}
