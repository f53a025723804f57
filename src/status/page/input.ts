/** What the page model is made of: what the other rooms know, in plain shapes. */
import type { Instant } from '../../clock.ts'
import type { Snapshot } from '../../snapshot.ts'
import type { Interval } from '../../time/london.ts'
import type { Health } from '../health.ts'

export interface PageInput {
  readonly at: Instant
  readonly speed: number
  readonly version: string
  /** Where the documentation is read, without a closing slash. */
  readonly docsUrl: string
  /** `mqtt.base_topic` */
  readonly base: string
  readonly health: Health
  /** Null until the account is known. */
  readonly snapshot: Snapshot | null
  /** When the tariff itself is cheap, over the whole timeline. */
  readonly offPeak: readonly Interval[]
  /** What was said of half hours while they ran. */
  readonly believed: readonly { readonly start: Instant; readonly cheap: boolean; readonly reason: string }[]
  /** Calls to Octopus since the timeline's beginning, and of the last hour, of whatever kind, the oldest first. */
  readonly calls: readonly { readonly start: Instant; readonly kind: string; readonly outcome: string | null }[]
  /** Why dispatch requests were made, as the journal has it: nothing of it is sure to have the shape. */
  readonly reasons: readonly unknown[]
  /** Plan changes as the journal has them, the newest first. */
  readonly changes: readonly { readonly at: Instant; readonly data: unknown }[]
  /** How many dispatch requests an hour may have now: fewer after Octopus asked for fewer. */
  readonly dispatchLimit: number
  /** `limits.requests_per_hour` */
  readonly requestsPerHour: number
  /** What every topic holds at the broker. */
  readonly topics: readonly { readonly topic: string; readonly payload: string }[]
}
