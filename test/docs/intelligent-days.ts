/** The evenings that docs/intelligent.md shows: what Octopus plans, what the car does, and what is shown of it, minute by minute. */
import {
  answer,
  boost,
  chargingStarts,
  chargingStops,
  type Expected,
  plugsIn,
  type Row,
  type Situation,
  type Step,
  smart,
  tell,
} from '../intelligent/story.ts'

/** From `from` on Octopus answers this, until the next plan. Times are London's, `HH:MM`. */
export interface Planned {
  readonly from: string
  readonly state: 'CAPABLE' | 'IN_PROGRESS' | 'BOOSTING'
  readonly rows: readonly Row[]
}

export interface Day {
  /** Of the file, below docs/images. */
  readonly name: string
  readonly title: string
  readonly description: string
  /** What is drawn; the car was plugged in a minute before. */
  readonly from: string
  readonly to: string
  readonly plans: readonly Planned[]
  /** When the car charges, begin and end. */
  readonly charges: readonly (readonly [string, string])[]
}

export const DAYS: readonly Day[] = [
  {
    name: 'intelligent-evening',
    title: 'An evening with two dispatches',
    description:
      'Two planned rows, 18:05 to 18:25 and 20:40 to 21:20, in which the car charges. The half hours from 18:00, 20:30 and ' +
      '21:00 become cheap for the whole house once the car has charged for a minute, and stay so to their end. The night is cheap from 23:30.',
    from: '17:30',
    to: '23:59',
    plans: [{ from: '17:30', state: 'IN_PROGRESS', rows: [smart('18:05', '18:25'), smart('20:40', '21:20')] }],
    charges: [
      ['18:06', '18:25'],
      ['20:41', '21:20'],
    ],
  },
  {
    name: 'intelligent-boost',
    title: 'A boost',
    description: 'The car is boosted from 18:10 to 18:50 and charges. Nothing becomes cheap.',
    from: '17:30',
    to: '20:00',
    plans: [
      { from: '17:30', state: 'CAPABLE', rows: [] },
      { from: '18:10', state: 'BOOSTING', rows: [boost('18:10', '18:50')] },
      { from: '18:50', state: 'CAPABLE', rows: [] },
    ],
    charges: [['18:11', '18:50']],
  },
  {
    name: 'intelligent-withdrawn',
    title: 'A plan that is withdrawn while it runs',
    description:
      'A row from 18:05 to 20:00 is withdrawn at 18:40, and the car stops. Dispatching ends at once; the half hour from 18:30, ' +
      'which had begun to be cheap, stays so until 19:00, and none after it is cheap.',
    from: '17:30',
    to: '20:00',
    plans: [
      { from: '17:30', state: 'IN_PROGRESS', rows: [smart('18:05', '20:00')] },
      { from: '18:40', state: 'CAPABLE', rows: [] },
    ],
    charges: [['18:06', '18:40']],
  },
  {
    name: 'intelligent-allowance',
    title: 'More than six hours of smart charging',
    description:
      'The car charges by plan from 13:00 to 21:00. Twelve half hours, until 19:00, are cheap for the house; those after it are not.',
    from: '12:30',
    to: '22:00',
    plans: [{ from: '12:30', state: 'IN_PROGRESS', rows: [smart('13:00', '21:00', -28)] }],
    charges: [['13:00', '21:00']],
  },
]

export const minuteOf = (local: string): number => Number(local.slice(0, 2)) * 60 + Number(local.slice(3))
export const localOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

/** Every five minutes after a plan has changed, and just after each mark, as the daemon does where a row runs. */
const isAsked = (minute: number, since: number): boolean => (minute - since) % 5 === 0 || minute % 30 === 1

function stepsOf({ from, to, plans, charges }: Day): Step[] {
  const planAt = (minute: number) => plans.findLast(plan => minuteOf(plan.from) <= minute)
  const before = localOf(minuteOf(from) - 1)
  const steps: Step[] = [
    [before, plugsIn()],
    [before, chargingStops()],
  ]
  for (let minute = minuteOf(from); minute <= minuteOf(to); minute++) {
    const now = localOf(minute)
    const plan = planAt(minute)
    if (plan !== undefined && isAsked(minute, minuteOf(plan.from))) steps.push([now, answer(plan.state, plan.rows)])
    if (charges.some(([start]) => start === now)) steps.push([now, chargingStarts()])
    if (charges.some(([, end]) => end === now)) steps.push([now, chargingStops()])
    // What is shown in this minute, after all that happened at its beginning.
    steps.push([now, null])
  }
  return steps
}

/** A stretch in which something is shown; `?` is unknown. Minutes of the day. */
export interface Stretch {
  readonly from: number
  readonly to: number
  readonly shown: 'ON' | '?'
}

const SHOWN = ['active', 'dispatching', 'cheap', 'boosting'] as const satisfies readonly (keyof Expected)[]
export type Shown = (typeof SHOWN)[number]

export type Told = Readonly<Record<Shown, readonly Stretch[]>>

const told = new Map<Day, Told>()

/** The day told through the pure middle, once. */
export function shownOf(day: Day): Told {
  const known = told.get(day) ?? tellDay(day)
  told.set(day, known)
  return known
}

function tellDay(day: Day): Told {
  const situation: Situation = { title: day.title, why: '', steps: stepsOf(day) }
  const minutes = tell(situation).filter((_, index) => situation.steps[index]?.[1] === null)
  const of = (key: Shown): Stretch[] => {
    const stretches: { from: number; to: number; shown: 'ON' | '?' }[] = []
    for (const { seen, time } of minutes) {
      const [at, shown, last] = [minuteOf(time), seen[key], stretches.at(-1)]
      if (last?.to === at && last.shown === shown) last.to = at + 1
      else if (shown !== 'OFF') stretches.push({ from: at, to: at + 1, shown })
    }
    return stretches
  }
  return { active: of('active'), dispatching: of('dispatching'), cheap: of('cheap'), boosting: of('boosting') }
}
