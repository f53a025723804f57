/** A yes or no without bounces. Pure; JSON-serialisable. */
import type { Instant } from '../clock.ts'
import type { Tri } from '../intelligent/types.ts'

export interface Stable {
  readonly value: Tri
  /** When the first message of the run arrived that made it so. */
  readonly since: Instant | null
  /** The first message of a run that says the opposite and has not lasted long enough yet. */
  readonly changingSince: Instant | null
}

export interface Debounce {
  /** Milliseconds that a run must last to become yes, and to become no. */
  readonly on: number
  readonly off: number
}

export const NEVER_KNOWN: Stable = { value: null, since: null, changingSince: null }

/** When a run that goes on now has lasted long enough. */
export function ripeAt(stable: Stable, debounce: Debounce): Instant | null {
  if (stable.changingSince === null) return null
  return stable.changingSince + (stable.value === true ? debounce.off : debounce.on)
}

/**
 * Takes what is said at `at`. The first answer ever is adopted at once. A run that nobody vouches for any more
 * (`isVouched` false) ends: while nothing can be believed the last stable value stands. A clock that was set back starts
 * the wait anew, so that it never lasts longer than its debounce.
 */
export function settle(stable: Stable, said: Tri, isVouched: boolean, debounce: Debounce, at: Instant): Stable {
  if (said === null) return stable
  if (stable.value === null) return { value: said, since: at, changingSince: null }
  if (said === stable.value || !isVouched) {
    return stable.changingSince === null ? stable : { ...stable, changingSince: null }
  }
  const changingSince = Math.min(stable.changingSince ?? at, at)
  const running = changingSince === stable.changingSince ? stable : { ...stable, changingSince }
  const ripe = ripeAt(running, debounce)
  return ripe !== null && at >= ripe ? { value: said, since: changingSince, changingSince: null } : running
}
