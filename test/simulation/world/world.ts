/**
 * A house, its broker, Octopus, and the whole daemon between them, on virtual time: everything that a simulated year
 * needs. One seed gives one world, to the byte.
 */

import { type Instant, MINUTE, SECOND } from '../../../src/clock.ts'
import { readConfig } from '../../../src/config/load.ts'
import { isBridgeError } from '../../../src/errors.ts'
import {
  type LoggedRequest,
  type Scenario,
  type Simulator,
  type SupplyOptions,
  startSimulator,
} from '../../../src/simulator/index.ts'
import { type Random, seededRandom } from '../../../src/simulator/random.ts'
import { toIso } from '../../../src/time/london.ts'
import { PRESETS } from '../../../src/vehicle/presets.ts'
import type { Invariant, MakeInvariant } from '../invariants/invariant.ts'
import { SimulatedBroker } from './broker.ts'
import { Chronicle } from './chronicle.ts'
import { Daemon } from './daemon.ts'
import { Disk, STORE } from './disk.ts'
import { Effects } from './effects.ts'
import { Machine } from './machine.ts'
import { comeToRest, eachTimeAtRest, Immediates } from './rest.ts'
import { Scene } from './scene.ts'
import { type CarTopics, Speaker } from './speaker.ts'
import { Truth } from './truth.ts'
import { VirtualTime } from './virtual-time.ts'

/** Recognisable, so that it is found wherever it is told. */
export const BROKER_PASSWORD = 'pa55/word+of=the broker'

export interface WorldOptions {
  readonly seed: string
  readonly begins: Instant
  readonly scenario: Scenario | string
  /** Which topics the chargers have. */
  readonly signals: 'all' | 'plug_and_charging' | 'plug' | 'none'
  /** The account stands in the configuration, as for keys that see several. */
  readonly isNamed?: boolean
  /** Meters beside the one for import; none where nothing is said. */
  readonly supply?: SupplyOptions
  readonly invariants: readonly MakeInvariant[]
  /** Events kept for a failure. */
  readonly remembered?: number
  /** How many broken invariants end it; the first, where nothing is said. */
  readonly enough?: number
}

export interface Violation {
  readonly invariant: string
  readonly at: Instant
  readonly problem: string
}

/** A world that is wrong goes on being wrong, and what led to it is still remembered at the first sign of it. */
const ENOUGH = 1

const BASE = 'octopus2mqtt'

export class World {
  readonly options: WorldOptions
  readonly random: Random
  readonly time: VirtualTime
  readonly machine: Machine
  readonly disk = new Disk()
  readonly effects = new Effects()
  readonly immediates = new Immediates()
  readonly broker: SimulatedBroker
  readonly chronicle: Chronicle
  readonly violations: Violation[] = []
  messages = 0
  /** How often each invariant was held against the truth. */
  readonly checks: Record<string, number> = {}
  simulator!: Simulator
  daemon!: Daemon
  scene!: Scene
  speakers!: ReadonlyMap<string, Speaker>
  #invariants: readonly Invariant[] = []
  #dirty = true
  #lookedAt: Instant = 0
  #hourAt: Instant = 0
  #boots = 1
  readonly #unreachable: string[] = []
  #release: () => void = () => {}

  constructor(options: WorldOptions) {
    this.options = options
    this.random = seededRandom(options.seed)
    this.time = new VirtualTime(options.begins)
    this.machine = new Machine(this.time, this.random.fork('machine'))
    this.broker = new SimulatedBroker(task => this.#whenAwake(task))
    this.chronicle = new Chronicle(() => this.time.now, this.disk.folder, options.remembered)
  }

  get #enough(): number {
    return this.options.enough ?? ENOUGH
  }

  get now(): Instant {
    return this.time.now
  }

