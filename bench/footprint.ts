/** What the daemon takes of a machine: time to start, memory, CPU, disk, and what it sends to the broker. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { MqttClient } from 'mqtt'
import { fastClock, MINUTE, SECOND, systemClock } from '../src/clock.ts'
import { linkToMqtt, scenarioNamed, startSimulator } from '../src/simulator/index.ts'
import { bareClient, withBroker } from './broker.ts'
import { imageSize } from './image.ts'
import { round } from './measure.ts'
import { NODE_FLAGS, Running, wait } from './processes.ts'

export interface FootprintOptions {
  /** How long the daemons run before their memory is looked at. */
  readonly minutes: number
  readonly starts: number
  /** Of the simulated day. */
  readonly speed: number
  /** How much of a day is lived at that speed; 0 leaves it out. */
  readonly hours: number
  /** The checkout, whose dist/ is measured. */
  readonly root: string
}

/** What the daemon imports; a process that does nothing but that is what its memory is compared with. */
const LIBRARIES = [
  'big.js',
  'bottleneck/light.js',
  'commander',
  'fastify',
  'graphql-request',
  'home-assistant-js-websocket',
  'libsql',
  'luxon',
  'mqtt',
  'pino',
  'prom-client',
  'ws',
  'yaml',
  'zod',
]
const LOAD_ALONE = `
await Promise.all(${JSON.stringify(LIBRARIES)}.map(name => import(name)))
setInterval(() => {}, 60_000)
console.log('loaded')`

const GOALS = { startSeconds: 1.5, residentRatio: 1.3, idleCpuSecondsPerHour: 2 }
/** The first minute is the start's: what it compiles and asks once. */
const WARM_UP = MINUTE

interface Place {
  readonly folder: string
  readonly brokerUrl: string
  readonly root: string
}

interface Api {
  readonly apiKey: string
  readonly graphqlUrl: string
  readonly restUrl: string
}

/** A configuration file with topics of its own. */
function configFile({ folder, brokerUrl }: Place, name: string, api: Api, more: object = {}): string {
  const file = join(folder, `${name}.yaml`)
  const config = {
    octopus: { api_key: api.apiKey, graphql_url: api.graphqlUrl, rest_url: api.restUrl, timeout: '60s' },
    mqtt: { url: brokerUrl, base_topic: name },
    homeassistant: { discovery_prefix: `${name}-ha`, status_topic: `${name}-ha/status` },
    ev: { plugged: `${name}-ev/plugged`, charging: `${name}-ev/charging`, power: `${name}-ev/power` },
    storage: { path: join(folder, `${name}.db`) },
    status: { listen: '127.0.0.1:0' },
    log: { level: 'warn' },
    ...more,
  }
  writeFileSync(file, JSON.stringify(config))
  return file
}

const program = (root: string): string => join(root, 'dist/main.js')

/** `simulate` as a process. With `away` no car is ever plugged in: it follows a plug topic that says nothing. */
async function simulate({ root, brokerUrl }: Place, away: boolean): Promise<{ simulator: Running; api: Api }> {
  const follow = away ? ['--mqtt', brokerUrl] : []
  const simulator = new Running([program(root), 'simulate', '--port', '0', ...follow])
  const graphqlUrl = await simulator.writes(/^ {2}graphql_url: (\S+)/m)
  const [apiKey, restUrl] = [await simulator.writes(/api_key: (\S+)/), await simulator.writes(/rest_url: (\S+)/)]
  return { simulator, api: { apiKey, graphqlUrl, restUrl } }
}

/** Milliseconds from the start of the process to the first retained state of the account at a subscriber. */
async function timedStart(place: Place, watcher: MqttClient, name: string, api: Api): Promise<number> {
  const file = configFile(place, name, api)
  const isState = new RegExp(`^${name}/(?!bridge/)`)
  const first = new Promise<number>(resolve => {
    const hear = (topic: string) => {
      if (!isState.test(topic)) return
      watcher.off('message', hear)
      resolve(performance.now())
    }
    watcher.on('message', hear)
  })
  const from = performance.now()
  const daemon = new Running([program(place.root), 'run', '--config', file])
  const seconds = ((await first) - from) / SECOND
  await daemon.stop()
  return seconds
}

async function starts(place: Place, count: number) {
  const { simulator, api } = await simulate(place, true)
  const watcher = await bareClient(place.brokerUrl)
  await watcher.subscribeAsync('#', { qos: 1 })
  const seconds: number[] = []
  for (let index = 0; index < count; index += 1) seconds.push(await timedStart(place, watcher, `start${index}`, api))
  await watcher.endAsync()
  await simulator.stop()
  const sorted = [...seconds].sort((a, b) => a - b)
  return { medianSeconds: round(sorted[count >> 1] ?? Number.NaN, 2), maxSeconds: round(sorted.at(-1) ?? 0, 2) }
}

