/**
 * Every call that began, written down before it goes out. This is what the promise to Octopus rests on: it outlives
 * `kill -9`, is shared by every process on the file, and is counted by the monotonic clock, so that a set clock opens nothing.
 */
import { type Clock, HOUR, type Instant, MINUTE } from '../clock.ts'
import { isBridgeError } from '../errors.ts'
import { MARGIN } from '../intelligent/admission.ts'
import { CallCopy, type CopiedCall } from './call-copy.ts'
import type { Admission, CallKind, CallRequest, Ledger, PastCall } from './calls.ts'
import type { Database, Row } from './database.ts'
import type { ResilientDatabase } from './resilient.ts'

/** A little over an hour: the admission holds back its margin behind the hour. */
const LOOK_BACK = HOUR + MARGIN
const KEEP = 48 * HOUR

/** Rows that were read. They are all there are until somebody writes, or a clock goes back. */
interface Remembered {
  readonly database: Database
  readonly version: number
  readonly wall: Instant
  readonly rows: readonly Row[]
  /** When it was last looked whether another process has written, by the monotonic clock. */
  lookedAt: number
  /** What the rows come to at one instant: a change asks several times at the same one. */
  calls?: { readonly now: Instant; readonly mono: number; readonly list: readonly PastCall[] }
}

/** Within one change the rows are asked for several times; what is admitted is read anew, in its own transaction. */
const LOOK_AGAIN_AFTER = 10

/** Nobody is sent away for longer; a damaged number must not keep us away for ever. */
const LONGEST_BLOCK = 24 * HOUR

/** A call of a kind that is none, in a damaged file, counts as the kind that is promised most of. */
const KINDS: readonly CallKind[] = ['dispatch', 'token', 'background']

export class SqliteLedger implements Ledger {
  readonly #database: ResilientDatabase
  readonly #clock: Clock
  readonly #bootId: string
  readonly #copy: CallCopy
  #remembered: Remembered | null = null

  constructor(database: ResilientDatabase, clock: Clock, bootId: string, copy = new CallCopy(null)) {
    this.#database = database
    this.#clock = clock
    this.#bootId = bootId
    this.#copy = copy
  }

