/**
 * The calls that still count, as they were read once and as this process has changed them since. They are asked for at
 * every change and change some twenty times an hour; whether another process has written is asked of the file.
 */
import { HOUR, type Instant } from '../clock.ts'
import { MARGIN } from '../intelligent/admission.ts'
import type { CopiedCall } from './call-copy.ts'
import type { CallKind, PastCall } from './calls.ts'
import type { Database, Row } from './database.ts'

/** A little over an hour: the admission holds back its margin behind the hour. */
export const LOOK_BACK = HOUR + MARGIN

/** Nobody is sent away for longer; a damaged number must not keep us away for ever. */
const LONGEST_BLOCK = 24 * HOUR

/** Milliseconds. What is admitted is held against the file in its own transaction, whatever was looked at before. */
const LOOK_AGAIN_AFTER = 1_000

export interface KnownCall extends CopiedCall {
  readonly id: number
}

/** What both clocks say. */
export interface Moment {
  readonly wall: Instant
  readonly mono: number
}

interface Known {
  readonly database: Database
  readonly version: number
  calls: readonly KnownCall[]
  /** Before this nothing earlier was looked for. */
  wall: Instant
  /** When it was last looked whether another process has written, by the monotonic clock. */
  lookedAt: number
  mustLook: boolean
  past?: PastCalls
}

/** What the calls come to, from one instant up to another, while the two clocks go on together. */
interface PastCalls {
  readonly apart: number
  readonly from: Instant
  readonly until: Instant
  readonly list: readonly PastCall[]
}

/** A call of a kind that is none, in a damaged file, counts as the kind that is promised most of. */
const KINDS: readonly CallKind[] = ['dispatch', 'token', 'background']

export const kindOf = (row: Row): CallKind => KINDS.find(kind => kind === row.kind) ?? 'dispatch'

export class KnownCalls {
  readonly #bootId: string
  #known: Known | null = null

  constructor(bootId: string) {
    this.#bootId = bootId
  }

  /** As they stand in the file; the oldest first. */
  calls(database: Database, moment: Moment): readonly KnownCall[] {
    return this.#current(database, moment).calls
  }

  past(database: Database, moment: Moment): readonly PastCall[] {
    const known = this.#current(database, moment)
    const { wall, mono } = moment
    const { past } = known
    if (
      past !== undefined &&
      past.apart === wall - mono &&
      wall >= past.from &&
      (wall === past.from || wall < past.until)
    )
      return past.list
    known.past = this.#pastCalls(known.calls, moment)
    return known.past.list
  }

  /** To be looked at again before anything of it is used: within a transaction, where nobody else can write. */
  lookAgain(): void {
    if (this.#known !== null) this.#known.mustLook = true
  }

  /** What was written may not have been kept. */
  forget(): void {
    this.#known = null
  }

  /** This process wrote this down. */
  add(call: KnownCall, moment: Moment): void {
    this.#change(calls => [...calls.filter(each => this.#mayCount(each, moment)), call])
    if (this.#known !== null) this.#known.wall = Math.max(this.#known.wall, moment.wall)
  }

  finish(id: number, outcome: string): void {
    this.#change(calls => calls.map(call => (call.id === id ? { ...call, outcome, blockedFor: null } : call)))
  }

  #change(change: (calls: readonly KnownCall[]) => readonly KnownCall[]): void {
    const known = this.#known
    if (known === null) return
    known.calls = change(known.calls)
    delete known.past
  }

  #current(database: Database, { wall, mono }: Moment): Known {
    const known = this.#known
    if (known !== null && known.database === database && wall >= known.wall && mono >= known.lookedAt) {
      if (!known.mustLook && mono - known.lookedAt < LOOK_AGAIN_AFTER) return known
      if (database.othersWrote() === known.version) {
        known.lookedAt = mono
        known.mustLook = false
        return known
      }
    }
    const version = database.othersWrote()
    const rows = database.all(
      `SELECT id, kind, started_wall, started_mono, boot_id, outcome, blocked_for FROM calls WHERE blocked_for IS NOT NULL
       OR (boot_id = ?1 AND started_mono > ?2) OR (boot_id <> ?1 AND started_wall > ?3) ORDER BY id`,
      this.#bootId,
      mono - LOOK_BACK,
      wall - LOOK_BACK,
    )
    this.#known = { database, version, wall, calls: rows.map(knownCall), lookedAt: mono, mustLook: false }
    return this.#known
  }

  /** The same condition as that of the query. */
  #mayCount({ boot, wall, mono, blockedFor }: KnownCall, now: Moment): boolean {
    if (blockedFor !== null) return true
    return boot === this.#bootId ? mono > now.mono - LOOK_BACK : wall > now.wall - LOOK_BACK
  }

  #pastCalls(calls: readonly KnownCall[], { wall, mono }: Moment): PastCalls {
    let until = Number.POSITIVE_INFINITY
    const list: PastCall[] = []
    for (const call of calls) {
      // Ahead of the monotonic clock lies nothing of this boot: then it was written where that clock has another beginning.
      const comparable = call.boot === this.#bootId && call.mono <= mono
      const age = comparable ? mono - call.mono : wall - call.wall
      const blockedFor = call.blockedFor === null ? null : Math.min(call.blockedFor, LONGEST_BLOCK)
      const past = { kind: call.kind, start: wall - Math.max(0, age), outcome: call.outcome, blockedFor }
      const counts = past.start + Math.max(LOOK_BACK, blockedFor ?? 0)
      // One that seems to lie ahead began just now, at every instant anew.
      until = age < 0 || (call.boot === this.#bootId && !comparable) ? wall : until
      if (!(counts > wall)) continue
      until = Math.min(until, counts)
      list.push(past)
    }
    list.sort((a, b) => a.start - b.start)
    return { apart: wall - mono, from: wall, until, list }
  }
}

const knownCall = (row: Row): KnownCall => ({
  id: Number(row.id),
  kind: kindOf(row),
  wall: Number(row.started_wall),
  mono: Number(row.started_mono),
  boot: String(row.boot_id),
  outcome: row.outcome === null ? null : String(row.outcome),
  blockedFor: row.blocked_for === null ? null : Number(row.blocked_for),
})
