/** What is true of the cars, moment by moment, for as long back as anybody asks. */
import { HOUR, type Instant } from '../../../src/clock.ts'
import type { DispatchRow } from '../../../src/intelligent/types.ts'
import type { Household } from '../../../src/simulator/index.ts'

export interface Moment {
  readonly at: Instant
  readonly plugged: boolean
  readonly state: string
  readonly suspended: boolean
  readonly rows: readonly DispatchRow[]
  readonly watts: number
  /** Octopus would say something else of it than of the moment before. */
  readonly isNews: boolean
}

const KEPT = 6 * HOUR

export class Truth {
  readonly #household: Household
  readonly #now: () => Instant
  readonly #moments = new Map<string, Moment[]>()

  constructor(household: Household, now: () => Instant) {
    this.#household = household
    this.#now = now
    for (const car of household.cars) this.#note(car.spec.key)
    household.on(event => this.#note(event.car))
  }

  /** The cars by our own key. */
  get cars(): readonly string[] {
    return this.#household.cars.map(car => car.spec.key)
  }

  name(car: string): string {
    return this.#household.car(car)?.spec.name ?? car
  }

  current(car: string): Moment {
    const moment = this.#moments.get(car)?.at(-1)
    if (moment === undefined) throw new RangeError(`There is no car ${car}`)
    return moment
  }

  /** Every moment that lasted into `[from, to]`, oldest first. */
  between(car: string, from: Instant, to: Instant): Moment[] {
    const all = this.#moments.get(car) ?? []
    const found: Moment[] = []
    let lasted = Number.POSITIVE_INFINITY
    for (let index = all.length - 1; index >= 0 && lasted >= from; index -= 1) {
      const moment = all[index] as Moment
      if (moment.at <= to) found.push(moment)
      lasted = moment.at
    }
    return found.reverse()
  }

  /** When the newest change of what Octopus would say happened; a row that ends by time is one. */
  changedAt(car: string): Instant {
    const all = this.#moments.get(car) ?? []
    const now = this.#now()
    let at = Number.NEGATIVE_INFINITY
    for (let index = all.length - 1; index >= 0; index -= 1) {
      const moment = all[index] as Moment
      for (const { end } of moment.rows) if (end <= now && end > at) at = end
      if (moment.isNews || index === 0) return Math.max(at, moment.at)
    }
    return at
  }

  #note(key: string): void {
    const car = this.#household.car(key)
    if (car === undefined) return
    const at = this.#now()
    const all = this.#moments.get(key) ?? []
    if (all.at(-1)?.at === at) all.pop()
    const said = {
      at,
      plugged: car.plugged,
      state: car.state,
      suspended: car.suspended,
      rows: car.listed(),
      watts: car.charger.watts,
    }
    const before = all.at(-1)
    all.push({ ...said, isNews: before !== undefined && !saysTheSame(before, said) })
    while (all.length > 1 && (all[1]?.at ?? at) < at - KEPT) all.shift()
    this.#moments.set(key, all)
  }
}

type Said = Omit<Moment, 'isNews'>

const saysTheSame = (one: Said, other: Said): boolean =>
  one.state === other.state &&
  one.suspended === other.suspended &&
  one.plugged === other.plugged &&
  JSON.stringify(one.rows) === JSON.stringify(other.rows)
