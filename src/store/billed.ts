/** Half hours as Octopus billed them, in their buckets. They come a day or two later and may be corrected: the newest word counts. */
import type { Instant } from '../clock.ts'
import { type BilledHalfHour, type BilledPart, RATE_BANDS } from '../energy/types.ts'
import type { ResilientDatabase } from './resilient.ts'

export interface Billed {
  /** Starts of the half hours that were new or are billed otherwise now. `point` is the MPAN or MPRN. */
  upsert(point: string, halfHours: readonly BilledHalfHour[]): Instant[]
  /** Half hours that start in `[from, to)`, the oldest first. */
  range(point: string, from: Instant, to: Instant): BilledHalfHour[]
  /** Forgets how these half hours were billed, by their start. */
  remove(point: string, starts: readonly Instant[]): void
}

/** kWh and pence of half an hour. More comes from a damaged file only. */
const MOST = 100_000

export class SqliteBilled implements Billed {
  readonly #database: ResilientDatabase

  constructor(database: ResilientDatabase) {
    this.#database = database
  }

  upsert(point: string, halfHours: readonly BilledHalfHour[]): Instant[] {
    const [first, last] = [halfHours[0], halfHours.at(-1)]
    if (first === undefined || last === undefined) return []
    const starts = halfHours.map(({ start }) => start)
    const known = new Map(
      this.range(point, Math.min(...starts), Math.max(...starts) + 1).map(one => [
        one.start,
        JSON.stringify(one.parts),
      ]),
    )
    const changed = halfHours.filter(({ start, parts }) => known.get(start) !== JSON.stringify(parts.map(plain)))
    if (changed.length === 0) return []
    this.#database.write(database => {
      for (const { start, parts } of changed) {
        database.run('DELETE FROM billed WHERE point = ? AND start = ?', point, start)
        for (const [index, { band, kwh, pence }] of parts.entries())
          database.run(
            'INSERT INTO billed (point, start, part, band, kwh, pence) VALUES (?, ?, ?, ?, ?, ?)',
            ...[point, start, index, band, kwh, pence],
          )
      }
    })
    return changed.map(({ start }) => start)
  }

  range(point: string, from: Instant, to: Instant): BilledHalfHour[] {
    const rows = this.#database.read(database =>
      database.all(
        'SELECT start, band, kwh, pence FROM billed WHERE point = ? AND start >= ? AND start < ? ORDER BY start, part',
        point,
        from,
        to,
      ),
    )
    const halfHours = new Map<Instant, BilledPart[]>()
    for (const row of rows) {
      const part: BilledPart = {
        band: RATE_BANDS.find(band => band === row.band) ?? null,
        kwh: Number(row.kwh),
        pence: row.pence === null ? null : Number(row.pence),
      }
      if (Math.abs(part.kwh) > MOST || Math.abs(part.pence ?? 0) > MOST) continue
      const start = Number(row.start)
      const parts = halfHours.get(start)
      if (parts === undefined) halfHours.set(start, [part])
      else parts.push(part)
    }
    return [...halfHours].map(([start, parts]) => ({ start, parts }))
  }

  remove(point: string, starts: readonly Instant[]): void {
    if (starts.length === 0) return
    this.#database.write(database => {
      for (const start of starts) database.run('DELETE FROM billed WHERE point = ? AND start = ?', point, start)
    })
  }
}

/** In the order in which it is read back. */
const plain = ({ band, kwh, pence }: BilledPart): BilledPart => ({ band, kwh, pence })
