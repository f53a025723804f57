import type { Cancel, Clock } from '../clock.ts'
import { type BridgeError, isBridgeError } from '../errors.ts'
import type { Broker } from './broker.ts'
import { type Message, Outbox, type Wanted } from './outbox.ts'

export interface PublisherStats {
  /** Messages and bytes (topic and payload) handed to the broker since the start. */
  readonly published: number
  readonly bytes: number
  /** Events that found no connection, or were too many. */
  readonly dropped: number
  /** Topics whose newest payload has not been handed over yet. */
  readonly waiting: number
  /** Messages that the broker has not acknowledged. */
  readonly inFlight: number
}

/** QoS 1 messages on their way at once, or fewer where the broker says so. */
const WINDOW = 64

/**
 * Keeps the broker at what we want. Each topic has one wanted payload, the newest; a difference goes out in the tick in
 * which it is wanted, unless the window is full, and then the newest payload goes out when there is room.
 *
 * Each new connection starts with everything anew. What the broker holds cannot be told from here: one that keeps
 * nothing on disk comes back empty, one that was killed comes back as it was at its last save, half an hour ago by
 * Mosquitto's default, and then even finding one of our own messages there proves nothing about the others. Some two
 * hundred small messages are a cheap price for being right; who sees a state twice sees no change.
 */
export class Publisher {
  readonly #broker: Broker
  readonly #clock: Clock
  readonly #outbox: Outbox
  readonly #refused: (error: BridgeError) => void
  readonly #refusedTopics = new Set<string>()
  /** Counts connections, so that late answers of an ended one are known. */
  #connection = 0
  #inFlight = 0
  #published = 0
  #bytes = 0
  #dropped = 0
  #stopped = false
  readonly #idleListeners = new Set<() => void>()
  /** Whom it matters that the broker has taken a message. */
  readonly #taken = new Map<Message, () => void>()
  readonly #cancels: Cancel[] = []

  /**
   * `stateTopic` is `<base>/bridge/state`, which is ours alone. `refused` is told of each topic to which the broker does
   * not let us publish, once (only MQTT 5 says so).
   */
  constructor(broker: Broker, clock: Clock, stateTopic: string, refused: (error: BridgeError) => void) {
    this.#broker = broker
    this.#clock = clock
    this.#outbox = new Outbox(stateTopic)
    this.#refused = refused
  }

