/**
 * The completed list: account-wide, late, whole half hours, smart and boost alike, newest first. Now and then a place
 * that cannot be told or is told otherwise hours later, and a little row in a half hour in which nothing was meant to flow.
 */
import { type Clock, HALF_HOUR, HOUR, type Instant } from '../clock.ts'
import type { CompletedRow } from '../intelligent/types.ts'
import type { Random } from './random.ts'
import { Timers } from './timers.ts'

/** How deep the list is. */
const KEPT_FOR = 30 * HOUR

/** Less than this is no row. */
const LEAST_KWH = 0.01

export class CompletedDispatches {
  readonly #clock: Clock
  readonly #random: Random
  readonly #timers: Timers
  readonly #spillOver: number
  #rows: readonly CompletedRow[] = []

  /** `spillOver`: how often a half hour after the last one gets a small row too. */
  constructor(clock: Clock, random: Random, spillOver: number) {
    this.#clock = clock
    this.#random = random
    this.#timers = new Timers(clock)
    this.#spillOver = spillOver
  }

  /** A car took `kwh` in that half hour; the row is to appear after `delay` milliseconds. */
  expect(halfHour: Instant, kwh: number, delay: number): void {
    if (kwh < LEAST_KWH) return
    const spills = this.#random.chance(this.#spillOver)
    const spilt = this.#random.between(0.01, 0.15)
    const draw = this.#random.next()
    const location = draw < 0.85 || draw >= 0.95 ? 'AT_HOME' : 'UNABLE_TO_IDENTIFY'
    this.#timers.once(delay, () => {
      this.#write(halfHour, kwh, location)
      if (spills) this.#write(halfHour + HALF_HOUR, spilt, location)
    })
    if (draw >= 0.95) this.#timers.once(delay + 2 * HOUR, () => this.#moveAway(halfHour))
  }

  list(): readonly CompletedRow[] {
    const from = this.#clock.now() - KEPT_FOR
    return this.#rows.filter(row => row.end > from)
  }

  stop(): void {
    this.#timers.stop()
  }

  /** Some hours on Octopus thinks otherwise of where the car was. */
  #moveAway(start: Instant): void {
    this.#rows = this.#rows.map(row => (row.start === start ? { ...row, location: 'AWAY' } : row))
  }

  /** A row that is there already grows: two cars, or a spill before the real thing. */
  #write(start: Instant, kwh: number, location: string): void {
    const known = this.#rows.find(row => row.start === start)
    const total = Number(((known?.energyKwh ?? 0) - kwh).toFixed(3))
    const row = { start, end: start + HALF_HOUR, energyKwh: total, source: null, location }
    this.#rows = [row, ...this.list().filter(each => each !== known)].sort((a, b) => b.start - a.start)
  }
}
