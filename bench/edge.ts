/**
 * How late a known edge is published, on the real clock, with the event loop loaded. Real are account, engine, catalogue,
 * publisher, store (a file, flushed at every change), the connection and the broker; another process notes when a message
 * comes in. Scripted is Octopus: each answer, once a second, lists rows a few milliseconds long, so that ten thousand edges
 * take minutes.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { type Instant, SECOND, systemClock } from '../src/clock.ts'
import type { Answer, DispatchRow } from '../src/intelligent/types.ts'
import { connected, withBroker } from './broker.ts'
import { round } from './measure.ts'
import { wait } from './processes.ts'
import { BASE, CAR_ID, CAR_SLUG, NO_TARIFFS, startRig } from './rig.ts'

export interface EdgeOptions {
  readonly edges: number
  /** Milliseconds from one edge to the next. */
  readonly spacing: number
  /** Share of the time in which the event loop is busy with something else, in per cent. */
  readonly busy: number
  /** Messages a second on the plug topic. */
  readonly storm: number
}

export interface Edge {
  readonly at: Instant
  readonly payload: 'ON' | 'OFF'
}

const ANSWER_EVERY = SECOND
/** How far ahead an answer lists rows: each is known for seconds before it begins. */
const LISTED_AHEAD = 2.5 * SECOND
/** From the start to the first edge. */
const LEAD = SECOND
/** From the last edge until all is counted; what came later than that counts as never. */
const SETTLED = SECOND / 2
/** The event loop is held up for so long at a time, milliseconds. */
const SLICE = 5

const rowsAt = (first: Instant, { edges, spacing }: EdgeOptions, now: Instant): DispatchRow[] => {
  const length = 2 * spacing
  const rows: DispatchRow[] = []
  const from = Math.max(0, Math.floor((now - first) / length))
  for (let row = from; row * 2 < edges && first + row * length < now + LISTED_AHEAD; row += 1) {
    const start = first + row * length
    rows.push({ start, end: start + spacing, type: 'SMART', energyKwh: -1 })
  }
  return rows
}

/**
 * From each edge to the first message from then on that says it. An edge that the next one overtook before it was
 * published has the lag of a later one that says the same; one that nothing says any more has that of the end, `until`.
 */
export function lagsOf(
  edges: readonly Edge[],
  heard: readonly (readonly [at: Instant, payload: string])[],
  until: Instant,
): number[] {
  let next = 0
  return edges.map(({ at, payload }) => {
    while ((heard[next]?.[0] ?? Number.POSITIVE_INFINITY) < at) next += 1
    let said = next
    while (said < heard.length && heard[said]?.[1] !== payload) said += 1
    return (heard[said]?.[0] ?? until) - at
  })
}

/** The nearest rank. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

/** Parses and writes JSON for `SLICE` ms at a time, for so much of the time. */
function load(percent: number): () => void {
  if (percent === 0) return () => {}
  const text = JSON.stringify(Array.from({ length: 200 }, (_, index) => ({ index, text: `row ${index}` })))
  const timer = setInterval(
    () => {
      const until = performance.now() + SLICE
      while (performance.now() < until) JSON.stringify(JSON.parse(text))
    },
    (SLICE * 100) / percent,
  )
  return () => clearInterval(timer)
}

const LIMITS = { perHour: 1_000_000, reserveForEvents: 0, minGap: 0 }

async function measured(url: string, folder: string, options: EdgeOptions) {
  const filter = `${BASE}/+/${CAR_SLUG}/dispatch_active`
  const child = fileURLToPath(new URL('./edge-watcher.js', import.meta.url))
  const watcher = fork(child, [url, filter, String(options.storm)], { execArgv: [] })
  const gone = once(watcher, 'exit').then(([code]) => Promise.reject(new Error(`the watcher ended with ${code}`)))
  const told = (): Promise<unknown[]> => Promise.race([once(watcher, 'message'), gone])
  await told()
  const connection = await connected(url, systemClock)
  const first = Math.ceil((systemClock.now() + LEAD) / SECOND) * SECOND
  let answers = 0
  const answer = (at: Instant): Answer => {
    answers += 1
    const said = { deviceId: CAR_ID, facts: null, currentState: 'SMART_CONTROL_IN_PROGRESS', isSuspended: false }
    const rest = { stateOfCharge: null, chargeTarget: null, readyBy: null, planned: rowsAt(first, options, at) }
    return { askedAt: at, fetchedAt: at, cars: [{ ...said, ...rest }], completed: [], errorCodes: [] }
  }
  const rig = await startRig({
    clock: systemClock,
    broker: connection,
    storePath: join(folder, `edge${options.busy}.db`),
    octopus: () => ({
      poll: async () => answer(systemClock.now()),
      consumption: async () => [],
      ...NO_TARIFFS,
      limiter: { starts: () => [], limits: () => LIMITS },
    }),
  })
  await connection.publish('ev/plugged', 'true', { retain: true, qos: 1 })
  const asking = setInterval(() => rig.account.refresh(), ANSWER_EVERY)
  const unload = load(options.busy)
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  await wait(first + options.edges * options.spacing + SETTLED - systemClock.now())
  delay.disable()
  unload()
  clearInterval(asking)
  const until = systemClock.now()
  const noted = told()
  watcher.send('done')
  const [heard] = (await noted) as [[Instant, string][]]
  gone.catch(() => {})
  const written = rig.publisher.stats
  await rig.stop()
  await connection.close()
  const edges = Array.from(
    { length: options.edges },
    (_, index): Edge => ({ at: first + index * options.spacing, payload: index % 2 === 0 ? 'ON' : 'OFF' }),
  )
  const lags = lagsOf(edges, heard, until)
  const milliseconds = (nanoseconds: number) => round(nanoseconds / 1e6)
  return {
    edges: edges.length,
    spacingMs: options.spacing,
    busyPercent: options.busy,
    stormPerSecond: options.storm,
    answers,
    messages: written.published,
    p50Ms: percentile(lags, 0.5),
    p99Ms: percentile(lags, 0.99),
    maxMs: percentile(lags, 1),
    overtaken: lags.filter(lag => lag >= options.spacing).length,
    eventLoopDelay: {
      p50Ms: milliseconds(delay.percentile(50)),
      p99Ms: milliseconds(delay.percentile(99)),
      maxMs: milliseconds(delay.max),
    },
  }
}

/** Fewer are not worth a comparison. */
const FEWEST_COMPARED = 100

/** Loaded; and a tenth as many edges without any load, to compare. */
export async function runEdge(options: EdgeOptions) {
  const folder = mkdtempSync(join(tmpdir(), 'octopus2mqtt-bench-'))
  try {
    return await withBroker(async ({ url, kind }) => {
      const calm = { ...options, edges: Math.round(options.edges / 10), busy: 0, storm: 0 }
      const unloaded = options.edges < FEWEST_COMPARED ? null : await measured(url, folder, calm)
      return { broker: kind, ...(await measured(url, folder, options)), unloaded }
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export type EdgeReport = Awaited<ReturnType<typeof runEdge>>
