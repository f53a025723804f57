import type { Cancel, Clock } from '../../src/clock.ts'

/** A clock that a test moves by hand. */
export class ManualClock implements Clock {
  readonly speed = 1
  readonly #timers = new Set<{ readonly at: number; readonly task: () => void }>()
  #time = 1_000_000

  now(): number {
    return 1_800_000_000_000 + this.#time
  }

  monotonic(): number {
    return this.#time
  }

  after(delay: number, task: () => void): Cancel {
    const timer = { at: this.#time + delay, task }
    this.#timers.add(timer)
    return () => {
      this.#timers.delete(timer)
    }
  }

  /** Milliseconds from now until each timer, soonest first. */
  get waits(): number[] {
    return [...this.#timers].map(timer => timer.at - this.#time).sort((a, b) => a - b)
  }

  advance(duration: number): void {
    const end = this.#time + duration
    for (;;) {
      const due = [...this.#timers].filter(timer => timer.at <= end).sort((a, b) => a.at - b.at)[0]
      if (!due) break
      this.#timers.delete(due)
      this.#time = due.at
      due.task()
    }
    this.#time = end
  }
}
