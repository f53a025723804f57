import type { Cancel } from '../clock.ts'
import type { Broker } from './broker.ts'

/** Bytes. Commands are single words and numbers. */
const LARGEST_COMMAND = 1024

/** Obeys a command. `payload` is the text as it was sent, trimmed. */
export type CommandHandler = (payload: string) => void | Promise<void>

/**
 * The `.../set` topics of entities that take a command (a button, a switch). A retained command is ignored: it would be
 * obeyed again at every start. So is one too long to be any.
 */
export class Commands {
  readonly #broker: Broker
  readonly #failed: (topic: string, error: unknown) => void
  readonly #handlers = new Map<string, CommandHandler>()
  #cancel: Cancel = () => {}

  /** `failed` is told what a handler threw. */
  constructor(broker: Broker, failed: (topic: string, error: unknown) => void) {
    this.#broker = broker
    this.#failed = failed
  }

  /** From now on `handler` obeys what comes in on `topic`, in the place of an earlier one. */
  on(topic: string, handler: CommandHandler): void {
    this.#handlers.set(topic, handler)
    this.#broker.subscribe([topic])
  }

  start(): void {
    this.#cancel = this.#broker.onMessage((topic, payload, retained) => {
      const handler = this.#handlers.get(topic)
      if (handler && !retained && payload.length <= LARGEST_COMMAND) void this.#obey(topic, payload, handler)
    })
  }

  stop(): void {
    this.#cancel()
  }

  async #obey(topic: string, payload: Buffer, handler: CommandHandler): Promise<void> {
    try {
      await handler(payload.toString('utf8').trim())
    } catch (error) {
      this.#failed(topic, error)
    }
  }
}
