/**
 * The broker of the house, in this process: a real one (aedes) behind wires that can be cut. It can be down, restart with
 * or without what it kept, and break in the middle of a message. Everything that arrives at it can be watched.
 */
import type { Duplex } from 'node:stream'
import { Aedes, type AedesPublishPacket, type Client } from 'aedes'
import type { Owner } from './virtual-time.ts'
import { type Wire, wire } from './wire.ts'

export type PublishListener = (topic: string, payload: string, retain: boolean) => void

/** How soon another client with the same id is back in its place. */
const TAKEN_OVER_AFTER = 2_000

/** Nobody listens to aedes's own heartbeat. */
const NEVER = 2 ** 31 - 1

export class SimulatedBroker {
  readonly #whenAwake: (task: () => void) => void
  readonly #wires = new Set<Wire>()
  readonly #listeners = new Set<PublishListener>()
  /** What it keeps, topic by topic. */
  readonly #retained = new Map<string, string>()
  #aedes: Aedes | null = null
  #generation = 0
  #version = 0
  /** Somebody else takes the place of each client as soon as it is connected. */
  contested = false

  /** `whenAwake` runs a task as soon as the daemon's machine is awake. */
  constructor(whenAwake: (task: () => void) => void) {
    this.#whenAwake = whenAwake
  }

  get isUp(): boolean {
    return this.#aedes !== null
  }

  get retained(): ReadonlyMap<string, string> {
    return this.#retained
  }

  /** Another number whenever a topic begins or ends to be retained. */
  get topicsVersion(): number {
    return this.#version
  }

  /** A daemon is connected. */
  get hasClients(): boolean {
    return (this.#aedes?.connectedClients ?? 0) > 0
  }

  onPublish(listener: PublishListener): void {
    this.#listeners.add(listener)
  }

  /** Comes up with what it kept, or having lost it. */
  async start(keeps: boolean): Promise<void> {
    if (this.#aedes !== null) return
    const kept = [...this.#retained]
    this.#retained.clear()
    this.#version += 1
    this.#generation += 1
    const generation = this.#generation
    const aedes = await Aedes.createBroker({ heartbeatInterval: NEVER })
    aedes.on('publish', (packet: AedesPublishPacket, client: Client | null) => {
      if (generation !== this.#generation || packet.topic.startsWith('$SYS')) return
      this.#arrived(packet)
      // aedes takes what it still holds of a connection that ended after its will; a broker that reads in order, before it.
      const { topic } = packet
      if (client?.closed && topic.endsWith('/bridge/state') && packet.payload.toString() === 'online')
        this.#put(topic, 'offline', true)
    })
    this.#aedes = aedes
    if (keeps) for (const [topic, payload] of kept) this.#put(topic, payload, true)
  }

  /** Goes away as a process that was killed: no will is published, every connection breaks. */
  stop(): void {
    this.#aedes = null
    this.#generation += 1
    this.cut()
  }

  /** Every connection breaks; the broker stays, and publishes the wills. */
  cut(): void {
    for (const each of [...this.#wires]) each.cut()
    this.#wires.clear()
  }

  /** The connection breaks when the daemon has sent so many bytes more. */
  cutAfter(bytes: number): void {
    for (const each of this.#wires) each.cutAfter(bytes)
  }

  /**
   * A daemon connects; `sends` is told before each time that it writes. Where the broker is down the stream fails as a
   * refused connection does.
   */
  dial(process: Owner, sends: () => void): Duplex {
    const mayPass = (): boolean => {
      if (process.alive) sends()
      return process.alive
    }
    const made = wire({ mayPass, whenAwake: this.#whenAwake })
    if (this.#aedes === null) {
      const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
      setImmediate(() => made.client.destroy(refused))
      return made.client
    }
    this.#wires.add(made)
    made.client.once('close', () => this.#wires.delete(made))
    this.#aedes.handle(made.server)
    if (this.contested) setTimeout(made.cut, TAKEN_OVER_AFTER)
    return made.client
  }

  /** Something else in the house says this. Lost where the broker is down. */
  publish(topic: string, payload: string, retain: boolean): void {
    this.#put(topic, payload, retain)
  }

  #put(topic: string, payload: string, retain: boolean): void {
    const packet = { cmd: 'publish', topic, payload: Buffer.from(payload), retain, qos: 1, dup: false } as const
    this.#aedes?.publish(packet, () => {})
  }

  #arrived({ topic, payload, retain }: AedesPublishPacket): void {
    const text = payload.toString()
    if (retain) {
      if ((text !== '') !== this.#retained.has(topic)) this.#version += 1
      if (text === '') this.#retained.delete(topic)
      else this.#retained.set(topic, text)
    }
    for (const listener of this.#listeners) listener(topic, text, retain)
  }
}
