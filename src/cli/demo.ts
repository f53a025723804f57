/**
 * `octopus2mqtt demo`: an embedded broker, the simulated Octopus with a household, and the real bridge between them, all
 * on one clock that runs faster than the one on the wall.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startBridge } from '../bridge.ts'
import { fastClock, SECOND } from '../clock.ts'
import { readConfig } from '../config/load.ts'
import { createLog } from '../log.ts'
import { type AuditReport, linkToMqtt, startSimulator } from '../simulator/index.ts'
import { PRESETS } from '../vehicle/presets.ts'
import { DemoScreen } from './demo-screen.ts'
import { startEmbeddedBroker } from './embedded-broker.ts'
import { askedToStop, EXIT } from './exit.ts'
import { redactorFor } from './load.ts'
import { scenarioOrThrow } from './simulate.ts'

export interface DemoOptions {
  readonly speed: number
  readonly scenario: string
  readonly for?: number
  readonly mqttPort: number
  readonly httpPort: number
  readonly seed: string
}

/** Two requests a minute of the house apart may arrive closer by what a busy machine holds one of them up, real milliseconds. */
const ARRIVES_WITHIN = 300

export async function demo(options: DemoOptions): Promise<number> {
  const asked = askedToStop()
  const { speed } = options
  const scenario = scenarioOrThrow(options.scenario)
  const clock = fastClock(speed, scenario.startInstant(Date.now()))
  const folder = mkdtempSync(join(tmpdir(), 'octopus2mqtt-demo-'))
  const print = (line: string) => process.stdout.write(`${line}\n`)
  const screen = new DemoScreen(clock, print)

  const broker = await startEmbeddedBroker(options.mqttPort, true)
  const simulator = await startSimulator({ clock, scenario, seed: options.seed, tolerance: ARRIVES_WITHIN })
  const httpPort = await freePort(options.httpPort)
  const config = readConfig(
    demoConfig({ ...options, httpPort }, { broker: broker.url, simulator, folder }),
    'the demo',
    {
      env: {},
      cwd: process.cwd(),
      presets: PRESETS,
    },
  )
  const log = await createLog(config.log, redactorFor(config))
  const bridge = await startBridge({ config, clock, log })
  const date = new Date(clock.now()).toISOString().slice(0, 10)
  print(`A house on ${date}, ${speed} times as fast as real time: ${scenario.description}.`)
  print('')
  print(`  MQTT broker        ${broker.url}      mosquitto_sub -p ${broker.port} -v -t 'octopus2mqtt/#'`)
  print(`  status page        ${bridge.statusUrl}/      what it knows and does, live`)
  print(`  health             ${bridge.statusUrl}/health`)
  print(`  simulated Octopus  ${simulator.url}`)
  print('')
  broker.onPublish((topic, payload) => screen.heard(topic, payload))
  const house = { subscribe: () => {}, publish: broker.publish }
  const unlink = linkToMqtt(simulator.household, house, { plug: 'household' })

  await (options.for === undefined ? asked : Promise.race([asked, later(options.for)]))
  unlink()
  await bridge.stop()
  await simulator.stop()
  await broker.close()
  rmSync(folder, { recursive: true, force: true })
  print('')
  for (const line of promisesKept(simulator.audit.report())) print(line)
  return EXIT.done
}

function promisesKept({
  dispatchRequests,
  calls,
  mostDispatchRequestsInAnHour: most,
  violations,
}: AuditReport): string[] {
  return [
    `Octopus was asked ${calls} times in all, ${dispatchRequests} of them for dispatches: at most ${most} in any hour, of 20.`,
    violations.length === 0 ? 'Every promise to Octopus was kept.' : `Promises broken: ${JSON.stringify(violations)}`,
  ]
}

/** The wanted port, or 0 (any) where something else has it: a second demo, or one's own daemon. */
function freePort(wanted: number): Promise<number> {
  return new Promise(resolve => {
    const probe = createServer()
    probe.once('error', () => resolve(0))
    probe.listen(wanted, '127.0.0.1', () => probe.close(() => resolve(wanted)))
  })
}

const later = (seconds: number): Promise<void> => new Promise(resolve => setTimeout(resolve, seconds * SECOND))

interface Places {
  readonly broker: string
  readonly folder: string
  readonly simulator: {
    readonly apiKey: string
    readonly graphqlUrl: string
    readonly backendUrl: string
    readonly restUrl: string
  }
}

/** The configuration of the demo's bridge, as a person would write it. */
function demoConfig({ speed, httpPort }: DemoOptions, { broker, folder, simulator }: Places): string {
  return JSON.stringify({
    octopus: {
      api_key: simulator.apiKey,
      graphql_url: simulator.graphqlUrl,
      backend_graphql_url: simulator.backendUrl,
      rest_url: simulator.restUrl,
      timeout: `${Math.min(120, 2 * speed)}s`,
    },
    mqtt: { url: broker, protocol_version: 4 },
    // As far back as the demo's household goes.
    energy: { history_days: 35 },
    ev: { plugged: { topic: 'ev/plugged' }, charging: { topic: 'ev/charging' }, power: { topic: 'ev/power' } },
    storage: { path: join(folder, 'octopus2mqtt.db') },
    status: { listen: `127.0.0.1:${httpPort}` },
    log: { level: 'warn', format: 'pretty' },
  })
}