  /**
   * To be called once, at open, before `adoptEarlierBoots`: calls that the copy knows and this store does not are written
   * into it. False where there is no copy to tell.
   */
  restoreFromCopy(): boolean {
    const copied = this.#copy.read()
    if (copied === null) return false
    this.#write(database => {
      for (const call of copied) if (!isKnown(database, call)) insertCopied(database, call)
    })
    return true
  }

  /**
   * To be called once, at open. Calls of an earlier boot can only be placed by wall time; they are moved into this boot, so
   * that a clock set later does not hide them. One that seems to lie ahead began just now: at worst that costs an hour.
   */
  adoptEarlierBoots(): void {
    const now = this.#clock.now()
    const mono = this.#clock.monotonic()
    this.#write(database => {
      database.run(
        `UPDATE calls SET boot_id = ?1, started_mono = ?2 - max(0, ?3 - started_wall), started_wall = min(started_wall, ?3)
         WHERE boot_id <> ?1 AND started_wall > ?3 - max(?4, ifnull(blocked_for, 0))`,
        this.#bootId,
        mono,
        now,
        LOOK_BACK,
      )
    })
  }

  /** Where earlier calls are lost with the store, one is taken to have begun now: a restart loop must not become a burst. */
  assumeCallNow(): void {
    this.#write(database => {
      this.#insert(database, { kind: 'dispatch', callClass: 'event', operation: 'unknown' })
    })
  }

  admit(request: CallRequest): Admission {
    const now = this.#clock.now()
    try {
      const admission = this.#write((database): Admission => {
        this.#prune(database, now)
        const at = request.firstAllowed(this.#read(database, now), now)
        return at > now ? { admitted: false, at } : { admitted: true, id: this.#insert(database, request) }
      })
      if (admission.admitted) this.#keepCopy()
      return admission
    } catch (error) {
      if (isBridgeError(error, 'STORE_UNAVAILABLE')) return { admitted: false, at: now + MINUTE }
      throw error
    }
  }

  finish(id: number, outcome: string, stayAway?: number): void {
    const mono = this.#clock.monotonic()
    this.#write(database => {
      const row = database.get('SELECT started_mono FROM calls WHERE id = ?', id)
      const ran = row === null ? 0 : mono - Number(row.started_mono)
      database.run(
        'UPDATE calls SET finished_wall = ?, outcome = ?, blocked_for = ? WHERE id = ?',
        this.#clock.now(),
        outcome,
        stayAway === undefined ? null : Math.round(Math.max(0, ran) + stayAway),
        id,
      )
    })
    this.#keepCopy()
  }

  /** Those that still count, as they stand. */
  #keepCopy(): void {
    const [now, mono] = [this.#clock.now(), this.#clock.monotonic()]
    const { rows } = this.#database.read(database => this.#remember(database, now, mono))
    this.#copy.keep(
      rows.map(row => ({
        kind: kindOf(row),
        wall: Number(row.started_wall),
        mono: Number(row.started_mono),
        boot: String(row.boot_id),
        outcome: row.outcome === null ? null : String(row.outcome),
        blockedFor: row.blocked_for === null ? null : Number(row.blocked_for),
      })),
    )
  }

  history(now: Instant): readonly PastCall[] {
    return this.#database.read(database => this.#read(database, now))
  }

  effectiveStarts(kind: CallKind | null, now: Instant): Instant[] {
    return this.history(now)
      .filter(call => (kind === null || call.kind === kind) && call.start > now - LOOK_BACK)
      .map(call => call.start)
  }

  #read(database: Database, now: Instant): readonly PastCall[] {
    const mono = this.#clock.monotonic()
    const remembered = this.#remember(database, now, mono)
    const { calls } = remembered
    if (calls?.now === now && calls.mono === mono) return calls.list
    const list = remembered.rows
      .map(row => this.#pastCall(row, now, mono))
      .filter(call => call.start + Math.max(LOOK_BACK, call.blockedFor ?? 0) > now)
      .sort((a, b) => a.start - b.start)
    remembered.calls = { now, mono, list }
    return list
  }

  #write<T>(work: (database: Database) => T): T {
    this.#remembered = null
    try {
      return this.#database.write(work)
    } finally {
      // What was read within the transaction may not have been kept.
      this.#remembered = null
    }
  }

  /** Every change asks several times for the same rows, and they change some twenty times an hour. */
  #remember(database: Database, wall: Instant, mono: number): Remembered {
    const known = this.#remembered
    if (known !== null && known.database === database && wall >= known.wall && mono >= known.lookedAt) {
      if (mono - known.lookedAt < LOOK_AGAIN_AFTER) return known
      if (database.othersWrote() === known.version) {
        known.lookedAt = mono
        return known
      }
    }
    const version = database.othersWrote()
    const rows = database.all(
      `SELECT kind, started_wall, started_mono, boot_id, outcome, blocked_for FROM calls WHERE blocked_for IS NOT NULL
       OR (boot_id = ?1 AND started_mono > ?2) OR (boot_id <> ?1 AND started_wall > ?3)`,
      this.#bootId,
      mono - LOOK_BACK,
      wall - LOOK_BACK,
    )
    this.#remembered = { database, version, wall, rows, lookedAt: mono }
    return this.#remembered
  }

  #pastCall(row: Row, now: Instant, mono: number): PastCall {
    // Ahead of the monotonic clock lies nothing of this boot: then it was written where that clock has another beginning.
    const comparable = row.boot_id === this.#bootId && Number(row.started_mono) <= mono
    const age = comparable ? mono - Number(row.started_mono) : now - Number(row.started_wall)
    return {
      kind: kindOf(row),
      start: now - Math.max(0, age),
      outcome: row.outcome === null ? null : String(row.outcome),
      blockedFor: row.blocked_for === null ? null : Math.min(Number(row.blocked_for), LONGEST_BLOCK),
    }
  }

  #insert(database: Database, call: Pick<CallRequest, 'kind' | 'callClass' | 'operation'>): number {
    const row = database.get(
      `INSERT INTO calls (kind, class, operation, started_wall, started_mono, boot_id)
       VALUES (?, ?, ?, ?, ?, ?) RETURNING id`,
      call.kind,
      call.callClass,
      call.operation,
      this.#clock.now(),
      this.#clock.monotonic(),
      this.#bootId,
    )
    return Number(row?.id)
  }

  /** A clock set far ahead must not make us forget the last hour, so what this boot began lately stays. */
  #prune(database: Database, now: Instant): void {
    database.run(
      'DELETE FROM calls WHERE started_wall < ?1 AND NOT (boot_id = ?2 AND started_mono > ?3)',
      now - KEEP,
      this.#bootId,
      this.#clock.monotonic() - KEEP,
    )
  }
}

const kindOf = (row: Row): CallKind => KINDS.find(kind => kind === row.kind) ?? 'dispatch'

function isKnown(database: Database, { kind, wall, boot }: CopiedCall): boolean {
  const rows = database.all('SELECT kind FROM calls WHERE boot_id = ? AND abs(started_wall - ?) <= 1', boot, wall)
  // Of a kind that is none: a damaged row, which is counted already.
  return rows.some(row => row.kind === kind || kindOf(row) !== row.kind)
}

function insertCopied(database: Database, { kind, wall, mono, boot, outcome, blockedFor }: CopiedCall): void {
  database.run(
    `INSERT INTO calls (kind, class, operation, started_wall, started_mono, boot_id, outcome, blocked_for)
     VALUES (?, 'event', 'restored', ?, ?, ?, ?, ?)`,
    kind,
    wall,
    mono,
    boot,
    outcome,
    blockedFor,
  )
}