  /** Puts everything in its place; the daemon does not run yet. */
  async begin(): Promise<void> {
    const { seed, scenario, supply = {}, invariants } = this.options
    this.#release = this.machine.takeOverGlobals(this.immediates)
    this.disk.mount(this.effects.note)
    this.simulator = await startSimulator({
      clock: this.time.clock,
      seed,
      scenario,
      supply,
      listen: false,
      tolerance: 0,
      latency: random => Math.round(random.between(20, 350)),
      onRequest: request => this.#requested(request),
    })
    const { household } = this.simulator
    const truth = new Truth(household, () => this.now)
    this.speakers = new Map(
      truth.cars.map(key => {
        const parts = {
          topics: this.#topicsOf(key),
          now: () => this.now,
          publish: (topic: string, payload: string, retain: boolean) => this.broker.publish(topic, payload, retain),
          truth: () => truth.current(key),
        }
        return [key, new Speaker(parts)] as const
      }),
    )
    household.on(event => {
      this.#dirty = true
      this.chronicle.add(
        'house',
        `${event.car} ${event.type} ${'state' in event ? event.state : 'watts' in event ? event.watts : ''}`,
      )
      const speaker = this.speakers.get(event.car)
      speaker?.speak()
      const [first] = event.type === 'plan' ? event.rows : []
      if (first !== undefined) this.time.clock.after(10 * SECOND, () => speaker?.scheduleChanged(toIso(first.start)))
    })
    this.broker.onPublish((topic, payload, retain) => {
      this.#dirty = true
      this.messages += 1
      this.chronicle.add('mqtt', `${topic} ${payload}`)
      for (const invariant of this.#invariants) invariant.onPublish?.({ topic, payload, retain })
    })
    this.daemon = new Daemon({
      machine: this.machine,
      disk: this.disk,
      broker: this.broker,
      effects: this.effects,
      random: this.random.fork('daemon'),
      boot: () => `boot-${this.#boots}`,
      fetch: (input, init) => this.#fetch(input, init),
      onLog: line => {
        this.chronicle.add('log', line.trimEnd())
        for (const invariant of this.#invariants) invariant.onLog?.(line)
      },
    })
    this.scene = new Scene({
      time: this.time,
      machine: this.machine,
      disk: this.disk,
      broker: this.broker,
      daemon: this.daemon,
      simulator: this.simulator,
      truth,
      speakers: this.speakers,
      base: BASE,
      secrets: [this.simulator.apiKey, BROKER_PASSWORD],
    })
    this.#invariants = invariants.map(make => {
      let name = ''
      const complain = (problem: string) => this.#broken(name, problem)
      const invariant = make(this.scene, complain, () => {
        this.checks[name] = (this.checks[name] ?? 0) + 1
      })
      name = invariant.name
      return invariant
    })
  }

  /** The broker comes up, and everybody in the house says what is. */
  async startBroker(keeps: boolean): Promise<void> {
    await this.broker.start(keeps)
    for (const speaker of this.speakers.values()) {
      speaker.announce()
      speaker.speak(true)
    }
  }

  /** `locked`: what to do where another process keeps the store locked, the one reason for which it may not start. */
  startDaemon(locked: () => void = () => {}): void {
    if (this.daemon.runs) return
    this.#tell('starts')
    this.daemon.start(this.#config()).then(
      () => this.#tell('is up'),
      (error: unknown) => {
        if (isBridgeError(error, 'STORE_UNAVAILABLE')) locked()
        else this.#broken('starts-whatever-happens', String(error))
      },
    )
  }

