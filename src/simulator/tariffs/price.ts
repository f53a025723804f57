/** Prices as the public pages have them: pence without VAT, and with it to every digit. Pure. */
import type { Instant } from '../../clock.ts'

/** How the customer pays. Only a variable product has a price for each; prepayment is a product of its own. */
export const PAYMENT_METHODS = ['DIRECT_DEBIT', 'NON_DIRECT_DEBIT'] as const
export type PaymentMethod = (typeof PAYMENT_METHODS)[number]

export interface Price {
  readonly exVat: number
  readonly incVat: number
}

/** A price over a span; `to` is null while it is open, `payment` where every customer pays the same. */
export interface PriceRow extends Price {
  readonly from: Instant
  readonly to: Instant | null
  readonly payment: PaymentMethod | null
}

/** What rows are wanted: those that overlap [from, to) and have been published by `now`. */
export interface Asked {
  readonly from: Instant
  readonly to: Instant
  readonly now: Instant
}

/** One price through time. Oldest first. The same for every household: Octopus does not ask for our seed. */
export type Series = (asked: Asked) => PriceRow[]

const digits = (value: number, count: number): number => Number(value.toFixed(count))

/** Of a price that Octopus set before tax; to six decimals that is exact. */
export const beforeTax = (exVat: number): Price => ({ exVat, incVat: digits(exVat * 1.05, 6) })

/** Of a price that is known as customers see it. */
export const withTax = (incVat: number): Price => ({ exVat: digits(incVat / 1.05, 4), incVat })

/** Nobody pays VAT on what a house sells. */
export const untaxed = (pence: number): Price => ({ exVat: pence, incVat: pence })

export const overlaps = (row: Pick<PriceRow, 'from' | 'to'>, { from, to }: Pick<Asked, 'from' | 'to'>): boolean =>
  row.from < to && (row.to === null || row.to > from)

/** The row in force at `at` for a customer who pays so; undefined where there is none. */
export const rowAt = (rows: readonly PriceRow[], at: Instant, payment: PaymentMethod): PriceRow | undefined =>
  rows.find(
    row => row.from <= at && (row.to === null || row.to > at) && (row.payment === null || row.payment === payment),
  )

/** As if all had been published. */
export const EVER: Instant = Number.POSITIVE_INFINITY
