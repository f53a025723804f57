import type { Cancel } from '../../src/clock.ts'
import { BridgeError } from '../../src/errors.ts'
import type { Broker, MessageListener, PublishOptions } from '../../src/mqtt/broker.ts'
import { Listeners } from '../../src/mqtt/listeners.ts'

export interface Sent extends PublishOptions {
  readonly topic: string
  readonly payload: string
}

/** A broker in memory: it keeps what is published and acknowledges when told to, or at once. */
export class FakeBroker implements Broker {
  connected = false
  disconnectedSince: number | null = null
  inFlightLimit = 65_535
  autoAcknowledge = true
  /** Topics to which it lets nobody publish. */
  readonly forbidden = new Set<string>()
  readonly sent: Sent[] = []
  readonly subscribed: string[] = []
  readonly store = new Map<string, string>()
  readonly #unacknowledged: { resolve(): void; reject(error: unknown): void }[] = []
  readonly #messages = new Listeners<Parameters<MessageListener>>()
  readonly #connects = new Listeners<[]>()
  readonly #disconnects = new Listeners<[]>()

  connect(): void {
    this.up()
  }

  close(): Promise<void> {
    this.connected = false
    return Promise.resolve()
  }

  publish(topic: string, payload: string, options: PublishOptions): Promise<void> {
    if (!this.connected) return Promise.reject(new BridgeError('MQTT_UNREACHABLE', 'not connected'))
    this.sent.push({ topic, payload, ...options })
    if (this.forbidden.has(topic)) return Promise.reject(new BridgeError('MQTT_REFUSED', `not allowed: ${topic}`))
    if (options.retain) this.store.set(topic, payload)
    if (options.retain && payload === '') this.store.delete(topic)
    if (this.autoAcknowledge) return Promise.resolve()
    return new Promise((resolve, reject) => this.#unacknowledged.push({ resolve, reject }))
  }

  subscribe(filters: readonly string[]): void {
    this.subscribed.push(...filters)
  }

  unsubscribe(filters: readonly string[]): void {
    for (const filter of filters) this.subscribed.splice(this.subscribed.indexOf(filter), 1)
  }

  onMessage(listener: MessageListener): Cancel {
    return this.#messages.add(listener)
  }

  onConnect(listener: () => void): Cancel {
    return this.#connects.add(listener)
  }

  onDisconnect(listener: () => void): Cancel {
    return this.#disconnects.add(listener)
  }

  onTrouble(): Cancel {
    return () => {}
  }

  onContested(): Cancel {
    return () => {}
  }

  get unacknowledged(): number {
    return this.#unacknowledged.length
  }

  up(): void {
    this.connected = true
    this.#connects.tell()
  }

  down(): void {
    this.connected = false
    for (const { reject } of this.#unacknowledged.splice(0)) reject(new BridgeError('MQTT_UNREACHABLE', 'gone'))
    this.#disconnects.tell()
  }

  /** Acknowledges the oldest `count` messages and lets those who wait for it run. */
  async acknowledge(count = this.#unacknowledged.length): Promise<void> {
    for (const { resolve } of this.#unacknowledged.splice(0, count)) resolve()
    await settle()
  }

  message(topic: string, payload: string | Buffer, retained = false): void {
    this.#messages.tell(topic, Buffer.from(payload), retained)
  }
}

/** Lets everything run that waits only for promises. */
export const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve))
