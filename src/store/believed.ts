/** What was said of each half hour while it ran: whether the whole house was on the cheap rate, and why. Held against the bill later. */
import type { Instant } from '../clock.ts'
import type { ResilientDatabase } from './resilient.ts'

export interface BelievedHalfHour {
  readonly start: Instant
  readonly cheap: boolean
  /** `off_peak`, `dispatch`, or why it was not cheap: a reason of `house_cheap`. */
  readonly reason: string
}

export interface Believed {
  /** `account` is its number. A later word about a half hour replaces an earlier one. */
  note(account: string, halfHour: BelievedHalfHour): void
  /** Of half hours that start in `[from, to)`, the oldest first. One in which nobody was there to say anything is missing. */
  range(account: string, from: Instant, to: Instant): BelievedHalfHour[]
}

export class SqliteBelieved implements Believed {
  readonly #database: ResilientDatabase

  constructor(database: ResilientDatabase) {
    this.#database = database
  }

  note(account: string, { start, cheap, reason }: BelievedHalfHour): void {
    this.#database.write(database => {
      database.run(
        'INSERT OR REPLACE INTO believed (account, start, cheap, reason) VALUES (?, ?, ?, ?)',
        account,
        start,
        cheap ? 1 : 0,
        reason,
      )
    })
  }

  range(account: string, from: Instant, to: Instant): BelievedHalfHour[] {
    return this.#database.read(database =>
      database
        .all(
          'SELECT start, cheap, reason FROM believed WHERE account = ? AND start >= ? AND start < ? ORDER BY start',
          account,
          from,
          to,
        )
        .map(row => ({ start: Number(row.start), cheap: Number(row.cheap) === 1, reason: String(row.reason) })),
    )
  }
}
