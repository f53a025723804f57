/** What is known of each tariff's prices. Kept as they were merged: a price that Octopus no longer lists is still what was charged. */
import type { Instant } from '../clock.ts'
import { RATE_BANDS, type RateBand, type StandingCharge, type TariffPrices, type UnitRate } from '../energy/types.ts'
import type { Database, Row } from './database.ts'
import type { ResilientDatabase } from './resilient.ts'

export interface Prices {
  /** Everything known of a tariff code that counts after `from`, the oldest first; of a tariff never heard of nothing. */
  of(tariffCode: string, from?: Instant): TariffPrices
  /** Writes what differs between `before`, as it was read, and `after`. */
  keep(before: TariffPrices, after: TariffPrices): void
}

/** Pence. More, either way, comes from a damaged file only. */
const DEAREST = 100_000

export class SqlitePrices implements Prices {
  readonly #database: ResilientDatabase

  constructor(database: ResilientDatabase) {
    this.#database = database
  }

  of(tariffCode: string, from: Instant = Number.MIN_SAFE_INTEGER): TariffPrices {
    return this.#database.read(database => {
      const rows = (table: string, columns: string): Row[] =>
        database.all(
          `SELECT ${columns} FROM ${table} WHERE tariff = ? AND ifnull(finish, 9e15) > ? ORDER BY start`,
          tariffCode,
          from,
        )
      return {
        tariffCode,
        unitRates: rows('unit_rates', 'band, start, finish, pence').flatMap(row => {
          const band = RATE_BANDS.find(known => known === row.band)
          return band === undefined ? [] : spansOf(row).map(span => ({ band, ...span }))
        }),
        standingCharges: rows('standing_charges', 'start, finish, pence').flatMap(spansOf),
      }
    })
  }

  keep(before: TariffPrices, after: TariffPrices): void {
    const { tariffCode } = after
    this.#database.write(database => {
      replace(before.unitRates, after.unitRates, keyOfRate, {
        remove: ({ band, start }) =>
          database.run('DELETE FROM unit_rates WHERE tariff = ? AND band = ? AND start = ?', tariffCode, band, start),
        insert: rate => insertRate(database, tariffCode, rate),
      })
      replace(before.standingCharges, after.standingCharges, keyOfCharge, {
        remove: ({ start }) =>
          database.run('DELETE FROM standing_charges WHERE tariff = ? AND start = ?', tariffCode, start),
        insert: ({ start, end, pence }) =>
          database.run(
            'INSERT OR REPLACE INTO standing_charges (tariff, start, finish, pence) VALUES (?, ?, ?, ?)',
            tariffCode,
            start,
            end,
            pence,
          ),
      })
    })
  }
}

const insertRate = (database: Database, tariffCode: string, { band, start, end, pence }: UnitRate): unknown =>
  database.run(
    'INSERT OR REPLACE INTO unit_rates (tariff, band, start, finish, pence) VALUES (?, ?, ?, ?, ?)',
    tariffCode,
    band,
    start,
    end,
    pence,
  )

const keyOfCharge = ({ start, end, pence }: StandingCharge): string => `${start} ${end} ${pence}`
const keyOfRate = (rate: UnitRate): string => `${rate.band} ${keyOfCharge(rate)}`

/** Takes away what is no more and writes what is new, in this order: both may begin at one instant. */
function replace<T>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (one: T) => string,
  write: { readonly remove: (one: T) => unknown; readonly insert: (one: T) => unknown },
): void {
  // What a merge did not touch is the same object on both sides, which spares a year of half hours their names.
  const [gone, come] = [without(before, new Set(after)), without(after, new Set(before))]
  const [was, is] = [new Set(gone.map(keyOf)), new Set(come.map(keyOf))]
  for (const one of gone) if (!is.has(keyOf(one))) write.remove(one)
  for (const one of come) if (!was.has(keyOf(one))) write.insert(one)
}

const without = <T>(list: readonly T[], others: ReadonlySet<T>): T[] => list.filter(one => !others.has(one))

function spansOf(row: Row): Omit<UnitRate & { band?: RateBand }, 'band'>[] {
  const [start, end, pence] = [Number(row.start), row.finish === null ? null : Number(row.finish), Number(row.pence)]
  return Math.abs(pence) <= DEAREST && (end === null || end > start) ? [{ start, end, pence }] : []
}
