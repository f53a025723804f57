/**
 * A house for these tests: the simulated Octopus over HTTP with a household, a broker, a subscriber that records, and the
 * real bridge between them, as often as it is started, on one store in a temporary folder and on one fast clock. Several
 * houses share a broker: each has a base topic and a discovery prefix of its own.
 */

import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { IClientOptions } from 'mqtt'
import { type Bridge, startBridge } from '../../src/bridge.ts'
import { redactorFor } from '../../src/cli/load.ts'
import { type Clock, fastClock, type Instant, SECOND } from '../../src/clock.ts'
import { readConfig } from '../../src/config/load.ts'
import { createLog } from '../../src/log.ts'
import { linkToMqtt, type Product, type Scenario, type Simulator, startSimulator } from '../../src/simulator/index.ts'
import { PRESETS } from '../../src/vehicle/presets.ts'
import type { TestBroker } from '../support/broker.ts'
import { type ConfigChange, configText } from './house-config.ts'
import { LogLines } from './log-lines.ts'
import { callsIn, expectNothingTold, expectSeldomAsked, type LedgerCall } from './promises.ts'
import { type Recorded, Recorder } from './recorder.ts'
import { MONDAY, pluggedIn } from './scenes.ts'

export interface HouseOptions {
  readonly broker: TestBroker
  readonly speed?: number
  readonly startsAt?: Instant
  readonly clock?: Clock
  readonly scenario?: string | Scenario
  readonly product?: Product
  readonly base?: string
  /** Who watches, where the broker does not let everybody in. */
  readonly watcher?: IClientOptions
  /** More secrets than the API key, none of which may be seen anywhere. */
  readonly secrets?: readonly string[]
  /** Records every topic of the broker and not only those of the house. */
  readonly everything?: boolean
}

/** Milliseconds of the house by which the distance of two calls may have shrunk when they arrive. */
const ARRIVAL_TOLERANCE = 45_000

let built = 0

/**
 * A test in a house of its own, which is closed in the end and held against the promises that are never to be broken.
 * `options` is looked at when the test runs, since brokers are not there before.
 */
export const inHouse =
  (options: () => HouseOptions, story: (house: House) => Promise<void>): (() => Promise<void>) =>
  async () => {
    const house = await openHouse(options())
    try {
      await story(house)
    } finally {
      await house.close()
    }
    house.expectPromisesKept()
  }

/** From one call to the next, in milliseconds of the house. */
export const gap = (earlier: LedgerCall | undefined, later: LedgerCall | undefined): number =>
  (later?.at ?? Number.NaN) - (earlier?.at ?? Number.NaN)

export async function openHouse(options: HouseOptions): Promise<House> {
  const { broker, speed = 600, startsAt = MONDAY, scenario = pluggedIn(), product } = options
  built += 1
  const base = options.base ?? `house${built}`
  const clock = options.clock ?? fastClock(speed, startsAt)
  const filters = options.everything ? ['#'] : [`${base}/#`, `${base}-ev/#`, `${base}-ha/#`]
  const recorder = await Recorder.on(broker.url, filters, clock, options.watcher)
  // What our calls look like when they leave is in the ledger, to the millisecond; on arrival they are late by the machine.
  const tolerance = ARRIVAL_TOLERANCE / clock.speed
  const simulator = await startSimulator({ clock, scenario, tolerance, ...(product === undefined ? {} : { product }) })
  return new House({ ...options, base, clock, recorder, simulator })
}

interface Parts extends HouseOptions {
  readonly base: string
  readonly clock: Clock
  readonly recorder: Recorder
  readonly simulator: Simulator
}

export class House {
  readonly base: string
  readonly clock: Clock
  readonly recorder: Recorder
  readonly simulator: Simulator
  readonly folder = mkdtempSync(join(tmpdir(), 'octopus2mqtt-house-'))
  readonly #lines = new LogLines()
  readonly #parts: Parts
  readonly #bridges = new Set<Bridge>()
  #lastCalls: readonly LedgerCall[] = []
  readonly #unlink: () => void

