import { type ZodType, z } from 'zod'
import type { Cancel } from '../clock.ts'
import { BridgeError } from '../errors.ts'
import type { Broker } from './broker.ts'

/** Bytes. A request is a few words; whatever is larger is none. */
export const LARGEST_REQUEST = 64 * 1024

/** Answers a request; what it returns becomes `data`. A BridgeError becomes the error of the answer. */
export type RequestHandler<Input> = (input: Input) => unknown

interface Registered {
  readonly run: (input: unknown) => unknown
}

/** What a request can be called: the name is a level of the topic that answers it. */
const NAME = /^[\w-]{1,64}$/

/** Characters. What is wrong may quote the request, and so be as long. */
const LONGEST_MESSAGE = 500

type Answer = { status: 'ok'; data: unknown } | { status: 'error'; error: { code: string; message: string } }

const refused = (message: string) => new BridgeError('REQUEST_INVALID', message)

/** JSON for a value that came as JSON. Throws REQUEST_INVALID where it is nested so deeply that only reading it works. */
function written(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    throw refused('a transaction is a few words; this one is nested too deeply')
  }
}

/** The JSON object of a request; an empty payload counts as `{}`. Throws REQUEST_INVALID. */
function parse(payload: Buffer): Record<string, unknown> {
  if (payload.length > LARGEST_REQUEST) throw refused(`a request has at most ${LARGEST_REQUEST} bytes`)
  const text = payload.toString('utf8').trim()
  if (text === '') return {}
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw refused('a request is a JSON object, such as {"transaction": "1"}; this is no JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refused('a request is a JSON object')
  return { ...value }
}

/**
 * `<base>/bridge/request/<name>` in, `<base>/bridge/response/<name>` out, never retained. A field `transaction` comes
 * back as it was sent, so that the asker knows its answer. A retained request is ignored: it would be obeyed again at
 * every start.
 */
export class Requests {
  readonly #broker: Broker
  readonly #base: string
  readonly #respond: (topic: string, payload: string) => void
  readonly #failed: (name: string, error: unknown) => void
  readonly #handlers = new Map<string, Registered>()
  #cancel: Cancel = () => {}

  /**
   * `respond` publishes without retaining (Publisher.event). `failed` is told of errors that are not ours to show, since
   * they may hold a secret: the asker reads only that the log has more.
   */
  constructor(
    broker: Broker,
    base: string,
    respond: (topic: string, payload: string) => void,
    failed: (name: string, error: unknown) => void,
  ) {
    this.#broker = broker
    this.#base = base
    this.#respond = respond
    this.#failed = failed
  }

  /** Names what can be asked. The request without its `transaction` is held against `schema` first. */
  register<Input>(name: string, schema: ZodType<Input>, handler: RequestHandler<Input>): void {
    this.#handlers.set(name, {
      run: input => {
        const checked = schema.safeParse(input)
        if (!checked.success) throw refused(z.prettifyError(checked.error))
        return handler(checked.data)
      },
    })
  }

  start(): void {
    const prefix = `${this.#base}/bridge/request/`
    this.#broker.subscribe([`${prefix}+`])
    this.#cancel = this.#broker.onMessage((topic, payload, retained) => {
      const name = topic.startsWith(prefix) ? topic.slice(prefix.length) : ''
      if (!retained && NAME.test(name)) void this.#serve(name, payload)
    })
  }

  stop(): void {
    this.#cancel()
  }

  async #serve(name: string, payload: Buffer): Promise<void> {
    let transaction: string | undefined
    let answer: Answer
    try {
      const { transaction: given, ...input } = parse(payload)
      transaction = written(given)
      const handler = this.#handlers.get(name)
      if (!handler) throw refused(`unknown request; known are: ${[...this.#handlers.keys()].sort().join(', ')}`)
      answer = { status: 'ok', data: (await handler.run(input)) ?? null }
    } catch (error) {
      answer = { status: 'error', error: this.#shown(name, error) }
    }
    const body = JSON.stringify(answer)
    const whole = transaction === undefined ? body : `${body.slice(0, -1)},"transaction":${transaction}}`
    this.#respond(`${this.#base}/bridge/response/${name}`, whole)
  }

  #shown(name: string, error: unknown): { code: string; message: string } {
    if (error instanceof BridgeError) return { code: error.code, message: error.message.slice(0, LONGEST_MESSAGE) }
    this.#failed(name, error)
    return { code: 'REQUEST_FAILED', message: 'the request could not be carried out; the log says why' }
  }
}
