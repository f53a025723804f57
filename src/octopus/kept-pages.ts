/**
 * Answers to the parts of a question that takes several requests: where one of them is refused, those that came are kept, and
 * the question asked again makes only the others. In memory: after a restart all of it is asked for.
 */
import { type Clock, HOUR, type Instant } from '../clock.ts'
import { asArray, type JsonObject } from './json.ts'
import type { RestClient, RestQuestion } from './rest.ts'

export type Rest = Pick<RestClient, 'get'>

interface Kept {
  readonly at: Instant
  readonly body: JsonObject
}

/** Longer than anybody waits between two attempts, and short enough that prices of the day are not yesterday's. */
const KEPT_FOR = 4 * HOUR

export class KeptPages {
  readonly #clock: Clock
  readonly #questions = new Map<string, Map<string, Kept>>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Asks a question of this name through a client that remembers. Once it is answered as a whole nothing of it is kept. */
  async during<T>(name: string, rest: Rest, ask: (rest: Rest) => Promise<T>): Promise<T> {
    this.#forgetOld()
    const kept = this.#questions.get(name) ?? new Map<string, Kept>()
    this.#questions.set(name, kept)
    const answer = await ask({ get: question => this.#get(rest, kept, question) })
    this.#questions.delete(name)
    return answer
  }

  async #get(rest: Rest, kept: Map<string, Kept>, question: RestQuestion): Promise<JsonObject> {
    const key = JSON.stringify([question.path, question.query])
    const known = kept.get(key)
    if (known !== undefined) return known.body
    const body = await rest.get(question)
    // Nonsense is asked for anew.
    if (asArray(body.results) !== null) kept.set(key, { at: this.#clock.now(), body })
    return body
  }

  #forgetOld(): void {
    const oldest = this.#clock.now() - KEPT_FOR
    for (const [name, kept] of this.#questions) {
      for (const [key, { at }] of kept) if (at < oldest) kept.delete(key)
      if (kept.size === 0) this.#questions.delete(name)
    }
  }
}
