/**
 * A simulated Octopus with a household behind it: GraphQL and REST on one port, as strict and as strange as the real one,
 * on any clock. It is a tool of its own (`simulate`), the other half of the demo, and what the tests talk to.
 */
import type { Clock } from '../clock.ts'
import { addDays, type LondonDate, londonDate, startOfDay } from '../time/london.ts'
import { LivingAccount, type Product, SIMULATOR_ACCOUNT, SIMULATOR_API_KEY, type SimulatedAccount } from './account.ts'
import { Audit } from './audit.ts'
import type { DayBill } from './bill.ts'
import { Billing } from './billing.ts'
import { Faults } from './faults.ts'
import { type DecimalStyle, wireFormat } from './format.ts'
import { BACKEND_PATH, GRAPHQL_PATH, Handler, type LoggedRequest } from './handler.ts'
import { Household } from './household.ts'
import { HttpServer } from './http-server.ts'
import { type Fetch, IN_PROCESS_ORIGIN, InProcess } from './in-process.ts'
import { Limits } from './limits.ts'
import { type Random, seededRandom } from './random.ts'
import type { World } from './resolvers.ts'
import { type Scenario, type Stage, scenarioNamed } from './scenarios.ts'
import type { SupplyKind, SupplyOptions } from './supplies.ts'
import { IMPORT_TARIFFS } from './tariffs/catalogue.ts'
import { Timers } from './timers.ts'
import { Tokens } from './tokens.ts'

export { PRODUCTS, type Product, SIMULATOR_ACCOUNT, SIMULATOR_API_KEY, type SimulatedAccount } from './account.ts'
export type { AuditReport, Violation } from './audit.ts'
export type { BilledBucket, BilledHalfHour, DayBill } from './bill.ts'
export { FAULT_KINDS, type Fault, type FaultKind, type Faults } from './faults.ts'
export type { LoggedRequest } from './handler.ts'
export type { Household, HouseholdEvent } from './household.ts'
export { type LinkOptions, linkToMqtt, type MqttLink } from './link.ts'
export { WRONG_API_KEY } from './resolvers.ts'
export { SCENARIOS, type Scenario, scenarioNamed } from './scenarios.ts'
export type { Supply, SupplyKind, SupplyOptions } from './supplies.ts'
export { type ExportShape, type GasShape, IMPORT_SHAPES, type ImportShape } from './tariffs/catalogue.ts'

export interface SimulatorOptions {
  readonly clock: Clock
  /** False: no socket, and `fetch` is the only way in. */
  readonly listen?: boolean
  /** Any free port by default. */
  readonly port?: number
  readonly host?: string
  /** The same seed gives the same household. */
  readonly seed?: string | number
  /** By name or itself; `now` by default. */
  readonly scenario?: string | Scenario
  /** Null takes any key but WRONG_API_KEY. */
  readonly apiKey?: string | null
  readonly accountNumber?: string
  /** What the account pays by at first; without it what the scenario chooses, or an older product. */
  readonly product?: Product
  /** Tariffs, meters and how far back they go; what is set here goes before the scenario's own. */
  readonly supply?: SupplyOptions
  /** `plug`: the scenario leaves the cable alone, and whoever holds the link or `/simulator/plug` has it in hand. */
  readonly follow?: 'scenario' | 'plug'
  readonly decimals?: DecimalStyle
  /** Of the audit, in real milliseconds. */
  readonly tolerance?: number
  /** Of `fetch`: milliseconds of the clock that a message travels, each way; none by default. */
  readonly latency?: number | ((random: Random) => number)
  /** Told of each call when its answer goes out; never of one that gets none. */
  readonly onRequest?: (request: LoggedRequest) => void
}

export interface Simulator {
  readonly graphqlUrl: string
  readonly backendUrl: string
  /** With `/v1/`, as the public address has it. */
  readonly restUrl: string
  /** Where `/simulator/…` is. */
  readonly url: string
  /** 0 where it does not listen. */
  readonly port: number
  /** As the global one, without a socket. Takes the addresses above and no others. */
  readonly fetch: Fetch
  readonly apiKey: string
  readonly account: SimulatedAccount
  readonly scenario: Scenario
  readonly household: Household
  readonly faults: Faults
  readonly audit: Audit
  /**
   * A day as it was really billed, with the readings as Octopus has them now; undefined where there is no such meter. The calorific
   * value of gas is 40 unless given.
   */
  bill(date: LondonDate, kind?: SupplyKind, calorificValue?: number): DayBill | undefined
  /** Every call, oldest first; the last ten thousand. */
  readonly requests: readonly LoggedRequest[]
  /** Closes every connection and ends every timer. */
  stop(): Promise<void>
}

