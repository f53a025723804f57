/** One file that holds the store as it is at one moment, while a daemon may go on writing. */
import { randomUUID } from 'node:crypto'
import { closeSync, existsSync, linkSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { BridgeError, isBridgeError } from '../errors.ts'
import { Database } from './database.ts'
import { failureOf, type StoreFailure } from './failure.ts'
import { flushFile, flushFolder } from './flush.ts'
import { TOKEN_KEY } from './kept-tokens.ts'
import { assertNotForeign, STORE_VERSION, versionOf } from './migrations.ts'
import { closeQuietly } from './resilient.ts'

export interface BackedUp {
  readonly bytes: number
  /** Version of its tables. */
  readonly version: number
}

const notMade = (message: string): BridgeError => new BridgeError('BACKUP_NOT_MADE', message)
const thereAlready = (): BridgeError =>
  notMade('there is such a file already, and none is overwritten: name another one')

/** SQLite's own words carry paths of the machine, and say less to a person. */
const SAYS: Readonly<Record<StoreFailure, string>> = {
  locked: 'another process keeps the store locked: try again in a moment',
  corrupt: 'the store is damaged: start the daemon, which sets the file aside and begins a new one',
  foreign: 'storage.path is the database of another program',
  full: 'there is no room for it on that disk',
  unwritable: 'it cannot be written there, or the store cannot be read by this user',
  other: 'SQLite refused it',
}

/** What a person ends it with: Ctrl-C, a stop of its container, or the terminal that goes away. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Writes the store at `path` into the new file `file`, for its owner alone (0600) and without the access token. It is
 * there whole or not at all. Throws BACKUP_NOT_MADE, also where `file` is there already.
 */
export function backupStore(path: string, file: string): BackedUp {
  const target = resolve(file)
  if (path === ':memory:' || !existsSync(path)) throw notMade('there is no store: see storage.path')
  if (existsSync(target)) throw thereAlready()
  const part = `${target}.${randomUUID()}`
  // Half of a backup still has the token in it: whoever interrupts it waits for its end, which is synchronous and soon.
  const wait = () => {}
  for (const signal of SIGNALS) process.on(signal, wait)
  try {
    // SQLite would make it readable for everybody.
    closeSync(openSync(part, 'wx', 0o600))
    const version = copyInto(resolve(path), part)
    flushFile(part)
    giveName(part, target)
    flushFolder(dirname(target))
    return { bytes: statSync(target).size, version }
  } catch (error) {
    for (const suffix of ['', '-journal']) rmSync(part + suffix, { force: true })
    throw isBridgeError(error) ? error : notMade(SAYS[failureOf(error)])
  } finally {
    for (const signal of SIGNALS) process.off(signal, wait)
  }
}

/** A rename would write over a file that came there meanwhile, and over a link that leads nowhere. */
function giveName(part: string, target: string): void {
  try {
    linkSync(part, target)
    rmSync(part)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw thereAlready()
    // A file system without links.
    renameSync(part, target)
  }
}

function copyInto(path: string, part: string): number {
  const store = new Database(path)
  try {
    assertNotForeign(store)
    const version = versionOf(store)
    if (version === 0) throw notMade('the store is empty')
    if (version > STORE_VERSION) throw notMade('the store is of a newer octopus2mqtt: make it with that one')
    // A transaction of its own: what is written meanwhile is not in it.
    store.run('VACUUM INTO ?', part)
    withoutToken(part)
    return version
  } finally {
    closeQuietly(store)
  }
}

function withoutToken(part: string): void {
  const copy = new Database(part)
  try {
    copy.run('DELETE FROM stored_values WHERE key = ?', TOKEN_KEY)
    // Or its bytes would stay in the file. `secure_delete` is not enough: a page that is put in order keeps them beside its rows.
    copy.exec('VACUUM')
    copy.assertSound()
  } finally {
    closeQuietly(copy)
  }
}
