/**
 * What can be seen of a world from outside: what the broker holds, what is true in the house and at Octopus, who is in
 * trouble and since when. The invariants look at nothing else.
 */
import { type Instant, MINUTE, SECOND } from '../../../src/clock.ts'
import type { Simulator } from '../../../src/simulator/index.ts'
import type { SimulatedBroker } from './broker.ts'
import type { Daemon } from './daemon.ts'
import type { Disk } from './disk.ts'
import type { Machine } from './machine.ts'
import type { Speaker } from './speaker.ts'
import type { Truth } from './truth.ts'
import type { VirtualTime } from './virtual-time.ts'

/** A daemon notices within this that its clock was set or its machine slept, and says what follows. */
const NOTICES_WITHIN = 32 * SECOND

/** A broker that goes in the same moment as the daemon does not come to publish its will. */
const WILL_TAKES = SECOND

export interface SceneParts {
  readonly time: VirtualTime
  readonly machine: Machine
  readonly disk: Disk
  readonly broker: SimulatedBroker
  readonly daemon: Daemon
  readonly simulator: Simulator
  readonly truth: Truth
  readonly base: string
  /** What the charger of each car says, by the car's key. */
  readonly speakers: ReadonlyMap<string, Speaker>
  /** Everything that must not be seen in a log or on a topic. */
  readonly secrets: readonly string[]
}

/** A car as Octopus lists it. */
export interface Listing {
  /** Its segment in our topics. */
  readonly slug: string
  /** Since when it has been listed without a break; null while it is not. */
  readonly listedSince: Instant | null
  /** Since when it has not been listed; null while it is. */
  readonly goneSince: Instant | null
}

/** As topics spell a name. */
const slugOf = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_')

export class Scene {
  readonly parts: SceneParts
  /** The account's part of every topic. */
  readonly account: string
  /** Since when nothing has been in the way between the daemon and a reader of its topics; null while something is. */
  #clearSince: Instant | null = null
  /** When the newest trouble of any kind ended; `Infinity` while one lasts. */
  #troubleEnded: Instant = Number.NEGATIVE_INFINITY
  #wrongClockAt: Instant = Number.NEGATIVE_INFINITY
  #troubles = 0
  readonly #listings = new Map<string, Listing>()
  /** The broker was away when the daemon ended, or was back without it, and so had no will to publish. */
  #willLost = false
  #hadConnection = false
  #endedAt: Instant | null = null
  #slugs: { readonly version: number; readonly all: readonly string[] } = { version: -1, all: [] }
  readonly #stateTopic: string
  /** Full topics by what callers name them. */
  readonly #topics = new Map<string, string>()
  readonly #topicsOf = new Map<string, Map<string, string>>()
  readonly #json = new Map<string, { payload: string; value: unknown }>()

  constructor(parts: SceneParts) {
    this.parts = parts
    this.account = `${parts.base}/${parts.simulator.account.number.toLowerCase()}`
    this.#stateTopic = `${parts.base}/bridge/state`
  }

  get now(): Instant {
    return this.parts.time.now
  }

  /** Payload of a retained topic below the account: `account/off_peak`, or of a car: its segment, and `plugged_in`. */
  shown(path: string, ofCar?: string): string | undefined {
    return this.parts.broker.retained.get(this.#topic(path, ofCar))
  }

  /** The same, parsed; undefined where there is none. Parsed once for each payload. */
  shownJson<T>(path: string, ofCar?: string): T | undefined {
    const topic = this.#topic(path, ofCar)
    const payload = this.parts.broker.retained.get(topic)
    if (payload === undefined) return undefined
    const known = this.#json.get(topic)
    if (known?.payload === payload) return known.value as T
    const value: unknown = JSON.parse(payload)
    this.#json.set(topic, { payload, value })
    return value as T
  }

  /** Put together once for each: they are asked for at every step. */
  #topic(path: string, ofCar?: string): string {
    let topics = this.#topics
    if (ofCar !== undefined) {
      topics = this.#topicsOf.get(path) ?? new Map<string, string>()
      this.#topicsOf.set(path, topics)
    }
    const known = topics.get(ofCar ?? path)
    if (known !== undefined) return known
    const topic = ofCar === undefined ? `${this.account}/${path}` : `${this.account}/${path}/${ofCar}`
    topics.set(ofCar ?? path, topic)
    return topic
  }

