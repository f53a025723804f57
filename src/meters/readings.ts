/**
 * Half-hour readings of one meter: the last days until yesterday is whole, and once the history before them, the newest
 * first, a page at a time. Where it stands is kept, so a restart goes on there.
 */
import { type Clock, HOUR, type Instant, SECOND } from '../clock.ts'
import { rollingWeekStart } from '../energy/days.ts'
import { nextReadingAt } from '../energy/reading-times.ts'
import type { MeterReading } from '../energy/types.ts'
import type { Log } from '../log.ts'
import { anInstant, fields } from '../shape.ts'
import type { Readings } from '../store/readings.ts'
import type { Values } from '../store/values.ts'
import { addDays, type Interval, type LondonDate, londonDate, startOfDay } from '../time/london.ts'
import { Errand, retryAfter } from './errand.ts'
import { isMilestone, minutesLeft, type Paced } from './history-progress.ts'
import { keyOf, type Meter } from './meter.ts'

export interface MeterReadingsOptions {
  readonly clock: Clock
  readonly log: Log
  readonly values: Values
  readonly readings: Readings
  readonly meter: Meter
  /** Readings that start in the interval, in the meter's own unit. Throws BridgeError. */
  readonly request: (meter: Meter, interval: Interval) => Promise<readonly MeterReading[]>
  /** This installation's own constant, 0–60 min in milliseconds. */
  readonly phase: number
  readonly isHeld: () => boolean
  readonly historyDays: number
  /** The newest day that is whole, and the oldest of the last month that has ended and is not. */
  readonly days: () => { readonly newestWhole: LondonDate | null; readonly oldestMissing: LondonDate | null }
  /** Half hours that are new or corrected; none where only the history has come further. */
  readonly onChange: (starts: readonly Instant[]) => void
}

/** How far the history is there: from `reached` on, of what is wanted from `target` on. */
interface History {
  readonly target: Instant
  readonly reached: Instant
  /** Where it began: readings after that come by themselves. */
  readonly begun: Instant
}

const aHistory = fields<History>({ target: anInstant, reached: anInstant, begun: anInstant })

/** A page of history: about 4,300 half hours. */
const PAGE_DAYS = 90
/** Between two pages, so that they hinder nothing. */
const BETWEEN_PAGES = 30 * SECOND
/** Beside the days that are missing: the day before what is known last may have come in pieces. */
const OVERLAP_DAYS = 1

export class MeterReadings {
  readonly #options: MeterReadingsOptions
  readonly #week: Errand
  readonly #past: Errand
  #history: History
  /** Of this life: a restart may have come between. */
  readonly #paced: Paced

  constructor(options: MeterReadingsOptions) {
    const { clock, log, values, meter, phase, days, onChange } = options
    this.#options = options
    this.#history = this.#begin()
    this.#paced = { since: clock.now(), from: this.progress }
    const common = { clock, log, values, isHeld: options.isHeld, details: { meter: meter.slug } }
    let fresh: readonly Instant[] = []
    this.#week = new Errand({
      ...common,
      key: `readings-asked:${keyOf(meter)}`,
      name: 'meter readings',
      dueAt: ({ at, failures }, now) =>
        nextReadingAt({ newestComplete: days().newestWhole, lastAskedAt: at, failures, phase, now }),
      ask: async at => {
        const keep = await this.#fetch({ start: this.#weekStart(at), end: at })
        return () => {
          fresh = keep()
        }
      },
      onDone: () => {
        onChange(fresh)
        fresh = []
      },
    })
    let older: readonly Instant[] = []
    this.#past = new Errand({
      ...common,
      key: `history-asked:${keyOf(meter)}`,
      name: 'history of meter readings',
      dueAt: ({ at, failures }, now) => {
        if (this.isWhole) return null
        return at === null ? now : Math.max(now, at + (failures > 0 ? retryAfter(failures) : BETWEEN_PAGES))
      },
      ask: async () => {
        const keep = await this.#page()
        return () => {
          older = keep()
        }
      },
      onDone: () => {
        onChange(older)
        older = []
      },
    })
  }

  /** Every reading from here on counts, and has been asked for once `isWhole`. */
  get since(): Instant {
    return this.#history.target
  }

  get isWhole(): boolean {
    return this.#history.reached <= this.#history.target
  }

  /** 0–100 of the history. */
  get progress(): number {
    const { target, reached, begun } = this.#history
    return this.isWhole ? 100 : Math.floor((100 * (begun - reached)) / (begun - target))
  }

  rearm(): void {
    this.#week.rearm()
    this.#past.rearm()
  }

  async stop(): Promise<void> {
    await Promise.all([this.#week.stop(), this.#past.stop()])
  }

  /** The history as the store knows it; one that is wanted to be longer goes on from where it is. */
  #begin(): History {
    const { clock, values, meter, historyDays } = this.#options
    const now = clock.now()
    const wanted = startOfDay(addDays(londonDate(now), -historyDays))
    const known = values.get<History>(historyKey(meter), aHistory)
    const week = rollingWeekStart(now)
    if (known === null) return this.#keep({ target: Math.min(wanted, week), reached: week, begun: week })
    // A day later the same setting asks for a day later: only a longer one reaches back further.
    return wanted < known.target - 2 * 24 * HOUR ? this.#keep({ ...known, target: wanted }) : known
  }

  #keep(history: History): History {
    this.#options.values.set(historyKey(this.#options.meter), history)
    this.#history = history
    return history
  }

  /** Back to the oldest day that is missing; after a long absence that is more than a week. */
  #weekStart(at: Instant): Instant {
    const { readings, meter, days } = this.#options
    const newest = readings.extent({ point: meter.point, serial: meter.serial })?.newest
    const { oldestMissing } = days()
    const wanted = [
      rollingWeekStart(at),
      ...(oldestMissing === null ? [] : [startOfDay(oldestMissing)]),
      ...(newest === undefined ? [] : [startOfDay(addDays(londonDate(newest), -OVERLAP_DAYS))]),
    ]
    // What lies before is the history's, which asks for it anyway.
    return Math.max(this.#history.reached, Math.min(...wanted))
  }

  #tell(before: number): void {
    const { clock, log, meter } = this.#options
    const percent = this.progress
    if (!isMilestone(before, percent)) return
    const left = minutesLeft(this.#paced, percent, clock.now())
    log.info(
      { meter: meter.slug, percent, back: londonDate(this.#history.reached), ...(left ? { minutesLeft: left } : {}) },
      'history of meter readings',
    )
  }

  async #page(): Promise<() => readonly Instant[]> {
    const { target, reached } = this.#history
    const start = Math.max(target, startOfDay(addDays(londonDate(reached), -PAGE_DAYS)))
    const keep = await this.#fetch({ start, end: reached })
    return () => {
      const fresh = keep()
      const before = this.progress
      this.#keep({ ...this.#history, reached: start })
      this.#tell(before)
      return fresh
    }
  }

  async #fetch(interval: Interval): Promise<() => readonly Instant[]> {
    const { log, readings, meter, request } = this.#options
    const fetched = await request(meter, interval)
    return () => {
      const fresh = readings.upsert({ point: meter.point, serial: meter.serial }, fetched)
      log.info({ meter: meter.slug, halfHours: fetched.length, new: fresh.length }, 'meter readings fetched')
      return fresh
    }
  }
}

const historyKey = (meter: Meter): string => `history:${keyOf(meter)}`
