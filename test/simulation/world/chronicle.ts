/** What happened, in order: a digest of all of it, and the last of it in full for whoever has to find out why. */
import { createHash } from 'node:crypto'
import type { Instant } from '../../../src/clock.ts'

export type EventKind = 'house' | 'mqtt' | 'octopus' | 'log' | 'process' | 'fault' | 'broken'

const REMEMBERED = 400
/** Longer lines are cut for people; the digest has all of them. */
const LINE = 300
/** Characters that are taken into the digest at once. */
const AT_ONCE = 100_000

export class Chronicle {
  readonly #now: () => Instant
  readonly #folder: string
  readonly #remembered: number
  readonly #last: string[] = []
  readonly #hash = createHash('sha256')
  /** Not in the digest yet: one long text is quicker than many short ones. */
  #waiting = ''
  #at: Instant = Number.NaN
  #time = ''

  /** `folder`: where the store is, which has another name each time. */
  constructor(now: () => Instant, folder: string, remembered = REMEMBERED) {
    this.#now = now
    this.#folder = folder
    this.#remembered = remembered
  }

  add(kind: EventKind, what: string): void {
    const now = this.#now()
    // Much happens in one instant.
    if (now !== this.#at) {
      this.#at = now
      this.#time = new Date(now).toISOString()
    }
    const line = `${this.#time} ${kind.padEnd(7)} ${what}`
    this.#waiting += line
    if (this.#waiting.length > AT_ONCE) this.#takeIn()
    this.#last.push(line.slice(0, LINE))
    if (this.#last.length > this.#remembered * 2) this.#last.splice(0, this.#remembered)
  }

  /** Newest last. */
  get last(): readonly string[] {
    return this.#last.slice(-this.#remembered)
  }

  /** Two runs that differ in anything differ in this. */
  digest(): string {
    this.#takeIn()
    return this.#hash.copy().digest('hex')
  }

  #takeIn(): void {
    this.#hash.update(this.#waiting.replaceAll(this.#folder, 'its folder'))
    this.#waiting = ''
  }
}
