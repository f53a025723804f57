/** Half-hour meter readings. Octopus delivers them late, in pieces and sometimes corrected: the newest word counts. */
import type { Instant } from '../clock.ts'
import type { MeterReading } from '../energy/types.ts'
import type { ResilientDatabase } from './resilient.ts'

/** A meter: its meter point (MPAN, or MPRN for gas) and its serial number. */
export interface MeterKey {
  readonly point: string
  readonly serial: string
}

export interface Readings {
  /** Those that were new or corrected, by their start; storing the same again changes nothing. */
  upsert(meter: MeterKey, readings: readonly MeterReading[]): Instant[]
  /** Readings that start in `[from, to)`, the oldest first. */
  range(meter: MeterKey, from: Instant, to: Instant): MeterReading[]
  /** Start of the oldest and of the newest reading. */
  extent(meter: MeterKey): { readonly oldest: Instant; readonly newest: Instant } | null
}

/** kWh or m³ in half an hour. More comes from a damaged file only, and then the day is not known. */
const LARGEST_READING = 100_000

export class SqliteReadings implements Readings {
  readonly #database: ResilientDatabase

  constructor(database: ResilientDatabase) {
    this.#database = database
  }

  upsert({ point, serial }: MeterKey, readings: readonly MeterReading[]): Instant[] {
    return this.#database.write(database => {
      const changed: Instant[] = []
      for (const { start, amount } of readings) {
        const rows = database.run(
          `INSERT INTO readings (point, serial, start, amount) VALUES (?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET amount = excluded.amount WHERE amount <> excluded.amount`,
          point,
          serial,
          start,
          amount,
        )
        if (rows > 0) changed.push(start)
      }
      return changed
    })
  }

  range({ point, serial }: MeterKey, from: Instant, to: Instant): MeterReading[] {
    return this.#database.read(database =>
      database
        .all(
          'SELECT start, amount FROM readings WHERE point = ? AND serial = ? AND start >= ? AND start < ? ORDER BY start',
          point,
          serial,
          from,
          to,
        )
        .map(row => ({ start: Number(row.start), amount: Number(row.amount) }))
        .filter(({ amount }) => amount >= 0 && amount <= LARGEST_READING),
    )
  }

  extent({ point, serial }: MeterKey): { oldest: Instant; newest: Instant } | null {
    const row = this.#database.read(database =>
      database.get(
        'SELECT min(start) AS oldest, max(start) AS newest FROM readings WHERE point = ? AND serial = ?',
        point,
        serial,
      ),
    )
    return row === null || row.oldest === null ? null : { oldest: Number(row.oldest), newest: Number(row.newest) }
  }
}
