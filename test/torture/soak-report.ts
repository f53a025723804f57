/** What a soak must keep to, and what it came to. */
import { MINUTE, SECOND } from '../../src/clock.ts'
import type { Daemon } from '../support/daemon.ts'
import { edgesIn } from './edges.ts'
import type { Place } from './place.ts'
import { type Sample, slopePerMinute } from './probe.ts'
import { quantile, type Report } from './report.ts'

const MB = 1024 * 1024

const BOUNDS = {
  /** Growth after the warm-up, bytes a minute, and what it may come to in all before a slope says anything. */
  rssPerMinute: 1 * MB,
  heapPerMinute: 0.25 * MB,
  growth: 8 * MB,
  /** 99 of 100 answers of /health, milliseconds, and the slowest; the machine's own lateness comes on top, twice. */
  health: SECOND,
  slowestHealth: 5 * SECOND,
  /** How late the latest edge is published, milliseconds. */
  edge: SECOND,
  /** Lines of the log in a minute, and those that are always there. */
  linesPerMinute: 30,
  lines: 60,
  /** Bytes of the store, and of its write-ahead log. */
  store: 4 * MB,
  wal: 8 * MB,
} as const

/** As it was seen from outside while the storm went on. */
export interface Watched {
  /** How long `/health` took, milliseconds. */
  readonly healths: number[]
  readonly unanswered: string[]
  store: number
  wal: number
  /** How late this process's own timers were at the worst, milliseconds: what the machine itself does to everybody. */
  ownLateness: number
}

export interface Soaked {
  readonly place: Place
  readonly daemon: Daemon
  readonly watched: Watched
  readonly samples: readonly Sample[]
  readonly begun: number
  readonly ended: number
  readonly sent: number
  readonly different: readonly string[]
}

/** The first third, and at most three minutes, is warm-up. */
const warmUp = (begun: number, ended: number): number => begun + Math.min(3 * MINUTE, (ended - begun) / 3)

export function soakReport({ place, daemon, watched, samples, begun, ended, sent, different }: Soaked): Report {
  const minutes = (ended - begun) / MINUTE
  const warm = samples.filter(({ at }) => at >= warmUp(begun, ended) && at <= ended)
  const collected = warm.filter(sample => sample.collected)
  const rss = grown(warm.map(({ at, rss: value }) => ({ at, value })))
  const heap = grown(collected.map(({ at, heapUsed: value }) => ({ at, value })))
  const edges = edgesIn(place, begun, ended)
  const lags = edges.flatMap(({ lag }) => (lag === null ? [] : [lag]))
  const lines = daemon.output.split('\n').length - 1
  const health = Math.max(...watched.healths)
  const machine = 2 * watched.ownLateness
  const lateness = Math.max(...warm.map(({ late }) => late))
  const busy = cpuShare(samples, begun, ended)
  const over = (what: string, value: number, bound: number) =>
    value > bound ? [`${what} is ${Math.round(value)}, at most ${Math.round(bound)}`] : []
  return {
    name: `storm of ${Math.round(sent / (minutes * 60))} messages a second, ${minutes.toFixed(1)} minutes`,
    measured: {
      messages: sent,
      'CPU of the daemon, %': Math.round(busy * 100),
      'RSS, MB: warm, end': `${mb(rss.first)}, ${mb(rss.last)}`,
      'RSS, MB a minute': mb(rss.slope),
      'heap after collection, MB: warm, end': `${mb(heap.first)}, ${mb(heap.last)}`,
      'heap, MB a minute': mb(heap.slope),
      '/health, ms: p50, p99, max': three(watched.healths),
      'timers late, ms: worst second p50, p99, max': three(warm.map(({ late }) => late)),
      'timers of the test itself late, ms: max': Math.round(watched.ownLateness),
      'edges published': lags.length,
      'edges late, ms: p50, p99, max': three(lags),
      'published by the bridge': place.recorder.messages.filter(({ at }) => at >= begun && at <= ended).length,
      'log lines': lines,
      'store, kB': Math.round(watched.store / 1024),
      'write-ahead log, kB': Math.round(watched.wal / 1024),
    },
    violations: [
      ...(rss.slope > BOUNDS.rssPerMinute && rss.last - rss.first > BOUNDS.growth
        ? [`RSS grows by ${mb(rss.slope)} MB a minute`]
        : []),
      ...(heap.slope > BOUNDS.heapPerMinute && heap.last - heap.first > BOUNDS.growth / 4
        ? [`the heap grows by ${mb(heap.slope)} MB a minute`]
        : []),
      ...over('p99 of /health, ms,', quantile(watched.healths, 0.99) ?? 0, BOUNDS.health + machine),
      ...over('the slowest answer of /health, ms,', health, BOUNDS.slowestHealth + machine),
      ...over('the latest timer, ms,', lateness, BOUNDS.health + machine),
      ...edges
        .filter(({ lag }) => lag === null || lag > BOUNDS.edge + machine)
        .map(({ at, lag }) => `the edge of ${new Date(at).toISOString()} came ${lag} ms late`),
      ...(edges.length === 0 ? ['there was no edge'] : []),
      ...over('the log, lines,', lines, BOUNDS.lines + BOUNDS.linesPerMinute * minutes),
      ...over('the store, bytes,', watched.store, BOUNDS.store),
      ...over('the write-ahead log, bytes,', watched.wal, BOUNDS.wal),
      ...watched.unanswered.map(error => `/health did not answer: ${error}`),
      ...different,
    ],
  }
}

function grown(samples: readonly { readonly at: number; readonly value: number }[]) {
  const tenth = Math.max(1, Math.floor(samples.length / 10))
  const middle = (list: readonly { readonly value: number }[]) =>
    quantile(
      list.map(({ value }) => value),
      0.5,
    ) ?? 0
  return { slope: slopePerMinute(samples), first: middle(samples.slice(0, tenth)), last: middle(samples.slice(-tenth)) }
}

function cpuShare(samples: readonly Sample[], begun: number, ended: number): number {
  const [first, last] = [samples.find(({ at }) => at >= begun), samples.findLast(({ at }) => at <= ended)]
  return first === undefined || last === undefined
    ? 0
    : ((last.cpu - first.cpu) * SECOND) / Math.max(1, last.at - first.at)
}

const mb = (bytes: number): string => (bytes / MB).toFixed(2)
const three = (values: readonly number[]): string =>
  [0.5, 0.99, 1].map(part => Math.round(quantile(values, part) ?? 0)).join(', ')
