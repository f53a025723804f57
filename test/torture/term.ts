/** Asked to stop at bad moments: it says offline, loses nothing, and ends with 0 within five seconds. */
import { SECOND } from '../../src/clock.ts'
import { seededRandom } from '../../src/simulator/random.ts'
import { retained } from '../support/broker.ts'
import type { Daemon } from '../support/daemon.ts'
import { lostOf } from './compare.ts'
import { keptIn, strayFiles, unfinishedFiles } from './kept.ts'
import { startLoad } from './load.ts'
import { openPlace, type Place } from './place.ts'
import { publishedBy } from './published.ts'
import { type Relay, relayTo } from './relay.ts'
import type { Report } from './report.ts'
import { restless } from './scenario.ts'

export interface TermCase {
  readonly name: string
  /** Lines about what went wrong; fills in how long the stop took, real milliseconds. */
  readonly run: (took: (milliseconds: number) => void) => Promise<string[]>
}

/** Contract: exit 0 within 5 s. */
const STOPS_WITHIN = 5 * SECOND
/** A second signal: at once, on a busy machine. */
const AT_ONCE = SECOND
const PATIENCE = 30 * SECOND
const RATES = { plugged: 200, charging: 50, power: 200 }

type Story = (place: Place, took: (milliseconds: number) => void, relay: Relay) => Promise<string[]>

const inPlace =
  (story: Story): TermCase['run'] =>
  async took => {
    const place = await openPlace({ scenario: restless({ revisedEvery: 20 * SECOND, isOver: () => false }) })
    const relay = await relayTo(place.broker.port)
    try {
      const broken = await story(place, took, relay)
      const { violations } = place.simulator.audit.report()
      return [...broken, ...violations.map(({ rule, value }) => `${rule}: ${value}`)]
    } finally {
      await relay.close()
      await place.close()
      await place.broker.stop()
    }
  }

const shows = (place: Place, path: string, pattern: RegExp) =>
  place.recorder.first(message => message.topic === place.topic(path) && pattern.test(message.payload), PATIENCE)

/** Asks it to stop. Lines about an end that is none of a daemon that was asked. */
async function stop(daemon: Daemon, took: (milliseconds: number) => void): Promise<string[]> {
  const asked = performance.now()
  daemon.kill('SIGTERM')
  const { code, signal } = await daemon.ended
  const time = performance.now() - asked
  took(time)
  return [
    ...(code === 0 ? [] : [`it ended with ${code ?? signal}: ${daemon.output.slice(-300)}`]),
    ...(time <= STOPS_WITHIN ? [] : [`it took ${Math.round(time)} ms`]),
    ...(/nobody handled/.test(daemon.output) ? ['an error that nobody handled'] : []),
  ]
}

async function saysOffline(place: Place): Promise<string[]> {
  const topic = place.topic('bridge/state')
  const state = (await retained(place.broker.url, topic)).get(topic)
  return state === 'offline' ? [] : [`bridge/state is ${state}`]
}

/** Everything that anybody was told is in one file, to the last message. */
function keepsAll(place: Place): string[] {
  const left = [...strayFiles(place.storePath), ...unfinishedFiles(place.storePath)].map(name => `left behind: ${name}`)
  return [
    ...left,
    ...lostOf(
      publishedBy(place, () => true),
      keptIn(place.storePath),
    ),
  ]
}

