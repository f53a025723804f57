import type { Cancel, Clock, Instant } from '../clock.ts'
import { BridgeError } from '../errors.ts'
import { backoff } from './backoff.ts'
import type { Broker, MessageListener, PublishOptions } from './broker.ts'
import { CONTESTED_WAIT, Contest, HELD } from './contest.ts'
import { Link, type LinkEvents } from './link.ts'
import { Listeners } from './listeners.ts'
import { type BrokerSettings, brokerPlace, clientOptions } from './settings.ts'
import { contested, explain, type Trouble } from './troubles.ts'

/** The broker over the network: one connection at a time, made again for as long as we run. */
export class MqttConnection implements Broker {
  readonly #settings: BrokerSettings
  readonly #clock: Clock
  readonly #random: () => number
  readonly #filters = new Set<string>()
  readonly #messages = new Listeners<Parameters<MessageListener>>()
  readonly #connects = new Listeners<[]>()
  readonly #disconnects = new Listeners<[]>()
  readonly #troubles = new Listeners<[BridgeError]>()
  readonly #contests = new Listeners<[BridgeError]>()
  readonly #contest = new Contest()
  /** Kinds of trouble that were said since a connection last held. */
  readonly #said = new Set<string>()
  #state: 'new' | 'open' | 'closed' = 'new'
  #link: Link | null = null
  /** By the monotonic clock; null while there is no connection. */
  #upSince: number | null = null
  /** By the monotonic clock: the one on the wall may be set meanwhile. */
  #lostAt: number | null = null
  #inFlightLimit = 0
  #failures = 0
  #cancelRetry: Cancel = () => {}

  /** `random` gives numbers in [0, 1) for the jitter. */
  constructor(settings: BrokerSettings, clock: Clock, random: () => number = Math.random) {
    this.#settings = settings
    this.#clock = clock
    this.#random = random
  }

  get connected(): boolean {
    return this.#upSince !== null
  }

  get disconnectedSince(): Instant | null {
    return this.#lostAt === null ? null : this.#clock.now() - (this.#clock.monotonic() - this.#lostAt)
  }

  get inFlightLimit(): number {
    return this.#inFlightLimit
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

  onTrouble(listener: (trouble: BridgeError) => void): Cancel {
    return this.#troubles.add(listener)
  }

  onContested(listener: (trouble: BridgeError) => void): Cancel {
    return this.#contests.add(listener)
  }

  connect(): void {
    if (this.#state !== 'new') return
    this.#state = 'open'
    this.#lostAt = this.#clock.monotonic()
    this.#dial()
  }

  publish(topic: string, payload: string, options: PublishOptions): Promise<void> {
    if (this.#link && this.connected) return this.#link.publish(topic, payload, options)
    return Promise.reject(new BridgeError('MQTT_UNREACHABLE', `not connected to ${this.#place}`))
  }

  subscribe(filters: readonly string[]): void {
    // Asking again for what we have would bring every retained message again.
    const added = [...new Set(filters)].filter(filter => !this.#filters.has(filter))
    for (const filter of added) this.#filters.add(filter)
    if (this.connected && added.length > 0) this.#link?.subscribe(added)
  }

  unsubscribe(filters: readonly string[]): void {
    const ended = filters.filter(filter => this.#filters.delete(filter))
    if (this.connected && ended.length > 0) this.#link?.unsubscribe(ended)
  }

  async close(): Promise<void> {
    this.#state = 'closed'
    this.#cancelRetry()
    await this.#link?.close()
  }

  get #place(): string {
    return brokerPlace(this.#settings.url)
  }

  #dial(): void {
    try {
      const events: LinkEvents = {
        up: receiveMaximum => this.#up(receiveMaximum),
        down: (error, reason) => this.#down(error, reason),
        message: (topic, payload, retained) => this.#messages.tell(topic, payload, retained),
        subscriptionRefused: filters => this.#say(this.#notSubscribed(filters)),
      }
      this.#link = new Link(clientOptions(this.#settings), this.#clock, events, this.#settings.dial)
      this.#link.open()
    } catch (error) {
      this.#down(error, null)
    }
  }

  #up(receiveMaximum: number): void {
    if (this.#state !== 'open') return
    this.#upSince = this.#clock.monotonic()
    this.#lostAt = null
    this.#inFlightLimit = receiveMaximum
    if (this.#filters.size > 0) this.#link?.subscribe([...this.#filters])
    this.#connects.tell()
  }

  #down(error: unknown, reason: number | null): void {
    const held = this.#upSince === null ? null : this.#clock.monotonic() - this.#upSince
    this.#link = null
    this.#upSince = null
    if (held !== null) this.#lostAt = this.#clock.monotonic()
    if (this.#state === 'closed') return
    if (held !== null && held >= HELD) {
      this.#failures = 0
      this.#said.clear()
    }
    const isContested = this.#contest.ended(held, reason)
    const wait = isContested ? CONTESTED_WAIT : backoff(this.#failures++, this.#random())
    this.#cancelRetry = this.#clock.after(wait, () => this.#dial())
    if (held !== null) this.#disconnects.tell()
    if (isContested) this.#contests.tell(contested(this.#place, this.#settings.clientId, this.#clock.now() + wait))
    else this.#say(explain(error, held !== null, this.#where()))
  }

  #where() {
    const { url, username } = this.#settings
    const hasUser = username !== undefined || (URL.canParse(url) && new URL(url).username !== '')
    return { place: this.#place, encrypted: /^(mqtts|wss):/.test(url), hasUser }
  }

  #notSubscribed(filters: readonly string[]): Trouble {
    const message = `${this.#place} does not let us subscribe to ${filters.join(', ')}: allow it there`
    return { kind: message, error: new BridgeError('MQTT_REFUSED', message) }
  }

  #say({ kind, error }: Trouble): void {
    if (this.#said.has(kind)) return
    this.#said.add(kind)
    this.#troubles.tell(error)
  }
}
