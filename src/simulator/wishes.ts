/** What the customer wants of a car, and what Octopus is asked to plan for it. */
import { HOUR, type Instant } from '../clock.ts'
import type { TimeOfDay } from '../time/london.ts'
import type { CarSpec } from './car-spec.ts'
import { nextTime, type PlanRequest } from './plan.ts'

export class Wishes {
  readonly #spec: CarSpec
  #targetPercent: number
  #readyBy: TimeOfDay

  constructor(spec: CarSpec) {
    this.#spec = spec
    this.#targetPercent = spec.targetPercent
    this.#readyBy = spec.readyBy
  }

  get targetPercent(): number {
    return this.#targetPercent
  }

  get readyBy(): TimeOfDay {
    return this.#readyBy
  }

  prefer(targetPercent: number, readyBy: TimeOfDay): void {
    this.#targetPercent = targetPercent
    this.#readyBy = readyBy
  }

  /** With the battery at `percent`. */
  request(at: Instant, percent: number): PlanRequest {
    const missing = Math.max(0, this.#targetPercent - percent)
    const readyBy = this.#readyBy
    return {
      at,
      neededKwh: (missing / 100) * this.#spec.batteryKwh,
      chargerKw: this.#spec.chargerKw,
      // Asked for by few, and slow to find.
      get readyAt() {
        return nextTime(at + HOUR, readyBy)
      },
    }
  }
}
