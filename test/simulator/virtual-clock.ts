/** A clock that stands still until a test moves it, running what falls due on the way, in order. */
import type { Clock, Instant } from '../../src/clock.ts'

export interface VirtualClock extends Clock {
  advanceTo(at: Instant): void
  advance(by: number): void
  /** Timers that are armed. */
  pending(): number
}

export function virtualClock(startsAt: Instant, speed = 1): VirtualClock {
  let now = startsAt
  let serial = 0
  const queue = new Map<number, { readonly at: Instant; readonly task: () => void }>()

  const advanceTo = (at: Instant): void => {
    for (;;) {
      const next = [...queue].sort(([a, x], [b, y]) => x.at - y.at || a - b)[0]
      if (next === undefined || next[1].at > at) break
      queue.delete(next[0])
      now = Math.max(now, next[1].at)
      next[1].task()
    }
    now = at
  }
  return {
    speed,
    steady: true,
    now: () => now,
    monotonic: () => now - startsAt,
    after: (delay, task) => {
      serial += 1
      const id = serial
      queue.set(id, { at: now + Math.max(0, delay), task })
      return () => queue.delete(id)
    },
    advanceTo,
    advance: by => advanceTo(now + by),
    pending: () => queue.size,
  }
}