  stopDaemon(then: () => void = () => {}): void {
    this.#tell('stops')
    this.daemon.stop().then(then, (error: unknown) => this.#broken('stops-in-order', String(error)))
  }

  /** kill -9, now. */
  killDaemon(): void {
    if (!this.daemon.runs) return
    this.daemon.kill()
    this.#tell('is killed')
    // What is left of it comes to its end first; then its files are closed.
    this.time.clock.after(SECOND, () => this.disk.bury())
  }

  /** The machine starts anew: another boot, whose monotonic clock begins at nothing. */
  reboot(): void {
    this.#boots += 1
    this.machine.reboot()
  }

  /** Nobody in the house gets as far as Octopus until the answer is called. */
  cutOff(code: string): () => void {
    this.#unreachable.push(code)
    return () => {
      this.#unreachable.splice(this.#unreachable.indexOf(code), 1)
    }
  }

  /** Lives up to `until`, or until too much is broken. */
  async run(until: Instant): Promise<void> {
    let began = false
    await eachTimeAtRest(this.immediates, () => {
      if (began) this.#look()
      began = true
      return this.violations.length < this.#enough && this.time.next(until)
    })
    // Where nothing happened any more, nobody has looked.
    this.#dirty = true
    this.#look()
  }

  async end(): Promise<void> {
    this.daemon.kill()
    await comeToRest(this.immediates)
    await this.simulator.stop()
    this.broker.stop()
    this.disk.bury()
    this.disk.unmount()
    this.#release()
  }

  #look(): void {
    const { now } = this
    this.scene.look()
    if (!this.#dirty && now - this.#lookedAt < MINUTE) return
    this.#dirty = false
    this.#lookedAt = now
    for (const invariant of this.#invariants) invariant.check?.()
    if (now - this.#hourAt < 60 * MINUTE) return
    this.#hourAt = now
    for (const invariant of this.#invariants) invariant.checkHourly?.()
  }

  async #fetch(input: Parameters<typeof fetch>[0], init?: RequestInit): Promise<Response> {
    const [code] = this.#unreachable
    if (code !== undefined) throw new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) })
    const response = await this.simulator.fetch(input, init)
    // What comes in while the machine sleeps is read when it wakes.
    if (this.machine.asleep) await new Promise<void>(resolve => this.#whenAwake(resolve))
    return response
  }

  #whenAwake(task: () => void): void {
    if (this.machine.asleep) this.time.clock.after(this.machine.awakeAt - this.now, () => this.#whenAwake(task))
    else task()
  }

  #requested(request: LoggedRequest): void {
    this.#dirty = true
    this.chronicle.add(
      'octopus',
      `${request.names.join(' ')} ${request.status ?? 'no answer'} ${request.errorCodes.join(' ')}`,
    )
    for (const invariant of this.#invariants) invariant.onRequest?.(request)
  }

  #tell(change: 'starts' | 'is up' | 'stops' | 'is killed'): void {
    this.#dirty = true
    this.chronicle.add('process', `the daemon ${change}`)
    for (const invariant of this.#invariants) invariant.onProcess?.(change)
  }

  #broken(invariant: string, problem: string): void {
    this.chronicle.add('broken', `${invariant}: ${problem}`)
    if (this.violations.length < this.#enough) this.violations.push({ invariant, at: this.now, problem })
  }

  /** For what goes wrong outside every invariant: a rejection that nobody handled. */
  complain(invariant: string, problem: string): void {
    this.#broken(invariant, problem)
  }

  #topicsOf(key: string): CarTopics {
    const topic = (signal: string) => `charger/${key}/${signal}`
    switch (this.options.signals) {
      case 'all':
        return {
          plugged: topic('plugged'),
          charging: topic('charging'),
          power: topic('power'),
          schedule: topic('schedule'),
          availability: topic('status'),
        }
      case 'plug_and_charging':
        return { plugged: topic('plugged'), charging: topic('charging') }
      case 'plug':
        return { plugged: topic('plugged') }
      default:
        return {}
    }
  }

  #config() {
    const { simulator } = this
    const ev = simulator.household.cars.map(({ spec }) => {
      const { plugged, charging, power, schedule, availability } = this.#topicsOf(spec.key)
      const from = (topic: string) => (availability === undefined ? { topic } : { topic, availability })
      return {
        device: spec.name,
        plugged: plugged === undefined ? 'none' : from(plugged),
        ...(charging === undefined ? {} : { charging: from(charging) }),
        ...(power === undefined ? {} : { power: from(power) }),
        ...(schedule === undefined ? {} : { schedule_changed: schedule }),
      }
    })
    const text = JSON.stringify({
      octopus: {
        api_key: simulator.apiKey,
        graphql_url: simulator.graphqlUrl,
        backend_graphql_url: simulator.backendUrl,
        rest_url: simulator.restUrl,
        ...(this.options.isNamed && { account: simulator.account.number }),
      },
      mqtt: { url: 'mqtt://broker.invalid:1883', protocol_version: 4, username: 'bridge', password: BROKER_PASSWORD },
      ev,
      storage: { path: STORE },
      status: { enabled: false },
      // A year of days has nothing in it that a week has not, and would cost more than all days that are lived through.
      energy: { history_days: 0 },
      log: { level: 'debug' },
    })
    return readConfig(text, 'the simulated house', { env: {}, cwd: '.', presets: PRESETS })
  }
}
