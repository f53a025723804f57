/** Sends documents with a token, and finds out whether it is the token or the key that Octopus refuses. */
import { isBridgeError } from '../errors.ts'
import type { CallClass } from '../intelligent/admission.ts'
import { octopusError, saysThrottled } from './errors.ts'
import type { Limiter } from './limiter.ts'
import type { Session } from './session.ts'
import type { GraphqlAnswer, Transport } from './transport.ts'

export interface Question {
  readonly operation: string
  readonly document: string
  readonly variables: Readonly<Record<string, string>>
}

export class Caller {
  readonly #transport: Transport
  readonly #session: Session
  readonly #limiter: Limiter
  /** The token that was refused last, if no answer came since: if its successor is refused as well, it is not the token. */
  #refused: string | null = null

  constructor(transport: Transport, session: Session, limiter: Limiter) {
    this.#transport = transport
    this.#session = session
    this.#limiter = limiter
  }

  /** One dispatch request, never repeated. `onStart` is told when it leaves. */
  dispatch(question: Question, callClass: CallClass, onStart: () => void): Promise<GraphqlAnswer> {
    return this.#once(question, 'dispatch', callClass, onStart)
  }

  /** A request in the background, once more with a new token where the token was refused: a request of its own. */
  async background(question: Question): Promise<GraphqlAnswer> {
    try {
      return await this.#once(question, 'background', 'ordinary')
    } catch (error) {
      if (!isBridgeError(error, 'OCTOPUS_TOKEN_REFUSED')) throw error
      return this.#once(question, 'background', 'ordinary')
    }
  }

  async #once(
    question: Question,
    kind: 'dispatch' | 'background',
    callClass: CallClass,
    onStart: () => void = () => {},
  ): Promise<GraphqlAnswer> {
    const call = { kind, callClass, operation: question.operation }
    // A token fetched for a call that may not begin would be fetched for nothing.
    this.#limiter.assertAdmissible(call)
    const token = await this.#session.token()
    const send = () => {
      onStart()
      return this.#send(question, token)
    }
    return this.#limiter.run(call, send, outcomeOf)
  }

  /** A token that is refused is forgotten. KT-CT-1111 for its successor too means that the key may not ask this. */
  async #send({ document, variables }: Question, token: string): Promise<GraphqlAnswer> {
    try {
      const answer = await this.#transport({ document, variables, token })
      this.#refused = null
      return answer
    } catch (error) {
      if (!isBridgeError(error, 'OCTOPUS_TOKEN_REFUSED')) throw error
      // Several calls may be under way with one token.
      const isSuccessor = this.#refused !== null && this.#refused !== token
      if (isSuccessor && error.details.errorCode === 'KT-CT-1111')
        throw octopusError('OCTOPUS_FORBIDDEN', error.details)
      this.#session.invalidate(token)
      this.#refused = token
      throw error
    }
  }
}

/** What the ledger keeps of an answer: an error beside the data may still say that we ask too often. */
const outcomeOf = ({ errors }: GraphqlAnswer): string =>
  saysThrottled(errors) ? 'OCTOPUS_THROTTLED' : errors.length > 0 ? 'partial' : 'ok'
