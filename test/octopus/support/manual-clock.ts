import type { Cancel, Clock, Instant } from '../../../src/clock.ts'

/**
 * A clock that moves only when told to, and then runs the timers that came due. Its speed is what it claims to be: a huge
 * one makes Bottleneck's real waits vanish, 1 leaves them as they are.
 */
export class ManualClock implements Clock {
  readonly speed: number
  #elapsed = 0
  #wall: Instant
  readonly #timers = new Set<{ at: number; task: () => void }>()

  constructor(startsAt: Instant, speed = 1e9) {
    this.#wall = startsAt
    this.speed = speed
  }

  now(): Instant {
    return this.#wall
  }

  monotonic(): number {
    return this.#elapsed
  }

  after(delay: number, task: () => void): Cancel {
    const timer = { at: this.#elapsed + Math.max(0, delay), task }
    this.#timers.add(timer)
    return () => {
      this.#timers.delete(timer)
    }
  }

  get waiting(): number {
    return this.#timers.size
  }

  /** Somebody sets the clock on the wall; the monotonic one knows nothing of it. */
  setBy(milliseconds: number): void {
    this.#wall += milliseconds
  }

  /** Time goes by while the process is busy: no timer runs before the next `advance`. */
  busyFor(milliseconds: number): void {
    this.#elapsed += milliseconds
    this.#wall += milliseconds
  }

  advance(milliseconds: number): void {
    this.#elapsed += milliseconds
    this.#wall += milliseconds
    for (const timer of [...this.#timers].sort((a, b) => a.at - b.at)) {
      if (timer.at > this.#elapsed || !this.#timers.delete(timer)) continue
      timer.task()
    }
  }
}

/** Resolves once the condition holds; the test's own time limit is the only other way out. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(resolve => setImmediate(resolve))
}
