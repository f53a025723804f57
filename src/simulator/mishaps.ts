/** What happens to the household's standing with Octopus: readings, registrations, the tariff. Drawn for each day. */
import { HOUR, type Instant, MINUTE } from '../clock.ts'
import { addDays, atLocalTime, type LondonDate, startOfDay } from '../time/london.ts'
import { PRODUCTS } from './account.ts'
import type { Car } from './car.ts'
import type { Random } from './random.ts'
import type { Stage } from './scenarios.ts'

/** How often a day, each. */
const OFTEN = {
  /** A day of readings that comes two to five days late; what is shown of a day early; half hours that come late. */
  veryLate: 0.01,
  part: 0.03,
  gapFilled: 0.01,
  corrected: 0.01,
  /** The car is not listed for some hours; it is listed under a new id. */
  vanishes: 1 / 120,
  registeredAgain: 1 / 250,
  /** A car that is not the only one is sold: its device is gone for good. A new one comes weeks later, or never. */
  sold: 1 / 1200,
  tariffChanges: 1 / 300,
} as const

export class Mishaps {
  readonly #stage: Stage
  readonly #gone = new Set<Car>()

  constructor(stage: Stage) {
    this.#stage = stage
  }

  /** Sold, or whatever else took it from the household. */
  isGone(car: Car): boolean {
    return this.#gone.has(car)
  }

  /** `spared`: a day on which every car stays listed. */
  live(date: LondonDate, spared: boolean): void {
    const random = this.#stage.random.fork(`mishaps ${date}`)
    const noon = atLocalTime(date, '12:00')
    this.#meter(date, random.fork('meter'), noon)
    this.#tariff(date, random.fork('tariff'))
    this.#stage.household.cars.forEach((car, index) => {
      const own = random.fork(car.spec.key)
      if (!spared && !this.#gone.has(car)) this.#registration(car, index, own, noon)
    })
  }

  #meter(date: LondonDate, random: Random, noon: Instant): void {
    const { meter } = this.#stage.household
    const start = startOfDay(date)
    if (random.chance(OFTEN.veryLate)) {
      meter.completeDayAt(date, noon + random.whole(40 * 60, 120 * 60) * MINUTE)
    }
    if (random.chance(OFTEN.part)) meter.showPart(date, random.pick(['06:00', '12:30', '17:30', '23:00']))
    if (random.chance(OFTEN.gapFilled)) {
      const from = start + random.whole(0, 40) * 30 * MINUTE
      meter.leaveGap(from, from + random.whole(1, 6) * 30 * MINUTE, noon + random.whole(30, 90) * HOUR)
    }
    if (random.chance(OFTEN.corrected)) {
      meter.correct(date, noon + random.whole(30, 90) * HOUR, random.between(0.8, 1.3))
    }
    meter.forget()
  }

  /** At the midnight that ends the day; in half of the cases it is listed from dawn on. */
  #tariff(date: LondonDate, random: Random): void {
    const { account } = this.#stage
    if (account === undefined || !random.chance(OFTEN.tariffChanges)) return
    const midnight = startOfDay(addDays(date, 1))
    const other = PRODUCTS.find(product => product !== account.product)
    const isIntelligent = PRODUCTS.some(product => product === account.product)
    if (other === undefined || !isIntelligent) return
    // assumption: Octopus lists an agreement before it begins, at least now and then.
    if (random.chance(0.5)) account.announceProduct(other, midnight)
    this.#stage.at(midnight, () => account.changeProduct(other, midnight))
  }

  #registration(car: Car, index: number, random: Random, noon: Instant): void {
    const { at } = this.#stage
    const { registration } = car
    const from = noon + random.between(-6 * HOUR, 6 * HOUR)
    const [vanishes, again, sold] = [OFTEN.vanishes, OFTEN.registeredAgain, OFTEN.sold].map(often =>
      random.chance(often),
    )
    // Back by the next dawn, so that no two of them meet.
    const back = from + random.between(5 * MINUTE, 9 * HOUR)
    if (sold && index > 0) {
      this.#gone.add(car)
      at(from, () => registration.vanish())
      if (random.chance(0.5)) {
        at(from + random.between(20, 60) * 24 * HOUR, () => {
          registration.renew()
          this.#gone.delete(car)
        })
      }
    } else if (again) {
      at(from, () => registration.vanish())
      at(back, () => registration.renew())
    } else if (vanishes) {
      at(from, () => registration.vanish())
      at(back, () => registration.reappear())
    }
  }
}
