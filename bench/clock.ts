/** A clock that jumps from timer to timer: sixty days take seconds, and nothing depends on the machine. */
import type { Clock, Instant } from '../src/clock.ts'

export interface BenchClock extends Clock {
  /** Runs every timer up to `at`, in order, and stands at `at` then. */
  runTo(at: Instant): void
  /** When the first timer is due; null where none is armed. */
  readonly due: Instant | null
}

interface Armed {
  readonly at: Instant
  readonly task: () => void
}

export function benchClock(startsAt: Instant): BenchClock {
  let now = startsAt
  let serial = 0
  // Few timers are ever armed at once. They stand in the order in which they were armed, which decides between equals.
  const queue = new Map<number, Armed>()
  const first = (): [number, Armed] | null => {
    let found: [number, Armed] | null = null
    for (const entry of queue) if (found === null || entry[1].at < found[1].at) found = entry
    return found
  }
  return {
    speed: 1,
    now: () => now,
    monotonic: () => now - startsAt,
    after: (delay, task) => {
      serial += 1
      const id = serial
      queue.set(id, { at: now + Math.max(0, delay), task })
      return () => queue.delete(id)
    },
    get due() {
      const next = first()
      return next === null ? null : Math.max(now, next[1].at)
    },
    runTo: at => {
      for (let next = first(); next !== null && next[1].at <= at; next = first()) {
        queue.delete(next[0])
        now = Math.max(now, next[1].at)
        next[1].task()
      }
      now = at
    },
  }
}