function stageOf(timers: Timers, parts: Omit<Stage, 'at' | 'plug'>, follow: 'scenario' | 'plug'): Stage {
  const at: Stage['at'] = (instant, task) => {
    timers.once(instant - parts.clock.now(), task)
  }
  return {
    ...parts,
    at,
    plug: (instant, plugged, name) => {
      const car = parts.household.car(name)
      if (follow === 'scenario') at(instant, () => (plugged ? car?.plug() : car?.unplug()))
    },
  }
}

const latencyOf = (latency: number | ((random: Random) => number), random: Random) => () =>
  typeof latency === 'number' ? latency : latency(random)

function chosenScenario(wanted: string | Scenario): Scenario {
  const scenario = typeof wanted === 'string' ? scenarioNamed(wanted) : wanted
  if (scenario === undefined) throw new RangeError(`There is no scenario "${wanted}"`)
  return scenario
}

/**
 * Starts listening, unless told not to, and then the scenario. Throws a RangeError for a scenario that does not exist, and Node's own error
 * where the port cannot be had.
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { clock, host = '127.0.0.1', seed = 1 } = options
  const apiKey = options.apiKey === undefined ? SIMULATOR_API_KEY : options.apiKey
  const scenario = chosenScenario(options.scenario ?? 'now')
  const startedAt = clock.now()
  const random = seededRandom(seed)
  const number = options.accountNumber ?? SIMULATOR_ACCOUNT
  const product = options.product ?? scenario.product?.(random.fork('product')) ?? 'INTELLI-VAR-24-10-29'
  const supply = { ...scenario.supply, ...options.supply }
  const account = new LivingAccount(clock, number, product, supply)
  const household = new Household({ clock, seed, ...scenario.household, supply })
  const billing = new Billing(account, household, seed)
  const faults = new Faults(clock, random.fork('faults'))
  const audit = new Audit(clock, options.tolerance)
  const world: World = {
    clock,
    account,
    apiKey,
    household,
    billing,
    wire: wireFormat(options.decimals ?? 'mixed', seed),
    tokens: new Tokens(clock, account.userNumber, random.fork('tokens')),
    limits: new Limits(clock),
  }
  const handler = new Handler({ world, household, faults, audit, onRequest: options.onRequest })
  const server = options.listen === false ? null : new HttpServer(request => handler.handle(request), clock)
  const port = (await server?.start(options.port ?? 0, host)) ?? 0
  const url = server === null ? IN_PROCESS_ORIGIN : `http://${host}:${port}`
  const inProcess = new InProcess({
    handle: request => handler.handle(request),
    clock,
    origin: new URL(url).origin,
    latency: latencyOf(options.latency ?? 0, random.fork('latency')),
  })

  const timers = new Timers(clock)
  const { changes } = supply
  if (changes !== undefined) {
    const midnight = startOfDay(addDays(londonDate(startedAt), changes.afterDays))
    timers.once(midnight - startedAt, () => account.supply('import')?.change(IMPORT_TARIFFS[changes.to], midnight))
  }
  const parts = { clock, startedAt, household, account, faults, random: random.fork('scenario') }
  scenario.play(stageOf(timers, parts, options.follow ?? 'scenario'))

  return {
    graphqlUrl: url + GRAPHQL_PATH,
    backendUrl: url + BACKEND_PATH,
    restUrl: `${url}/v1/`,
    url,
    port,
    fetch: inProcess.fetch,
    apiKey: apiKey ?? SIMULATOR_API_KEY,
    account,
    scenario,
    household,
    faults,
    audit,
    bill: (date, kind, calorificValue) => billing.bill(date, kind, calorificValue),
    requests: handler.requests,
    stop: async () => {
      timers.stop()
      household.stop()
      inProcess.stop()
      await server?.stop()
    },
  }
}
