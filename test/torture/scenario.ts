/** Households for torture: plugged in from the start, with a plan at once. */
import { type Instant, MINUTE, SECOND } from '../../src/clock.ts'
import type { DispatchRow } from '../../src/intelligent/types.ts'
import { type Behaviour, FIXED } from '../../src/simulator/behaviour.ts'
import { aCar } from '../../src/simulator/cars.ts'
import { smartRow } from '../../src/simulator/plan.ts'
import type { Random } from '../../src/simulator/random.ts'
import type { Scenario } from '../../src/simulator/scenarios.ts'

const CHARGER_KW = 7.2
/** Rows of 13 minutes, 7 minutes apart: some end within a half hour, some run over a mark. */
const ROW = 13 * MINUTE
const EVERY = 20 * MINUTE
const ROWS = 12

/** The first begins 75 s after it is asked for, so that a first answer finds it in time to confirm it. */
const firstPlan = (at: Instant): DispatchRow[] =>
  Array.from({ length: ROWS }, (_, index) => {
    const start = at + 75 * SECOND + index * EVERY
    return smartRow(start, start + ROW, CHARGER_KW)
  })

/** One row that has not begun moves by up to four minutes; as many rows as there were are ahead. */
function revised(rows: readonly DispatchRow[], at: Instant, random: Random): DispatchRow[] {
  const last = Math.max(at, ...rows.map(row => row.end))
  const missing = Array.from({ length: Math.max(0, ROWS - rows.length) }, (_, index) => {
    const start = last + 7 * MINUTE + index * EVERY
    return smartRow(start, start + ROW, CHARGER_KW)
  })
  const ahead = rows.filter(row => row.start > at + 5 * MINUTE)
  const moved = ahead[Math.floor(random.next() * ahead.length)]
  const by = random.between(-4 * MINUTE, 4 * MINUTE)
  const all = [...rows, ...missing]
  return all.map(row => (row === moved ? smartRow(row.start + by, row.end + by, CHARGER_KW) : row))
}

export interface Pace {
  /** Milliseconds of the household between two changes of the plan, on average. */
  readonly revisedEvery: number
  /** From then on the plan stays as it is. */
  readonly isOver: () => boolean
}

const household = (behaviour: (random: Random) => Behaviour): Scenario => ({
  name: 'torture',
  description: 'plugged in from the start',
  startInstant: today => today,
  // As much room in the battery as the longest run can fill.
  household: { cars: [{ spec: { ...aCar(), batteryKwh: 2_000, percent: 10 }, behaviour }] },
  play: stage => stage.household.car()?.plug(),
})

const AT_ONCE = { ...FIXED, plugNoticed: () => 0, planMade: () => 0 }

/** A plan that changes all the time. */
export const restless = ({ revisedEvery, isOver }: Pace): Scenario =>
  household(random => ({
    ...AT_ONCE,
    plan: ({ at }) => firstPlan(at),
    nextRevision: at => (isOver() ? null : at + random.between(0.5, 1.5) * revisedEvery),
    revise: (rows, { at }) => (isOver() ? rows : revised(rows, at, random)),
    drawBegins: () => 20 * SECOND,
    flagClears: () => 20 * SECOND,
  }))

/** Rows that run half of every `every` milliseconds, all known from the first answer on; the car follows a minute's rows. */
export const edgy = (every: number, rows: number): Scenario =>
  household(() => ({
    ...AT_ONCE,
    plan: ({ at }) =>
      Array.from({ length: rows }, (_, index) => {
        const start = Math.ceil(at / SECOND) * SECOND + every / 3 + index * every
        return smartRow(start, start + every / 2, CHARGER_KW)
      }),
    drawBegins: () => (every >= MINUTE ? 2 * SECOND : 97 * SECOND),
    flagClears: () => 2 * SECOND,
  }))
