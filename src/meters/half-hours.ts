/**
 * Writes down what was said of each half hour: whether the whole house was on the cheap rate. A half hour counts as cheap as
 * soon as that was said of it, and as not cheap when it has ended and that was known; of others nothing is written.
 */
import type { Instant } from '../clock.ts'
import type { AccountView } from '../snapshot.ts'
import type { Believed, BelievedHalfHour } from '../store/believed.ts'
import { halfHourStart, type Interval } from '../time/london.ts'

/** Half hours that a started dispatch made cheap, as we said then. */
export const dispatchedOf = (believed: readonly BelievedHalfHour[]): ReadonlySet<Instant> =>
  new Set(believed.filter(({ cheap, reason }) => cheap && reason === 'dispatch').map(({ start }) => start))

interface Half {
  readonly start: Instant
  readonly cheap: boolean
  /** Null: it was not known at the last look, or it has been written already. */
  readonly reason: string | null
}

export class HalfHours {
  readonly #believed: Believed
  readonly #account: string
  #half: Half | null = null
  /** Half hours that a dispatch made cheap, as they were read last; null where there may be another. */
  #dispatched: (Interval & { readonly starts: ReadonlySet<Instant> }) | null = null

  /** `account` is the account's number. */
  constructor(believed: Believed, account: string) {
    this.#believed = believed
    this.#account = account
  }

  /** Whether `note` has something to write down or to remember. */
  isNews(at: Instant, { hasNight, houseCheap }: Pick<AccountView, 'hasNight' | 'houseCheap'>): boolean {
    const half = this.#half
    if (half?.start !== halfHourStart(at)) return true
    if (!hasNight || half.cheap) return false
    return houseCheap.value === true || half.reason !== (houseCheap.value === false ? houseCheap.reason : null)
  }

  /** To be called with every snapshot, in order. True where something was written. */
  note(at: Instant, { hasNight, houseCheap }: Pick<AccountView, 'hasNight' | 'houseCheap'>): boolean {
    const start = halfHourStart(at)
    let wrote = false
    if (this.#half?.start !== start) {
      wrote = this.#half !== null && this.#end(this.#half)
      this.#half = this.#begun(start)
    }
    if (!hasNight || this.#half?.cheap) return wrote
    const { value, reason } = houseCheap
    // Held cheap time belongs to the half hour before: of this one nothing is known yet.
    if (value === true && reason !== 'held') {
      this.#half = { start, cheap: true, reason: null }
      this.#believed.note(this.#account, { start, cheap: true, reason })
      this.#dispatched = null
      return true
    }
    this.#half = { start, cheap: false, reason: value === false ? reason : null }
    return wrote
  }

  /** Those of an interval that a dispatch made cheap, as we said then. */
  dispatched({ start, end }: Interval): ReadonlySet<Instant> {
    const known = this.#dispatched
    if (known?.start === start && known.end === end) return known.starts
    const starts = dispatchedOf(this.#believed.range(this.#account, start, end))
    this.#dispatched = { start, end, starts }
    return starts
  }

  /** A restart in the middle of a half hour takes nothing back. */
  #begun(start: Instant): Half | null {
    const [known] = this.#believed.range(this.#account, start, start + 1)
    return known?.cheap ? { start, cheap: true, reason: null } : null
  }

  #end({ start, reason }: Half): boolean {
    if (reason === null) return false
    this.#believed.note(this.#account, { start, cheap: false, reason })
    return true
  }
}
