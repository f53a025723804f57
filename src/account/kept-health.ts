/** How Octopus is doing, as the account keeps it: over restarts, and told in the log when a call fails and when it answers again. */
import type { Clock, Instant } from '../clock.ts'
import type { BridgeError, ErrorCode } from '../errors.ts'
import type { Log } from '../log.ts'
import type { ApiStatus, Notice } from '../snapshot.ts'
import type { Values } from '../store/values.ts'
import { type ApiHealth, afterCall, apiNotices, someHealth, unknownHealth } from './api-health.ts'
import { share } from './share.ts'

export interface KeptHealthOptions {
  readonly clock: Clock
  readonly log: Log
  readonly values: Values
  /** The account's number. */
  readonly account: string
}

/** While Octopus is so to us, nothing is asked that can wait. */
const TURNED_AWAY: readonly (ApiStatus | null)[] = ['throttled', 'blocked', 'rejected']

export class KeptHealth {
  readonly #options: KeptHealthOptions
  #health: ApiHealth

  constructor(options: KeptHealthOptions) {
    const { clock, values, account } = options
    this.#options = options
    this.#health = values.get<ApiHealth>(keyOf(account), someHealth) ?? unknownHealth(clock.now())
  }

  get status(): ApiStatus | null {
    return this.#health.status
  }

  get isTurnedAway(): boolean {
    return TURNED_AWAY.includes(this.#health.status)
  }

  notices(at: Instant): Notice[] {
    return apiNotices(this.#health, at)
  }

  /** A call ended, well (null) or with an error, having taken so many real milliseconds. True where the status is another now. */
  note(error: BridgeError | null, took: number): boolean {
    const { clock, log, values, account } = this.#options
    const code: ErrorCode | null = error?.code ?? null
    // Our own limits, not Octopus's doing.
    if (code === 'OCTOPUS_NOT_ADMITTED' || code === 'OCTOPUS_TOKENS_SPENT') return false
    const before = this.#health
    this.#health = share(before, afterCall(before, code, took, clock.now()))
    if (this.#health !== before) values.set(keyOf(account), this.#health)
    if (error !== null)
      log.warn({ code, details: error.details, inARow: this.#health.failures }, `Octopus: ${error.message}`)
    else if (before.failures > 0) log.info({ after: before.failures }, 'Octopus answers again')
    return this.#health.status !== before.status
  }
}

const keyOf = (account: string): string => `api-health:${account}`
