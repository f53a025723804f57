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
 * Takes what is said at `at`. The first answer ever is adopted at once where it is a no, or was kept by the broker
 * (`isKept`); a first yes that somebody says just now may be a bounce and has to last. A run that nobody vouches for any more
 * (`isVouched` false) ends: while nothing can be believed the last stable value stands. A clock that was set back starts
 * the wait anew, so that it never lasts longer than its debounce.
 */
export function settle(
  stable: Stable,
  said: Tri,
  isVouched: boolean,
  debounce: Debounce,
  at: Instant,
  isKept = true,
): Stable {
  if (said === null) return stable
  if (stable.value === null) return settleFirst(stable, said, debounce, at, isKept)
  if (said === stable.value || !isVouched) {
    return stable.changingSince === null ? stable : { ...stable, changingSince: null }
  }
  const changingSince = Math.min(stable.changingSince ?? at, at)
  const running = changingSince === stable.changingSince ? stable : { ...stable, changingSince }
  const ripe = ripeAt(running, debounce)
  return ripe !== null && at >= ripe ? { value: said, since: changingSince, changingSince: null } : running
}

function settleFirst(stable: Stable, said: boolean, debounce: Debounce, at: Instant, isKept: boolean): Stable {
  const isWaiting = stable.changingSince !== null
  if (!said || (isKept && !isWaiting)) return { value: said, since: at, changingSince: null }
  const changingSince = Math.min(stable.changingSince ?? at, at)
  if (at >= changingSince + debounce.on) return { value: true, since: changingSince, changingSince: null }
  return { value: null, since: null, changingSince }
}
