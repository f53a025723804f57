/** Prices that stand for long: for ever, or until the next quarter, as the cap on variable prices moves them. Pure. */
import { HOUR, type Instant } from '../../clock.ts'
import { type LondonDate, londonDate, startOfDay } from '../../time/london.ts'
import { fractionOf } from '../random.ts'
import { type Asked, beforeTax, overlaps, PAYMENT_METHODS, type Price, type PriceRow, type Series } from './price.ts'

/** Every price of the catalogue begins here, long before any household of ours. */
export const LAUNCHED = startOfDay('2022-01-01')

/** How long before a quarter its prices are told. */
const TOLD_BEFORE = 25 * 24 * HOUR

/** The same price since the beginning, in one open row. */
export const always = (price: Price): Series => {
  const row: PriceRow = { ...price, from: LAUNCHED, to: null, payment: null }
  return asked => (overlaps(row, asked) ? [row] : [])
}

/** `2026-07-01` for any day of that summer. */
export function quarterOf(date: LondonDate): LondonDate {
  const month = Math.floor((Number(date.slice(5, 7)) - 1) / 3) * 3 + 1
  return `${date.slice(0, 4)}-${String(month).padStart(2, '0')}-01`
}

export function nextQuarter(quarter: LondonDate): LondonDate {
  const [year = 0, month = 0] = quarter.split('-').map(Number)
  return month === 10 ? `${year + 1}-01-01` : `${year}-${String(month + 3).padStart(2, '0')}-01`
}

/** A price that moves by up to a tenth each quarter, in pence with two decimals before tax. */
export const quarterlyPrice = (product: string, base: number, quarter: LondonDate): number =>
  Number((base * (0.9 + 0.2 * fractionOf('price', product, base, quarter))).toFixed(2))

/** Another price from each quarter's first midnight in London; the last one told is open. */
function steps(priceOf: (quarter: LondonDate) => readonly Omit<PriceRow, 'from' | 'to'>[]): Series {
  return (asked: Asked) => {
    const rows: PriceRow[] = []
    const first = quarterOf(londonDate(Math.max(asked.from, LAUNCHED)))
    for (let quarter = first; ; quarter = nextQuarter(quarter)) {
      const from = startOfDay(quarter)
      if (from >= asked.to || from - TOLD_BEFORE > asked.now) return rows
      const next = startOfDay(nextQuarter(quarter))
      const to = next - TOLD_BEFORE > asked.now ? null : next
      for (const price of priceOf(quarter)) rows.push({ ...price, from, to })
    }
  }
}

export const quarterly = (product: string, base: number): Series =>
  steps(quarter => [{ ...beforeTax(quarterlyPrice(product, base, quarter)), payment: null }])

/** What it costs more not to pay by direct debit. */
const NO_DIRECT_DEBIT = 1.06

/** Two rows for each quarter, one for each way to pay: whoever does not choose has every price twice. */
export const quarterlyByPayment = (product: string, base: number): Series =>
  steps(quarter => {
    const price = quarterlyPrice(product, base, quarter)
    return PAYMENT_METHODS.map(payment => ({
      ...beforeTax(payment === 'DIRECT_DEBIT' ? price : Number((price * NO_DIRECT_DEBIT).toFixed(2))),
      payment,
    }))
  })

/** The instant is in no quarter's future: for the one price that a GraphQL tariff shows. */
export const shownAt = (now: Instant): Asked => ({ from: now, to: now + 1, now })
