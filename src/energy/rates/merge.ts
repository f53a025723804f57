/**
 * Prices that were known, and an answer that came now. Pure.
 *
 * An answer speaks for what it has rows of, within the window that it was asked for, and for nothing else. So a late, short,
 * partial or empty one never takes a known price away; where it has a price, that price is the new one. Within one answer the row that began last
 * counts, of two that began together the one that ends first, of two for the same time the dearer: rather a price too high than a promise.
 */
import type { Instant } from '../../clock.ts'
import { closedEnd, flatten, openEnd, openStart } from '../spans.ts'
import { RATE_BANDS, type StandingCharge, type TariffPrices, type UnitRate } from '../types.ts'

/** What was asked for; null is an open end. */
export interface AskedWindow {
  readonly start: Instant | null
  readonly end: Instant | null
}

/** All there is: for an answer that was not asked for within limits. */
export const ALL_TIME: AskedWindow = { start: null, end: null }

interface Row {
  readonly start: Instant
  readonly end: Instant | null
  readonly pence: number
}

interface Layered {
  readonly start: Instant
  readonly end: Instant
  readonly pence: number
  readonly isNew: boolean
  /** As the row itself says, before the window cut it. */
  readonly began: Instant
  readonly ended: Instant
}

const layered = (row: Row, isNew: boolean, start: Instant, end: Instant): Layered => ({
  start: Math.max(row.start, start),
  end: Math.min(openEnd(row.end), end),
  pence: row.pence,
  isNew,
  began: row.start,
  ended: openEnd(row.end),
})

const order = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0)

function counts(a: Layered, b: Layered): number {
  if (a.isNew !== b.isNew) return a.isNew ? 1 : -1
  return order(a.began, b.began) || order(b.ended, a.ended) || order(a.pence, b.pence)
}

/**
 * Rows of one kind. What comes out does not overlap, is in order, and neighbours of one price are one row; so is what was
 * known. A year of half-hourly rows is long and an answer mostly a day: what it does not touch stays as it is.
 */
function mergeRows(known: readonly Row[], fetched: readonly Row[], window: AskedWindow): Row[] {
  const answer = fetched
    .map(row => layered(row, true, openStart(window.start), openEnd(window.end)))
    .filter(({ start, end }) => start < end)
  if (answer.length === 0) return [...known]
  const from = answer.reduce((least, { start }) => Math.min(least, start), Number.POSITIVE_INFINITY)
  const to = answer.reduce((most, { end }) => Math.max(most, end), Number.NEGATIVE_INFINITY)
  const isBefore = (row: Row): boolean => openEnd(row.end) < from
  const isAfter = (row: Row): boolean => row.start > to
  const touched = known
    .filter(row => !isBefore(row) && !isAfter(row))
    .map(row => layered(row, false, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY))
  const line = flatten([...touched, ...answer], counts, (a, b) => a.pence === b.pence)
  const rows = line.map(row => ({ start: row.start, end: closedEnd(row.end), pence: row.pence }))
  return [...known.filter(isBefore), ...rows, ...known.filter(isAfter)]
}

/**
 * The rates of one tariff after an answer, by band and then by time. `known` is what an earlier merge left, or empty; the answer's rows may
 * overlap, repeat and come in any order.
 */
export const mergeRates = (
  known: readonly UnitRate[],
  fetched: readonly UnitRate[],
  window: AskedWindow = ALL_TIME,
): UnitRate[] =>
  RATE_BANDS.flatMap(band => {
    const ofBand = (rates: readonly UnitRate[]) => rates.filter(rate => rate.band === band)
    const untouched: ReadonlySet<Row> = new Set(ofBand(known))
    // What an answer does not touch stays the very object that it was: who compares a year of rows lives by that.
    return mergeRows(ofBand(known), ofBand(fetched), window).map(row =>
      untouched.has(row) ? (row as UnitRate) : { band, start: row.start, end: row.end, pence: row.pence },
    )
  })

export const mergeStandingCharges = (
  known: readonly StandingCharge[],
  fetched: readonly StandingCharge[],
  window: AskedWindow = ALL_TIME,
): StandingCharge[] => mergeRows(known, fetched, window)

/** All of one tariff. `known` is null where nothing of it was. */
export const mergePrices = (
  known: TariffPrices | null,
  fetched: TariffPrices,
  window: AskedWindow = ALL_TIME,
): TariffPrices => ({
  tariffCode: fetched.tariffCode,
  unitRates: mergeRates(known?.unitRates ?? [], fetched.unitRates, window),
  standingCharges: mergeStandingCharges(known?.standingCharges ?? [], fetched.standingCharges, window),
})
