/**
 * The database as the tables see it: when the disk is full or turns read-only while we run, everything that can still be
 * read moves to memory and the work goes on there, flagged. Only a file that another process keeps locked throws.
 */
import { BridgeError } from '../errors.ts'
import { Database } from './database.ts'
import { failureOf } from './failure.ts'
import { migrate } from './migrations.ts'

/** Why the store is not what it should be, and what a person can do about it. */
export interface Degraded {
  readonly reason: 'corrupt' | 'foreign' | 'full' | 'unwritable'
  readonly action: string
}

const ACTIONS = {
  full: 'The disk is full: nothing is kept over a restart until there is room and octopus2mqtt is restarted',
  unwritable:
    'The store cannot be written: nothing is kept over a restart until storage.path is writable and octopus2mqtt is restarted',
  foreign:
    'storage.path is the database of another program, which is left alone: nothing is kept over a restart until it names another file',
  corrupt: 'The store is damaged: nothing is kept over a restart; a restart sets the file aside and begins a new one',
} as const

export const degradedBy = (reason: Degraded['reason']): Degraded => ({ reason, action: ACTIONS[reason] })

export class ResilientDatabase {
  #database: Database
  #degraded: Degraded | null
  #inMemory: boolean
  #writing = false
  readonly #onDegraded: (degraded: Degraded) => void

  constructor(
    database: Database,
    state: { degraded: Degraded | null; inMemory: boolean },
    onDegraded: (degraded: Degraded) => void,
  ) {
    this.#database = database
    this.#degraded = state.degraded
    this.#inMemory = state.inMemory
    this.#onDegraded = onDegraded
  }

  get degraded(): Degraded | null {
    return this.#degraded
  }

  read<T>(work: (database: Database) => T): T {
    return this.#attempt(() => work(this.#database))
  }

  /**
   * One `BEGIN IMMEDIATE` transaction, and part of it where one is under way. `work` may run twice, the second time on what
   * moved to memory.
   */
  write<T>(work: (database: Database) => T): T {
    if (this.#writing) return work(this.#database)
    return this.#attempt(() =>
      this.#database.immediate(() => {
        this.#writing = true
        try {
          return work(this.#database)
        } finally {
          this.#writing = false
        }
      }),
    )
  }

  close(): void {
    closeQuietly(this.#database)
  }

  #attempt<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      const failure = failureOf(error)
      if (failure === 'locked') throw lockedStore()
      if (failure === 'other' || this.#inMemory) throw error
      this.#moveToMemory(degradedBy(failure))
      return work()
    }
  }

  #moveToMemory(degraded: Degraded): void {
    const memory = new Database(':memory:')
    memory.prepare()
    migrate(memory)
    copyWhatCanBeRead(this.#database, memory)
    closeQuietly(this.#database)
    this.#database = memory
    this.#inMemory = true
    this.#degraded = degraded
    this.#onDegraded(degraded)
  }
}

export const lockedStore = (): BridgeError =>
  new BridgeError(
    'STORE_UNAVAILABLE',
    'Another process keeps the store locked: see what else uses the file of storage.path',
  )

const TABLES = [
  ...['calls', 'stored_values', 'devices', 'readings', 'published_documents', 'published_topics', 'journal'],
  ...['unit_rates', 'standing_charges', 'believed', 'billed'],
]

function copyWhatCanBeRead(from: Database, to: Database): void {
  for (const table of TABLES) {
    try {
      const rows = from.all(`SELECT * FROM ${table}`)
      to.immediate(() => {
        for (const row of rows) {
          const columns = Object.keys(row)
          const marks = columns.map(() => '?').join(', ')
          to.run(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`, ...Object.values(row))
        }
      })
    } catch {
      // A table on damaged pages is lost; the others are worth having.
    }
  }
}

export function closeQuietly(database: Database): void {
  try {
    database.close()
  } catch {
    // It may be the closing that writes, on a disk that cannot be written.
  }
}
