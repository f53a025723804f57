/** The tables, as numbered steps. A step once released is never edited: a change is a new step. */
import { BridgeError } from '../errors.ts'
import { CorruptDatabase, Database, ForeignDatabase } from './database.ts'

export const STEPS: readonly string[] = [
  `CREATE TABLE calls (
     id INTEGER PRIMARY KEY,
     kind TEXT NOT NULL,
     class TEXT NOT NULL,
     operation TEXT NOT NULL,
     started_wall INTEGER NOT NULL,
     started_mono REAL NOT NULL,
     boot_id TEXT NOT NULL,
     finished_wall INTEGER,
     outcome TEXT,
     blocked_for INTEGER
   ) STRICT;
   CREATE INDEX calls_by_wall ON calls (started_wall);

   CREATE TABLE stored_values (
     key TEXT PRIMARY KEY,
     json TEXT NOT NULL,
     updated_at INTEGER NOT NULL
   ) STRICT;

   CREATE TABLE devices (
     id TEXT PRIMARY KEY,
     kind TEXT NOT NULL,
     account TEXT NOT NULL,
     octopus_id TEXT NOT NULL,
     slug TEXT NOT NULL,
     name TEXT,
     make TEXT,
     model TEXT,
     seen_at INTEGER NOT NULL,
     UNIQUE (kind, account, octopus_id),
     UNIQUE (account, slug)
   ) STRICT;

   CREATE TABLE readings (
     mpan TEXT NOT NULL,
     serial TEXT NOT NULL,
     start INTEGER NOT NULL,
     kwh REAL NOT NULL,
     PRIMARY KEY (mpan, serial, start)
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE published_documents (
     id TEXT PRIMARY KEY,
     json TEXT NOT NULL
   ) STRICT;
   CREATE TABLE published_topics (
     topic TEXT PRIMARY KEY
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE journal (
     id INTEGER PRIMARY KEY,
     at INTEGER NOT NULL,
     kind TEXT NOT NULL,
     json TEXT NOT NULL
   ) STRICT;
   CREATE INDEX journal_by_time ON journal (at);`,

  // Meter points of every kind, in the meter's own unit; prices; what was believed of a half hour, and what was billed.
  `ALTER TABLE readings RENAME COLUMN mpan TO point;
   ALTER TABLE readings RENAME COLUMN kwh TO amount;

   CREATE TABLE unit_rates (
     tariff TEXT NOT NULL,
     band TEXT NOT NULL,
     start INTEGER NOT NULL,
     finish INTEGER,
     pence REAL NOT NULL,
     PRIMARY KEY (tariff, band, start)
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE standing_charges (
     tariff TEXT NOT NULL,
     start INTEGER NOT NULL,
     finish INTEGER,
     pence REAL NOT NULL,
     PRIMARY KEY (tariff, start)
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE believed (
     account TEXT NOT NULL,
     start INTEGER NOT NULL,
     cheap INTEGER NOT NULL,
     reason TEXT NOT NULL,
     PRIMARY KEY (account, start)
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE billed (
     point TEXT NOT NULL,
     start INTEGER NOT NULL,
     part INTEGER NOT NULL,
     band TEXT,
     kwh REAL NOT NULL,
     pence REAL,
     PRIMARY KEY (point, start, part)
   ) STRICT, WITHOUT ROWID;`,
]

/** The version that this program writes. */
export const STORE_VERSION = STEPS.length

export const versionOf = (database: Database): number => Number(database.get('PRAGMA user_version')?.user_version ?? 0)

/**
 * Brings the tables up to date, each step in a transaction of its own, so that two processes that start together do it
 * once. Throws STORE_UNAVAILABLE for a store that a newer version has written: an older one must not guess at it.
 */
export function migrate(database: Database, steps: readonly string[] = STEPS): void {
  for (;;) {
    if (versionOf(database) === steps.length) return
    const done = database.immediate(() => {
      const version = versionOf(database)
      if (version > steps.length) throw newerStore(version, steps.length)
      const step = steps[version]
      if (step === undefined) return true
      database.exec(step)
      database.exec(`PRAGMA user_version = ${version + 1}`)
      return false
    })
    if (done) return
  }
}

/** Tables and indexes with the words that made them, by name. */
const schemaOf = (database: Database): Map<string, unknown> =>
  new Map(
    database.all('SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL').map(row => [String(row.name), row.sql]),
  )

/** Throws ForeignDatabase for one that holds tables, and none of them ours: it is not for us to write into. */
export function assertNotForeign(database: Database): void {
  const names = [...schemaOf(database).keys()]
  if (names.length > 0 && !names.includes('calls') && !names.includes('stored_values')) throw new ForeignDatabase()
}

/** Throws CorruptDatabase where a table or an index of ours is missing or another than the steps make it. */
export function assertComplete(database: Database): void {
  const model = new Database(':memory:')
  migrate(model)
  const wanted = schemaOf(model)
  model.close()
  const found = schemaOf(database)
  for (const [name, sql] of wanted) if (found.get(name) !== sql) throw new CorruptDatabase()
}

const newerStore = (version: number, known: number): BridgeError =>
  new BridgeError(
    'STORE_UNAVAILABLE',
    `The store was written by a newer octopus2mqtt (version ${version}, this one knows ${known}): update octopus2mqtt, or give storage.path another file`,
    { details: { version, known } },
  )
