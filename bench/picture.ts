/** The picture of docs/refresh.md: what requests buy, and how late a change is seen. */
import type { Measured } from './measure.ts'
import { axes, dot, line, linear, logarithmic, type Panel, svg, words, type XY } from './plot.ts'
import type { Point } from './search.ts'

/** What is drawn, and what the picture carries as its data. */
export interface PictureData {
  readonly seed: number
  readonly days: number
  /** The goal: all requests a day stay below. */
  readonly below: number
  readonly policies: Readonly<Record<string, Point>>
  /** Every schedule that was tried, and the best of them. */
  readonly tried: Readonly<Record<string, readonly Point[]>>
  readonly frontiers: Readonly<Record<string, readonly Point[]>>
  /** Seconds after which 0, 2, 4 … 100 % of the edges announced late are shown. */
  readonly lateEdges: Readonly<Record<string, readonly number[]>>
}

const COLOURS = {
  ours: '#2f81f7',
  oursWithoutSchedule: '#1a9c8c',
  oursPlugAndCharging: '#1a9c8c',
  oursPlugAlone: '#a371f7',
  oursNoPlugTopic: '#a371f7',
  everyThreeMinutes: '#e5534b',
  blueprint: '#c77d1e',
  seedAuthor: '#6e8f1f',
} as const

/** Every second percentile, by the nearest rank as everywhere, in whole seconds. */
export function percentiles({ lateLags }: Pick<Measured, 'lateLags'>): number[] {
  const sorted = [...lateLags].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
  return Array.from({ length: 51 }, (_, n) => Math.round(at(n / 50) / 1000))
}

/** Minutes; a schedule that is worse is not drawn. */
const MOST_WRONG = 10

const CLOUD: Panel = {
  x: logarithmic(80, 1600, 60, 740),
  y: linear(0, MOST_WRONG, 380, 60),
  left: 60,
  right: 740,
  top: 60,
  bottom: 380,
}
const LAGS: Panel = {
  x: linear(0, 300, 60, 740),
  y: linear(0, 100, 720, 480),
  left: 60,
  right: 740,
  top: 480,
  bottom: 720,
}
const LAST_SECOND = 300

const point = ({ requestsPerDay, wrongMinutesPerDay }: Point): XY => [requestsPerDay, wrongMinutesPerDay]

const isDrawn = ({ wrongMinutesPerDay }: Point): boolean => wrongMinutesPerDay <= MOST_WRONG

/** Where a name stands beside its point, so that it lies over no line. */
const BESIDE: Readonly<Record<string, readonly [right: number, down: number, anchor: 'start' | 'end']>> = {
  ours: [9, -5, 'start'],
  oursWithoutSchedule: [-9, 22, 'end'],
  oursPlugAlone: [-4, 20, 'start'],
  oursNoPlugTopic: [9, -6, 'start'],
}

function cloud({ policies, tried, frontiers, below }: PictureData): string[] {
  const goal = CLOUD.x(below)
  return [
    words('What requests buy', 26, 26, 'title'),
    axes(
      CLOUD,
      { x: [100, 200, 400, 800, 1222], y: [0, 2, 4, 6, 8, MOST_WRONG] },
      { x: 'all requests a day', y: 'minutes a day wrong' },
    ),
    `<path class="mark" d="M${goal.toFixed(1)} ${CLOUD.top}V${CLOUD.bottom}"/>`,
    words(`${below}: a sixth of 1222`, goal + 6, CLOUD.top + 14),
    ...Object.entries(tried).flatMap(([name, points]) =>
      points.filter(isDrawn).map(each => dot(CLOUD, point(each), name, 1.5)),
    ),
    ...Object.entries(frontiers).map(([name, points]) => line(CLOUD, points.filter(isDrawn).map(point), name)),
    ...Object.entries(policies).flatMap(([name, figures]) => {
      const [x, y] = point(figures)
      const [right, down, anchor] = BESIDE[name] ?? [-9, -5, 'end']
      return [dot(CLOUD, [x, y], name, 5), words(name, CLOUD.x(x) + right, CLOUD.y(y) + down, name, anchor)]
    }),
  ]
}

function lags({ lateEdges }: PictureData): string[] {
  const names = Object.keys(lateEdges)
  return [
    words('How soon a change that Octopus announced late is shown', 26, 446, 'title'),
    axes(
      LAGS,
      { x: [0, 60, 120, 180, 240, 300], y: [0, 25, 50, 75, 95] },
      { x: 'seconds after it', y: '% of these edges' },
    ),
    ...Object.entries(lateEdges).map(([name, seconds]) =>
      line(
        LAGS,
        seconds.flatMap((second, n): XY[] => (second <= LAST_SECOND ? [[second, n * 2]] : [])),
        name,
      ),
    ),
    ...names.map((name, n) => words(name, 560, 600 + n * 18, name)),
  ]
}

export const picture = (data: PictureData): string =>
  svg(
    { width: 780, height: 770 },
    {
      title: 'Refresh policies: requests, wrong minutes and lags',
      description:
        'Above, all requests a day against the minutes a day in which the published dispatch state is wrong, for each policy, with lines through the best of all schedules that were tried. Below, the share of late-announced edges that is shown within so many seconds.',
      data,
    },
    COLOURS,
    [...cloud(data), ...lags(data)],
  )
