/** A day of docs/intelligent.md as SVG: a lane for each thing that is planned, done or shown, over the grid of half hours. */
import { linear, svg, words } from '../../bench/plot.ts'
import { type Day, localOf, minuteOf, type Shown, type Stretch, shownOf } from './intelligent-days.ts'

const WIDTH = 800
const LEFT = 190
const RIGHT = 780
const TOP = 62
const LANE = 34
const BAR = 20

const FILLS = { plan: '#8b949e', boost: '#c77d1e', charge: '#a371f7', state: '#2f81f7', cheap: '#2da44e' } as const

interface Lane {
  readonly name: string
  readonly fill: keyof typeof FILLS
  readonly stretches: readonly Stretch[]
}

const TOLD: readonly (readonly [Shown, string, keyof typeof FILLS])[] = [
  ['boosting', 'boosting', 'boost'],
  ['active', 'dispatch_active', 'state'],
  ['dispatching', 'intelligent_dispatching', 'state'],
  ['cheap', 'house_cheap', 'cheap'],
]

const on = (from: string, to: string): Stretch => ({ from: minuteOf(from), to: minuteOf(to), shown: 'ON' })

function lanesOf(day: Day): Lane[] {
  const several = day.plans.length > 1
  const plans = day.plans.map(({ from, rows }): Lane => {
    const isBoost = rows.some(({ type }) => type === 'BOOST')
    const stretches = rows.map(row => on(row.from, row.to))
    return { name: several ? `plan, from ${from} on` : 'plan', fill: isBoost ? 'boost' : 'plan', stretches }
  })
  const charging: Lane = { name: 'the car charges', fill: 'charge', stretches: day.charges.map(([a, b]) => on(a, b)) }
  const shown = shownOf(day)
  const hasBoost = shown.boosting.some(stretch => stretch.shown === 'ON')
  const told = TOLD.filter(([key]) => key !== 'boosting' || hasBoost)
  return [...plans, charging, ...told.map(([key, name, fill]): Lane => ({ name, fill, stretches: shown[key] }))]
}

/** Clock times of the half hours, each second one named where they are many. */
function grid(day: Day, x: (minute: number) => number, bottom: number): string[] {
  const first = Math.ceil(minuteOf(day.from) / 30) * 30
  const marks = Array.from({ length: Math.floor((minuteOf(day.to) - first) / 30) + 1 }, (_, n) => first + n * 30)
  const step = marks.length > 9 ? 60 : 30
  return marks.map(mark => {
    const line = `<path class="grid" d="M${x(mark).toFixed(1)} ${TOP - 8}V${bottom}"/>`
    return mark % step === 0 ? `${line}${words(localOf(mark), x(mark), TOP - 14, '', 'middle')}` : line
  })
}

function bar({ from, to, shown }: Stretch, fill: string, x: (minute: number) => number, y: number): string {
  const [left, wide] = [x(from), x(to) - x(from)]
  const place = `x="${left.toFixed(1)}" y="${y}" width="${wide.toFixed(1)}" height="${BAR}" rx="3"`
  const what = shown === '?' ? 'unknown' : `${localOf(from)} to ${localOf(to)}`
  const box = shown === '?' ? `<rect class="mark" ${place}/>` : `<rect fill="${fill}" ${place}/>`
  const mark = shown === '?' && wide > 12 ? words('?', left + wide / 2, y + 15, '', 'middle') : ''
  return `<g><title>${what}</title>${box}${mark}</g>`
}

export function intelligentPicture(day: Day): string {
  const lanes = lanesOf(day)
  const x = linear(minuteOf(day.from), minuteOf(day.to), LEFT, RIGHT)
  const bottom = TOP + lanes.length * LANE
  const body = lanes.flatMap(({ name, fill, stretches }, index) => {
    const y = TOP + index * LANE
    const nothing = name.startsWith('plan') && stretches.length === 0 ? [words('nothing', LEFT + 8, y + 15)] : []
    return [words(name, LEFT - 14, y + 15, '', 'end'), ...nothing, ...stretches.map(one => bar(one, FILLS[fill], x, y))]
  })
  return svg(
    { width: WIDTH, height: bottom + 10 },
    { title: day.title, description: day.description, data: lanes.map(({ name, stretches }) => ({ name, stretches })) },
    {},
    [words(day.title, 20, 24, 'title'), ...grid(day, x, bottom), ...body],
  )
}
