/**
 * Where a daemon is tortured: a broker, a simulated Octopus and a household in this process; the daemon as a process of
 * its own, started as often as wanted on one store. At speed 1 it is the binary as a user runs it; faster, the same built
 * bridge on a clock that it shares with the household.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clock, fastClock, HOUR, systemClock } from '../../src/clock.ts'
import { linkToMqtt, type Scenario, type Simulator, startSimulator } from '../../src/simulator/index.ts'
import { type ConfigChange, configText } from '../integration/house-config.ts'
import { Recorder } from '../integration/recorder.ts'
import { MONDAY } from '../integration/scenes.ts'
import { startBroker, type TestBroker } from '../support/broker.ts'
import { Daemon } from '../support/daemon.ts'

export interface PlaceOptions {
  readonly speed?: number
  readonly scenario: Scenario
  readonly config?: ConfigChange
  readonly broker?: TestBroker
}

/** What a network and a busy machine may take off the distance of two calls on their way, real milliseconds. */
const ARRIVAL = 750

let places = 0

const timeOfDay = (at: number): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', hour: '2-digit', minute: '2-digit' }).format(at)

export async function openPlace(options: PlaceOptions): Promise<Place> {
  const { speed = 1, scenario } = options
  places += 1
  const clock = speed === 1 ? systemClock : fastClock(speed, MONDAY)
  const broker = options.broker ?? (await startBroker())
  const base = `torture${places}`
  const recorder = await Recorder.on(broker.url, [`${base}/#`, `${base}-ha/#`], clock)
  const simulator = await startSimulator({ clock, scenario, tolerance: ARRIVAL })
  return new Place(options, { base, clock, broker, recorder, simulator })
}

interface Parts {
  readonly base: string
  readonly clock: Clock
  readonly broker: TestBroker
  readonly recorder: Recorder
  readonly simulator: Simulator
}

export class Place {
  readonly base: string
  readonly clock: Clock
  readonly broker: TestBroker
  readonly recorder: Recorder
  readonly simulator: Simulator
  readonly folder = mkdtempSync(join(tmpdir(), 'octopus2mqtt-torture-'))
  readonly #change: ConfigChange
  readonly #unlink: () => void

  constructor(options: PlaceOptions, { base, clock, broker, recorder, simulator }: Parts) {
    this.base = base
    this.clock = clock
    this.broker = broker
    this.recorder = recorder
    this.simulator = simulator
    this.#change = options.config ?? {}
    const { plugged, charging, power } = this.topics
    this.#unlink = linkToMqtt(
      simulator.household,
      {
        subscribe: () => {},
        publish: (topic, payload, retain) => void recorder.publish(topic, payload, retain).catch(() => {}),
      },
      { plug: 'household', pluggedTopic: plugged, chargingTopic: charging, powerTopic: power },
    )
  }

  get topics(): { readonly plugged: string; readonly charging: string; readonly power: string } {
    const ev = `${this.base}-ev`
    return { plugged: `${ev}/plugged`, charging: `${ev}/charging`, power: `${ev}/power` }
  }

  get storePath(): string {
    return join(this.folder, 'store.db')
  }

  /** `account/api_status` → its topic; `bridge/…`, `car/…` and what stands directly under the account likewise. */
  topic(path: string): string {
    if (path.startsWith('bridge/')) return `${this.base}/${path}`
    const account = this.simulator.account.number.toLowerCase()
    return `${this.base}/${account}/${path.replace(/^car\//, 'family_car/')}`
  }

  newest(path: string): string | undefined {
    return this.recorder.newest(this.topic(path))
  }

  /** `plan` is any JSON there; null before it was published. */
  json(path: string) {
    return JSON.parse(this.newest(path) ?? 'null')
  }

  /** Resolves when everything that was sent to the broker before has come back to the recorder. */
  async roundTrip(): Promise<void> {
    const topic = `${this.base}/marker`
    const payload = String(this.recorder.messages.length)
    const back = this.recorder.next(message => message.topic === topic && message.payload === payload)
    await this.recorder.publish(topic, payload)
    await back
  }

  /** Writes the configuration and starts the daemon. `flags` are Node's own. */
  start(flags: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Daemon {
    const file = join(this.folder, 'config.yaml')
    const { simulator, base, storePath, topics, broker } = this
    // Never by night, whatever the time is while this runs: what a dispatch does would not be seen.
    const now = this.clock.now()
    const off_peak = { start: timeOfDay(now + 9 * HOUR), end: timeOfDay(now + 11 * HOUR) }
    const change = {
      log: { level: 'debug' },
      octopus: { timeout: this.clock.speed === 1 ? '20s' : '5m' },
      ...this.#change,
      intelligent: { off_peak, ...this.#change.intelligent },
    }
    writeFileSync(file, configText({ simulator, brokerUrl: broker.url, base, storePath, topics }, change))
    if (this.clock.speed === 1) return Daemon.start([...flags, 'dist/main.js', 'run', '--config', file], env)
    const monotonic = Number(process.hrtime.bigint() / 1_000n) / 1_000
    const anchor = [this.clock.speed, now, monotonic].map(String)
    return Daemon.start([...flags, 'test/integration/fast-daemon.mjs', file, ...anchor], env)
  }

  async close(): Promise<void> {
    this.#unlink()
    await this.simulator.stop()
    await this.recorder.close()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