  constructor(parts: Parts) {
    this.#parts = parts
    this.base = parts.base
    this.clock = parts.clock
    this.recorder = parts.recorder
    this.simulator = parts.simulator
    const mqtt = {
      subscribe: () => {},
      publish: (topic: string, payload: string, retain: boolean) =>
        void this.recorder.publish(topic, payload, retain).catch(() => {}),
    }
    const links = parts.simulator.household.cars.map(({ spec: { key } }) =>
      linkToMqtt(parts.simulator.household, mqtt, {
        plug: 'household',
        car: key,
        pluggedTopic: this.ev(key, 'plugged'),
        chargingTopic: this.ev(key, 'charging'),
        powerTopic: this.ev(key, 'power'),
      }),
    )
    this.#unlink = () => {
      for (const unlink of links) unlink()
    }
  }

  /** Lines of the log. */
  get log(): string[] {
    return this.#lines.lines
  }

  get storePath(): string {
    return join(this.folder, 'store.db')
  }

  ev(car: string, signal: 'plugged' | 'charging' | 'power'): string {
    return `${this.base}-ev/${car}/${signal}`
  }

  /** `account/api_status` → its topic; `bridge/…` and what stands directly under the account likewise. */
  topic(path: string): string {
    const account = this.simulator.account.number.toLowerCase()
    const full = path.replace(/^car\//, 'family_car/')
    return full.startsWith('bridge/') ? `${this.base}/${full}` : `${this.base}/${account}/${full}`
  }

  newest(path: string): string | undefined {
    return this.recorder.newest(this.topic(path))
  }

  json(path: string) {
    return JSON.parse(this.newest(path) ?? 'null')
  }

  /** The first such state, past ones included. */
  shows(path: string, payload: string | RegExp): Promise<Recorded> {
    return this.recorder.first(this.#says(path, payload))
  }

  /** The first such state from now on. */
  next(path: string, payload: string | RegExp = /./, patience?: number): Promise<Recorded> {
    return this.recorder.next(this.#says(path, payload), patience)
  }

  #says(path: string, payload: string | RegExp) {
    const topic = this.topic(path)
    return (message: Recorded) =>
      message.topic === topic &&
      (typeof payload === 'string' ? message.payload === payload : payload.test(message.payload))
  }

  /** The text of its configuration file. */
  config(change: ConfigChange = {}): string {
    const { simulator, base, storePath } = this
    const car = simulator.household.cars[0].spec.key
    const topics = {
      plugged: this.ev(car, 'plugged'),
      charging: this.ev(car, 'charging'),
      power: this.ev(car, 'power'),
    }
    return configText({ simulator, base, storePath, topics, brokerUrl: this.#parts.broker.url }, change)
  }

  /** Starts the bridge; a second start on the same store is a restart, where the first has stopped. */
  async start(change: ConfigChange = {}): Promise<Bridge> {
    const config = readConfig(this.config(change), 'house', { env: {}, cwd: this.folder, presets: PRESETS })
    const redactor = redactorFor(config)
    const log = await createLog(config.log, redactor, { write: line => this.#lines.write(line) })
    const bridge = await startBridge({ config, clock: this.clock, log, redactor })
    const stop = () => {
      this.#bridges.delete(running)
      return bridge.stop()
    }
    const running = { statusUrl: bridge.statusUrl, health: () => bridge.health(), stop }
    this.#bridges.add(running)
    return running
  }

  /** The first line of the log from now on that matches. */
  logs(pattern: RegExp, patience?: number): Promise<string> {
    return this.#lines.next(pattern, patience)
  }

  /** Starts it and waits until an answer was shown with a plan. */
  async startAndSettle(change: ConfigChange = {}): Promise<Bridge> {
    const bridge = await this.start(change)
    // Availability is the last of what an answer changes.
    await Promise.all([this.shows('car/planned_dispatch_count', /^[1-9]/), this.shows('availability', 'online')])
    await this.shows('account/api_status', 'ok')
    return bridge
  }

  /** No notice is open any more. */
  async closesAll(): Promise<void> {
    if (this.notices().length > 0) await this.next('account/problem/attributes', /"notices":\[\]/)
    if (this.newest('account/problem') !== 'OFF') await this.next('account/problem', 'OFF')
  }

  /** Stops a bridge, and waits until its last word has come. */
  async stop(bridge: Bridge): Promise<void> {
    const offline = this.next('bridge/state', 'offline')
    await bridge.stop()
    await offline
  }

  /** Octopus has seen the plug. */
  async capable(): Promise<void> {
    const { household } = this.simulator
    if (household.cars[0].state === 'SMART_CONTROL_CAPABLE') return
    await new Promise<void>(resolve => {
      const off = household.on(event => {
        if (event.type !== 'state' || event.state !== 'SMART_CONTROL_CAPABLE') return
        off()
        resolve()
      })
    })
  }

  /** Presses the button that asks Octopus anew. */
  async press(): Promise<void> {
    await this.recorder.publish(this.topic('account/refresh/set'), 'PRESS')
  }

  async ask(name: string, body: object): Promise<Record<string, unknown>> {
    const transaction = `${name} ${this.recorder.messages.length}`
    const answer = this.recorder.next(
      ({ topic, payload }) => topic === this.topic(`bridge/response/${name}`) && payload.includes(transaction),
    )
    await this.recorder.publish(this.topic(`bridge/request/${name}`), JSON.stringify({ ...body, transaction }))
    return JSON.parse((await answer).payload)
  }

  /** Codes of the notices that are open now. */
  notices(): string[] {
    const { notices } = this.json('account/problem/attributes') as { notices: { code: string }[] }
    return notices.map(({ code }) => code)
  }

  /** A notice is open, or opens from now on. */
  async opens(code: string): Promise<void> {
    if (!this.notices().includes(code)) await this.next('account/problem/attributes', new RegExp(`"${code}"`))
    if (this.newest('account/problem') !== 'ON') await this.next('account/problem', 'ON')
  }

  /** Calls that ask for dispatches, as the simulator saw them. */
  get polls() {
    return this.simulator.requests.filter(({ names }) => names.some(name => /^(Minimal)?Poll$/.test(name)))
  }

  /** Every call that began, oldest first, by the ledger. */
  get calls(): readonly LedgerCall[] {
    return callsIn(this.storePath)
  }

  /** Two real seconds in milliseconds of the house: how late anything may be on a busy machine. */
  get late(): number {
    return 2 * SECOND * this.clock.speed
  }

  /** When a call was to begin, as `next_refresh` told beforehand: to the second, whatever the machine was doing then. */
  plannedFor(call: LedgerCall | undefined): Instant {
    const told = this.recorder.payloads(this.topic('account/next_refresh')).map(payload => Date.parse(payload))
    return Math.max(...told.filter(at => at <= (call?.at ?? 0)))
  }

  /** Dispatch calls from the first one that ended with this code (or any failure), and at least `count` of them. */
  async fromFirstFailure(count: number, code = 'OCTOPUS_'): Promise<readonly LedgerCall[]> {
    for (;;) {
      const calls = this.dispatchCalls
      const first = calls.findIndex(({ outcome }) => outcome?.startsWith(code))
      if (first !== -1 && calls.length >= first + count) return calls.slice(first)
      await this.next('account/requests_last_hour')
    }
  }

  get dispatchCalls(): readonly LedgerCall[] {
    return this.calls.filter(({ kind }) => kind === 'dispatch')
  }

  async close(): Promise<void> {
    for (const bridge of [...this.#bridges]) await bridge.stop()
    this.#lastCalls = existsSync(this.storePath) ? this.calls : []
    this.#unlink()
    await this.simulator.stop()
    await this.recorder.close()
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** To be called once the house is closed. */
  expectPromisesKept(): void {
    const { simulator, recorder, log } = this
    expectSeldomAsked(simulator, this.#lastCalls)
    const info = recorder.payloads(this.topic('bridge/info'))
    const secrets = [simulator.apiKey, ...(this.#parts.secrets ?? [])]
    expectNothingTold({ messages: recorder.messages, log, info }, secrets, simulator.account.number)
  }
}
