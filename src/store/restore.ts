/**
 * Puts a backup in the place of the store. What Octopus and the broker have seen since is not undone: the calls that were
 * made, the token, and what stands at the broker are taken over from the store that goes.
 */
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  linkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Instant } from '../clock.ts'
import { BridgeError, isBridgeError } from '../errors.ts'
import { toIso } from '../time/london.ts'
import { type Bind, Database, type Row } from './database.ts'
import { failureOf, type StoreFailure } from './failure.ts'
import { flushFile, flushFolder } from './flush.ts'
import { TOKEN_KEY } from './kept-tokens.ts'
import { assertComplete, assertNotForeign, migrate, STORE_VERSION, versionOf } from './migrations.ts'
import { makeFolder } from './open.ts'
import { closeQuietly } from './resilient.ts'

export interface Restored {
  /** Where the store that was there is now; null where there was none. */
  readonly aside: string | null
  /** Calls to Octopus that the backup did not know of. */
  readonly callsKept: number
}

const refused = (message: string): BridgeError => new BridgeError('RESTORE_REFUSED', message)

const NO_BACKUP: Readonly<Record<StoreFailure, string>> = {
  locked: 'another process keeps this file locked',
  corrupt: 'this file is damaged, or no backup of a store',
  foreign: 'this file is the database of another program',
  full: 'there is no room beside the store for it',
  unwritable: 'this file cannot be read, or nothing can be written beside the store',
  other: 'SQLite refuses this file',
}

/** What SQLite keeps beside a file and believes when it finds it there, whatever file it was written for. */
const SIDES = ['-wal', '-shm', '-journal'] as const

const IN_USE =
  'this is no backup but a store, and what was written to it last stands in a second file: make a backup of it with octopus2mqtt backup'

/** Throws RESTORE_REFUSED where the backup is not one, or a daemon uses the store; then nothing was changed. */
export function restoreStore(path: string, file: string, now: Instant): Restored {
  if (path === ':memory:') throw refused('storage.path names no file')
  // The file itself: a link to another disk stays one.
  const store = existsSync(path) ? realpathSync(path) : resolve(path)
  const from = resolve(file)
  if (!existsSync(from) || !statSync(from).isFile()) throw refused('there is no such file')
  if (store === realpathSync(from)) throw refused('this file is the store itself')
  if (['-wal', '-journal'].some(side => existsSync(from + side) && statSync(from + side).size > 0))
    throw refused(IN_USE)
  const part = `${store}.restoring`
  try {
    makeFolder(dirname(store))
    // What a restore that was killed left there would be taken for a part of this one.
    removeAll(part)
    copyFileSync(from, part)
    chmodSync(part, 0o600)
    const backup = openBackup(part)
    try {
      return replace(backup, part, store, now)
    } finally {
      closeQuietly(backup)
    }
  } catch (error) {
    throw isBridgeError(error, 'RESTORE_REFUSED') ? error : refused(NO_BACKUP[failureOf(error)])
  } finally {
    removeAll(part)
  }
}

function removeAll(part: string): void {
  for (const side of ['', ...SIDES]) rmSync(part + side, { force: true })
}

/** Looked through and brought up to date before anything is replaced. */
function openBackup(part: string): Database {
  const backup = new Database(part)
  try {
    // One file, whatever it was before: it is about to be renamed.
    backup.exec('PRAGMA journal_mode = DELETE')
    assertNotForeign(backup)
    backup.assertSound()
    const version = versionOf(backup)
    if (version === 0) throw refused(NO_BACKUP.corrupt)
    if (version > STORE_VERSION)
      throw refused(
        `the backup is of a newer octopus2mqtt (version ${version}, this one knows ${STORE_VERSION}): update octopus2mqtt first`,
      )
    migrate(backup)
    assertComplete(backup)
    return backup
  } catch (error) {
    closeQuietly(backup)
    throw error
  }
}

