/**
 * A meter: what the house takes or gives, for import plus what the cars took, in half hours, and the late way in which
 * days of it become visible. The usage is a function of seed and half hour alone, so any past day can be asked for.
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
import { houseUsage, pastCharge, type Usage } from './usage-shapes.ts'

export interface Reading {
  readonly start: Instant
  /** In the meter's own unit: m³ where it is a SMETS2 gas meter. */
  readonly kwh: number
}

/** Whole days of readings there are before the start, unless told otherwise. */
const HISTORY_DAYS = 21

/** Older readings than this nobody can ask for, so no more is remembered of them, nor of what was said of them. */
const KEPT_DAYS = 400

/** Days of readings that can be asked for, by how far back the history goes. */
export const keptDays = (historyDays = HISTORY_DAYS): number => Math.max(KEPT_DAYS, historyDays)

/** How late and how odd readings are. */
export interface ReadingWays {
  /** How often a day comes more than 24 hours late, and how often a half hour never comes. */
  readonly lateDays?: number
  readonly gaps?: number
  /** How often a day shows its first hour in the morning and the rest a day and a half later. */
  readonly brokenDays?: number
  /** How often a day can be seen on the day itself, up to three hours ago. */
  readonly earlyDays?: number
  /** How often the readings of a day become others at noon of the fourth day after. */
  readonly correctedDays?: number
}

export interface MeterOptions extends ReadingWays {
  readonly seed: string | number
  readonly startedAt: Instant
  /** Whole days of readings before the start. */
  readonly historyDays?: number
  /** Where it is not the import meter of a house with a car. */
  readonly usage?: Usage
}

const BROKEN_FOR = 36 * HOUR
const EARLY_LAG = 3 * HOUR

export class Meter {
  readonly #clock: Clock
  readonly #options: MeterOptions
  readonly #car = new Map<Instant, number>()
  readonly #completeAt = new Map<LondonDate, Instant>()
  readonly #parts = new Map<LondonDate, Instant>()
  readonly #corrections = new Map<LondonDate, { readonly at: Instant; readonly factor: number }>()
  readonly #usage: Usage
  readonly #keptFor: number
  #holes: readonly { readonly from: Instant; readonly to: Instant; readonly filledAt: Instant }[] = []

  constructor(clock: Clock, options: MeterOptions) {
    const { seed, startedAt, historyDays = HISTORY_DAYS } = options
    this.#clock = clock
    this.#options = options
    this.#usage = options.usage ?? houseWithCar(seed, startedAt)
    this.firstDay = addDays(londonDate(startedAt), -historyDays)
    this.#keptFor = (keptDays(historyDays) + 1) * 24 * HOUR
  }

  /** Its history begins here. */
  readonly firstDay: LondonDate

  /** Nothing older can be asked for. */
  get oldest(): Instant {
    return startOfDay(addDays(londonDate(this.#clock.now() - this.#keptFor), 1))
  }

  addCar(halfHour: Instant, kwh: number): void {
    this.#car.set(halfHour, (this.#car.get(halfHour) ?? 0) + kwh)
    const oldest = this.#clock.now() - this.#keptFor
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
    const oldest = this.#clock.now() - this.#keptFor
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
    const usual = morning + Math.floor(fractionOf(seed, 'complete', date) * 11 * 60) * MINUTE + late
    return this.#isBroken(date) ? usual + BROKEN_FOR : usual
  }

  /** What Octopus shows now, oldest first, of the half hours that start in [from, to). */
  visible(from: Instant, to: Instant): Reading[] {
    return this.shown(from, to).map(start => ({ start, kwh: this.amount(start) }))
  }

  /** The same without the amounts: a page has a few of the rows that its window has. */
  shown(from: Instant, to: Instant): Instant[] {
    const now = this.#clock.now()
    const first = startOfDay(this.firstDay)
    const shown: Instant[] = []
    const last = Math.min(to, now)
    for (let date = londonDate(Math.max(from, first)); startOfDay(date) < last; date = addDays(date, 1)) {
      const shownUntil = this.#shownUntil(date, now)
      for (const start of halfHoursOfDay(date)) {
        if (start < from || start >= last || start >= shownUntil || this.#isMissing(start)) continue
        shown.push(start)
      }
    }
    return shown
  }

  #isMissing(start: Instant): boolean {
    const now = this.#clock.now()
    if (this.#holes.some(hole => start >= hole.from && start < hole.to && now < hole.filledAt)) return true
    const { seed, gaps = 0 } = this.#options
    return gaps > 0 && fractionOf(seed, 'gap', start) < gaps
  }

  /** What the meter counted in that half hour, as Octopus has it now, whether it shows it or not. */
  amount(start: Instant): number {
    return Number(((this.#usage(start) + (this.#car.get(start) ?? 0)) * this.#factor(start)).toFixed(3))
  }

  #isBroken(date: LondonDate): boolean {
    const { seed, brokenDays = 0 } = this.#options
    return brokenDays > 0 && fractionOf(seed, 'broken day', date) < brokenDays
  }

  #shownUntil(date: LondonDate, now: Instant): Instant {
    const complete = this.completeAt(date)
    if (complete <= now) return Number.POSITIVE_INFINITY
    const told = this.#parts.get(date)
    if (told !== undefined) return told
    if (this.#isBroken(date) && complete - BROKEN_FOR <= now) return startOfDay(date) + HOUR
    const { seed, earlyDays = 0 } = this.#options
    return earlyDays > 0 && fractionOf(seed, 'early day', date) < earlyDays ? now - EARLY_LAG : 0
  }

  #factor(start: Instant): number {
    const { seed, correctedDays = 0 } = this.#options
    if (this.#corrections.size === 0 && correctedDays === 0) return 1
    const date = londonDate(start)
    const now = this.#clock.now()
    const told = this.#corrections.get(date)
    if (told !== undefined) return now < told.at ? 1 : told.factor
    if (correctedDays === 0 || fractionOf(seed, 'corrected day', date) >= correctedDays) return 1
    return now < atLocalTime(addDays(date, 4), '12:00') ? 1 : 0.8 + 0.5 * fractionOf(seed, 'correction', date)
  }
}

const houseWithCar = (seed: string | number, startedAt: Instant): Usage => {
  const house = houseUsage(seed)
  return start => house(start) + (start + HALF_HOUR <= startedAt ? pastCharge(seed, start) : 0)
}
