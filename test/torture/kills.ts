/** `kill -9`, over and over, at random moments under load; after each, everything that was said must still be known. */
import { type Instant, SECOND } from '../../src/clock.ts'
import { type Random, seededRandom } from '../../src/simulator/random.ts'
import type { Recorded } from '../integration/recorder.ts'
import { startBroker } from '../support/broker.ts'
import { disagreementsInTheEnd } from './agreement.ts'
import { forgottenOf, lostOf } from './compare.ts'
import { type Kept, keptIn, strayFiles, unfinishedFiles } from './kept.ts'
import { startLoad } from './load.ts'
import { EARLY, MOMENTS, type Moment, momentIn } from './moments.ts'
import { openPlace, type Place } from './place.ts'
import { publishedBy } from './published.ts'
import { quantile, type Report } from './report.ts'
import { restless } from './scenario.ts'
import { brokenWords } from './stream.ts'

export interface KillOptions {
  readonly kills: number
  readonly seed: number
  /** 1: the binary on the real clock. */
  readonly speed: number
  /** How long the household may take to agree with what is retained in the end, real milliseconds. */
  readonly patience: number
  readonly onProgress?: (line: string) => void
}

/** What was published is written down in the same breath, but after it: real milliseconds. */
const BREATH = 500
/** How long a will, or a life that is left alone, may take, real milliseconds. */
const PATIENCE = 20 * SECOND
/** This share of the kills hits lives on a new store, two in each. */
const FIRST_STARTS = 0.2
const RATES = { plugged: 150, charging: 50, power: 150 }

class Tally {
  readonly moments: Moment[] = []
  readonly violations: string[] = []
  /** From the start of a process to its `online`, real milliseconds. */
  readonly online: number[] = []
  houses = 0
  messages = 0
  requests = 0
  worstHour = 0
}

export async function runKills(options: KillOptions): Promise<Report> {
  const { kills, seed, speed } = options
  const random = seededRandom(`kills ${seed}`)
  const broker = await startBroker()
  const tally = new Tally()
  const early = Math.round((kills * FIRST_STARTS) / 2)
  for (let house = 0; house < early; house += 1)
    await tortureHouse({ ...options, broker, kills: 2 }, random, EARLY, tally)
  await tortureHouse({ ...options, broker, kills: kills - 2 * early }, random, MOMENTS, tally)
  await broker.stop()
  const counts = Object.fromEntries(
    [...new Set(tally.moments)]
      .sort()
      .map(moment => [`killed: ${moment}`, tally.moments.filter(each => each === moment).length]),
  )
  return {
    name: `kill -9, speed ${speed}, seed ${seed}`,
    measured: {
      kills: tally.moments.length,
      ...counts,
      stores: tally.houses,
      'times online': tally.online.length,
      'start to online, median ms': Math.round(quantile(tally.online, 0.5) ?? 0),
      'start to online, longest ms': Math.round(Math.max(0, ...tally.online)),
      'messages said on the topics': tally.messages,
      'dispatch requests': tally.requests,
      'most of them in an hour': tally.worstHour,
    },
    violations: tally.violations,
  }
}

type HouseOptions = KillOptions & { readonly broker: Awaited<ReturnType<typeof startBroker>> }

async function tortureHouse(
  options: HouseOptions,
  random: Random,
  moments: readonly Moment[],
  tally: Tally,
): Promise<void> {
  const { speed, kills, broker, patience, onProgress } = options
  // A new household has enough to do with its first plan.
  let isOver = moments === EARLY
  const scenario = restless({ revisedEvery: speed === 1 ? 20 * SECOND : 200 * SECOND, isOver: () => isOver })
  // No life is long enough for evidence on the real clock.
  const config = speed === 1 ? { intelligent: { evidence: 'plan' } } : {}
  const place = await openPlace({ speed, scenario, config, broker })
  tally.houses += 1
  const { charger } = place.simulator.household.cars[0]
  const truth = () => ({ plugged: true, watts: charger.watts })
  const load = await startLoad({
    url: broker.url,
    topics: place.topics,
    rates: RATES,
    truth,
    random: random.fork('load'),
  })
  const complain = (what: string, lines: readonly string[]) => {
    for (const line of lines) {
      tally.violations.push(`${place.base}, ${what}: ${line}`)
      onProgress?.(`  BROKEN: ${place.base}, ${what}: ${line}`)
    }
  }
  try {
    let kept: Kept | null = null
    const killedAt: Instant[] = []
    const isSettled = ({ at }: Recorded) => killedAt.every(end => at > end || at <= end - BREATH * speed)
    for (let kill = 1; kill <= kills; kill += 1) {
      const moment = moments[Math.floor(random.next() * moments.length)] ?? 'random'
      tally.moments.push(moment)
      const what = `kill ${tally.moments.length} (${moment})`
      const killed = await liveAndDie(place, moment, random, tally, lines => complain(what, lines))
      killedAt.push(killed.at)
      const now = keptOrNull(place, lines => complain(what, lines))
      if (now === null) break
      complain(what, lostOf(publishedBy(place, isSettled), now))
      if (kept !== null) complain(what, forgottenOf(kept, now))
      complain(
        what,
        strayFiles(place.storePath).map(name => `left behind: ${name}`),
      )
      kept = now
      onProgress?.(`  ${what}: ${killed.life} ms`)
    }
    isOver = true
    await liveOn(place, patience, tally, lines => complain('in the end', lines))
    tally.messages += load.sent
  } catch (error) {
    complain('in the end', [String(error).split('\n')[0] ?? ''])
  } finally {
    await load.stop()
    await place.close()
  }
}

