/** A day's half hours as bars, coloured by price, and the same as rows of a table. */
import { s, table } from './dom.js'
import { energy, pence, price, time } from './words.js'

const HEIGHT = 170
const FOOT = 20
const HEAD = 18
const HALF_HOUR = 1_800_000

export const LEVELS = {
  'l-paid': 'paid to use, or free',
  'l-cheap': 'cheap',
  'l-normal': 'normal',
  'l-dear': 'dear',
}

export function dayBars({ halfHours }, width) {
  const most = Math.max(0.1, ...halfHours.map(({ kwh }) => kwh))
  const from = halfHours[0].start
  const slots = Math.max(halfHours.length, (halfHours.at(-1).start - from) / HALF_HOUR + 1)
  const slot = width / slots
  const room = HEIGHT - FOOT - HEAD
  const bars = halfHours.map(({ start, kwh, rate, cost, level }) => {
    const height = Math.max(1, (kwh / most) * room)
    const box = {
      x: ((start - from) / HALF_HOUR) * slot + 0.5,
      y: HEIGHT - FOOT - height,
      width: Math.max(1, slot - 1),
      height,
      rx: Math.min(3, slot / 4),
      class: `l-${level}`,
    }
    return s('rect', box, s('title', {}, `${time(start)} ${energy(kwh)} at ${price(rate)}: ${pence(cost)}`))
  })
  const step = width < 520 ? 6 : 3
  const hours = halfHours
    .filter(({ start }) => time(start).endsWith(':00') && Number(time(start).slice(0, 2)) % step === 0)
    .map(({ start }, index) =>
      s(
        'text',
        {
          x: ((start - from) / HALF_HOUR) * slot,
          y: HEIGHT - 4,
          'text-anchor': index === 0 ? 'start' : 'middle',
        },
        time(start).slice(0, 2),
      ),
    )
  return s(
    'svg',
    {
      class: 'drawn',
      role: 'img',
      viewBox: `0 0 ${width} ${HEIGHT}`,
      height: HEIGHT,
      'aria-label': 'Energy of each half hour; the table below says the same',
    },
    s('text', { x: 0, y: 12 }, `up to ${energy(most)} in half an hour`),
    s('line', { x1: 0, x2: width, y1: HEIGHT - FOOT, y2: HEIGHT - FOOT, class: 'grid' }),
    bars,
    hours,
  )
}

export const dayRows = ({ halfHours }) =>
  table(
    'Half hours with price and cost',
    ['From', '#Energy', '#Price', '#Cost', 'Price is'],
    halfHours.map(({ start, kwh, rate, cost, level }) => [
      time(start),
      energy(kwh),
      price(rate),
      pence(cost),
      LEVELS[`l-${level}`],
    ]),
  )
