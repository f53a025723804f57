/** One step for each thing that is looked at, in order; what needs something that is not there is skipped and says so. */
import type { Clock } from '../clock.ts'
import { isBridgeError } from '../errors.ts'
import { reasonOf } from './reason.ts'

/** `warn` is worth a look and no failure; `wait`: it could not be tried now, and nothing is wrong. */
export type Mark = 'ok' | 'warn' | 'wait' | 'skip' | 'fail'

export interface Said {
  readonly mark: Mark
  readonly text: string
}

/** What was said of one look; a look may say several things. */
export interface Step extends Said {
  readonly name: string
  /** How long the look took, milliseconds; null of what it said after the first, and where it was skipped. */
  readonly took: number | null
}

/** What a look came to: its lines, and what later looks need of it. */
export interface Finding<T> {
  readonly lines: readonly Said[]
  readonly value: T
}

export type Result<T> =
  | { readonly name: string; readonly ok: true; readonly value: T }
  | { readonly name: string; readonly ok: false }

export const good = <T>(text: string, value: T): Finding<T> => ({ lines: [{ mark: 'ok', text }], value })
export const doubtful = <T>(text: string, value: T): Finding<T> => ({ lines: [{ mark: 'warn', text }], value })

/** For a look that needs two others. */
export function both<A, B>(one: Result<A>, other: Result<B>): Result<readonly [A, B]> {
  if (!one.ok) return one
  return other.ok ? { name: one.name, ok: true, value: [one.value, other.value] } : other
}

/** Whoever shows it. */
export interface Onlooker {
  /** This is being looked at now. */
  readonly begins: (name: string) => void
  readonly says: (step: Step) => void
}

export class Doctor {
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #onlooker: Onlooker
  readonly #clean: (text: string) => string
  readonly #steps: Step[] = []

  /** `clean` takes secrets out of what is said. */
  constructor(clock: Pick<Clock, 'monotonic'>, onlooker: Onlooker, clean: (text: string) => string) {
    this.#clock = clock
    this.#onlooker = onlooker
    this.#clean = clean
  }

  get steps(): readonly Step[] {
    return this.#steps
  }

  /** An error of `ask` is a failure, except where only the limits admit no request now. Never rejects. */
  async look<N, T>(
    name: string,
    needed: Result<N>,
    ask: (value: N) => Finding<T> | Promise<Finding<T>>,
  ): Promise<Result<T>> {
    if (!needed.ok) {
      this.#say(name, [{ mark: 'skip', text: `not looked at, since it needs: ${needed.name}` }], null)
      return { name, ok: false }
    }
    this.#onlooker.begins(name)
    const began = this.#clock.monotonic()
    try {
      const { lines, value } = await ask(needed.value)
      this.#say(name, lines, this.#clock.monotonic() - began)
      return { name, ok: true, value }
    } catch (error) {
      this.#say(name, [troubleOf(error)], this.#clock.monotonic() - began)
      return { name, ok: false }
    }
  }

  #say(name: string, lines: readonly Said[], took: number | null): void {
    for (const [index, { mark, text }] of lines.entries()) {
      const step = {
        name,
        mark,
        text: this.#clean(text).replaceAll(/\s*\n\s*/g, '; '),
        took: index === 0 ? took : null,
      }
      this.#steps.push(step)
      this.#onlooker.says(step)
    }
  }
}

/** Where the limits admit nothing, nothing was tried: neither good nor bad. */
const LATER = ['OCTOPUS_NOT_ADMITTED', 'OCTOPUS_TOKENS_SPENT'] as const

function troubleOf(error: unknown): Said {
  const isLater = isBridgeError(error) && LATER.some(code => error.code === code)
  return isLater
    ? { mark: 'wait', text: `${error.message}: run check again then` }
    : { mark: 'fail', text: reasonOf(error) }
}
