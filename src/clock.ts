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

/** A long timer drifts and does not see a clock that was set, so it is re-armed this often. */
const LONGEST_WAIT = 60 * SECOND

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

/**
 * Runs `task` once when the wall clock reaches `at`, however far away that is. It never fires early: a timer of Node
 * may end up to a millisecond before its time, and then it is armed again.
 */
export function alarm(clock: Clock, at: Instant, task: () => void): Cancel {
  let cancel: Cancel = () => {}
  const arm = () => {
    const wait = Math.min(at - clock.now(), clock.steady ? Number.POSITIVE_INFINITY : LONGEST_WAIT)
    cancel = clock.after(Math.max(0, wait), () => (clock.now() >= at ? task() : arm()))
  }
  arm()
  return () => cancel()
}

/**
 * Runs `task` as soon as what this tick sends has left the process, and before anything else happens: a socket's bytes
 * go out one or two ticks after they were written. For work that must not hold up a message, such as a disk's.
 */
export function afterSending(task: () => void): void {
  process.nextTick(() => process.nextTick(task))
}
