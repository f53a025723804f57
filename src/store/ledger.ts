/**
 * Every call that began, written down before it goes out. This is what the promise to Octopus rests on: it outlives
 * `kill -9`, is shared by every process on the file, and is counted by the monotonic clock, so that a set clock opens nothing.
 */
import { type Clock, HOUR, type Instant, MINUTE } from '../clock.ts'
import { isBridgeError } from '../errors.ts'
import { CallCopy, type CopiedCall } from './call-copy.ts'
import {
  type Admission,
  type CallKind,
  type CallRequest,
  isPlain,
  type Ledger,
  type LoggedCall,
  type PastCall,
} from './calls.ts'
import type { Database } from './database.ts'
import { KnownCalls, kindOf, LOOK_BACK, type Moment } from './known-calls.ts'
import type { ResilientDatabase } from './resilient.ts'

const KEEP = 48 * HOUR
/** How often those that are older are looked for. */
const PRUNE_EVERY = HOUR

export class SqliteLedger implements Ledger {
  readonly #database: ResilientDatabase
  readonly #clock: Clock
  readonly #bootId: string
  readonly #copy: CallCopy
  readonly #known: KnownCalls
  #prunedAt = Number.NEGATIVE_INFINITY

  constructor(database: ResilientDatabase, clock: Clock, bootId: string, copy = new CallCopy(null)) {
    this.#database = database
    this.#clock = clock
    this.#bootId = bootId
    this.#copy = copy
    this.#known = new KnownCalls(bootId)
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
    const adopted = this.#write(database =>
      database.run(
        `UPDATE calls SET boot_id = ?1, started_mono = ?2 - max(0, ?3 - started_wall), started_wall = min(started_wall, ?3)
         WHERE boot_id <> ?1 AND started_wall > ?3 - max(?4, ifnull(blocked_for, 0))`,
        this.#bootId,
        mono,
        now,
        LOOK_BACK,
      ),
    )
    // Under their old names the copy's would be taken for others at the next opening, and counted once more.
    if (adopted) this.#keepCopy()
  }

  /** Where earlier calls are lost with the store, one is taken to have begun now: a restart loop must not become a burst. */
  assumeCallNow(): void {
    this.#write(database => {
      this.#insert(database, { kind: 'dispatch', callClass: 'event', operation: 'unknown' })
    })
  }

  admit(request: CallRequest): Admission {
    const moment = this.#moment()
    const now = moment.wall
    this.#known.lookAgain()
    try {
      const admission = this.#write((database): Admission => {
        this.#prune(database, moment)
        const at = request.firstAllowed(this.#known.past(database, moment), now)
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
    const { wall, mono } = this.#moment()
    this.#write(database => {
      database.run(
        `UPDATE calls SET finished_wall = ?1, outcome = ?2, blocked_for = round(max(0, ?3 - started_mono) + ?4) WHERE id = ?5`,
        wall,
        outcome,
        mono,
        stayAway ?? null,
        id,
      )
      if (stayAway === undefined) this.#known.finish(id, outcome)
      else this.#known.forget()
    })
    // Otherwise with the next call: the copy has its start, and more does not count.
    if (stayAway !== undefined || !isPlain(outcome)) this.#keepCopy()
  }

  /** Those that still count, as they stand. */
  #keepCopy(): void {
    this.#copy.keep(this.#database.read(database => this.#known.calls(database, this.#moment())))
  }

  #moment(): Moment {
    return { wall: this.#clock.now(), mono: this.#clock.monotonic() }
  }

  history(now: Instant): readonly PastCall[] {
    return this.#database.read(database => this.#known.past(database, { wall: now, mono: this.#clock.monotonic() }))
  }

  effectiveStarts(kind: CallKind | null, now: Instant): Instant[] {
    return this.history(now)
      .filter(call => (kind === null || call.kind === kind) && call.start > now - LOOK_BACK)
      .map(call => call.start)
  }

  since(from: Instant): LoggedCall[] {
    return this.#database
      .read(database =>
        database.all(
          'SELECT kind, operation, started_wall, outcome FROM calls WHERE started_wall >= ? ORDER BY started_wall, id',
          from,
        ),
      )
      .map(row => ({
        start: Number(row.started_wall),
        kind: kindOf(row),
        operation: String(row.operation),
        outcome: row.outcome === null ? null : String(row.outcome),
      }))
  }

  #write<T>(work: (database: Database) => T): T {
    try {
      return this.#database.write(work)
    } catch (error) {
      this.#known.forget()
      throw error
    }
  }

  #insert(database: Database, call: Pick<CallRequest, 'kind' | 'callClass' | 'operation'>): number {
    const moment = this.#moment()
    const { wall, mono } = moment
    const id = database.insert(
      'INSERT INTO calls (kind, class, operation, started_wall, started_mono, boot_id) VALUES (?, ?, ?, ?, ?, ?)',
      call.kind,
      call.callClass,
      call.operation,
      wall,
      mono,
      this.#bootId,
    )
    this.#known.add({ id, kind: call.kind, wall, mono, boot: this.#bootId, outcome: null, blockedFor: null }, moment)
    return id
  }

  /** A clock set far ahead must not make us forget the last hour, so what this boot began lately stays. */
  #prune(database: Database, { wall, mono }: Moment): void {
    if (mono >= this.#prunedAt && mono < this.#prunedAt + PRUNE_EVERY) return
    this.#prunedAt = mono
    database.run(
      'DELETE FROM calls WHERE started_wall < ?1 AND NOT (boot_id = ?2 AND started_mono > ?3)',
      wall - KEEP,
      this.#bootId,
      mono - KEEP,
    )
  }
}

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
