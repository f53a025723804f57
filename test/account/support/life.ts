/**
 * Lives of one account as the daemon leads them, in front of the simulated Octopus and on time that jumps from timer to timer:
 * the real discovery, client, limiter and account, on one store. What Octopus answers of the account can be changed on the way.
 */
import { Account } from '../../../src/account/account.ts'
import { Discovery } from '../../../src/account/discovery.ts'
import { type Clock, HOUR, type Instant, MINUTE } from '../../../src/clock.ts'
import { readConfig } from '../../../src/config/load.ts'
import type { Fetch } from '../../../src/fetch.ts'
import { createOctopus } from '../../../src/octopus/client.ts'
import type { Octopus } from '../../../src/octopus/octopus.ts'
import { gasUnitSetting, intelligentSettings, limitSettings, meterSettings } from '../../../src/settings.ts'
import { type Simulator, startSimulator } from '../../../src/simulator/index.ts'
import type { Snapshot } from '../../../src/snapshot.ts'
import { keptTokens } from '../../../src/store/kept-tokens.ts'
import { openStore, type Store } from '../../../src/store/open.ts'
import { PRESETS } from '../../../src/vehicle/presets.ts'
import { VirtualTime } from '../../simulation/world/virtual-time.ts'
import { SILENT } from '../silent.ts'

/** A meter as GraphQL lists it. */
interface ListedMeter {
  serialNumber: string
}

/** What of an answer about the account can be changed: its meter points, each under every agreement of it. */
export interface ListedAccount {
  electricityAgreements: { meterPoint: { mpan: string; meters: ListedMeter[] } }[]
  gasAgreements: { meterPoint: { mprn: string; meters: ListedMeter[] } }[]
}

export class Lives {
  readonly time: VirtualTime
  readonly simulator: Simulator
  /** Every snapshot of the present life. */
  snapshots: Snapshot[] = []
  /** How often Octopus told of the account, in all lives. */
  told = 0
  change: (account: ListedAccount) => void = () => {}
  readonly #store: Store
  #underWay = 0
  #alive = { alive: false }
  #discovery: Discovery | null = null
  #account: Account | null = null
  #octopus: Octopus | null = null

  private constructor(time: VirtualTime, simulator: Simulator) {
    this.time = time
    this.simulator = simulator
    this.#store = openStore({ path: ':memory:', clock: time.clock, bootId: 'test' })
  }

  static async build(begins: Instant, scenario: string): Promise<Lives> {
    const time = new VirtualTime(begins)
    return new Lives(time, await startSimulator({ clock: time.clock, scenario, seed: 'lives', listen: false }))
  }

  begin(): void {
    const { simulator, time } = this
    const mine = { alive: true }
    this.#alive = mine
    this.snapshots = []
    const clock: Clock = { ...time.clock, steady: false, after: (delay, task) => time.arm(mine, delay, task) }
    const text = JSON.stringify({
      octopus: { api_key: simulator.apiKey, graphql_url: simulator.graphqlUrl, rest_url: simulator.restUrl },
      mqtt: { url: 'mqtt://broker.invalid' },
      energy: { history_days: 0, bill: false },
      // Never used up: the second lock on the door would wait in real time for a place that comes back in that of the test.
      limits: { requests_per_hour: 1000 },
    })
    const config = readConfig(text, 'the test', { env: {}, cwd: '/', presets: PRESETS })
    const store = this.#store
    const octopus = this.#counted(
      createOctopus({
        config: config.octopus,
        // The same goes for its gap between two polls.
        clock: { ...clock, speed: 1e9 },
        ledger: store.ledger,
        tokens: keptTokens(store.values),
        limits: limitSettings(config),
        userAgent: 'octopus2mqtt/test',
        fetch: this.#fetch,
      }),
    )
    this.#octopus = octopus
    let account: Account | null = null
    this.#discovery = new Discovery({
      clock,
      log: SILENT,
      values: store.values,
      octopus,
      keyDigest: 'of the key',
      wanted: null,
      onFound: found => {
        if (account !== null) return account.use(found)
        account = new Account(
          {
            clock,
            log: SILENT,
            store,
            octopus,
            settings: intelligentSettings(config),
            refresh: config.intelligent.refresh,
            requestsPerHour: config.limits.dispatchRequestsPerHour,
            energy: meterSettings(config),
            gasUnit: gasUnitSetting(config),
            name: null,
            cars: [],
            subscribe: () => {},
            onSnapshot: snapshot => this.snapshots.push(snapshot),
            onPlanChange: () => {},
            random: () => 0.5,
          },
          found,
        )
        this.#account = account
        account.start()
      },
      onOutcome: error => account?.outcome(error, 0),
    })
    this.#discovery.start()
  }

  /** Ends as by kill -9, between two timers. */
  kill(): void {
    this.#alive.alive = false
    this.#octopus?.stop()
  }

  async stop(): Promise<void> {
    const ended = [this.#discovery?.stop(), this.#account?.stop()]
    this.kill()
    await Promise.all(ended)
    await this.simulator.stop()
    this.#store.close()
  }

  /** Up to when Octopus has told of the account so many more times and it was shown; throws after some days. */
  async toldAgain(times: number): Promise<void> {
    for (const wanted = this.told + times; this.told < wanted; ) {
      if (this.told > 0) await this.#sleep(23.75 * HOUR)
      const before = this.told
      const most = this.time.now + 2 * HOUR
      await this.#rest()
      while (this.told === before) {
        if (!this.time.next(most)) throw new Error('Octopus was not asked for the account')
        await this.#rest()
      }
      // Its cars are asked for next.
      await this.live(MINUTE)
    }
  }

  /** The machine sleeps: a day of polls, which are of no matter here, would take its time. */
  async #sleep(milliseconds: number): Promise<void> {
    this.time.postpone(this.#alive, milliseconds)
    await this.live(milliseconds)
  }

  async live(milliseconds: number): Promise<void> {
    const until = this.time.now + milliseconds
    await this.#rest()
    while (this.time.next(until)) await this.#rest()
  }

  /** Kind and serial number of each meter that is shown now. */
  meters(snapshot = this.snapshots.at(-1)): string[] {
    return (snapshot?.meters ?? []).map(({ kind, serial }) => `${kind} ${serial}`).sort()
  }

  /** All that was set going comes to its end, but for what waits for a timer. */
  async #rest(): Promise<void> {
    for (let quiet = 0; quiet < 2; ) {
      const isBusy = this.#underWay > 0
      await new Promise(resolve => setImmediate(resolve))
      quiet = isBusy ? 0 : quiet + 1
    }
  }

  /** The same, with a count of the questions that have no answer yet. */
  #counted(octopus: Octopus): Octopus {
    const ended = () => {
      this.#underWay -= 1
    }
    return new Proxy(octopus, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        return (...asked: unknown[]) => {
          const answer: unknown = value.apply(target, asked)
          if (!(answer instanceof Promise)) return answer
          this.#underWay += 1
          answer.then(ended, ended)
          return answer
        }
      },
    })
  }

  readonly #fetch: Fetch = async (url, sent) => {
    const response = await this.simulator.fetch(url, sent)
    if (!sent.body?.includes('query Account(')) return response
    this.told += 1
    const answer = (await response.json()) as { data: { account: ListedAccount } }
    this.change(answer.data.account)
    return new Response(JSON.stringify(answer), { status: response.status, headers: response.headers })
  }
}
