import { connect, type IClientOptions, MqttClient } from 'mqtt'
import { type Clock, SECOND } from '../clock.ts'
import { BridgeError } from '../errors.ts'
import type { PublishOptions } from './broker.ts'
import type { BrokerSettings } from './settings.ts'
import { codeOf } from './troubles.ts'

/** Real milliseconds that a goodbye may take. */
const GOODBYE_LIMIT = SECOND

export interface LinkEvents {
  /** The broker has let us in. `receiveMaximum`: how many QoS 1 messages it takes before it has acknowledged the first. */
  up(receiveMaximum: number): void
  message(topic: string, payload: Buffer, retained: boolean): void
  subscriptionRefused(filters: readonly string[]): void
  /** It is over; called once. `error` is null where the other side just closed, `reason` what it said then (MQTT 5). */
  down(error: unknown, reason: number | null): void
}

/**
 * One connection: one client of mqtt.js, used once and thrown away. So nothing of an older connection (queues, stores of
 * unacknowledged messages, subscriptions) can come up in a newer one, and the publisher alone knows what to send.
 */
export class Link {
  readonly #options: IClientOptions
  readonly #clock: Clock
  readonly #events: LinkEvents
  readonly #dial: BrokerSettings['dial']
  /** Publishes that wait. mqtt.js forgets their callbacks when a connection ends that it is not to restore. */
  readonly #waiting = new Set<(error?: unknown) => void>()
  #client: MqttClient | null = null
  #error: unknown = null
  #reason: number | null = null

  constructor(options: IClientOptions, clock: Clock, events: LinkEvents, dial?: BrokerSettings['dial']) {
    this.#options = options
    this.#clock = clock
    this.#events = events
    this.#dial = dial
  }

  /** Throws where TLS cannot even begin (a key that is none). */
  open(): void {
    const dial = this.#dial
    const client = dial === undefined ? connect(this.#options) : new MqttClient(() => dial(), this.#options)
    this.#client = client
    client.on('connect', ack => this.#events.up(ack.properties?.receiveMaximum ?? 65_535))
    client.on('message', (topic, payload, packet) => this.#events.message(topic, payload, packet.retain))
    client.on('disconnect', packet => {
      this.#reason = packet.reasonCode ?? null
    })
    client.on('error', error => this.#fail(error))
    // mqtt.js passes on only those errors of a stream that have a code; a websocket's have none.
    client.stream.on('error', error => this.#fail(error))
    client.once('close', () => this.#ended())
  }

  #fail(error: unknown): void {
    this.#error ??= error
    this.#client?.stream.destroy()
  }

  #ended(): void {
    for (const settle of [...this.#waiting]) settle(new Error('connection closed'))
    this.#events.down(this.#error, this.#reason)
  }

  publish(topic: string, payload: string, options: PublishOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (error?: unknown) => {
        if (!this.#waiting.delete(settle)) return
        if (error) reject(this.#notPublished(topic, error))
        else resolve()
      }
      this.#waiting.add(settle)
      this.#client?.publish(topic, payload, options, settle)
    })
  }

  /** Only an answer of the broker has a code that is a number. */
  #notPublished(topic: string, cause: unknown): BridgeError {
    if (typeof codeOf(cause) === 'number') {
      return new BridgeError('MQTT_REFUSED', `the broker does not let us publish to ${topic}: allow it there`, {
        cause,
      })
    }
    return new BridgeError('MQTT_UNREACHABLE', 'the connection to the broker ended before it had the message')
  }

  subscribe(filters: readonly string[]): void {
    this.#client?.subscribe([...filters], { qos: 1 }, (error, _granted, packet) => {
      if (!error || !this.#client?.connected) return
      const answers = packet?.granted ?? []
      const refused = filters.filter((_, index) => Number(answers[index] ?? 0x80) >= 0x80)
      this.#events.subscriptionRefused(refused)
    })
  }

  /** Where it fails the connection is ending, and the next one does not ask for them. */
  unsubscribe(filters: readonly string[]): void {
    this.#client?.unsubscribe([...filters], () => {})
  }

  /** Ends it; politely, where the broker listens. `down` is called as ever. */
  close(): Promise<void> {
    const client = this.#client
    if (!client) return Promise.resolve()
    return new Promise(resolve => {
      const cancel = this.#clock.after(GOODBYE_LIMIT * this.#clock.speed, () => client.stream.destroy())
      client.once('close', () => {
        cancel()
        resolve()
      })
      // Before the broker has let us in, `end` would wait for it; and `end(true)` after `end` does nothing.
      if (client.connected) client.end()
      else client.stream.destroy()
    })
  }
}
