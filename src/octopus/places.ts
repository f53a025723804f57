/**
 * The places of an hour in a Bottleneck limiter. A plain reservoir is a fixed window, so a place that was taken comes back
 * an hour later; they are put back together, when the limiter has no other left, since each time costs it two timers.
 */
import type Bottleneck from 'bottleneck'
import { type Cancel, type Clock, HOUR } from '../clock.ts'

export class Places {
  readonly limiter: Bottleneck
  readonly #clock: Clock
  #left: number
  /** When places that were taken come back, by the monotonic clock; the next one first. */
  #returns: number[]
  #cancel: Cancel = () => {}

  /** Of `most` places those are taken that were taken at `starts`, by the monotonic clock. */
  constructor(make: (reservoir: number) => Bottleneck, clock: Clock, most: number, starts: readonly number[]) {
    this.#clock = clock
    this.#left = Math.max(0, most - starts.length)
    this.#returns = starts.map(start => start + HOUR).sort((a, b) => a - b)
    this.limiter = make(this.#left)
  }

  /** To be called before something is scheduled: there is a place, or there will be as soon as one comes back. */
  makeRoom(): void {
    this.#cancel()
    if (this.#left > 0) return
    const now = this.#clock.monotonic()
    const back = this.#returns.filter(at => at <= now).length
    const next = this.#returns[back]
    this.#returns = this.#returns.slice(back)
    this.#left += back
    // The reservoir of a limiter never fails to take a number.
    if (back > 0) this.limiter.incrementReservoir(back).catch(() => {})
    else if (next !== undefined) this.#cancel = this.#clock.after(next - now, () => this.makeRoom())
  }

  take(): void {
    this.#left -= 1
    this.#returns.push(this.#clock.monotonic() + HOUR)
  }

  /** What runs is left to finish; nothing that waits begins. */
  stop(): void {
    this.#cancel()
    // The promise ends when what runs has ended, which nobody here waits for.
    this.limiter.stop({ dropWaitingJobs: true }).catch(() => {})
  }
}
