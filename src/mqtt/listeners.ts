import type { Cancel } from '../clock.ts'

/** Those who want to be told of one thing. */
export class Listeners<Args extends readonly unknown[]> {
  readonly #all = new Set<(...args: Args) => void>()

  add(listener: (...args: Args) => void): Cancel {
    this.#all.add(listener)
    return () => {
      this.#all.delete(listener)
    }
  }

  tell(...args: Args): void {
    for (const listener of [...this.#all]) listener(...args)
  }
}
