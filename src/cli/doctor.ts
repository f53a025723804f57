/** One line for each thing that was looked at, in order; what needs something that is not there is skipped and says so. */
import { isBridgeError } from '../errors.ts'
import { reasonOf } from './reason.ts'

/** `warn` is worth a look and no failure; `wait`: it could not be tried now, and nothing is wrong. */
export type Mark = 'ok' | 'warn' | 'wait' | 'skip' | 'fail'

const COLOURS: Readonly<Record<Mark, number>> = { ok: 32, warn: 33, wait: 36, skip: 2, fail: 31 }

export interface Said {
  readonly mark: Mark
  readonly text: string
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

export class Doctor {
  readonly #print: (line: string) => void
  readonly #colour: boolean
  #failed = false

  constructor(print: (line: string) => void, colour: boolean) {
    this.#print = print
    this.#colour = colour
  }

  /** Whether anything failed. */
  get failed(): boolean {
    return this.#failed
  }

  /** An error of `ask` is a failure, except where only the limits admit no request now. Never rejects. */
  async look<N, T>(
    name: string,
    needed: Result<N>,
    ask: (value: N) => Finding<T> | Promise<Finding<T>>,
  ): Promise<Result<T>> {
    if (!needed.ok) {
      this.#say(name, { mark: 'skip', text: `not looked at, since it needs: ${needed.name}` })
      return { name, ok: false }
    }
    try {
      const { lines, value } = await ask(needed.value)
      for (const line of lines) this.#say(name, line)
      return { name, ok: true, value }
    } catch (error) {
      this.#say(name, troubleOf(error))
      return { name, ok: false }
    }
  }

  #say(name: string, { mark, text }: Said): void {
    if (mark === 'fail') this.#failed = true
    const word = mark.padEnd(4)
    const shown = this.#colour ? `\u001b[${COLOURS[mark]}m${word}\u001b[0m` : word
    this.#print(`${shown}  ${name.padEnd(14)}  ${text.replaceAll(/\s*\n\s*/g, '; ')}`)
  }
}

function troubleOf(error: unknown): Said {
  // Where no token may be made, the key was not tried: nobody may take that for a good key.
  const isLater = isBridgeError(error, 'OCTOPUS_NOT_ADMITTED')
  return isLater
    ? { mark: 'wait', text: `${error.message}: run check again then` }
    : { mark: 'fail', text: reasonOf(error) }
}
