/**
 * The meters as the daemon runs them, in front of the simulated Octopus, on time that jumps from timer to timer: the real
 * client, limiter and store, and no socket. A life may end and another begin on the same store.
 */

import { metersOf } from '../../../src/account/meter-list.ts'
import { meterSource } from '../../../src/account/meter-source.ts'
import { type Clock, HALF_HOUR, HOUR, type Instant, MINUTE, SECOND } from '../../../src/clock.ts'
import type { DaySummary } from '../../../src/meters/day.ts'
import { type MeterSource, Meters } from '../../../src/meters/meters.ts'
import { createOctopus } from '../../../src/octopus/client.ts'
import type { Octopus } from '../../../src/octopus/octopus.ts'
import { type Simulator, type SimulatorOptions, type SupplyKind, startSimulator } from '../../../src/simulator/index.ts'
import type { AccountView, MeterKind, MeterView } from '../../../src/snapshot.ts'
import { openStore, type Store } from '../../../src/store/open.ts'
import { addDays, halfHourStart, type LondonDate, londonDate, startOfDay } from '../../../src/time/london.ts'
import { SILENT } from '../../account/silent.ts'
import { VirtualTime } from '../../simulation/world/virtual-time.ts'

export const CALORIFIC_VALUE = 39.4

const LIMITS = { dispatchPerHour: 20, dispatchMinGap: MINUTE, reserveForEvents: 4, requestsPerHour: 60 }
/** What is left of them for readings, prices and bills. */
export const BACKGROUND_PER_HOUR = 36

export const KIND_OF: Readonly<Record<MeterKind, SupplyKind>> = {
  electricity_import: 'import',
  electricity_export: 'export',
  gas: 'gas',
}

export interface HouseOptions extends Partial<SimulatorOptions> {
  readonly begins: string
  readonly historyDays?: number
  /** Stands before the source of readings, prices and bills. */
  readonly wrap?: (source: MeterSource) => MeterSource
  readonly onStatistics?: ConstructorParameters<typeof Meters>[0]['onStatistics']
}

/** What the account says of its half hours; by default nothing. */
export type Says = (at: Instant) => Pick<AccountView, 'hasNight' | 'houseCheap'>

export const saying = (
  value: boolean | null,
  reason: AccountView['houseCheap']['reason'],
): Pick<AccountView, 'hasNight' | 'houseCheap'> => ({
  hasNight: value !== null,
  houseCheap: { value, reason, until: null, expectedUntil: null, policy: 'charge_cap', minutesLeft: null },
})

const NOTHING: Says = () => saying(null, 'plan_unknown')

export class House {
  readonly time: VirtualTime
  readonly clock: Clock
  readonly store: Store
  readonly options: HouseOptions
  readonly simulator: Simulator
  says: Says = NOTHING
  meters!: Meters
  /** How many lives there were. */
  lives = 0
  #octopus!: Octopus
  #underWay = 0
  #alive = { alive: false }

  private constructor(options: HouseOptions, time: VirtualTime, clock: Clock, simulator: Simulator) {
    this.options = options
    this.time = time
    this.clock = clock
    this.simulator = simulator
    this.store = openStore({ path: ':memory:', clock, bootId: 'test' })
  }

  static async build(options: HouseOptions): Promise<House> {
    const time = new VirtualTime(Date.parse(options.begins))
    // Nobody sets this clock, so that nobody has to look at it.
    const clock: Clock = { ...time.clock, steady: true }
    const simulator = await startSimulator({ ...options, clock, listen: false })
    return new House(options, time, clock, simulator)
  }

