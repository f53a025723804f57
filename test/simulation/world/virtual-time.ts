/**
 * Time that jumps from timer to timer. One queue for everybody: the world (the simulated Octopus, the house, the faults)
 * and the daemon under test, whose clock on the wall may be set and whose machine may sleep. Between two timers everything
 * that was set going comes to rest first, so that one seed gives one run.
 */
import type { Cancel, Clock, Instant } from '../../../src/clock.ts'

/** Whose timer it is. Those of a dead owner never run. */
export interface Owner {
  readonly alive: boolean
}

interface Armed {
  at: Instant
  readonly serial: number
  readonly owner: Owner
  readonly task: () => unknown
  cancelled: boolean
}

const WORLD: Owner = { alive: true }

const isBefore = (one: Armed, other: Armed): boolean =>
  one.at < other.at || (one.at === other.at && one.serial < other.serial)

/** A binary heap: the first of thousands of timers in the time of a dozen comparisons. */
class Queue {
  #heap: Armed[] = []

  get size(): number {
    return this.#heap.length
  }

  first(): Armed | undefined {
    return this.#heap[0]
  }

  push(armed: Armed): void {
    const heap = this.#heap
    let index = heap.push(armed) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!isBefore(armed, heap[parent] as Armed)) break
      heap[index] = heap[parent] as Armed
      index = parent
    }
    heap[index] = armed
  }

  pop(): Armed | undefined {
    const heap = this.#heap
    const top = heap[0]
    const last = heap.pop()
    if (top === undefined || last === undefined || heap.length === 0) return top
    let index = 0
    for (;;) {
      const left = 2 * index + 1
      if (left >= heap.length) break
      const right = left + 1
      const child = right < heap.length && isBefore(heap[right] as Armed, heap[left] as Armed) ? right : left
      if (!isBefore(heap[child] as Armed, last)) break
      heap[index] = heap[child] as Armed
      index = child
    }
    heap[index] = last
    return top
  }

  /** Changes when some of them are due, and drops those that nobody waits for. */
  rearrange(change: (armed: Armed) => void): void {
    const kept = this.#heap.filter(armed => !armed.cancelled && armed.owner.alive)
    this.#heap = []
    for (const armed of kept) {
      change(armed)
      this.push(armed)
    }
  }
}

/** Cancelled timers stay in the queue until their time comes; when this many more than half of it are, it is cleaned. */
const TIDY_FROM = 1_000

export class VirtualTime {
  readonly startedAt: Instant
  #now: Instant
  #serial = 0
  #cancelled = 0
  readonly #queue = new Queue()

  constructor(startsAt: Instant) {
    this.startedAt = startsAt
    this.#now = startsAt
  }

  /** The true time, which nobody can set. */
  get now(): Instant {
    return this.#now
  }

  /** The world's own clock: right, and never asleep. */
  readonly clock: Clock = {
    speed: 1,
    steady: true,
    now: () => this.#now,
    monotonic: () => this.#now - this.startedAt,
    after: (delay, task) => this.arm(WORLD, delay, task),
  }

  arm(owner: Owner, delay: number, task: () => unknown): Cancel {
    if (!owner.alive) return () => {}
    this.#serial += 1
    // Whole milliseconds, as Node's own timers have them; at least one, so that a timer of 0 cannot stop time.
    const wait = Math.max(1, Math.ceil(Number.isFinite(delay) ? delay : 1))
    const armed = { at: this.#now + wait, serial: this.#serial, owner, task, cancelled: false }
    this.#queue.push(armed)
    return () => this.#cancel(armed)
  }

  /** The owner's machine sleeps: what it waits for comes so much later. */
  postpone(owner: Owner, by: number): void {
    this.#queue.rearrange(armed => {
      if (armed.owner === owner) armed.at += by
    })
  }

  /**
   * Calls the first of the timers up to `until`, at its time. False where there is none any more: then it stands at
   * `until`.
   */
  next(until: Instant): boolean {
    for (;;) {
      const next = this.#queue.first()
      if (next === undefined || next.at > until) break
      this.#queue.pop()
      if (next.cancelled) {
        this.#cancelled -= 1
        continue
      }
      if (!next.owner.alive) continue
      this.#now = Math.max(this.#now, next.at)
      next.cancelled = true
      next.task()
      return true
    }
    this.#now = until
    return false
  }

  #cancel(armed: Armed): void {
    if (armed.cancelled) return
    armed.cancelled = true
    this.#cancelled += 1
    if (this.#cancelled < TIDY_FROM || this.#cancelled * 2 < this.#queue.size) return
    this.#queue.rearrange(() => {})
    this.#cancelled = 0
  }
}
