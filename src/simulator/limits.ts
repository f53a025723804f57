/**
 * The server's own limits, those that answer KT-CT-1199, as the reference pages of the fields give them.
 * assumption: they slide, and each selection of a limited field counts once; a look at `rateLimitInfo` while a document
 * with two aliases is sent would settle it.
 */
import { type Clock, HOUR, MINUTE } from '../clock.ts'
import { SlidingWindow } from './sliding-window.ts'

interface FieldLimit {
  readonly field: string
  readonly most: number
  readonly per: 'm' | 'h'
}

const FIELD_LIMITS: readonly FieldLimit[] = [
  { field: 'Query.flexPlannedDispatches', most: 5, per: 'm' },
  { field: 'Query.completedDispatches', most: 300, per: 'h' },
  { field: 'Query.rateLimitInfo', most: 10, per: 'm' },
  { field: 'Mutation.setDevicePreferences', most: 300, per: 'h' },
  { field: 'Mutation.updateDeviceSmartControl', most: 300, per: 'h' },
  { field: 'Mutation.updateBoostCharge', most: 300, per: 'h' },
]

/** Points an account's user may spend in an hour; a request costs its complexity. */
export const POINTS_PER_HOUR = 50_000

/** assumption: the number of wrong keys before a log-in is throttled is not published; that it is throttled was seen. */
const BAD_KEYS_PER_TEN_MINUTES = 5

export class Limits {
  readonly #clock: Clock
  readonly #fields = new Map(
    FIELD_LIMITS.map(limit => [limit.field, { limit, used: new SlidingWindow(limit.per === 'm' ? MINUTE : HOUR) }]),
  )
  readonly #badKeys = new SlidingWindow(10 * MINUTE)
  #spent: { readonly at: number; readonly points: number }[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** One use of `Query.field` or `Mutation.field`; false where it is over its limit. A refused one is not counted. */
  useField(name: string): boolean {
    const entry = this.#fields.get(name)
    if (entry === undefined) return true
    const at = this.#clock.monotonic()
    if (entry.used.count(at) >= entry.limit.most) return false
    entry.used.add(at)
    return true
  }

  spend(points: number): boolean {
    if (this.pointsUsed() + points > POINTS_PER_HOUR) return false
    this.#spent.push({ at: this.#clock.monotonic(), points })
    return true
  }

  pointsUsed(): number {
    const from = this.#clock.monotonic() - HOUR
    this.#spent = this.#spent.filter(each => each.at > from)
    return this.#spent.reduce((sum, each) => sum + each.points, 0)
  }

  badKey(): void {
    this.#badKeys.add(this.#clock.monotonic())
  }

  mayLogIn(): boolean {
    return this.#badKeys.count(this.#clock.monotonic()) < BAD_KEYS_PER_TEN_MINUTES
  }

  /** What `rateLimitInfo` says of each limited field that was used lately: `Query.x`, `5/m`, seconds since the epoch. */
  fields(): { readonly field: string; readonly rate: string; readonly ttl: number; readonly isBlocked: boolean }[] {
    const at = this.#clock.monotonic()
    return [...this.#fields.values()].flatMap(({ limit, used }) => {
      const frees = used.freesAt(at)
      if (frees === null) return []
      const ttl = Math.ceil((this.#clock.now() + frees - at) / 1000)
      return [{ field: limit.field, rate: `${limit.most}/${limit.per}`, ttl, isBlocked: used.count(at) >= limit.most }]
    })
  }
}
