/** Today and tomorrow as two strips of lanes, and the same as rows of a table. */
import { h, s, table } from './dom.js'
import { date, duration, energy, outcome, plain, span, time, when, whyAsked, whyCheap, whyRow } from './words.js'

const HOUR = 3_600_000
const BAR = 18
const LANE = 46
const TOP = 34

const CHEAP_WORDS = { was: 'cheap', is: 'cheap', expected: 'cheap if the plan is kept' }

export const LEGEND = [
  ['night', 'off-peak hours'],
  ['is', 'house on the cheap rate'],
  ['expected', 'planned, and cheap if the car charges'],
  ['idle', 'planned, does not count'],
  ['completed', 'completed'],
  ['call', 'Octopus asked'],
  ['due', 'next time'],
]

export const swatch = name =>
  s(
    'svg',
    { width: 14, height: 14, 'aria-hidden': 'true' },
    s('rect', { x: 1, y: 1, width: 12, height: 12, rx: 3, class: name }),
  )

const rowWords = row =>
  `${plain(row.type)} dispatch${row.kwh === null ? '' : `, ${energy(row.kwh)}`}${row.stands ? '' : ` (${whyRow(row.why)})`}`

/** What lies on the lanes: each piece with where, how it looks and what it is. */
function lanesOf({ cheap, cars, completed, offPeak }) {
  return [
    {
      name: 'House on the cheap rate',
      pieces: [
        ...offPeak.map(piece => ({ ...piece, look: 'night', what: 'off-peak hours of the tariff' })),
        ...cheap.map(piece => ({
          ...piece,
          look: piece.kind,
          what: `${CHEAP_WORDS[piece.kind]}: ${whyCheap(piece.why)}`,
        })),
      ],
    },
    ...cars.map(car => ({
      name: `${car.name}: dispatches`,
      pieces: [
        ...car.started.map(piece => ({ ...piece, look: 'started', what: 'half hours that a dispatch began in' })),
        ...car.planned.map(row => ({
          ...row,
          look: row.stands ? 'planned' : 'idle',
          what: `planned ${rowWords(row)}`,
        })),
      ],
    })),
    {
      name: 'Completed',
      pieces: completed.map(row => ({
        ...row,
        look: 'completed',
        what: `completed${row.source === null ? '' : ` (${plain(row.source)})`}${row.kwh === null ? '' : `, ${energy(row.kwh)}`}`,
      })),
    },
  ]
}

const callWords = call => `${whyAsked(call.reason, call.at)}; ${outcome(call.outcome)}`

/** One day, `width` pixels wide: text keeps its size on a phone. */
function strip(timeline, from, to, width, now) {
  const x = at => ((at - from) / (to - from)) * width
  const clip = ({ start, end }) => ({ left: Math.max(0, x(start)), right: Math.min(width, x(end)) })
  const lanes = lanesOf(timeline)
  const bottom = TOP + (lanes.length + 1) * LANE
  const step = width < 520 ? 6 : width < 900 ? 3 : 2
  const hours = []
  for (let at = from; at <= to; at += HOUR) {
    const hour = Number(time(at).slice(0, 2))
    if (hour % step !== 0) continue
    hours.push(s('line', { x1: x(at), x2: x(at), y1: TOP - 8, y2: bottom, class: 'grid' }))
    const anchor = at === from ? 'start' : at === to ? 'end' : 'middle'
    hours.push(s('text', { x: x(at), y: TOP - 14, 'text-anchor': anchor }, at === to ? '24' : time(at).slice(0, 2)))
  }
  const drawn = lanes.map(({ name, pieces }, lane) => {
    const y = TOP + lane * LANE
    return [
      s('text', { x: 0, y: y + 12 }, name),
      s('rect', { x: 0, y: y + 18, width, height: BAR, rx: 4, class: 'track' }),
      pieces
        .filter(({ start, end }) => start < to && end > from)
        .map(piece => {
          const { left, right } = clip(piece)
          const box = { x: left, y: y + 18, width: Math.max(2, right - left), height: BAR, rx: 4, class: piece.look }
          return s('rect', box, s('title', {}, `${span(piece, now)} ${piece.what}`))
        }),
    ]
  })
  const y = TOP + lanes.length * LANE
  const calls = timeline.calls
    .filter(({ at }) => at >= from && at < to)
    .map(call => {
      const failed = call.outcome !== null && call.outcome !== 'ok' && call.outcome !== 'partial'
      const box = { x: x(call.at) - 1, y: y + 20, width: 2, height: 14, class: failed ? 'failed' : 'call' }
      return s('rect', box, s('title', {}, `${time(call.at)} ${callWords(call)}`))
    })
  const { due } = timeline
  const next =
    due !== null && due.at >= from && due.at < to
      ? [s('circle', { cx: x(due.at), cy: y + 27, r: 5, class: 'due' }, s('title', {}, `next: ${time(due.at)}`))]
      : []
  const isToday = now >= from && now < to
  const line = isToday ? [s('line', { x1: x(now), x2: x(now), y1: TOP - 8, y2: bottom, class: 'at' })] : []
  return s(
    'svg',
    {
      class: 'drawn',
      role: 'img',
      viewBox: `0 0 ${width} ${bottom}`,
      height: bottom,
      'aria-label': `Timeline of ${date(from)}; the table below says the same`,
    },
    hours,
    drawn,
    s('text', { x: 0, y: y + 12 }, 'Octopus asked'),
    calls,
    next,
    line,
  )
}

export function timelineStrips(timeline, width, now) {
  const { start, midnight, end } = timeline
  return [
    h('h3', {}, `Today, ${date(start)}`),
    strip(timeline, start, midnight, width, now),
    h('h3', {}, `Tomorrow, ${date(midnight)}`),
    strip(timeline, midnight, end, width, now),
  ]
}

export function timelineRows(timeline, now) {
  const rows = lanesOf(timeline).flatMap(({ name, pieces }) =>
    pieces.map(piece => [piece.start, span(piece, now), name, piece.what]),
  )
  rows.sort((a, b) => a[0] - b[0])
  return table(
    'Today and tomorrow',
    ['When', 'Of', 'What'],
    rows.map(([, ...cells]) => cells),
  )
}

export function callRows({ calls }, now) {
  const newest = [...calls].reverse()
  return table(
    'Calls of today that asked for dispatches, the newest first',
    ['When', 'Why', 'Outcome'],
    newest.map(call => [when(call.at, now), whyAsked(call.reason, call.at), outcome(call.outcome)]),
  )
}

export const dueWords = (due, now) =>
  due === null
    ? 'When Octopus is asked next is not decided yet.'
    : due.at <= now
      ? `Octopus is being asked: ${whyAsked(due.reason ?? '', due.at)}.`
      : `Next at ${when(due.at, now)}, in ${duration(due.at - now)}: ${whyAsked(due.reason ?? '', due.at)}.`
