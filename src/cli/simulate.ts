/** `octopus2mqtt simulate`: the simulated Octopus API alone, on a port, for any client. */
import { fastClock, systemClock } from '../clock.ts'
import { readBrokerUrl } from '../config/checks.ts'
import { BridgeError } from '../errors.ts'
import { MqttConnection } from '../mqtt/connection.ts'
import { brokerPlace } from '../mqtt/settings.ts'
import {
  linkToMqtt,
  type MqttLink,
  SCENARIOS,
  type Scenario,
  scenarioNamed,
  startSimulator,
  WRONG_API_KEY,
} from '../simulator/index.ts'
import { didYouMean } from './did-you-mean.ts'
import { askedToStop, EXIT } from './exit.ts'
import { clockTime, dayName, zoneOf } from './local-time.ts'

export interface SimulateOptions {
  readonly port: number
  readonly host: string
  readonly speed: number
  readonly scenario: string
  readonly seed: string
  readonly mqtt?: string
}

/** Throws REQUEST_INVALID, naming the scenarios that there are. */
export function scenarioOrThrow(name: string): Scenario {
  const scenario = scenarioNamed(name)
  if (scenario !== undefined) return scenario
  const known = SCENARIOS.map(each => `  ${each.name.padEnd(22)} ${each.description}`)
  throw new BridgeError(
    'REQUEST_INVALID',
    `there is no scenario "${name}"${didYouMean(
      name,
      SCENARIOS.map(each => each.name),
    )}; there are\n${known.join('\n')}`,
  )
}

export async function simulate(options: SimulateOptions): Promise<number> {
  const asked = askedToStop()
  const scenario = scenarioOrThrow(options.scenario)
  const clock = options.speed === 1 ? systemClock : fastClock(options.speed, systemClock.now())
  const { host, port } = options
  const address = options.mqtt === undefined ? null : readBrokerUrl(options.mqtt)
  // What was written may hold a password.
  if (address !== null && 'refused' in address) throw new BridgeError('REQUEST_INVALID', `--mqtt: ${address.refused}`)
  const simulator = await startSimulator({
    clock,
    scenario,
    seed: options.seed,
    port,
    host,
    apiKey: null,
    follow: options.mqtt === undefined ? 'scenario' : 'plug',
  }).catch(cause => {
    throw new BridgeError('STATUS_LISTEN_FAILED', `Cannot listen on ${host}:${port}: choose another --port or --host`, {
      cause,
    })
  })
  const print = (line: string) => process.stdout.write(`${line}\n`)
  print(`simulated Octopus: ${simulator.url}  (scenario ${scenario.name}: ${scenario.description})`)
  print('')
  print('octopus:')
  print(`  api_key: ${simulator.apiKey}  # or any other but ${WRONG_API_KEY}`)
  print(`  graphql_url: ${simulator.graphqlUrl}`)
  print(`  backend_graphql_url: ${simulator.backendUrl}`)
  print(`  rest_url: ${simulator.restUrl}`)
  print('')
  simulator.household.on(event => {
    const what =
      event.type === 'plan'
        ? `${event.rows.length} rows`
        : event.type === 'state'
          ? event.state
          : event.type === 'charging'
            ? `${event.watts} W`
            : ''
    const time = `${dayName(event.at)} ${clockTime(event.at)} ${zoneOf(event.at)}`
    print(`${time}  ${event.car}  ${event.type} ${what}`.trimEnd())
  })
  const broker = options.mqtt === undefined ? null : connect(options.mqtt, clock, print)
  if (broker !== null) linkToMqtt(simulator.household, linkOver(broker), { plug: 'topic' })
  await asked
  await broker?.close()
  await simulator.stop()
  return EXIT.done
}

function connect(url: string, clock: typeof systemClock, print: (line: string) => void): MqttConnection {
  const will = { topic: 'octopus2mqtt-simulator/state', payload: 'offline' }
  const broker = new MqttConnection({ url, protocolVersion: 4, clientId: 'octopus2mqtt-simulator', will }, clock)
  broker.onTrouble(trouble => print(trouble.message))
  broker.onConnect(() => print(`follows ev/plugged on ${brokerPlace(url)}, publishes ev/charging and ev/power there`))
  broker.connect()
  return broker
}

/** What is said while there is no connection is said again, as it is by then, on the next one. */
function linkOver(broker: MqttConnection): MqttLink {
  const newest = new Map<string, string>()
  const send = (topic: string, payload: string) => {
    if (broker.connected) broker.publish(topic, payload, { retain: true, qos: 1 }).catch(() => {})
  }
  broker.onConnect(() => {
    for (const [topic, payload] of newest) send(topic, payload)
  })
  return {
    subscribe: (topic, handler) => {
      broker.subscribe([topic])
      broker.onMessage((heard, payload) => {
        if (heard === topic) handler(payload.toString())
      })
    },
    publish: (topic, payload) => {
      newest.set(topic, payload)
      send(topic, payload)
    },
  }
}
