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
  /** The broker was away when the daemon ended, and so could not publish its will. */
  #willLost = false
  #endedAt: Instant | null = null
  #slugs: { readonly version: number; readonly all: readonly string[] } = { version: -1, all: [] }
  /** Full topics by what callers name them. */
  readonly #topics = new Map<string, string>()
  readonly #json = new Map<string, { payload: string; value: unknown }>()

  constructor(parts: SceneParts) {
    this.parts = parts
    this.account = `${parts.base}/${parts.simulator.account.number.toLowerCase()}`
  }

  get now(): Instant {
    return this.parts.time.now
  }

  /** Payload of a retained topic below the account: `family_car/plugged_in`. */
  shown(path: string): string | undefined {
    let topic = this.#topics.get(path)
    if (topic === undefined) {
      topic = `${this.account}/${path}`
      this.#topics.set(path, topic)
    }
    return this.parts.broker.retained.get(topic)
  }

  /** The same, parsed; undefined where there is none. Parsed once for each payload. */
  shownJson<T>(path: string): T | undefined {
    const payload = this.shown(path)
    if (payload === undefined) return undefined
    const known = this.#json.get(path)
    if (known?.payload === payload) return known.value as T
    const value: unknown = JSON.parse(payload)
    this.#json.set(path, { payload, value })
    return value as T
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
      this.#endedAt = null
    } else {
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
      broker.retained.get(`${this.parts.base}/bridge/state`) === 'online'
    if (!clear) this.#clearSince = null
    else this.#clearSince ??= this.now
  }

  #lookAtLists(): void {
    for (const car of this.parts.simulator.household.cars) {
      const { key } = car.spec
      const { listed } = car.registration
      // From the beginning on it is known.
      if (!this.#listings.has(key) && listed) {
        this.#listings.set(key, { ...this.listing(key), listedSince: Number.NEGATIVE_INFINITY })
      }
      const before = this.listing(key)
      if (listed === (before.listedSince !== null) && (listed || before.goneSince !== null)) continue
      this.#listings.set(key, {
        ...before,
        listedSince: listed ? this.now : null,
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
