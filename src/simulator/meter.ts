/**
 * The import meter: a house's base load plus what the cars took, in half hours, and the late way in which days of it
 * become visible. The base is a function of seed and half hour alone, so any past day can be asked for.
 */
import { type Clock, HALF_HOUR, HOUR, type Instant, MINUTE } from '../clock.ts'
import {
  addDays,
  atLocalTime,
  halfHoursOfDay,
  type LondonDate,
  londonDate,
  startOfDay,
  type TimeOfDay,
} from '../time/london.ts'
import { fractionOf } from './random.ts'

export interface Reading {
  readonly start: Instant
  readonly kwh: number
}

/** Whole days of readings there are before the start. */
const HISTORY_DAYS = 21

/** Older readings than this nobody can ask for, so no more is remembered of them, nor of what was said of them. */
export const KEPT_DAYS = 400
const KEPT_FOR = (KEPT_DAYS + 1) * 24 * HOUR

export interface MeterOptions {
  readonly seed: string | number
  readonly startedAt: Instant
  /** How often a day comes more than 24 hours late, and how often a half hour never comes. */
  readonly lateDays?: number
  readonly gaps?: number
}

export class Meter {
  readonly #clock: Clock
  readonly #options: MeterOptions
  readonly #car = new Map<Instant, number>()
  readonly #completeAt = new Map<LondonDate, Instant>()
  readonly #parts = new Map<LondonDate, Instant>()
  readonly #corrections = new Map<LondonDate, { readonly at: Instant; readonly factor: number }>()
  #holes: readonly { readonly from: Instant; readonly to: Instant; readonly filledAt: Instant }[] = []

  constructor(clock: Clock, options: MeterOptions) {
    this.#clock = clock
    this.#options = options
  }

  addCar(halfHour: Instant, kwh: number): void {
    this.#car.set(halfHour, (this.#car.get(halfHour) ?? 0) + kwh)
    const oldest = this.#clock.now() - KEPT_FOR
    for (const key of this.#car.keys()) {
      if (key >= oldest) break
      this.#car.delete(key)
    }
  }

  /** The day becomes complete then and not at its own time. */
  completeDayAt(date: LondonDate, at: Instant): void {
    this.#completeAt.set(date, at)
  }

  /** Until the day is complete its readings up to that local time can be seen already. */
  showPart(date: LondonDate, until: TimeOfDay): void {
    this.#parts.set(date, atLocalTime(date, until))
  }

  /** These half hours do not come before `filledAt`, or never. */
  leaveGap(from: Instant, to: Instant, filledAt = Number.POSITIVE_INFINITY): void {
    this.#holes = [...this.#holes, { from, to, filledAt }]
  }

  /** From `at` on the readings of that day are others: `factor` times as high. */
  correct(date: LondonDate, at: Instant, factor: number): void {
    this.#corrections.set(date, { at, factor })
  }

  /** Forgets what was said of days so long ago that nobody asks for them. */
  forget(): void {
    const oldest = this.#clock.now() - KEPT_FOR
    const date = londonDate(oldest)
    for (const told of [this.#completeAt, this.#parts, this.#corrections]) {
      for (const key of told.keys()) if (key < date) told.delete(key)
    }
    this.#holes = this.#holes.filter(hole => hole.to > oldest)
  }

  /** When day D can be seen whole: between 05:00 and 16:00 of D+1, unless told otherwise. */
  completeAt(date: LondonDate): Instant {
    const told = this.#completeAt.get(date)
    if (told !== undefined) return told
    const { seed, lateDays = 0 } = this.#options
    const morning = atLocalTime(addDays(date, 1), '05:00')
    const late = fractionOf(seed, 'late day', date) < lateDays ? 24 * HOUR : 0
    return morning + Math.floor(fractionOf(seed, 'complete', date) * 11 * 60) * MINUTE + late
  }

  /** What Octopus shows now, oldest first, of the half hours that start in [from, to). */
  visible(from: Instant, to: Instant): Reading[] {
    const now = this.#clock.now()
    const first = startOfDay(addDays(londonDate(this.#options.startedAt), -HISTORY_DAYS))
    const readings: Reading[] = []
    const last = Math.min(to, now)
    for (let date = londonDate(Math.max(from, first)); startOfDay(date) < last; date = addDays(date, 1)) {
      const shownUntil = this.completeAt(date) <= now ? Number.POSITIVE_INFINITY : (this.#parts.get(date) ?? 0)
      for (const start of halfHoursOfDay(date)) {
        if (start < from || start >= last || start >= shownUntil || this.#isMissing(start)) continue
        readings.push({ start, kwh: this.#kwh(start) })
      }
    }
    return readings
  }

  #isMissing(start: Instant): boolean {
    const now = this.#clock.now()
    if (this.#holes.some(hole => start >= hole.from && start < hole.to && now < hole.filledAt)) return true
    return fractionOf(this.#options.seed, 'gap', start) < (this.#options.gaps ?? 0)
  }

  #kwh(start: Instant): number {
    const { seed, startedAt } = this.#options
    const hour = new Date(start).getUTCHours()
    const shape = hour < 6 ? 0.09 : hour < 9 ? 0.22 : hour < 16 ? 0.17 : hour < 22 ? 0.38 : 0.16
    const base = shape * (0.6 + 0.8 * fractionOf(seed, 'base', start))
    const past = start + HALF_HOUR <= startedAt ? this.#pastCar(start) : 0
    return Number(((base + (this.#car.get(start) ?? 0) + past) * this.#factor(start)).toFixed(3))
  }

  #factor(start: Instant): number {
    if (this.#corrections.size === 0) return 1
    const correction = this.#corrections.get(londonDate(start))
    return correction === undefined || this.#clock.now() < correction.at ? 1 : correction.factor
  }

  /** Before the start nobody simulated the car: it charged in the small hours of three days in four. */
  #pastCar(start: Instant): number {
    const hour = new Date(start).getUTCHours()
    const charged = fractionOf(this.#options.seed, 'past', londonDate(start)) < 0.75
    return charged && hour >= 1 && hour < 4 ? 3.4 : 0
  }
}