  /** Segments of the cars that have a plan on the broker. */
  get carSlugs(): readonly string[] {
    const { retained, topicsVersion } = this.parts.broker
    if (this.#slugs.version === topicsVersion) return this.#slugs.all
    const start = `${this.account}/`
    const all = [...retained.keys()].flatMap(topic =>
      topic.startsWith(start) && topic.endsWith('/plan') ? [topic.slice(start.length, -'/plan'.length)] : [],
    )
    this.#slugs = { version: topicsVersion, all }
    return all
  }

  /** A trouble begins; the answer ends it. */
  trouble(): () => void {
    this.#troubles += 1
    return () => {
      this.#troubles -= 1
      this.#troubleEnded = this.now
    }
  }

  /** Something is wrong now. */
  get troubled(): boolean {
    return this.#troubles > 0
  }

  /** Nothing has been wrong for at least so long. */
  calmFor(duration: number): boolean {
    return this.#troubles === 0 && this.now - this.#troubleEnded >= duration && this.isClear(5 * MINUTE)
  }

  get troubleEnded(): Instant {
    return this.#troubles > 0 ? Number.POSITIVE_INFINITY : this.#troubleEnded
  }

  /** How Octopus lists the car. */
  listing(key: string): Listing {
    return this.#listings.get(key) ?? { slug: slugOf(this.parts.truth.name(key)), listedSince: null, goneSince: null }
  }

  /** What the charger of the car last said of the current. */
  heardDrawing(slug: string): Speaker['heard'] {
    const key = this.parts.truth.cars.find(car => this.listing(car).slug === slug)
    return this.parts.speakers.get(key ?? '')?.heard ?? { drawing: false, until: null }
  }

  /** Nobody can have said that the daemon is gone. */
  get willLost(): boolean {
    return this.#willLost
  }

  /** To be called at every step. */
  look(): void {
    const { daemon, machine, broker, time } = this.parts
    this.#lookAtLists()
    if (daemon.runs) {
      this.#willLost = this.#willLost && !broker.hasClients
      this.#hadConnection = broker.hasClients
      this.#endedAt = null
    } else {
      if (this.#endedAt === null && !this.#hadConnection) this.#willLost = true
      this.#endedAt ??= this.now
      if (!broker.isUp && this.now - this.#endedAt < WILL_TAKES) this.#willLost = true
    }
    if (machine.wrongBy !== 0) this.#wrongClockAt = this.now
    const clear =
      daemon.runs &&
      daemon.bridge !== null &&
      broker.hasClients &&
      !machine.asleep &&
      time.now - machine.disturbedAt > NOTICES_WITHIN &&
      broker.retained.get(this.#stateTopic) === 'online'
    if (!clear) this.#clearSince = null
    else this.#clearSince ??= this.now
  }

  #lookAtLists(): void {
    for (const { spec, registration } of this.parts.simulator.household.cars) {
      const { listed } = registration
      const before = this.#listings.get(spec.key)
      if (before !== undefined && listed === (before.listedSince !== null)) continue
      // From the beginning on it is known.
      const since = before === undefined ? Number.NEGATIVE_INFINITY : this.now
      this.#listings.set(spec.key, {
        slug: slugOf(spec.name),
        listedSince: listed ? since : null,
        goneSince: listed ? null : this.now,
      })
    }
  }

  /** For so long everything that the daemon says has been there to be read, at once. */
  isClear(duration: number): boolean {
    return this.#clearSince !== null && this.now - this.#clearSince >= duration
  }

  /** It became so at most so long ago. */
  clearedWithin(duration: number): boolean {
    return this.#clearSince !== null && this.now - this.#clearSince <= duration
  }

  /** The daemon's own clock was right for so long. */
  clockRightFor(duration: number): boolean {
    return this.now - this.#wrongClockAt >= duration
  }
}
