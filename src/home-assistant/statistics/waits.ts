import type { Clock } from '../../clock.ts'

/** Everything that somebody waits for, so that all of it can be ended at once. */
export class Waits {
  readonly #clock: Clock
  readonly #ends = new Set<() => void>()
  #ended = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get ended(): boolean {
    return this.#ended
  }

  /** Milliseconds of the clock; shorter when all waits are ended. */
  pause(milliseconds: number): Promise<void> {
    if (this.#ended) return Promise.resolve()
    return new Promise(resolve => {
      const done = () => {
        forget()
        cancel()
        resolve()
      }
      const cancel = this.#clock.after(milliseconds, done)
      const forget = this.onEnd(done)
    })
  }

  /** `end` is called once when all waits are ended, unless it is forgotten before by calling what is returned. */
  onEnd(end: () => void): () => void {
    if (this.#ended) end()
    else this.#ends.add(end)
    return () => {
      this.#ends.delete(end)
    }
  }

  endAll(): void {
    this.#ended = true
    for (const end of [...this.#ends]) end()
    this.#ends.clear()
  }
}
