/** One car through the years: what each of its days is, and that two days never overlap. */
import { HOUR, type Instant, MINUTE, SECOND } from '../clock.ts'
import { atLocalTime, type LondonDate } from '../time/london.ts'
import type { Behaviour } from './behaviour.ts'
import * as days from './canonical-days.ts'
import type { Car } from './car.ts'
import { type Day, playDay } from './day.ts'
import { type DrawnDay, drawnDay, drawnHabits, type Habits } from './habits.ts'
import type { Random } from './random.ts'
import type { Stage } from './scenarios.ts'
import { whim } from './whims.ts'

/** Of a hundred days so many are the canonical one; the others are drawn by the car's habits. */
const CANONICAL: readonly (readonly [weight: number, day: Day])[] = [
  [7, days.DAY_A],
  [4, days.DAY_B],
  [5, days.DAY_C],
  [4, days.DAY_D],
  [4, days.DAY_E],
  [3, days.DAY_F],
  [3, days.DAY_G],
  [3, days.DAY_H],
  [2, days.DAY_I],
  [2, days.DAY_N],
]

/** Least time between an unplugging and the next plug-in. */
const APART = 10 * MINUTE

function drawn(random: Random): Day | undefined {
  let left = random.between(0, 100)
  for (const [weight, day] of CANONICAL) {
    left -= weight
    if (left < 0) return day
  }
  return undefined
}

export class CarYears {
  readonly #stage: Stage
  readonly car: Car
  readonly #habits: Habits
  readonly #own: Behaviour
  #freeFrom: Instant

  /** The car has its own behaviour on ordinary days. */
  constructor(stage: Stage, car: Car) {
    this.#stage = stage
    this.car = car
    this.#habits = drawnHabits(stage.random.fork(`habits ${car.spec.key}`))
    this.#own = car.behaviour
    this.#freeFrom = stage.startedAt
  }

  /** Arranges the day and the night after it; called early in the morning. `scripted` is the day it is to be. */
  live(date: LondonDate, scripted: Day | undefined): void {
    const random = this.#stage.random.fork(`${this.car.spec.key} ${date}`)
    const day = scripted ?? drawn(random)
    const used = random.between(...this.#habits.uses)
    const starts = day === undefined ? Number.NEGATIVE_INFINITY : atLocalTime(date, day.starts)
    if (day !== undefined && starts >= this.#freeFrom) this.#canonical(day, starts, used)
    else this.#ordinary(random, drawnDay(random, date, this.#habits))
  }

  #canonical(day: Day, starts: Instant, used: number): void {
    this.#stage.at(starts, () => {
      this.car.behave(day.behaviour)
      if (this.car.suspended) this.car.resume()
      this.car.drive(used)
    })
    this.#freeFrom = playDay(day, this.#stage, this.car, starts).ends + APART
  }

  #ordinary(random: Random, { plugIn: wanted, leave: wished, used, stays }: DrawnDay): void {
    if (stays) return
    const { at, plug } = this.#stage
    const car = this.car
    const plugIn = Math.round(Math.max(wanted, this.#freeFrom))
    const leave = Math.round(Math.max(wished, plugIn + HOUR / 2))
    // One arrival in sixteen is of a car that was not driven: it is as full as it was left.
    const arrivesFull = random.chance(1 / 16)
    at(plugIn, () => {
      car.behave(this.#own)
      car.drive(arrivesFull ? 0 : used)
    })
    plug(plugIn + SECOND, true, car.spec.key)
    whim({ car, at, plug: (when, plugged) => plug(when, plugged, car.spec.key) }, random, plugIn, leave)
    plug(leave, false, car.spec.key)
    this.#freeFrom = leave + APART
  }
}
