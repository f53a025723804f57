/** `kill -9`, over and over, at random moments under load; after each, everything that was said must still be known. */
import { type Instant, SECOND } from '../../src/clock.ts'
import { type Random, seededRandom } from '../../src/simulator/random.ts'
import type { Recorded } from '../integration/recorder.ts'
import { startBroker } from '../support/broker.ts'
import { forgottenOf, lostOf } from './compare.ts'
import { type Kept, keptIn, strayFiles } from './kept.ts'
import { type Complain, liveAndDie, liveOn } from './life.ts'
import { startLoad } from './load.ts'
import { EARLY, MOMENTS, type Moment } from './moments.ts'
import { openPlace, type Place } from './place.ts'
import { publishedBy } from './published.ts'
import { quantile, type Report } from './report.ts'
import { restless } from './scenario.ts'
import { Tally } from './tally.ts'

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
const BREATH = 250
/** This share of the kills hits lives on a new store, two in each. */
const FIRST_STARTS = 0.2
const RATES = { plugged: 150, charging: 50, power: 150 }

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
      tokens: tally.mints,
      'most tokens in an hour': tally.mostMints,
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
    const deaths: { readonly at: Instant; readonly over: Instant }[] = []
    // What a life said last may come in after its end, until its will is heard.
    const isSettled = ({ at }: Recorded) => deaths.every(death => at <= death.at - BREATH * speed || at > death.over)
    for (let kill = 1; kill <= kills; kill += 1) {
      const moment = moments[Math.floor(random.next() * moments.length)] ?? 'random'
      tally.moments.push(moment)
      const what = `kill ${tally.moments.length} (${moment})`
      const killed = await liveAndDie(place, moment, random, tally, lines => complain(what, lines))
      deaths.push({ at: killed.at, over: place.clock.now() })
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
    // Nonsense every few seconds ends each run before it has lasted the debounce, so nothing would ever turn.
    await load.stop()
    await liveOn(place, patience, tally, lines => complain('in the end', lines))
    tally.messages += load.sent
  } catch (error) {
    complain('in the end', [String(error).split('\n')[0] ?? ''])
  } finally {
    await load.stop()
    await place.close()
  }
}

function keptOrNull(place: Place, complain: Complain): Kept | null {
  try {
    return keptIn(place.storePath)
  } catch (error) {
    complain([`the store does not open: ${error}`])
    return null
  }
}
