/** What a killed daemon left in its store, read from a copy: the file itself is for the next start to recover. */
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { AccountState } from '../../src/intelligent/state.ts'
import { Database } from '../../src/store/database.ts'

export interface Kept {
  /** 0 where the tables were not made yet. */
  readonly version: number
  /** Of the account's car; null before the account was known. */
  readonly state: AccountState | null
  /** `kind id slug`. */
  readonly devices: readonly string[]
  /** `point serial start` → kWh. */
  readonly readings: ReadonlyMap<string, number>
  /** `kind data`, oldest first. */
  readonly journal: readonly string[]
  /** Ids by kind. */
  readonly calls: Readonly<Record<string, readonly number[]>>
  readonly topics: ReadonlySet<string>
  /** Key → JSON of the values that are drawn once and stay. */
  readonly constants: Readonly<Record<string, string>>
}

const NOTHING: Kept = {
  version: 0,
  state: null,
  devices: [],
  readings: new Map(),
  journal: [],
  calls: {},
  topics: new Set(),
  constants: {},
}

/** Throws what SQLite throws where the file is no sound database. */
export function keptIn(storePath: string): Kept {
  if (!existsSync(storePath)) return NOTHING
  const folder = mkdtempSync(join(tmpdir(), 'octopus2mqtt-kept-'))
  try {
    for (const suffix of ['', '-wal', '-journal']) {
      if (existsSync(storePath + suffix)) copyFileSync(storePath + suffix, join(folder, `store.db${suffix}`))
    }
    const database = new Database(join(folder, 'store.db'))
    try {
      database.prepare()
      return read(database)
    } finally {
      database.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function read(database: Database): Kept {
  const version = Number(database.get('PRAGMA user_version')?.user_version ?? 0)
  if (version === 0) return NOTHING
  const values = database.all('SELECT key, json FROM stored_values').map(row => [String(row.key), String(row.json)])
  const engine = values.find(([key]) => key?.startsWith('engine:'))?.[1]
  const calls: Record<string, number[]> = {}
  for (const { id, kind } of database.all('SELECT id, kind FROM calls ORDER BY id')) {
    calls[String(kind)] = [...(calls[String(kind)] ?? []), Number(id)]
  }
  return {
    version,
    state: engine === undefined ? null : (JSON.parse(engine) as AccountState),
    devices: database.all('SELECT kind, id, slug FROM devices').map(({ kind, id, slug }) => `${kind} ${id} ${slug}`),
    readings: new Map(
      database
        .all('SELECT point, serial, start, amount FROM readings')
        .map(({ point, serial, start, amount }) => [`${point} ${serial} ${start}`, Number(amount)]),
    ),
    journal: database.all('SELECT kind, json FROM journal ORDER BY id').map(({ kind, json }) => `${kind} ${json}`),
    calls,
    topics: new Set(database.all('SELECT topic FROM published_topics').map(({ topic }) => String(topic))),
    constants: Object.fromEntries(values.filter(([key]) => key?.startsWith('installation'))),
  }
}

/** What SQLite itself keeps beside its file while somebody has it open, and recovers from after a kill. */
const SIDE_FILES = ['-wal', '-shm', '-journal']

/** Files beside the store that nobody should find there after a kill. */
export function strayFiles(storePath: string): string[] {
  const store = basename(storePath)
  const known = ['config.yaml', store, `${store}-calls`, ...SIDE_FILES.map(suffix => store + suffix)]
  return readdirSync(dirname(storePath)).filter(name => !known.includes(name))
}

/** After a clean stop everything is in one file; a log without content may still lie there. */
export const unfinishedFiles = (storePath: string): string[] =>
  SIDE_FILES.filter(suffix => suffix !== '-shm')
    .map(suffix => storePath + suffix)
    .filter(file => existsSync(file) && statSync(file).size > 0)
    .map(file => basename(file))
