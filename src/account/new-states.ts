/** A state that Octopus has added since is shown as unknown, and said once. */
import { type Answer, CAR_STATES } from '../intelligent/types.ts'
import type { Log } from '../log.ts'

/** So many states can be new; more are somebody's noise, and not worth a line each. */
const MOST_NEW_STATES = 5

export class NewStates {
  readonly #log: Log
  readonly #said = new Set<string>()

  constructor(log: Log) {
    this.#log = log
  }

  note(answer: Answer): void {
    for (const { currentState: state } of answer.cars ?? []) {
      if (this.#said.size >= MOST_NEW_STATES) return
      if (state === null || this.#said.has(state) || (CAR_STATES as readonly string[]).includes(state)) continue
      this.#said.add(state)
      this.#log.warn({ state }, 'Octopus reports a state that this version does not know: it is shown as unknown')
    }
  }
}
