/**
 * The one place that speaks to SQLite. Nothing else imports `libsql`: binding a boolean aborts its process, `undefined`
 * and NaN become NULL, and a lone `null` or Buffer is taken for a list of parameters, so every value is checked here.
 */
import Libsql from 'libsql'

/** What may be bound. Booleans are stored as 0 and 1, by the caller. */
export type Bind = string | number | bigint | Buffer | null

export type Row = Readonly<Record<string, string | number | Buffer | null>>

/** How long a statement waits for another process's transaction, milliseconds. */
const BUSY_TIMEOUT = 5_000

/** A write-ahead log that is flushed with every commit: a ledger row outlives a power cut (0.3 ms a commit on an SSD). */
const PRAGMAS = ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON']

function checked(binds: readonly Bind[]): Bind[] {
  for (const bind of binds) {
    const fits =
      bind === null ||
      typeof bind === 'string' ||
      typeof bind === 'bigint' ||
      Buffer.isBuffer(bind) ||
      (typeof bind === 'number' && Number.isFinite(bind))
    if (!fits) throw new TypeError(`A ${typeof bind} cannot be bound to a statement`)
  }
  return [...binds]
}

function withoutMetadata(row: unknown): Row {
  const { _metadata, ...columns } = row as Record<string, unknown>
  return columns as Row
}

export class Database {
  readonly #raw: Libsql.Database
  readonly #statements = new Map<string, Libsql.Statement>()

  /** Opens or creates the file; `:memory:` makes a private one. A corrupt file is noticed by `prepare`, not here. */
  constructor(path: string) {
    this.#raw = new Libsql(path)
    this.#raw.pragma(`busy_timeout = ${BUSY_TIMEOUT}`)
  }

  /** Settings of the connection and a look through the file. Throws what SQLite throws; see `store/failure.ts`. */
  prepare(): void {
    for (const pragma of PRAGMAS) this.#raw.pragma(pragma)
    this.assertSound()
  }

  /** Looks through the file. Throws CorruptDatabase, or what SQLite throws. */
  assertSound(): void {
    const [result] = this.all('PRAGMA quick_check(1)')
    if (result === undefined || !Object.values(result).includes('ok')) throw new CorruptDatabase()
  }

  /** Another number than before where another connection has changed the file since; our own writes do not count. */
  othersWrote(): number {
    return Number(this.get('PRAGMA data_version')?.data_version)
  }

  exec(sql: string): void {
    this.#raw.exec(sql)
  }

  /** How many rows were changed. */
  run(sql: string, ...binds: Bind[]): number {
    return this.#statement(sql).run(checked(binds)).changes
  }

  /** The number of the row that was added. */
  insert(sql: string, ...binds: Bind[]): number {
    return Number(this.#statement(sql).run(checked(binds)).lastInsertRowid)
  }

  get(sql: string, ...binds: Bind[]): Row | null {
    const row = this.#statement(sql).get(checked(binds))
    return row === undefined ? null : withoutMetadata(row)
  }

  all(sql: string, ...binds: Bind[]): Row[] {
    return this.#statement(sql).all(checked(binds)).map(withoutMetadata)
  }

  /** Runs `work` while no other process can write; all of it is kept, or nothing. Not to be nested. */
  immediate<T>(work: () => T): T {
    this.run('BEGIN IMMEDIATE')
    try {
      const result = work()
      this.run('COMMIT')
      return result
    } catch (error) {
      // A full disk has already rolled it back.
      if (this.#raw.inTransaction) this.#raw.exec('ROLLBACK')
      throw error
    }
  }

  /** Leaves one file that holds everything, unless another process still reads it: then nobody waits for that. */
  close(): void {
    this.#statements.clear()
    this.#raw.pragma('busy_timeout = 0')
    this.#raw.pragma('wal_checkpoint(TRUNCATE)')
    this.#raw.close()
  }

  #statement(sql: string): Libsql.Statement {
    const known = this.#statements.get(sql)
    if (known !== undefined) return known
    const statement = this.#raw.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }
}

/** What is in the file was made by another program. */
export class ForeignDatabase extends Error {
  readonly code = 'STORE_FOREIGN'

  constructor() {
    super('The database is that of another program')
  }
}

/** `quick_check` found damage that no statement would have complained of. */
export class CorruptDatabase extends Error {
  readonly code = 'SQLITE_CORRUPT'

  constructor() {
    super('The database file is damaged')
  }
}