function replace(backup: Database, part: string, store: string, now: Instant): Restored {
  const owner = statSync(existsSync(store) ? store : dirname(store))
  const current = existsSync(store) ? openAlone(store) : null
  try {
    const callsKept = current === null ? 0 : takeOver(current, backup)
    closeQuietly(backup)
    ownedBy(part, owner)
    flushFile(part)
    const aside = setAside(store, now)
    renameSync(part, store)
    flushFolder(dirname(store))
    return { aside, callsKept }
  } finally {
    // Not sooner: whoever starts meanwhile waits at its lock.
    if (current !== null) release(current)
  }
}

/** Its lock at once: a closed file is given back only when its statements are collected. */
function release(current: Database): void {
  try {
    current.exec('ROLLBACK')
  } catch {
    // SQLite has done so already.
  }
  closeQuietly(current)
}

/** The store with nobody else on it, locked; null where nothing can be read of it. */
function openAlone(store: string): Database | null {
  const current = new Database(store)
  try {
    // Leaving the write-ahead log is possible only to whoever is alone: every open connection counts.
    current.exec('PRAGMA journal_mode = DELETE')
    assertNotForeign(current)
    current.exec('BEGIN EXCLUSIVE')
    return current
  } catch (error) {
    closeQuietly(current)
    const failure = failureOf(error)
    if (failure === 'corrupt') return null
    if (failure === 'locked') throw refused('a daemon uses the store: stop octopus2mqtt first')
    if (failure === 'foreign') throw refused('storage.path is the database of another program')
    throw refused('the store that is there cannot be opened by this user')
  }
}

const rowsOf = (database: Database, table: string): readonly Row[] => {
  try {
    return database.all(`SELECT * FROM ${table}`)
  } catch {
    // Lost with a damaged page, or not known to that version.
    return []
  }
}

function insert(database: Database, table: string, row: Row): void {
  const columns = Object.keys(row)
  const marks = columns.map(() => '?').join(', ')
  const binds: Bind[] = Object.values(row)
  database.run(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`, ...binds)
}

/** How many calls the backup did not know of. */
function takeOver(current: Database, backup: Database): number {
  return backup.immediate(() => {
    // Not by the boot: those of an earlier one are moved into each that comes.
    const nameOf = ({ kind, started_wall }: Row) => `${kind} ${started_wall}`
    const known = new Set(rowsOf(backup, 'calls').map(nameOf))
    const missing = rowsOf(current, 'calls').filter(row => !known.has(nameOf(row)))
    for (const { id, ...call } of missing) insert(backup, 'calls', call)
    for (const table of ['published_documents', 'published_topics']) {
      const rows = rowsOf(current, table)
      if (rows.length > 0) backup.run(`DELETE FROM ${table}`)
      for (const row of rows) insert(backup, table, row)
    }
    backup.run('DELETE FROM stored_values WHERE key = ?', TOKEN_KEY)
    for (const row of rowsOf(current, 'stored_values')) if (row.key === TOKEN_KEY) insert(backup, 'stored_values', row)
    return missing.length
  })
}

/** The user of the daemon need not be the one who restores. */
function ownedBy(file: string, { uid, gid }: { readonly uid: number; readonly gid: number }): void {
  try {
    chownSync(file, uid, gid)
  } catch {
    // Only root may give away, and then it is whose it was; or the file system has no owners.
  }
}

/** Where it is now, with all that SQLite would take for a part of the next one; null where there was nothing. */
function setAside(store: string, now: Instant): string | null {
  if (!['', ...SIDES].some(side => existsSync(store + side))) return null
  const aside = freeName(`${store}.before-restore-${toIso(now).replaceAll(':', '-')}`)
  if (existsSync(store)) {
    try {
      // So that there is a store at every moment.
      linkSync(store, aside)
    } catch {
      renameSync(store, aside)
    }
  }
  for (const side of SIDES) if (existsSync(store + side)) renameSync(store + side, aside + side)
  return aside
}

/** What an earlier restore of the same second set aside stays. */
function freeName(name: string): string {
  let free = name
  for (let count = 2; ['', ...SIDES].some(side => existsSync(free + side)); count += 1) free = `${name}-${count}`
  return free
}
