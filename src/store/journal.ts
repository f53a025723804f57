/** What happened, in order, for people who ask afterwards: appended to, read from its end, kept for 30 days. */
import { type Clock, HOUR, type Instant } from '../clock.ts'
import { jsonIn } from './json-in.ts'
import type { ResilientDatabase } from './resilient.ts'

export interface JournalEntry {
  readonly at: Instant
  readonly kind: string
  readonly data: unknown
}

export interface Journal {
  append(kind: string, data: unknown): void
  /** The newest entries, the newest first; of one kind, or of all. */
  newest(count: number, kind?: string): JournalEntry[]
}

const KEEP = 30 * 24 * HOUR

export class SqliteJournal implements Journal {
  readonly #database: ResilientDatabase
  readonly #clock: Clock

  constructor(database: ResilientDatabase, clock: Clock) {
    this.#database = database
    this.#clock = clock
  }

  append(kind: string, data: unknown): void {
    const at = this.#clock.now()
    const json = JSON.stringify(data ?? null)
    this.#database.write(database => {
      database.run('INSERT INTO journal (at, kind, json) VALUES (?, ?, ?)', at, kind, json)
      database.run('DELETE FROM journal WHERE at < ?', at - KEEP)
    })
  }

  newest(count: number, kind?: string): JournalEntry[] {
    return this.#database
      .read(database =>
        database.all(
          'SELECT at, kind, json FROM journal WHERE ?1 IS NULL OR kind = ?1 ORDER BY id DESC LIMIT ?2',
          kind ?? null,
          count,
        ),
      )
      .map(row => ({ at: Number(row.at), kind: String(row.kind), data: jsonIn(row.json) ?? null }))
  }
}
