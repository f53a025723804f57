import { type Cancel, type Clock, MINUTE } from '../clock.ts'
import type { Broker } from './broker.ts'

/** Between two corrections; somebody who goes on saying `offline` is not to be outshouted. */
const CORRECTION_GAP = MINUTE

/** Whether our own `online` stands, and a way to say it once more. `Publisher` is one. */
export interface OnlineSayer {
  readonly online: boolean
  sayOnline(): void
}

/** A daemon that goes on speaking is reported again after this. */
const REPORT_AGAIN = 10 * MINUTE

/** So many different ones within that time are daemons; more are somebody who plays with the topic. */
const MOST_REPORTED = 3

/** Bytes. Our own `bridge/info` is a tenth of it. */
const LARGEST_INFO = 65_536

/** The id of the process that published this `bridge/info`; null where it holds none. */
function instanceOf(payload: Buffer): string | null {
  if (payload.length > LARGEST_INFO) return null
  try {
    const value: unknown = JSON.parse(payload.toString('utf8'))
    if (typeof value !== 'object' || value === null || !('instance' in value)) return null
    return typeof value.instance === 'string' ? value.instance : null
  } catch {
    return null
  }
}

/**
 * Listens to our own topics for a second daemon that writes them too. Each start makes a random `instance` id and puts it
 * in `<base>/bridge/info`; whoever publishes another one there while we listen is running now. It is reported, and
 * nothing else: two that answered each other would never end. What is retained there when we connect may be from our own
 * last run and proves nothing.
 *
 * An `offline` that appears while we are online is the last will of an older connection of ours, or the other daemon's
 * goodbye: `online` is said once more, at most once a minute.
 */
export class Presence {
  readonly #broker: Broker
  readonly #clock: Clock
  readonly #base: string
  readonly #instance: string
  readonly #publisher: OnlineSayer
  readonly #secondDaemon: (instance: string) => void
  /** Instance ids, and when each was reported. */
  readonly #reported = new Map<string, number>()
  #correctedAt = Number.NEGATIVE_INFINITY
  /** A correction that waits for its time. */
  #correction: Cancel | null = null
  #cancel: Cancel = () => {}

  /** `secondDaemon` is told the other's instance id when it is heard, and again while it goes on. */
  constructor(
    broker: Broker,
    clock: Clock,
    own: { readonly base: string; readonly instance: string },
    publisher: OnlineSayer,
    secondDaemon: (instance: string) => void,
  ) {
    this.#broker = broker
    this.#clock = clock
    this.#base = own.base
    this.#instance = own.instance
    this.#publisher = publisher
    this.#secondDaemon = secondDaemon
  }

  start(): void {
    const info = `${this.#base}/bridge/info`
    const state = `${this.#base}/bridge/state`
    // The one that was there first tells of us in an event, and so we learn of it.
    const event = `${this.#base}/bridge/event`
    this.#broker.subscribe([info, state, event])
    this.#cancel = this.#broker.onMessage((topic, payload, retained) => {
      if (retained) return
      if (topic === info || topic === event) this.#heardInfo(payload)
      else if (topic === state && payload.toString('utf8') === 'offline') this.#heardOffline()
    })
  }

  stop(): void {
    this.#cancel()
    this.#correction?.()
    this.#correction = null
  }

  #heardInfo(payload: Buffer): void {
    const instance = instanceOf(payload)
    if (instance === null || instance === this.#instance) return
    const now = this.#clock.monotonic()
    for (const [other, at] of this.#reported) if (now - at >= REPORT_AGAIN) this.#reported.delete(other)
    if (this.#reported.has(instance) || this.#reported.size >= MOST_REPORTED) return
    this.#reported.set(instance, now)
    this.#secondDaemon(instance)
  }

  #heardOffline(): void {
    if (!this.#publisher.online || this.#correction) return
    const wait = this.#correctedAt + CORRECTION_GAP - this.#clock.monotonic()
    if (wait <= 0) this.#correct()
    else this.#correction = this.#clock.after(wait, () => this.#correct())
  }

  #correct(): void {
    this.#correction = null
    this.#correctedAt = this.#clock.monotonic()
    this.#publisher.sayOnline()
  }
}
