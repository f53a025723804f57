/** A storm on the house's topics, for minutes: what the daemon's memory, its timers, its log and its store do under it. */
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { MINUTE, SECOND } from '../../src/clock.ts'
import { seededRandom } from '../../src/simulator/random.ts'
import type { Daemon } from '../support/daemon.ts'
import { disagreementsInTheEnd } from './agreement.ts'
import { type Load, startLoad } from './load.ts'
import { openPlace, type Place } from './place.ts'
import { samplesIn } from './probe.ts'
import type { Report } from './report.ts'
import { edgy } from './scenario.ts'
import { soakReport, type Watched } from './soak-report.ts'

export interface SoakOptions {
  readonly seconds: number
  /** Messages a second on the plug topic and on the power topic each. */
  readonly rate: number
  readonly seed: number
  readonly patience: number
}

export async function runSoak({ seconds, rate, seed, patience }: SoakOptions): Promise<Report> {
  const random = seededRandom(`soak ${seed}`)
  const every = seconds < 60 ? 9 * SECOND : MINUTE
  const scenario = edgy(every, Math.ceil((seconds * SECOND + 4 * MINUTE) / every))
  const place = await openPlace({ scenario, config: { log: { level: 'info' } } })
  const folder = mkdtempSync(join(tmpdir(), 'octopus2mqtt-probe-'))
  const probe = join(folder, 'samples')
  const daemon = place.start(['--expose-gc', '--import', './test/torture/probe.mjs'], { TORTURE_PROBE: probe })
  const { charger } = place.simulator.household.cars[0]
  const truth = () => ({ plugged: true, watts: charger.watts })
  let load: Load | null = null
  try {
    await place.recorder.first(
      message => message.topic === place.topic('car/plan') && message.payload.includes('IN_PROGRESS'),
      60 * SECOND,
    )
    const begun = place.clock.now()
    const rates = { plugged: rate, charging: rate / 10, power: rate }
    load = await startLoad({ url: place.broker.url, topics: place.topics, rates, truth, random })
    const watched = await storm(place, daemon, seconds)
    const ended = place.clock.now()
    const sent = load.sent
    await load.stop()
    const different = await disagreementsInTheEnd(place, patience)
    const samples = samplesIn(probe)
    return soakReport({ place, daemon, watched, samples, begun, ended, sent, different })
  } finally {
    await load?.stop()
    daemon.kill('SIGTERM')
    await daemon.ended
    await place.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const after = (delay: number): Promise<void> => new Promise(resolve => setTimeout(resolve, delay))

async function storm(place: Place, daemon: Daemon, seconds: number): Promise<Watched> {
  const url = `${/"status":"(http:[^"]+)"/.exec(daemon.output)?.[1]}/health`
  const watched: Watched = { healths: [], unanswered: [], store: 0, wal: 0, ownLateness: 0 }
  const own = monitorEventLoopDelay({ resolution: 10 })
  own.enable()
  const until = performance.now() + seconds * SECOND
  while (performance.now() < until) {
    const asked = performance.now()
    try {
      await (await fetch(url, { headers: { connection: 'close' } })).arrayBuffer()
      watched.healths.push(performance.now() - asked)
    } catch (error) {
      watched.unanswered.push(String(error))
    }
    watched.store = Math.max(watched.store, sizeOf(place.storePath))
    watched.wal = Math.max(watched.wal, sizeOf(`${place.storePath}-wal`))
    await after(250)
  }
  own.disable()
  watched.ownLateness = own.max / 1e6
  return watched
}

const sizeOf = (file: string): number => (existsSync(file) ? statSync(file).size : 0)
