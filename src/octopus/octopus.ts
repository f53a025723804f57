/** What the rest of the project knows of Octopus: a few questions, each answered in our own shapes or with a BridgeError. */

import type { Clock } from '../clock.ts'
import type { Fetch } from '../fetch.ts'
import type { CallClass } from '../intelligent/admission.ts'
import type { Answer, DeviceFacts } from '../intelligent/types.ts'
import type { Ledger } from '../store/calls.ts'
import type { LimitSettings } from './budget.ts'
import type { EnergyQuestions } from './energy-questions.ts'
import type { CallEnded, Limiter } from './limiter.ts'
import type { AccountFacts } from './parse-account.ts'
import type { TokenKeeper } from './session.ts'

export interface OctopusLog {
  info(details: object, message: string): void
  warn(details: object, message: string): void
}

export interface OctopusOptions {
  readonly config: {
    readonly apiKey: string
    readonly graphqlUrl: string
    readonly restUrl: string
    /** Milliseconds. */
    readonly timeout: number
  }
  readonly clock: Clock
  readonly ledger: Ledger
  /** Without one the token is kept in memory only. */
  readonly tokens?: TokenKeeper
  readonly limits: LimitSettings
  readonly userAgent: string
  readonly fetch?: Fetch
  readonly log?: OctopusLog
  readonly onCallEnded?: CallEnded
}

export interface Octopus extends EnergyQuestions {
  /** Numbers of the accounts that the key can see. */
  accounts(): Promise<string[]>
  /** Without gas, and without what its meters are, where Octopus does not offer what we ask of them. */
  account(number: string): Promise<AccountFacts>
  /** Every device of whatever kind; `isLiveCar` tells those that matter. */
  devices(number: string): Promise<DeviceFacts[]>
  /**
   * One dispatch request for all cars. Never retried here: a refused token is forgotten, and the next call, which is a new
   * request, fetches another. Throws OCTOPUS_NOT_ADMITTED with `details.at` where the limits allow none.
   */
  poll(number: string, deviceIds: readonly string[], callClass: CallClass): Promise<Answer>
  /** Asks without a key, for `check`: resolves where Octopus answers and knows the fields of our documents. */
  probe(): Promise<void>
  /** True while the minimal document stands in for the full one, because Octopus removed a field. */
  usesMinimalDocument(): boolean
  readonly limiter: Limiter
  /** Gives the timers back; to be called once, at the end. */
  stop(): void
}
