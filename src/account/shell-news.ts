/** Notices about the machine and the shell rather than a car or Octopus: a set clock, another daemon, a store in trouble. */

import { HOUR, type Instant } from '../clock.ts'
import type { BridgeError } from '../errors.ts'
import { NOTICE_ACTIONS } from '../intelligent/notices.ts'
import type { Notice, NoticeCode } from '../snapshot.ts'

/** How long a set clock, or another daemon that is not heard again, stays a notice. */
const LASTS = HOUR

interface Seen {
  readonly first: Instant
  readonly last: Instant
}

export class ShellNews {
  #jumped: Seen | null = null
  #secondDaemon: Seen | null = null
  #degradedSince: Instant | null = null
  #statistics: { readonly since: Instant; readonly action: string } | null = null

  jumped(at: Instant): void {
    this.#jumped = { first: at, last: at }
  }

  secondDaemon(at: Instant): void {
    this.#secondDaemon = { first: this.#secondDaemon?.first ?? at, last: at }
  }

  /** Home Assistant does not take statistics, and why; null where it does. */
  statistics(at: Instant, trouble: BridgeError | null): void {
    this.#statistics = trouble === null ? null : { since: this.#statistics?.since ?? at, action: trouble.message }
  }

  /** `degraded`: what to do about a store in trouble; null while all is well. */
  notices(at: Instant, degraded: string | null): Notice[] {
    this.#degradedSince = degraded === null ? null : (this.#degradedSince ?? at)
    const open: readonly (readonly [NoticeCode, Instant | null, (string | null)?])[] = [
      ['clock_jumped', fresh(this.#jumped, at)],
      ['second_daemon', fresh(this.#secondDaemon, at)],
      ['storage_degraded', this.#degradedSince, degraded],
      ['statistics_not_sent', this.#statistics?.since ?? null, this.#statistics?.action ?? null],
    ]
    return open.flatMap(([code, since, action]) =>
      since === null ? [] : [{ code, since, action: action ?? NOTICE_ACTIONS[code] }],
    )
  }

  /** When a notice closes by itself. */
  edges(): (Instant | null)[] {
    return [this.#jumped, this.#secondDaemon].map(seen => (seen === null ? null : seen.last + LASTS))
  }
}

const fresh = (seen: Seen | null, at: Instant): Instant | null =>
  seen !== null && at < seen.last + LASTS ? seen.first : null
