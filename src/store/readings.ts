/** Half-hour meter readings. Octopus delivers them late, in pieces and sometimes corrected: the newest word counts. */
import type { Instant } from '../clock.ts'
import type { ResilientDatabase } from './resilient.ts'

export interface StoredReading {
  /** UTC, on the half-hour grid. */
  readonly start: Instant
  readonly kwh: number
}

export interface Readings {
  /** How many were new or corrected; storing the same again changes nothing. */
  upsert(mpan: string, serial: string, readings: readonly StoredReading[]): number
  /** Readings that start in `[from, to)`, the oldest first. */
  range(mpan: string, serial: string, from: Instant, to: Instant): StoredReading[]
  /** Start of the newest reading. */
  latest(mpan: string, serial: string): Instant | null
}

/** kWh in half an hour. More comes from a damaged file only, and then the day is not known. */
const LARGEST_READING = 100_000

export class SqliteReadings implements Readings {
  readonly #database: ResilientDatabase

  constructor(database: ResilientDatabase) {
    this.#database = database
  }

  upsert(mpan: string, serial: string, readings: readonly StoredReading[]): number {
    return this.#database.write(database => {
      let changed = 0
      for (const { start, kwh } of readings)
        changed += database.run(
          `INSERT INTO readings (mpan, serial, start, kwh) VALUES (?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET kwh = excluded.kwh WHERE kwh <> excluded.kwh`,
          mpan,
          serial,
          start,
          kwh,
        )
      return changed
    })
  }

  range(mpan: string, serial: string, from: Instant, to: Instant): StoredReading[] {
    return this.#database.read(database =>
      database
        .all(
          'SELECT start, kwh FROM readings WHERE mpan = ? AND serial = ? AND start >= ? AND start < ? ORDER BY start',
          mpan,
          serial,
          from,
          to,
        )
        .map(row => ({ start: Number(row.start), kwh: Number(row.kwh) }))
        .filter(({ kwh }) => kwh >= 0 && kwh <= LARGEST_READING),
    )
  }

  latest(mpan: string, serial: string): Instant | null {
    const row = this.#database.read(database =>
      database.get('SELECT max(start) AS start FROM readings WHERE mpan = ? AND serial = ?', mpan, serial),
    )
    return row === null || row.start === null ? null : Number(row.start)
  }
}