type Complain = (lines: readonly string[]) => void

function keptOrNull(place: Place, complain: Complain): Kept | null {
  try {
    return keptIn(place.storePath)
  } catch (error) {
    complain([`the store does not open: ${error}`])
    return null
  }
}

async function liveAndDie(place: Place, moment: Moment, random: Random, tally: Tally, complain: Complain) {
  const { recorder, clock } = place
  const before = recorder.messages.length
  const begun = performance.now()
  const daemon = place.start()
  const online = { at: null as number | null }
  const state = place.topic('bridge/state')
  const isOnline = recorder.next(({ topic, payload }) => topic === state && payload === 'online', PATIENCE)
  isOnline.then(
    () => {
      online.at = performance.now() - begun
    },
    () => {},
  )
  await momentIn(place, daemon, moment, random)
  const at = clock.now()
  const life = Math.round(performance.now() - begun)
  daemon.kill('SIGKILL')
  const { signal } = await daemon.ended
  if (signal !== 'SIGKILL') complain([`it ended by itself: ${daemon.output.slice(-500)}`])
  if (/nobody handled/.test(daemon.output))
    complain([daemon.output.split('\n').find(line => line.includes('nobody handled')) ?? ''])
  await place.roundTrip()
  if (recorder.newest(state) === 'online') {
    await recorder
      .next(({ topic, payload }) => topic === state && payload === 'offline', PATIENCE)
      .catch(() => complain(['no will was published']))
  }
  const said = recorder.messages.slice(before)
  if (said.some(({ topic, payload }) => topic === state && payload === 'online')) {
    tally.online.push(online.at ?? life)
    complain(outOfOrder(place, before))
  }
  return { at, life }
}

/** `online` comes after discovery and states. */
function outOfOrder(place: Place, from: number): string[] {
  const topics = place.recorder.messages
    .slice(from)
    .map(({ topic, payload }) => (payload === 'online' ? `${topic} online` : topic))
  const online = topics.indexOf(`${place.topic('bridge/state')} online`)
  const before = new Set(topics.slice(0, online))
  const documents = [...before].filter(topic => topic.startsWith(`${place.base}-ha/`)).length
  const states = ['car/plugged_in', 'car/plan', 'account/house_cheap', 'bridge/info'].map(path => place.topic(path))
  const late = states.filter(topic => !before.has(topic))
  return [
    ...(documents < 4 ? [`online after ${documents} discovery documents`] : []),
    ...(late.length > 0 ? [`online before ${late}`] : []),
  ]
}

/** The last life: nobody kills it, and in the end everything agrees. It is asked to stop. */
async function liveOn(place: Place, patience: number, tally: Tally, complain: Complain): Promise<void> {
  const daemon = place.start()
  const isState = (payload: string) => (message: { topic: string; payload: string }) =>
    message.topic === place.topic('bridge/state') && message.payload === payload
  await place.recorder.next(isState('online'), PATIENCE)
  await place.recorder.publish(place.topic('account/refresh/set'), 'PRESS')
  const different = await disagreementsInTheEnd(place, patience)
  complain(different)
  const offline = place.recorder.next(isState('offline'))
  daemon.kill('SIGTERM')
  const { code } = await daemon.ended
  if (code !== 0) complain([`asked to stop it ended with ${code}`])
  await offline
  const { violations, dispatchRequests, mostDispatchRequestsInAnHour } = place.simulator.audit.report()
  tally.requests += dispatchRequests
  tally.worstHour = Math.max(tally.worstHour, mostDispatchRequestsInAnHour)
  complain(violations.map(({ rule, value }) => `${rule}: ${value}`))
  complain(brokenWords(place))
  complain([...strayFiles(place.storePath), ...unfinishedFiles(place.storePath)].map(name => `left behind: ${name}`))
}
