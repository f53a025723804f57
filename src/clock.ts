/**
 * Time as the shell sees it. Everything that waits takes a Clock from outside, so that a test or the demo can run the
 * same code on a clock of its own. Instants are milliseconds since the epoch, UTC.
 */
export type Instant = number

/** Cancels a timer; calling it again, or after the timer ran, does nothing. */
export type Cancel = () => void

export interface Clock {
  /** Wall time. It may jump when somebody sets the system's clock. */
  now(): Instant
  /** Milliseconds since a fixed moment of this boot; never jumps, the same for every process of the machine. */
  monotonic(): number
  /** Runs `task` once, `delay` milliseconds of this clock from now (at most 24 days; use `alarm` for longer). */
  after(delay: number, task: () => void): Cancel
  /** Nobody ever sets it, and it waits as long as it is told: an alarm then need not look at it on the way. */
  readonly steady?: boolean
  /** How many times as fast as real time it runs. 1, except in front of our own simulator. */
  readonly speed: number
}

export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const HALF_HOUR = 30 * MINUTE

/** A long timer drifts and does not see a clock that was set, so while anybody waits the clock is looked at this often. */
const LOOK_EVERY = 30 * SECOND
/** A timer that is so much overdue stood still while the machine slept: nobody waits for it. */
const OVERSLEPT = SECOND

const realMonotonic = (): number => Number(process.hrtime.bigint() / 1_000n) / 1_000

export const systemClock: Clock = {
  speed: 1,
  now: () => Date.now(),
  monotonic: realMonotonic,
  after: (delay, task) => {
    const timer = setTimeout(task, Math.max(0, delay))
    return () => clearTimeout(timer)
  },
}

/** A clock that shows `startsAt` now and runs `speed` times as fast as real time. For the demo and the simulator. */
export function fastClock(speed: number, startsAt: Instant): Clock {
  const origin = realMonotonic()
  const elapsed = () => (realMonotonic() - origin) * speed
  return {
    speed,
    now: () => Math.floor(startsAt + elapsed()),
    monotonic: elapsed,
    after: (delay, task) => systemClock.after(delay / speed, task),
  }
}

interface Awaited {
  readonly at: Instant
  readonly task: () => void
}

/** Everybody who waits for one clock, with one timer for all of them. */
class Watch {
  readonly #clock: Clock
  readonly #awaited = new Set<Awaited>()
  readonly #looks = new Set<() => void>()
  #cancel: Cancel = () => {}
  /** When its timer ends, by the monotonic clock. */
  #endsAt = Number.POSITIVE_INFINITY
  #looking = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  await(at: Instant, task: () => void): Cancel {
    const awaited = { at, task }
    this.#awaited.add(awaited)
    const mono = this.#clock.monotonic()
    if (mono + Math.max(0, at - this.#clock.now()) < this.#endsAt || this.#endsAt < mono - OVERSLEPT) this.#arm()
    return () => {
      this.#awaited.delete(awaited)
      this.#rest()
    }
  }

  look(task: () => void): Cancel {
    const look = () => task()
    this.#looks.add(look)
    if (this.#endsAt === Number.POSITIVE_INFINITY) this.#arm()
    return () => {
      this.#looks.delete(look)
      this.#rest()
    }
  }

  /** Where nobody waits any more no timer keeps the process; where somebody does, one that ends too early does no harm. */
  #rest(): void {
    if (this.#awaited.size + this.#looks.size > 0) return
    this.#cancel()
    this.#endsAt = Number.POSITIVE_INFINITY
  }

  #arm(): void {
    if (this.#looking) return
    this.#cancel()
    let wait = LOOK_EVERY
    const now = this.#clock.now()
    for (const { at } of this.#awaited) wait = Math.min(wait, at - now)
    wait = Math.max(0, wait)
    this.#endsAt = this.#clock.monotonic() + wait
    this.#cancel = this.#clock.after(wait, () => this.#wake())
  }

  #wake(): void {
    this.#looking = true
    try {
      for (const look of [...this.#looks]) look()
      const now = this.#clock.now()
      const due = [...this.#awaited].filter(({ at }) => at <= now).sort((a, b) => a.at - b.at)
      for (const awaited of due) if (this.#awaited.delete(awaited)) awaited.task()
    } finally {
      // Whatever went wrong with one of them: the others are waited for.
      this.#looking = false
      this.#endsAt = Number.POSITIVE_INFINITY
      if (this.#awaited.size + this.#looks.size > 0) this.#arm()
    }
  }
}

const watches = new WeakMap<Clock, Watch>()

function watchOf(clock: Clock): Watch {
  const known = watches.get(clock)
  if (known !== undefined) return known
  const watch = new Watch(clock)
  watches.set(clock, watch)
  return watch
}

/**
 * Runs `task` once when the wall clock reaches `at`, however far away that is, and soon after where the clock is set past
 * it. It never fires early: a timer of Node may end up to a millisecond before its time, and then it is armed again.
 */
export function alarm(clock: Clock, at: Instant, task: () => void): Cancel {
  if (clock.steady) return clock.after(Math.max(0, at - clock.now()), task)
  return watchOf(clock).await(at, task)
}

/** Runs `task` each time the clock is looked at, which is at every alarm and twice a minute: never, where nobody can set it. */
export function onLook(clock: Clock, task: () => void): Cancel {
  return clock.steady ? () => {} : watchOf(clock).look(task)
}

/**
 * Runs `task` as soon as what this tick sends has left the process, and before anything else happens: a socket's bytes
 * go out one or two ticks after they were written. For work that must not hold up a message, such as a disk's.
 */
export function afterSending(task: () => void): void {
  process.nextTick(() => process.nextTick(task))
}

/** Resolves when `work` has ended, or after so many real milliseconds without it. Rejects where it rejects in time. */
export async function atMost(clock: Clock, limit: number, work: Promise<unknown>): Promise<void> {
  let cancel: Cancel = () => {}
  const patience = new Promise<void>(resolve => {
    cancel = clock.after(limit * clock.speed, resolve)
  })
  await Promise.race([work, patience])
  cancel()
}
