/** A variable tariff has its prices twice, by how the customer pays. Pure. */

/** As Octopus writes it. A row that has none is for everybody. */
export const PAYMENT_METHODS = ['DIRECT_DEBIT', 'NON_DIRECT_DEBIT'] as const
export type PaymentMethod = (typeof PAYMENT_METHODS)[number]

export interface PaidRow {
  readonly start: number
  readonly end: number | null
  /** `DIRECT_DEBIT`, `NON_DIRECT_DEBIT`, a word that we do not know, or null for everybody. */
  readonly paymentMethod: string | null
}

/**
 * The rows that are for a customer who pays so: of one tariff, one band, in their order. Rows for everybody are kept, unless there is one
 * of exactly this method for exactly the same time. Where the answer has neither, the rows of the other method are all that is published, and stand.
 */
export function rowsForPayment<Row extends PaidRow>(rows: readonly Row[], method: PaymentMethod): Row[] {
  const span = ({ start, end }: Row): string => `${start}-${end}`
  const exact = new Set(rows.filter(row => row.paymentMethod === method).map(span))
  const fitting = rows.filter(
    row => row.paymentMethod === method || (row.paymentMethod === null && !exact.has(span(row))),
  )
  return fitting.length > 0 ? fitting : [...rows]
}
