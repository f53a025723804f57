/** Counts what happened in the last `length` milliseconds. Times must come in order. */
export class SlidingWindow {
  readonly length: number
  #times: number[] = []

  constructor(length: number) {
    this.length = length
  }

  add(at: number): void {
    this.#times.push(at)
  }

  /** How many happened in (at − length, at]. */
  count(at: number): number {
    const kept = this.#times.findIndex(time => time > at - this.length)
    this.#times = kept === -1 ? [] : this.#times.slice(kept)
    return this.#times.length
  }

  /** When the oldest of them falls out; null where there is none. */
  freesAt(at: number): number | null {
    if (this.count(at) === 0) return null
    return (this.#times[0] ?? at) + this.length
  }
}
