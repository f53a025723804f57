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
import { linkToMqtt, startSimulator } from '../simulator/index.ts'
import { londonDate } from '../time/london.ts'
import { PRESETS } from '../vehicle/presets.ts'
import { closing, opening } from './demo-frame.ts'
import { DemoScreen } from './demo-screen.ts'
import { DemoStory } from './demo-story.ts'
import { startEmbeddedBroker } from './embedded-broker.ts'
import { askedToStop, EXIT } from './exit.ts'
import { type Screen, screen as thisScreen } from './here.ts'
import { redactorFor } from './load.ts'
import { paintFor } from './paint.ts'
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

export async function demo(options: DemoOptions, here: Screen = thisScreen()): Promise<number> {
  const asked = askedToStop()
  const { speed } = options
  const scenario = scenarioOrThrow(options.scenario)
  const clock = fastClock(speed, scenario.startInstant(Date.now()))
  const folder = mkdtempSync(join(tmpdir(), 'octopus2mqtt-demo-'))
  // However it ends: by a second Ctrl-C, by an error, or because nobody reads on.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const broker = await startEmbeddedBroker(options.mqttPort)
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
  const log = await createLog(config.log, redactorFor(config), {
    write: line => here.print(line.trimEnd()),
    isTerminal: here.columns !== null,
  })
  const bridge = await startBridge({ config, clock, log })
  const start = clock.now()
  const { print, columns, live } = here
  const frame = { columns, paint: paintFor(here.colour) }
  const places = [
    ['MQTT broker', broker.url, `mosquitto_sub -p ${broker.port} -v -t 'octopus2mqtt/#'`],
    ['status page', `${bridge.statusUrl}/`, 'what it knows and does, live'],
    ['health', `${bridge.statusUrl}/health`],
    ['simulated Octopus', simulator.url],
  ] as const
  const title = `A house on ${londonDate(start)}`
  const about = `${speed} times as fast as real time: ${scenario.description}.`
  for (const line of opening({ title, about, places }, frame)) print(line)
  const screen = new DemoScreen(clock, print, frame)
  const story = new DemoStory()
  const look = () => live.show(story.waiting(clock.now(), speed))
  broker.onPublish((topic, payload) => {
    story.heard(topic, payload, clock.now())
    screen.heard(topic, payload)
    look()
  })
  const house = { subscribe: () => {}, publish: broker.publish }
  const unlink = linkToMqtt(simulator.household, house, { plug: 'household' })
  const looking = setInterval(look, SECOND)

  await (options.for === undefined ? asked : Promise.race([asked, later(options.for)]))
  const end = clock.now()
  unlink()
  await bridge.stop()
  await simulator.stop()
  await broker.close()
  clearInterval(looking)
  live.clear()
  const picture = story.picture(start, end, columns, frame.paint)
  for (const line of [
    '',
    ...picture,
    ...(picture.length === 0 ? [] : ['']),
    ...closing(simulator.audit.report(), frame),
  ])
    print(line)
  return EXIT.done
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
