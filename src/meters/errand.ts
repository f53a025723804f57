/**
 * Something that is asked of Octopus in the background, again and again: readings, prices, what was billed. When, a pure
 * function says; here is the timer, one request at a time, and the memory of the last one, which a restart does not lose.
 */
import { alarm, type Cancel, type Clock, HOUR, type Instant, MINUTE } from '../clock.ts'
import { BridgeError, describeError } from '../errors.ts'
import type { Log } from '../log.ts'
import { aNumber, anInstant, fields, orNull } from '../shape.ts'
import type { Values } from '../store/values.ts'

export interface Asked {
  /** When it was last asked for, well or not; null: never. */
  readonly at: Instant | null
  /** Failed requests in a row. */
  readonly failures: number
}

export interface ErrandOptions {
  readonly clock: Clock
  readonly log: Log
  readonly values: Values
  /** Names it in the store, for ever. */
  readonly key: string
  /** What a log line calls it: `meter readings`. */
  readonly name: string
  /** Facts for every log line about it. */
  readonly details: Readonly<Record<string, unknown>>
  /** Octopus turns us away: nothing goes out until that is over and `rearm` was called. */
  readonly isHeld: () => boolean
  /** When it is asked for next; null while there is nothing to ask. */
  readonly dueAt: (asked: Asked, now: Instant) => Instant | null
  /** Makes the request; what comes back keeps the answer. Throws BridgeError. */
  readonly ask: (at: Instant) => Promise<() => void>
  /** After each attempt, once it is known how it ended. */
  readonly onDone: () => void
}

const anAsked = fields<Asked>({ at: orNull(anInstant), failures: aNumber(0, 1e6) })

/** Our own limits never turn anybody away for longer: who is told so was told by a clock that was wrong. */
const LONGEST_REFUSAL = 25 * HOUR

const NEVER: Asked = { at: null, failures: 0 }

const RETRY_FIRST = 10 * MINUTE
const RETRY_MAX = 3 * HOUR

/** How long after a failed request the next one may go, milliseconds; it doubles. */
export const retryAfter = (failures: number): number =>
  Math.min(RETRY_FIRST * 2 ** Math.max(0, failures - 1), RETRY_MAX)

/**
 * How much longer than to the next place it waits after so many refusals. An answer may take several requests, and places come
 * back one by one: who takes each as it comes gets no further than to the second request, each time, for ever.
 */
const moreAfter = (refusals: number): number => (refusals === 0 ? 0 : Math.min(MINUTE * 2 ** (refusals - 1), HOUR))

export class Errand {
  readonly #options: ErrandOptions
  #cancel: Cancel = () => {}
  #armedFor: Instant | null = null
  #asking: Promise<void> | null = null
  /** Our own limits let nothing through before. */
  #refusedUntil: Instant = 0
  /** How often in a row they did, or did in the middle of an answer. */
  #refusals = 0
  #stopped = false

  constructor(options: ErrandOptions) {
    this.#options = options
  }

  get asked(): Asked {
    const { clock, values, key } = this.#options
    const asked = values.get<Asked>(key, anAsked) ?? NEVER
    // Written by a clock that was wrong: nobody waits a year for it to be right again. A clock that is set by seconds is none.
    return asked.at !== null && asked.at > clock.now() + HOUR ? NEVER : asked
  }

  /** Looks anew when it is due; to be called whenever that may have changed. */
  rearm(): void {
    if (this.#stopped || this.#asking !== null) return
    const { clock, dueAt, isHeld } = this.#options
    const due = isHeld() ? null : dueAt(this.asked, clock.now())
    if (this.#refusedUntil > clock.now() + LONGEST_REFUSAL) this.#refusedUntil = 0
    const at = due === null ? null : Math.max(due, this.#refusedUntil)
    if (at === this.#armedFor) return
    this.#cancel()
    this.#armedFor = at
    if (at === null) return
    this.#cancel = alarm(clock, at, () => {
      this.#armedFor = null
      if (isHeld()) return
      this.#asking = this.#ask().finally(() => {
        this.#asking = null
        this.#done()
      })
    })
  }

  #done(): void {
    try {
      this.#options.onDone()
    } catch (error) {
      if (!this.#stopped) throw error
    }
    this.rearm()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#cancel()
    await this.#asking
  }

  async #ask(): Promise<void> {
    const { clock, log, values, key, name, details, ask } = this.#options
    const at = clock.now()
    try {
      const keep = await ask(at)
      keep()
      values.set(key, { at, failures: 0 })
      this.#refusals = 0
    } catch (error) {
      // The store may be closed by now, where a stop could not wait so long: it is asked for again.
      if (this.#stopped) return
      const code = error instanceof BridgeError ? error.code : undefined
      if (code === 'OCTOPUS_NOT_ADMITTED' || code === 'OCTOPUS_TOKENS_SPENT') {
        const next = (error as BridgeError).details.at
        this.#refusedUntil =
          (typeof next === 'number' && Number.isFinite(next) ? next : at + MINUTE) + moreAfter(this.#refusals)
        this.#refusals += 1
        return
      }
      const failures = this.asked.failures + 1
      values.set(key, { at, failures })
      log.warn({ ...details, code, failures }, `${name}: ${describeError(error)}`)
    }
  }
}
