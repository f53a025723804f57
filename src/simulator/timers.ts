import { alarm, type Cancel, type Clock, type Instant } from '../clock.ts'

/** Named alarms on one clock: setting a name again moves it, and `stop` clears them all. */
export class Timers {
  readonly #clock: Clock
  readonly #armed = new Map<string, Cancel>()
  #unnamed = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  at(name: string, at: Instant, task: () => void): void {
    this.clear(name)
    this.#armed.set(
      name,
      // Waits are drawn from curves; instants are whole milliseconds.
      alarm(this.#clock, Math.ceil(at), () => {
        this.#armed.delete(name)
        task()
      }),
    )
  }

  after(name: string, delay: number, task: () => void): void {
    this.at(name, this.#clock.now() + delay, task)
  }

  /** One without a name, which nothing moves. */
  once(delay: number, task: () => void): Cancel {
    this.#unnamed += 1
    const name = `#${this.#unnamed}`
    this.after(name, delay, task)
    return () => this.clear(name)
  }

  has(name: string): boolean {
    return this.#armed.has(name)
  }

  clear(...names: readonly string[]): void {
    for (const name of names) {
      this.#armed.get(name)?.()
      this.#armed.delete(name)
    }
  }

  stop(): void {
    this.clear(...this.#armed.keys())
  }
}
