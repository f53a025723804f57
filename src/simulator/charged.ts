/** What each car really took in each half hour, and whether it took it by the plan: what a bill depends on. */
import { type Clock, HOUR, type Instant } from '../clock.ts'

/** kWh of one car in one half hour. */
export interface CarShare {
  readonly car: string
  /** By a planned row. */
  readonly smart: number
  /** By a boost, a test, or a trickle. */
  readonly other: number
}

export class Charged {
  readonly #clock: Clock
  readonly #keptFor: number
  readonly #halfHours = new Map<Instant, Map<string, { smart: number; other: number }>>()

  constructor(clock: Clock, keptDays: number) {
    this.#clock = clock
    this.#keptFor = (keptDays + 1) * 24 * HOUR
  }

  add(car: string, halfHour: Instant, kwh: number, smart: boolean): void {
    let shares = this.#halfHours.get(halfHour)
    if (shares === undefined) {
      shares = new Map()
      this.#halfHours.set(halfHour, shares)
      this.#forget()
    }
    const share = shares.get(car) ?? { smart: 0, other: 0 }
    share[smart ? 'smart' : 'other'] += kwh
    shares.set(car, share)
  }

  at(halfHour: Instant): CarShare[] {
    return [...(this.#halfHours.get(halfHour) ?? [])].map(([car, share]) => ({ car, ...share }))
  }

  #forget(): void {
    const oldest = this.#clock.now() - this.#keptFor
    for (const key of this.#halfHours.keys()) {
      if (key >= oldest) break
      this.#halfHours.delete(key)
    }
  }
}