/** Two daemons at once, one with the car away and one with it plugged in, beside a process that only loads libraries. */
async function atRest(place: Place, minutes: number) {
  const alone = new Running(['--input-type=module', '--eval', LOAD_ALONE], { cwd: place.root })
  await alone.writes(/loaded/)
  const watcher = await bareClient(place.brokerUrl)
  const cars = [
    { name: 'away', plugged: 'false' },
    { name: 'plugged', plugged: 'true' },
  ]
  const running = await Promise.all(
    cars.map(async ({ name, plugged }) => {
      await watcher.publishAsync(`${name}-ev/plugged`, plugged, { retain: true, qos: 1 })
      const { simulator, api } = await simulate(place, plugged === 'false')
      const daemon = new Running([program(place.root), 'run', '--config', configFile(place, name, api)])
      return { name, daemon, simulator }
    }),
  )
  const warmUp = Math.min(WARM_UP, (minutes * MINUTE) / 2)
  await wait(warmUp)
  const before = running.map(({ daemon }) => daemon.cpuSeconds)
  const from = performance.now()
  await wait(minutes * MINUTE - warmUp)
  const hours = (performance.now() - from) / (60 * MINUTE)
  const librariesMb = alone.residentMb
  const figures = running.map(({ name, daemon }, index) => ({
    name,
    residentMb: round(daemon.residentMb),
    ratio: round(daemon.residentMb / librariesMb, 2),
    cpuSecondsPerHour: round((daemon.cpuSeconds - (before[index] ?? 0)) / hours, 2),
  }))
  for (const { daemon, simulator } of running) {
    await daemon.stop()
    await simulator.stop()
  }
  await alone.stop('SIGKILL')
  await watcher.endAsync()
  return { librariesMb: round(librariesMb), cpuMeasuredMinutes: round(hours * 60), daemons: figures }
}

/** A simulated day of the whole daemon, whose Octopus is in this process. */
async function simulatedDay(place: Place, speed: number, hours: number) {
  const scenario = scenarioNamed('day')
  if (scenario === undefined) throw new RangeError('The scenario "day" is gone')
  const clock = fastClock(speed, scenario.startInstant(systemClock.now()))
  const simulator = await startSimulator({ clock, scenario, tolerance: 100 })
  const house = await bareClient(place.brokerUrl)
  const publish = (topic: string, payload: string, retain: boolean) => void house.publish(topic, payload, { retain })
  const unlink = linkToMqtt(
    simulator.household,
    { subscribe: () => {}, publish },
    { plug: 'household', pluggedTopic: 'day-ev/plugged', chargingTopic: 'day-ev/charging', powerTopic: 'day-ev/power' },
  )
  const timeout = `${Math.min(120, 2 * speed)}s`
  const octopus = {
    api_key: simulator.apiKey,
    graphql_url: simulator.graphqlUrl,
    rest_url: simulator.restUrl,
    timeout,
  }
  const file = configFile(place, 'day', simulator, { octopus })
  const child = fileURLToPath(new URL('./at-speed.js', import.meta.url))
  const times = [String(speed), String(clock.now()), String(systemClock.monotonic())]
  const daemon = new Running([child, file, ...times])
  await daemon.writes(/ready/)
  await wait((hours * 60 * MINUTE) / speed)
  const done = daemon.stop()
  const text = await daemon.writes(/^used (\{.*\})$/m)
  await done
  unlink()
  await house.endAsync()
  await simulator.stop()
  const { days, cpuSeconds, messages, bytes } = JSON.parse(text) as Record<string, number>
  const perDay = (value = 0) => value / (days ?? Number.NaN)
  return {
    simulatedHours: round((days ?? 0) * 24),
    speed,
    cpuSecondsPerDay: round(perDay(cpuSeconds), 2),
    messagesPerDay: Math.round(perDay(messages)),
    bytesPerDay: Math.round(perDay(bytes)),
  }
}

export async function runFootprint(options: FootprintOptions, say: (line: string) => void) {
  const { root, minutes } = options
  const folder = mkdtempSync(join(tmpdir(), 'octopus2mqtt-bench-'))
  try {
    return await withBroker(async ({ url, kind }) => {
      const place = { folder, brokerUrl: url, root }
      const start = await starts(place, options.starts)
      say(`a simulated day: ${round((options.hours * 60) / options.speed)} minutes`)
      const day = options.hours === 0 ? null : await simulatedDay(place, options.speed, options.hours)
      say(`at rest: ${minutes} minutes`)
      const rest = await atRest(place, minutes)
      const [away] = rest.daemons
      return {
        broker: kind,
        node: process.version,
        flags: NODE_FLAGS,
        start,
        minutes,
        ...rest,
        day,
        image: imageSize(root),
        goals: {
          start: goal(start.medianSeconds, GOALS.startSeconds),
          resident: goal(Math.max(...rest.daemons.map(({ ratio }) => ratio)), GOALS.residentRatio),
          idleCpu: goal(away?.cpuSecondsPerHour ?? Number.NaN, GOALS.idleCpuSecondsPerHour),
        },
      }
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const goal = (value: number, most: number) => ({ reached: value <= most, value, most })

export type FootprintReport = Awaited<ReturnType<typeof runFootprint>>

/** Where this bench is compiled to: node_modules/.cache/octopus2mqtt-bench/bench. */
export const checkout = (): string => dirname(dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url))))))
