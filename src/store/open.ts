/**
 * Opens the store and always comes back with one, except where that would be wrong: a store of a newer version and a
 * file that another process keeps locked are STORE_UNAVAILABLE. Everything else degrades, and says so.
 */
import { randomUUID } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, realpathSync, renameSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Clock } from '../clock.ts'
import { isBridgeError } from '../errors.ts'
import { toIso } from '../time/london.ts'
import { type Believed, SqliteBelieved } from './believed.ts'
import { type Billed, SqliteBilled } from './billed.ts'
import { bootId } from './boot-id.ts'
import { CallCopy } from './call-copy.ts'
import type { Ledger } from './calls.ts'
import { Database } from './database.ts'
import { type Devices, SqliteDevices } from './devices.ts'
import { failureOf } from './failure.ts'
import { type Journal, SqliteJournal } from './journal.ts'
import { SqliteLedger } from './ledger.ts'
import { assertComplete, assertNotForeign, migrate } from './migrations.ts'
import { notOurs } from './owner.ts'
import { type Prices, SqlitePrices } from './prices.ts'
import { type Published, SqlitePublished } from './published.ts'
import { type Readings, SqliteReadings } from './readings.ts'
import { closeQuietly, type Degraded, degradedBy, lockedStore, ResilientDatabase } from './resilient.ts'
import { SqliteValues, type Values } from './values.ts'

export interface StoreLog {
  warn(details: object, message: string): void
}

export interface StoreOptions {
  /** The file; its folder is created. `:memory:` keeps nothing and counts as healthy. */
  readonly path: string
  readonly clock: Clock
  readonly log?: StoreLog
  /** Called when a store that was healthy degrades while it runs. */
  readonly onDegraded?: (degraded: Degraded) => void
  /** Names the stretch in which `clock.monotonic()` can be compared; by default the boot, or this opening on a fast clock. */
  readonly bootId?: string
  /** False for a command beside the daemon: a damaged store is the daemon's to set aside, which may have it open. */
  readonly setsAside?: boolean
}

export interface Store {
  readonly ledger: Ledger
  readonly values: Values
  readonly devices: Devices
  readonly readings: Readings
  readonly prices: Prices
  readonly believed: Believed
  readonly billed: Billed
  readonly published: Published
  readonly journal: Journal
  /** Several writes as one transaction, so that the disk is flushed once. */
  together(writes: () => void): void
  /** Null while all is well. */
  readonly degraded: Degraded | null
  close(): void
}

interface Opened {
  readonly database: Database
  readonly degraded: Degraded | null
  readonly inMemory: boolean
  /** There was a file with nothing in it: what it held is lost, and with it the calls of the last hour. */
  readonly wasEmptied?: boolean
}

export function openStore(options: StoreOptions): Store {
  const { clock, log } = options
  const opened = openSomehow(options)
  if (opened.degraded !== null) log?.warn({ ...opened.degraded }, opened.degraded.action)
  const database = new ResilientDatabase(opened.database, opened, degraded => {
    log?.warn({ ...degraded }, degraded.action)
    options.onDegraded?.(degraded)
  })
  // A fast clock counts from its own beginning, so what an earlier process wrote by it cannot be compared.
  const boot = options.bootId ?? (clock.speed === 1 ? bootId(clock) : randomUUID())
  const copy = new CallCopy(options.path === ':memory:' ? null : `${resolve(options.path)}-calls`)
  const ledger = new SqliteLedger(database, clock, boot, copy)
  const isWhole = ledger.restoreFromCopy()
  ledger.adoptEarlierBoots()
  if (opened.wasEmptied) log?.warn({}, 'The file of the store was empty: what it held before is lost')
  if (!isWhole && (opened.degraded !== null || opened.wasEmptied)) ledger.assumeCallNow()
  return {
    ledger,
    values: new SqliteValues(database, clock, key =>
      log?.warn({ key }, 'What the store kept under this name cannot be used: going on without it'),
    ),
    devices: new SqliteDevices(database, clock),
    readings: new SqliteReadings(database),
    prices: new SqlitePrices(database),
    believed: new SqliteBelieved(database),
    billed: new SqliteBilled(database),
    published: new SqlitePublished(database),
    journal: new SqliteJournal(database, clock),
    together: writes => database.write(writes),
    get degraded() {
      return database.degraded
    },
    close: () => {
      database.close()
      copy.close()
    },
  }
}

function openSomehow({ path, clock, setsAside = true }: StoreOptions): Opened {
  if (path === ':memory:') return { database: openFile(path), degraded: null, inMemory: true }
  const file = resolve(path)
  try {
    makeFolder(dirname(file))
    const wasEmptied = existsSync(file) && statSync(file).size === 0
    const database = openFile(file)
    onlyForOwner(file)
    return { database, degraded: null, inMemory: false, wasEmptied }
  } catch (error) {
    if (isBridgeError(error)) throw error
    const failure = failureOf(error)
    if (failure === 'locked') throw lockedStore()
    if (failure === 'other') throw error
    if (failure === 'corrupt' && setsAside) return startAnew(file, clock)
    const degraded = degradedBy(failure)
    return inMemory(failure === 'unwritable' ? { ...degraded, action: degraded.action + notOurs(file) } : degraded)
  }
}

/** One level at a time: where the system gives no folder, Node's recursive way can try for ever. */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  makeFolder(dirname(folder))
  try {
    mkdirSync(folder)
  } catch (error) {
    // Another process of ours may have been quicker.
    if (!existsSync(folder)) throw error
  }
}

/** Readings and a token are nobody else's business. File systems without rights (some NAS shares) refuse; so be it. */
function onlyForOwner(file: string): void {
  for (const suffix of ['', '-wal', '-shm']) {
    try {
      chmodSync(file + suffix, 0o600)
    } catch {
      // Absent, or not ours to change.
    }
  }
}

function openFile(path: string): Database {
  const before = fileNumber(path)
  const database = new Database(path)
  try {
    // Before anything is set in it: another program's file keeps every byte.
    assertNotForeign(database)
    if (isReplaced(path, before)) throw new ReplacedFile()
    database.prepare()
    migrate(database)
    assertComplete(database)
    return database
  } catch (error) {
    closeQuietly(database)
    if (isReplaced(path, before)) return openFile(path)
    throw error
  }
}

/** Whoever waited for the lock of a restore has the file that was set aside, and would write beside the one that came. */
class ReplacedFile extends Error {}

const fileNumber = (path: string): number | null => statSync(path, { throwIfNoEntry: false })?.ino ?? null
const isReplaced = (path: string, before: number | null): boolean => before !== null && fileNumber(path) !== before

const inMemory = (degraded: Degraded): Opened => ({ database: openFile(':memory:'), degraded, inMemory: true })

function startAnew(path: string, clock: Clock): Opened {
  // What is damaged is the file, and not a link that leads to it.
  const file = realpathSync(path)
  const aside = `${file}.corrupt-${toIso(clock.now()).replaceAll(':', '-')}`
  try {
    for (const suffix of ['', '-wal', '-shm']) if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix)
    const action = `The store was damaged and set aside as ${aside}: history before now is in that file only`
    return { database: openFile(file), degraded: { reason: 'corrupt', action }, inMemory: false }
  } catch {
    return inMemory(degradedBy('corrupt'))
  }
}
