import type { Clock, Instant } from '../../../src/clock.ts'

/** A clock that stands still until it is moved; wall and monotonic time can be moved apart. Runs no timers. */
export class StillClock implements Clock {
  readonly speed = 1
  wall: Instant
  mono: number

  constructor(wall: Instant, mono = 1_000_000) {
    this.wall = wall
    this.mono = mono
  }

  now(): Instant {
    return this.wall
  }

  monotonic(): number {
    return this.mono
  }

  after(): () => void {
    throw new Error('This clock has no timers')
  }

  pass(milliseconds: number): void {
    this.wall += milliseconds
    this.mono += milliseconds
  }
}