export const TERM_CASES: readonly TermCase[] = [
  {
    name: 'under load',
    run: inPlace(async (place, took) => {
      const { charger } = place.simulator.household.cars[0]
      const truth = () => ({ plugged: true, watts: charger.watts })
      const { url } = place.broker
      const load = await startLoad({ url, topics: place.topics, rates: RATES, truth, random: seededRandom('term') })
      const daemon = place.start()
      await shows(place, 'car/plan', /"fetched_at":"/)
      const broken = await stop(daemon, took)
      await load.stop()
      await place.roundTrip()
      return [...broken, ...(await saysOffline(place)), ...keepsAll(place)]
    }),
  },
  {
    name: 'while an answer of Octopus is on its way',
    run: inPlace(async (place, took) => {
      place.simulator.faults.inject({ kind: 'slow', operation: 'Poll', delay: SECOND })
      const daemon = place.start()
      await daemon.writes(/asking Octopus/, PATIENCE)
      const broken = await stop(daemon, took)
      const plan = keptIn(place.storePath).state?.cars[0]?.plan
      return [...broken, ...(await saysOffline(place)), ...keepsAll(place), ...(plan ? [] : ['the answer is lost'])]
    }),
  },
  {
    name: 'while Octopus hangs, at a first start',
    run: inPlace(async (place, took) => {
      place.simulator.faults.inject({ kind: 'timeout' })
      const daemon = place.start()
      await daemon.writes(/connected to the broker/, PATIENCE)
      const broken = await stop(daemon, took)
      return [...broken, ...(await saysOffline(place))]
    }),
  },
  {
    name: 'while the broker is away',
    run: inPlace(async (place, took) => {
      const daemon = place.start()
      await shows(place, 'car/plan', /"fetched_at":"/)
      await place.broker.stop()
      await daemon.writes(/the broker went away/, PATIENCE)
      const broken = await stop(daemon, took)
      await place.broker.start()
      return broken
    }),
  },
  {
    name: 'while the wire to the broker is frozen',
    run: inPlace(async (place, took, relay) => {
      const daemon = place.start([], { OCTOPUS2MQTT_MQTT_URL: relay.url })
      await shows(place, 'car/plan', /"fetched_at":"/)
      relay.freeze()
      const broken = await stop(daemon, took)
      const offline = shows(place, 'bridge/state', /^offline$/)
      relay.thaw()
      await offline
      return [...broken, ...(await saysOffline(place))]
    }),
  },
  {
    name: 'while the broker has not let it in yet',
    run: inPlace(async (place, took, relay) => {
      relay.freeze()
      const daemon = place.start([], { OCTOPUS2MQTT_MQTT_URL: relay.url })
      await daemon.writes(/octopus2mqtt started/, PATIENCE)
      return stop(daemon, took)
    }),
  },
  {
    name: 'while it is being loaded',
    run: inPlace(async (place, took) => {
      const begun = performance.now()
      const daemon = place.start(['--import', './test/torture/term-at-load.mjs'])
      const { code, signal } = await daemon.ended
      took(performance.now() - begun)
      return code === 0 ? [] : [`it ended with ${code ?? signal}: ${daemon.output.slice(-300)}`]
    }),
  },
  {
    name: 'twice, while Octopus hangs',
    run: inPlace(async (place, took) => {
      place.simulator.faults.inject({ kind: 'timeout', operation: 'Poll' })
      const daemon = place.start()
      await shows(place, 'bridge/state', /^online$/)
      await daemon.writes(/asking Octopus/, PATIENCE)
      daemon.kill('SIGTERM')
      await daemon.writes(/"stopping"/, PATIENCE)
      const asked = performance.now()
      daemon.kill('SIGTERM')
      const { code } = await daemon.ended
      const time = performance.now() - asked
      took(time)
      await shows(place, 'bridge/state', /^offline$/)
      const broken = code === 143 ? [] : [`it ended with ${code}, not 143`]
      return [...broken, ...(time > AT_ONCE ? [`it took ${Math.round(time)} ms`] : []), ...(await saysOffline(place))]
    }),
  },
]

export async function runTerm(): Promise<Report> {
  const measured: Record<string, string> = {}
  const violations: string[] = []
  for (const { name, run } of TERM_CASES) {
    const broken = await run(milliseconds => {
      measured[`${name}, ms`] = String(Math.round(milliseconds))
    })
    violations.push(...broken.map(line => `${name}: ${line}`))
  }
  return { name: 'SIGTERM', measured, violations }
}
