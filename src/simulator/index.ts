/**
 * A simulated Octopus with a household behind it: GraphQL and REST on one port, as strict and as strange as the real one,
 * on any clock. It is a tool of its own (`simulate`), the other half of the demo, and what the tests talk to.
 */
import type { Clock } from '../clock.ts'
import {
  type Product,
  SIMULATOR_ACCOUNT,
  SIMULATOR_API_KEY,
  type SimulatedAccount,
  simulatedAccount,
} from './account.ts'
import { Audit } from './audit.ts'
import { Faults } from './faults.ts'
import { type DecimalStyle, wireFormat } from './format.ts'
import { Household } from './household.ts'
import { Limits } from './limits.ts'
import { seededRandom } from './random.ts'
import type { World } from './resolvers.ts'
import { type Scenario, type Stage, scenarioNamed } from './scenarios.ts'
import { BACKEND_PATH, GRAPHQL_PATH, type LoggedRequest, SimulatorServer } from './server.ts'
import { Timers } from './timers.ts'
import { Tokens } from './tokens.ts'

export { PRODUCTS, type Product, SIMULATOR_ACCOUNT, SIMULATOR_API_KEY, type SimulatedAccount } from './account.ts'
export type { AuditReport, Violation } from './audit.ts'
export { FAULT_KINDS, type Fault, type FaultKind, type Faults } from './faults.ts'
export type { Household, HouseholdEvent } from './household.ts'
export { type LinkOptions, linkToMqtt, type MqttLink } from './link.ts'
export { WRONG_API_KEY } from './resolvers.ts'
export { SCENARIOS, type Scenario, scenarioNamed } from './scenarios.ts'
export type { LoggedRequest } from './server.ts'

export interface SimulatorOptions {
  readonly clock: Clock
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
  readonly product?: Product
  /** `plug`: the scenario leaves the cable alone, and whoever holds the link or `/simulator/plug` has it in hand. */
  readonly follow?: 'scenario' | 'plug'
  readonly decimals?: DecimalStyle
  /** Of the audit, in real milliseconds. */
  readonly tolerance?: number
}

export interface Simulator {
  readonly graphqlUrl: string
  readonly backendUrl: string
  /** With `/v1/`, as the public address has it. */
  readonly restUrl: string
  /** Where `/simulator/…` is. */
  readonly url: string
  readonly port: number
  readonly apiKey: string
  readonly account: SimulatedAccount
  readonly scenario: Scenario
  readonly household: Household
  readonly faults: Faults
  readonly audit: Audit
  /** Every call, oldest first; the last ten thousand. */
  readonly requests: readonly LoggedRequest[]
  /** Closes every connection and ends every timer. */
  stop(): Promise<void>
}

function stageOf(timers: Timers, parts: Omit<Stage, 'at' | 'plug'>, follow: 'scenario' | 'plug'): Stage {
  let arranged = 0
  const at: Stage['at'] = (instant, task) => {
    arranged += 1
    timers.at(`scene ${arranged}`, instant, task)
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

function chosenScenario(wanted: string | Scenario): Scenario {
  const scenario = typeof wanted === 'string' ? scenarioNamed(wanted) : wanted
  if (scenario === undefined) throw new RangeError(`There is no scenario "${wanted}"`)
  return scenario
}

/**
 * Starts listening and then the scenario. Throws a RangeError for a scenario that does not exist, and Node's own error
 * where the port cannot be had.
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { clock, host = '127.0.0.1', seed = 1 } = options
  const apiKey = options.apiKey === undefined ? SIMULATOR_API_KEY : options.apiKey
  const scenario = chosenScenario(options.scenario ?? 'now')
  const startedAt = clock.now()
  const random = seededRandom(seed)
  const number = options.accountNumber ?? SIMULATOR_ACCOUNT
  const account = simulatedAccount(startedAt, number, options.product ?? 'INTELLI-VAR-24-10-29')
  const household = new Household({ clock, seed, ...scenario.household })
  const faults = new Faults(clock, random.fork('faults'))
  const audit = new Audit(clock, options.tolerance)
  const world: World = {
    clock,
    account,
    apiKey,
    household,
    wire: wireFormat(options.decimals ?? 'mixed', seed),
    tokens: new Tokens(clock, account.userNumber),
    limits: new Limits(clock),
  }
  const server: SimulatorServer = new SimulatorServer({
    world,
    household,
    faults,
    audit,
    logged: () => server.requests,
  })
  const port = await server.start(options.port ?? 0, host)

  const timers = new Timers(clock)
  const parts = { clock, startedAt, household, faults, random: random.fork('scenario') }
  scenario.play(stageOf(timers, parts, options.follow ?? 'scenario'))

  const url = `http://${host}:${port}`
  return {
    graphqlUrl: url + GRAPHQL_PATH,
    backendUrl: url + BACKEND_PATH,
    restUrl: `${url}/v1/`,
    url,
    port,
    apiKey: apiKey ?? SIMULATOR_API_KEY,
    account,
    scenario,
    household,
    faults,
    audit,
    requests: server.requests,
    stop: async () => {
      timers.stop()
      household.stop()
      await server.stop()
    },
  }
}
