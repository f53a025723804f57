/** One subscriber that keeps every message with the moment at which it came, by the house's clock, and waits for more. */
import { connect, type IClientOptions, type MqttClient } from 'mqtt'
import type { Clock, Instant } from '../../src/clock.ts'

export interface Recorded {
  readonly topic: string
  readonly payload: string
  /** It was in the broker's store when the subscription began. */
  readonly retained: boolean
  readonly at: Instant
}

export type Predicate = (message: Recorded) => boolean

const PATIENCE = 8_000

export class Recorder {
  readonly messages: Recorded[] = []
  readonly #client: MqttClient
  readonly #waiting = new Set<(message: Recorded) => void>()

  private constructor(client: MqttClient, clock: Clock) {
    this.#client = client
    client.on('message', (topic, payload, packet) => {
      const message = { topic, payload: payload.toString('utf8'), retained: packet.retain, at: clock.now() }
      this.messages.push(message)
      for (const tell of [...this.#waiting]) tell(message)
    })
  }

  static async on(url: string, filters: readonly string[], clock: Clock, options: IClientOptions = {}) {
    const client = connect(url, { reconnectPeriod: 20, connectTimeout: 5_000, timerVariant: 'native', ...options })
    const recorder = new Recorder(client, clock)
    await client.subscribeAsync([...filters], { qos: 1 })
    return recorder
  }

  /** The newest payload on a topic. */
  newest(topic: string): string | undefined {
    return this.messages.findLast(message => message.topic === topic)?.payload
  }

  payloads(topic: string): string[] {
    return this.messages.filter(message => message.topic === topic).map(({ payload }) => payload)
  }

  /** The first message for which `predicate` holds, past ones included; rejects after `patience` real milliseconds. */
  first(predicate: Predicate, patience = PATIENCE): Promise<Recorded> {
    const found = this.messages.find(predicate)
    return found === undefined ? this.next(predicate, patience) : Promise.resolve(found)
  }

  /** The first message from now on for which `predicate` holds. */
  next(predicate: Predicate, patience = PATIENCE): Promise<Recorded> {
    const asked = new Error('asked for here')
    return new Promise((resolve, reject) => {
      const look = (message: Recorded) => {
        if (!predicate(message)) return
        clearTimeout(timer)
        this.#waiting.delete(look)
        resolve(message)
      }
      const timer = setTimeout(() => {
        this.#waiting.delete(look)
        const last = this.messages.slice(-25).map(({ topic, payload }) => `${topic}=${payload.slice(0, 80)}`)
        asked.message = `no such message in ${patience} ms: ${predicate}\nthe last were:\n${last.join('\n')}`
        reject(asked)
      }, patience)
      this.#waiting.add(look)
    })
  }

  async publish(topic: string, payload: string, retain = false): Promise<void> {
    await this.#client.publishAsync(topic, payload, { retain, qos: 1 })
  }

  async close(): Promise<void> {
    if (this.#client.connected) return this.#client.endAsync()
    this.#client.options.reconnectPeriod = 0
    await this.#client.endAsync(true)
  }
}
