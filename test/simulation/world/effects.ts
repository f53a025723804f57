/**
 * What a daemon does that anybody else can see: it writes to its disk, sends bytes to the broker, asks Octopus. A process
 * that is killed stops between two of these, whatever it was waiting for; so counting them reaches every point at which
 * it could be killed.
 */
export class Effects {
  #count = 0
  #killAt = Number.POSITIVE_INFINITY
  #kill: () => void = () => {}

  get count(): number {
    return this.#count
  }

  /** An effect is about to happen. */
  readonly note = (): void => {
    this.#count += 1
    if (this.#count < this.#killAt) return
    this.#killAt = Number.POSITIVE_INFINITY
    this.#kill()
  }

  /** Calls `kill` just before the n-th effect from here. */
  killBefore(nth: number, kill: () => void): void {
    this.#killAt = this.#count + nth
    this.#kill = kill
  }

  disarm(): void {
    this.#killAt = Number.POSITIVE_INFINITY
  }
}