  start(): void {
    this.#cancels.push(
      this.#broker.onConnect(() => this.#pump()),
      this.#broker.onDisconnect(() => this.#startAnew()),
    )
    this.#pump()
  }

  /**
   * Replaces all that is wanted; the map's order is the order of publishing, so discovery documents go first. A topic
   * that is no longer in it stays at the broker as it is: only `clear` removes.
   */
  want(wanted: Map<string, Wanted>): void {
    if (this.#stopped) return
    this.#outbox.want(wanted)
    this.#pump()
  }

  /** The same where no topic comes or goes: what some of them are to hold instead, in the order of publishing. */
  wantInstead(changes: Iterable<readonly [topic: string, wanted: Wanted]>): void {
    if (this.#stopped) return
    this.#outbox.wantInstead(changes)
    this.#pump()
  }

  /** Keeps the messages of such topics back until `letGo`; only `online` waits for them. */
  holdBack(isHeld: (topic: string) => boolean): void {
    this.#outbox.holdBack(isHeld)
  }

  /** Topics whose message is kept back. */
  get heldBack(): readonly string[] {
    return this.#outbox.heldBack
  }

  letGo(): void {
    this.#outbox.holdBack(null)
    this.#pump()
  }

  /** Removes retained topics from the broker; kept in mind until it has acknowledged that. */
  clear(topics: Iterable<string>): void {
    this.#outbox.clear(topics)
    this.#pump()
  }

  /**
   * Publishes these, retained, before anything that waits. `taken` is called when the broker has taken them all, and never
   * where the connection ends before, or it refuses one.
   */
  publishFirst(messages: readonly Omit<Message, 'retain'>[], taken: () => void): void {
    if (!this.#broker.connected || this.#stopped) return
    const retained = messages.map(message => ({ ...message, retain: true }))
    let open = retained.length
    const one = () => {
      open -= 1
      if (open === 0) taken()
    }
    for (const message of retained) this.#taken.set(message, one)
    this.#outbox.putFirst(retained)
    this.#pump()
  }

  /** Publishes once, not retained; dropped where there is no connection, since an event that comes late is a false one. */
  event(topic: string, payload: string): void {
    if (this.#broker.connected && !this.#stopped) this.#dropped += this.#outbox.event(topic, payload)
    else this.#dropped++
    this.#pump()
  }

  /** Publishes everything again, `online` last, for a Home Assistant that has just started. */
  republishAll(): void {
    this.#outbox.startAnew()
    this.#pump()
  }

  /** What each topic holds at the broker, or will as soon as it can be told. */
  get wanted(): ReadonlyMap<string, Wanted> {
    return this.#outbox.wanted
  }

  /** Whether `online` went out on this connection. */
  get online(): boolean {
    return this.#broker.connected && this.#outbox.stateSent && this.#outbox.state === 'online'
  }

  /**
   * What `bridge/state` is to hold from now on, once everything else is out: `online` from the beginning, `offline` where what
   * the broker retains of us cannot be vouched for, null for neither while that is not known.
   */
  be(state: 'online' | 'offline' | null): void {
    if (this.#stopped || this.#outbox.state === state) return
    this.#outbox.say(state)
    this.#pump()
  }

  /** Publishes `online` once more, where somebody else has written over it. */
  sayOnline(): void {
    if (!this.online) return
    this.#outbox.say('online')
    this.#pump()
  }

  /** True as soon as the broker has acknowledged everything, false when that takes longer than `limit` ms of real time. */
  flush(limit: number): Promise<boolean> {
    if (this.#idle) return Promise.resolve(true)
    return new Promise(resolve => {
      const settle = (done: boolean) => {
        cancel()
        this.#idleListeners.delete(whenIdle)
        resolve(done)
      }
      const whenIdle = () => settle(true)
      const cancel = this.#clock.after(limit * this.#clock.speed, () => settle(false))
      this.#idleListeners.add(whenIdle)
    })
  }

  /** Publishes what is due and then `offline`, and waits for the broker to have it, at most `limit` ms of real time. */
  async stop(limit: number): Promise<void> {
    this.#stopped = true
    this.#outbox.say('offline')
    this.#pump()
    if (this.#broker.connected) await this.flush(limit)
    // A clean goodbye fires no will, so `offline` has to go out even when the rest did not.
    const goodbye = this.#broker.connected && !this.#outbox.stateSent ? this.#outbox.nextState() : null
    if (goodbye !== null) this.#send(goodbye)
    for (const cancel of this.#cancels.splice(0)) cancel()
  }

  get stats(): PublisherStats {
    return {
      published: this.#published,
      bytes: this.#bytes,
      dropped: this.#dropped,
      waiting: this.#outbox.due,
      inFlight: this.#inFlight,
    }
  }

  get #idle(): boolean {
    return this.#outbox.empty && this.#inFlight === 0
  }

  #startAnew(): void {
    this.#connection++
    this.#inFlight = 0
    this.#taken.clear()
    this.#dropped += this.#outbox.drop()
    this.#outbox.startAnew()
  }

  #pump(): void {
    while (this.#broker.connected && this.#inFlight < Math.min(WINDOW, this.#broker.inFlightLimit)) {
      const message = this.#outbox.next()
      if (!message) break
      this.#send(message)
    }
    if (this.#idle) for (const tell of [...this.#idleListeners]) tell()
  }

  #send(message: Message): void {
    const { topic, payload, retain } = message
    const connection = this.#connection
    this.#inFlight++
    this.#published++
    this.#bytes += Buffer.byteLength(topic) + Buffer.byteLength(payload)
    const settled = () => {
      if (connection !== this.#connection) return
      this.#inFlight--
      this.#outbox.settled(message)
      this.#taken.delete(message)
      this.#pump()
    }
    const taken = () => {
      this.#taken.get(message)?.()
      settled()
    }
    this.#broker.publish(topic, payload, { retain, qos: 1 }).then(taken, (error: unknown) => {
      // A connection that ended is told by onDisconnect, and everything goes out again on the next one.
      if (isBridgeError(error, 'MQTT_REFUSED') && !this.#refusedTopics.has(topic)) {
        this.#refusedTopics.add(topic)
        this.#refused(error)
      }
      settled()
    })
  }
}
