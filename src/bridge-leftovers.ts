/**
 * `online` says that what is retained below us is true. A start that knows no account, as a first one or because its store
 * was lost, may find what an earlier start left retained, and knows nothing of it: an `off_peak` OFF of the evening would
 * stand over 23:30 as if it were said now. So the bridge is silent until it has heard what there is, and where there is
 * something it says `offline` until Octopus, or the store, has told the account.
 */
import type { Cancel } from './clock.ts'
import { ACCOUNT_DEVICE } from './entities/topics.ts'
import type { Log } from './log.ts'
import type { Broker } from './mqtt/broker.ts'
import type { Publisher } from './mqtt/publisher.ts'
import type { AfterRetained } from './mqtt/retained.ts'

/** An account that was ever shown whole has one of them, of its night, of a meter or of a car; and they change seldom. */
const MARKERS = [`+/${ACCOUNT_DEVICE}/off_peak`, '+/+/accumulative_consumption', '+/+/dispatch_active']
const MARKER = new RegExp(`^(${MARKERS.join('|').replaceAll('+', '[^/]+')})$`)

/** Whether the topic is one of an account that was shown whole. */
export const isMarker = (topic: string, base: string): boolean =>
  topic.startsWith(`${base}/`) && MARKER.test(topic.slice(base.length + 1))

interface Parts {
  readonly broker: Broker
  readonly afterRetained: AfterRetained
  readonly log: Log
  readonly publisher: Publisher
  readonly base: string
}

export class Leftovers {
  readonly #parts: Parts
  /** Markers that are retained at this broker. */
  readonly #retained = new Set<string>()
  #hasHeardAll = false
  #accountIsKnown = false
  #hasWarned = false
  #cancels: Cancel[] = []

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** To be called before the broker is connected. Where the store has told the account, nothing is asked of the broker. */
  start(): void {
    if (this.#accountIsKnown) return
    const { broker, publisher, afterRetained } = this.#parts
    publisher.be(null)
    broker.subscribe(this.#filters)
    this.#cancels = [
      afterRetained(() => {
        this.#hasHeardAll = true
        this.decide()
      }),
      // What comes up next may hold something else: a broker that was killed is back at its last save.
      broker.onDisconnect(() => this.#forget()),
      broker.onMessage((topic, payload, retained) => this.#heard(topic, payload.length > 0, retained)),
    ]
  }

  /** To be called when the account is known and shown: from here on all that is retained is ours to say. */
  accountKnown(): void {
    if (this.#accountIsKnown) return
    this.#accountIsKnown = true
    this.stop()
    const { broker, publisher } = this.#parts
    broker.unsubscribe(this.#filters)
    publisher.be('online')
  }

  /** To be called when what is shown may have changed: what we publish ourselves is no leftover. */
  decide(): void {
    if (this.#accountIsKnown) return
    const { publisher, log } = this.#parts
    const isLeft = [...this.#retained].some(topic => !publisher.wanted.has(topic))
    if (isLeft) publisher.be('offline')
    else publisher.be(this.#hasHeardAll ? 'online' : null)
    if (!isLeft || this.#hasWarned) return
    this.#hasWarned = true
    log.warn(
      {},
      'the broker keeps states of an earlier start, and Octopus has not told the account yet: shown as offline until it has',
    )
  }

  get #filters(): string[] {
    return MARKERS.map(marker => `${this.#parts.base}/${marker}`)
  }

  stop(): void {
    for (const cancel of this.#cancels.splice(0)) cancel()
  }

  #heard(topic: string, holds: boolean, retained: boolean): void {
    if (!isMarker(topic, this.#parts.base)) return
    if (holds && retained) this.#retained.add(topic)
    // Somebody took it away by hand.
    else if (!holds) this.#retained.delete(topic)
    this.decide()
  }

  #forget(): void {
    this.#hasHeardAll = false
    this.#retained.clear()
    this.#parts.publisher.be(null)
  }
}