  /** A life of the daemon begins. */
  async begin(): Promise<void> {
    const { simulator, store, options } = this
    this.lives += 1
    const mine = { alive: true }
    this.#alive = mine
    const clock: Clock = { ...this.clock, after: (delay, task) => this.time.arm(mine, delay, task) }
    this.#octopus = createOctopus({
      config: {
        apiKey: simulator.apiKey,
        graphqlUrl: simulator.graphqlUrl,
        restUrl: simulator.restUrl,
        timeout: 20 * SECOND,
      },
      clock,
      ledger: store.ledger,
      limits: LIMITS,
      userAgent: 'octopus2mqtt/test',
      fetch: simulator.fetch,
    })
    const source = meterSource({
      octopus: this.#octopus,
      account: simulator.account.number,
      paymentMethod: simulator.account.payment,
      log: SILENT,
      now: () => this.time.now,
    })
    const counted: MeterSource = {
      readings: (...asked) => this.#count(source.readings(...asked)),
      prices: (...asked) => this.#count(source.prices(...asked)),
      bills: (...asked) => this.#count(source.bills(...asked)),
    }
    this.meters = new Meters({
      clock,
      log: SILENT,
      store,
      account: simulator.account.number,
      settings: {
        bill: true,
        historyDays: options.historyDays ?? 365,
        paymentMethod: simulator.account.payment === 'DIRECT_DEBIT' ? 'DIRECT_DEBIT' : 'NON_DIRECT_DEBIT',
        cheapestWindow: HOUR,
        calorificValue: CALORIFIC_VALUE,
        night: { start: '23:30', end: '05:30' },
        economy7: { start: '00:30', end: '07:30' },
      },
      source: options.wrap?.(counted) ?? counted,
      phase: 7 * MINUTE,
      isHeld: () => false,
      onChange: () => {},
      onStatistics: options.onStatistics,
    })
    await this.#discover()
  }

  /** The life ends in order. */
  async end(): Promise<void> {
    await this.meters.stop()
    this.#octopus.stop()
    this.#alive.alive = false
  }

  /** The life ends as by kill -9, between two timers. */
  kill(): void {
    this.#alive.alive = false
    this.#octopus.stop()
  }

  /** Time goes on up to `until`, or until `enough`; every half hour is noted, and every midnight the account looked at anew. */
  async live(until: Instant, enough: () => boolean = () => false): Promise<void> {
    while (this.time.now < until && !enough()) {
      const next = Math.min(until, halfHourStart(this.time.now) + HALF_HOUR)
      await this.rest()
      while (!enough() && this.time.next(next)) await this.rest()
      if (enough() || !this.#alive.alive) continue
      const { now } = this.time
      if (now === startOfDay(londonDate(now))) await this.#discover()
      if (this.says !== NOTHING) this.meters.keepUp(now, this.says(now), null)
    }
    await this.rest()
  }

  liveDays = (days: number): Promise<void> =>
    this.live(startOfDay(addDays(londonDate(this.time.now), days)) + 6.5 * HOUR)

  /** Up to when nothing of the history is asked for any more. */
  async liveThroughHistory(): Promise<void> {
    const most = this.time.now + 5 * 24 * HOUR
    let asked = -1
    const whole = () => this.views().every(({ history }) => history === 100)
    while (this.time.now < most && !(whole() && asked === this.simulator.requests.length)) {
      asked = this.simulator.requests.length
      await this.live(this.time.now + 2 * HOUR)
    }
  }

  async rest(): Promise<void> {
    let quiet = 0
    while (quiet < 2) {
      const busy = this.#underWay > 0
      await new Promise(resolve => setImmediate(resolve))
      quiet = busy ? 0 : quiet + 1
    }
  }

  views(): readonly MeterView[] {
    // Every half hour is derived once; this asks for it again where it was not yet.
    this.meters.keepUp(this.time.now, this.says(this.time.now), null)
    return this.meters.views
  }

  view(kind: MeterKind): MeterView {
    const view = this.views().find(each => each.kind === kind)
    if (view === undefined) throw new Error(`There is no ${kind}`)
    return view
  }

  /** The days as the store keeps them. */
  days(view: Pick<MeterView, 'point' | 'serial'>): ReadonlyMap<LondonDate, DaySummary> {
    const kept = this.store.values.get<{ days: Record<LondonDate, DaySummary> }>(
      `days:1:${view.point}:${view.serial}`,
      () => true,
    )
    return new Map(Object.entries(kept?.days ?? {}))
  }

  async stop(): Promise<void> {
    this.kill()
    await this.simulator.stop()
    this.store.close()
  }

  async #count<T>(asked: Promise<T>): Promise<T> {
    this.#underWay += 1
    try {
      return await asked
    } finally {
      this.#underWay -= 1
    }
  }

  async #discover(): Promise<void> {
    const account = await this.#count(this.#octopus.account(this.simulator.account.number))
    const { meters } = metersOf(account, null)
    this.meters.use(meters.map(meter => ({ ...meter, id: `${meter.kind}-id`, slug: meter.kind })))
  }
}
