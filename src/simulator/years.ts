/**
 * A household for years: one to three cars with habits of their own, every canonical day now and then, ordinary days
 * between, holidays, and what else happens to a household with Octopus. Each day is drawn from the seed and its date.
 */
import { addDays, atLocalTime, type LondonDate, londonDate } from '../time/london.ts'
import { PRODUCTS, type Product } from './account.ts'
import { seededBehaviour } from './behaviour.ts'
import { isEveOfClockChange } from './calendar.ts'
import { DAY_A, DAY_D, DAY_J, DAY_K } from './canonical-days.ts'
import type { CarSpec } from './car-spec.ts'
import { CarYears } from './car-years.ts'
import { aCar, aCloudCar, aSecondCar } from './cars.ts'
import type { CarPlan } from './household.ts'
import { Mishaps } from './mishaps.ts'
import type { Random } from './random.ts'
import type { Scenario, Stage } from './scenarios.ts'

/** How often a day. */
const HOLIDAY_BEGINS = 1 / 80
const BOTH_CARS_OF_DAY_J = 0.03

/** When a day is drawn: no clock ever changes at that time. */
const DAWN = '04:00'

const MAKERS = [
  { make: aCar, through: 'charger' },
  { make: aSecondCar, through: 'charger' },
  { make: aCloudCar, through: 'car' },
] as const

/** One car in half of the households, two in a third, else three; any kind may be the first. */
function drawnCars(random: Random): CarPlan[] {
  const draw = random.next()
  const count = draw < 0.5 ? 1 : draw < 0.83 ? 2 : 3
  const first = random.whole(0, MAKERS.length - 1)
  return [...MAKERS, ...MAKERS].slice(first, first + count).map(({ make, through }) => {
    const own: Partial<CarSpec> = {
      percent: random.whole(20, 70),
      targetPercent: random.pick([70, 80, 90, 100]),
      readyBy: random.pick(['06:00', '07:00', '07:30', '08:00', '11:00']),
    }
    return { spec: make(own), behaviour: each => seededBehaviour(each, through) }
  })
}

class Years {
  readonly #stage: Stage
  readonly #cars: readonly CarYears[]
  readonly #mishaps: Mishaps
  #awayUntil: LondonDate = ''

  constructor(stage: Stage) {
    this.#stage = stage
    this.#cars = stage.household.cars.map(car => new CarYears(stage, car))
    this.#mishaps = new Mishaps(stage)
  }

  live(date: LondonDate): void {
    const random = this.#stage.random.fork(`day ${date}`)
    const isEve = isEveOfClockChange(date)
    if (date >= this.#awayUntil && random.chance(HOLIDAY_BEGINS)) this.#goAway(date, random)
    if (date >= this.#awayUntil) this.#atHome(date, random, isEve)
    this.#mishaps.live(date, isEve)
    const tomorrow = addDays(date, 1)
    this.#stage.at(atLocalTime(tomorrow, DAWN), () => this.live(tomorrow))
  }

  /** For 3 to 16 days, but home again before the clocks change: those nights are the ones to see. */
  #goAway(date: LondonDate, random: Random): void {
    const days = random.whole(3, 16)
    for (let day = 0; day < days; day += 1) if (isEveOfClockChange(addDays(date, day))) return
    this.#awayUntil = addDays(date, days)
  }

  #atHome(date: LondonDate, random: Random, isEve: boolean): void {
    const isDayJ = random.chance(BOTH_CARS_OF_DAY_J)
    const onTheEve = random.pick([DAY_K, DAY_D, DAY_A])
    this.#cars.forEach((car, index) => {
      const scripted = isEve && index === 0 ? onTheEve : isDayJ ? DAY_J[index] : undefined
      if (!this.#mishaps.isGone(car.car)) car.live(date, scripted)
    })
  }
}

export const YEARS: Scenario = {
  name: 'years',
  description:
    'years of a household: one to three cars, every canonical day, holidays, clock changes, mishaps; by --seed',
  startInstant: today => atLocalTime(londonDate(today), '06:00'),
  household: { cars: drawnCars, spillOver: 0.1, meter: { lateDays: 0.05, gaps: 0.0002 } },
  product: (random: Random): Product => random.pick(PRODUCTS),
  play: stage => new Years(stage).live(londonDate(stage.startedAt)),
}
