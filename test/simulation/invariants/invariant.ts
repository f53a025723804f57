/**
 * What must hold at every step of a simulated year. Each invariant has a name, a section in docs/reliability.md, and no
 * idea of how the daemon is built: it sees what a user, the broker and Octopus see, and the truth of the house.
 */
import type { LoggedRequest } from '../../../src/simulator/index.ts'
import type { Scene } from '../world/scene.ts'

export interface Published {
  readonly topic: string
  readonly payload: string
  readonly retain: boolean
}

export interface Invariant {
  /** As docs/reliability.md names it. */
  readonly name: string
  /** The daemon's message, or anybody's, has arrived at the broker. */
  onPublish?(message: Published): void
  onRequest?(request: LoggedRequest): void
  onLog?(line: string): void
  onProcess?(change: 'starts' | 'is up' | 'stops' | 'is killed'): void
  /** Everything has come to rest at this instant. Called at every step at which something was seen, and once a minute. */
  check?(): void
  /** Once a simulated hour: for what is slow to look at. */
  checkHourly?(): void
}

/** Says that the invariant does not hold, with what a person needs to see why. */
export type Complain = (problem: string) => void

/** `count` is to be called for each time that something was held against the truth. */
export type MakeInvariant = (scene: Scene, complain: Complain, count: () => void) => Invariant

/** A problem that may last so long before it is one: what is published takes its way through the broker. */
export class Lasting {
  readonly #least: number
  readonly #since = new Map<string, number>()

  constructor(least: number) {
    this.#least = least
  }

  /** Whether `key` has been wrong, at every look, for longer than it may. */
  wrong(key: string, isWrong: boolean, now: number): boolean {
    if (!isWrong) {
      this.#since.delete(key)
      return false
    }
    const since = this.#since.get(key) ?? now
    this.#since.set(key, since)
    return now - since > this.#least
  }

  forget(): void {
    this.#since.clear()
  }
}
