/**
 * How the half hours of an Intelligent tariff were billed: asked for when their day is whole and until it is known, and once
 * for the history, the newest first. What was billed decides what a half hour cost, and whether what we said was right.
 */
import { type Clock, HOUR, type Instant, MINUTE } from '../clock.ts'
import { askedDays, nextBillAt, WAITED_DAYS } from '../energy/bill-times.ts'
import { sumOf } from '../energy/decimal.ts'
import type { BilledHalfHour, MeterReading } from '../energy/types.ts'
import type { Log } from '../log.ts'
import { addedLater, aNumber, anInstant, fields } from '../shape.ts'
import type { Billed } from '../store/billed.ts'
import type { Readings } from '../store/readings.ts'
import type { Values } from '../store/values.ts'
import { addDays, type Interval, type LondonDate, londonDate, startOfDay } from '../time/london.ts'
import { Errand, retryAfter } from './errand.ts'
import { keyOf, type Meter } from './meter.ts'

export interface BillsOptions {
  readonly clock: Clock
  readonly log: Log
  readonly values: Values
  readonly billed: Billed
  readonly readings: Pick<Readings, 'range'>
  readonly meter: Meter
  readonly request: (meter: Meter, interval: Interval) => Promise<readonly BilledHalfHour[]>
  readonly phase: number
  readonly isHeld: () => boolean
  /**
   * When the meter was on a tariff whose bills tell something, in order and within the time that the history is asked for. On
   * others every half hour is billed as well, and nothing of it is wanted.
   */
  readonly stretches: () => readonly Interval[]
  /** Whole days of the last weeks of which some half hour is not known as it was billed, the oldest first. */
  readonly unbilled: () => readonly LondonDate[]
  /** The readings of the history are there: what was billed is of no use before. */
  readonly isReady: () => boolean
  readonly onChange: (starts: readonly Instant[]) => void
}

/** How far back it is known, and how many answers in a row had nothing to tell. */
interface Reached {
  readonly reached: Instant
  readonly empty: number
  /** Asked about before a long absence, from `start` to `end`: what came after that is walked first. */
  readonly before?: Interval & { readonly empty: number }
}

const anEmpty = aNumber(0, 1e6)
const aReached = fields<Reached>({
  reached: anInstant,
  empty: anEmpty,
  before: addedLater(fields<Required<Reached>['before']>({ start: anInstant, end: anInstant, empty: anEmpty })),
})

/** One request gives fewer than a hundred half hours. */
const PAGE_DAYS = 2
const BETWEEN_PAGES = 5 * MINUTE
/** Whoever was away for longer than that may find days that are too old to be asked about with the newest. */
const LONG_AWAY = (WAITED_DAYS / 2) * 24 * HOUR
/** Before that nothing was billed so: another tariff, another supplier. */
const EMPTY_IS_ENOUGH = 5
/** So many days are asked about in one go, from the oldest on; and the newest, where the oldest are never billed. */
const DAYS_AT_ONCE = 4
/** kWh: a bill that differs from the reading by less has rounded its part. */
const ROUNDING = 0.001

export class Bills {
  readonly #options: BillsOptions
  readonly #newest: Errand
  readonly #past: Errand

  constructor(options: BillsOptions) {
    const { clock, log, values, meter, phase, onChange, unbilled } = options
    this.#options = options
    const common = { clock, log, values, isHeld: options.isHeld, details: { meter: meter.slug } }
    let fresh: readonly Instant[] = []
    const onDone = () => {
      onChange(fresh)
      fresh = []
    }
    this.#newest = new Errand({
      ...common,
      key: `bill-asked:${keyOf(meter)}`,
      name: 'billed half hours',
      dueAt: ({ at, failures }, now) =>
        nextBillAt({
          unbilled: unbilled(),
          lastAskedAt: at,
          failures,
          retryAfter: retryAfter(failures),
          phase,
          now,
        }),
      ask: async at => {
        const answers: (() => readonly Instant[])[] = []
        for (const interval of askedIntervals(askedDays(unbilled(), at)))
          answers.push((await this.#fetch(interval)).keep)
        return () => {
          this.#noteAsked(at)
          // One by one: what the first has kept is told, also where the store refuses the second.
          for (const keep of answers) fresh = [...fresh, ...keep()]
        }
      },
      onDone,
    })
    this.#past = new Errand({
      ...common,
      key: `bill-history-asked:${keyOf(meter)}`,
      name: 'history of billed half hours',
      dueAt: ({ at, failures }, now) => {
        if (!options.isReady() || this.#isWhole) return null
        return at === null ? now : Math.max(now, at + (failures > 0 ? retryAfter(failures) : BETWEEN_PAGES))
      },
      ask: async () => {
        const keep = await this.#page()
        return () => {
          fresh = keep()
        }
      },
      onDone,
    })
  }

  /**
   * These readings are new or corrected. A bill of others is not theirs: it is forgotten, and asked for again, as long as it
   * is worth asking.
   */
  doubt(readings: readonly MeterReading[]): void {
    const { billed, meter, clock } = this.#options
    const [first, last] = [readings[0], readings.at(-1)]
    if (first === undefined || last === undefined) return
    const amounts = new Map(readings.map(({ start, amount }) => [start, amount]))
    const wrong = billed.range(meter.point, first.start, last.start + 1).filter(({ start, parts }) => {
      const amount = amounts.get(start)
      if (amount === undefined || askedDays([londonDate(start)], clock.now()).length === 0) return false
      const kwh = sumOf(parts.map(part => part.kwh))
      return kwh
        .minus(amount)
        .abs()
        .gt(ROUNDING * parts.length)
    })
    // assumption: where a reading is corrected, Octopus tells the half hour's amount anew.
    billed.remove(
      meter.point,
      wrong.map(({ start }) => start),
    )
  }

  rearm(): void {
    this.#newest.rearm()
    this.#past.rearm()
  }

  async stop(): Promise<void> {
    await Promise.all([this.#newest.stop(), this.#past.stop()])
  }

  get #reached(): Reached {
    const { clock, values, meter } = this.#options
    const known = values.get<Reached>(reachedKey(meter), aReached)
    return known ?? { reached: startOfDay(londonDate(clock.now())), empty: 0 }
  }

  /** After a long absence the history begins anew with today, and goes on where it was when it comes to what was asked about before. */
  #noteAsked(at: Instant): void {
    const { values, meter } = this.#options
    const key = `bill-last-asked:${keyOf(meter)}`
    const last = values.get<Instant>(key, anInstant)
    if (last !== null && at - last > LONG_AWAY) {
      const { reached, empty, before } = this.#reached
      values.set(reachedKey(meter), {
        ...{ reached: startOfDay(addDays(londonDate(at), 1 - WAITED_DAYS)), empty: 0 },
        before: before ?? { start: reached, end: startOfDay(addDays(londonDate(last), -WAITED_DAYS)), empty },
      } satisfies Reached)
      this.#past.rearm()
    }
    values.set(key, at)
  }

  get #isWhole(): boolean {
    return this.#reached.empty >= EMPTY_IS_ENOUGH || this.#pageEnd === null
  }

  /** The day after the newest of which the bill is wanted and was not asked for; null where there is none. */
  get #pageEnd(): LondonDate | null {
    const { reached } = this.#reached
    const stretch = this.#options.stretches().findLast(({ start }) => start < reached)
    return stretch === undefined ? null : addDays(londonDate(Math.min(stretch.end, reached) - 1), 1)
  }

  async #page(): Promise<() => readonly Instant[]> {
    const { values, meter } = this.#options
    const { reached, empty, before } = this.#reached
    const page = days(addDays(this.#pageEnd ?? londonDate(reached), -PAGE_DAYS), PAGE_DAYS)
    const { fetched, keep } = await this.#fetch(page)
    return () => {
      const fresh = keep()
      const next = { reached: page.start, empty: fetched === 0 ? empty + 1 : 0 }
      const isBack = before !== undefined && (next.reached <= before.end || next.empty >= EMPTY_IS_ENOUGH)
      values.set(reachedKey(meter), isBack ? { reached: before.start, empty: before.empty } : { ...next, before })
      return fresh
    }
  }

  async #fetch(interval: Interval): Promise<{ fetched: number; keep: () => readonly Instant[] }> {
    const { billed, request, log, meter } = this.#options
    const halfHours = await request(meter, interval)
    const keep = () => {
      const fresh = billed.upsert(meter.point, halfHours)
      log.debug({ meter: meter.slug, halfHours: halfHours.length, new: fresh.length }, 'billed half hours fetched')
      return fresh
    }
    return { fetched: halfHours.length, keep }
  }
}

/** One, or two where days stand between the oldest and the newest: a day that is never billed must not keep others waiting. */
function askedIntervals(asked: readonly LondonDate[]): Interval[] {
  const [oldest, newest] = [asked[0], asked.at(-1)]
  if (oldest === undefined || newest === undefined) return []
  const first = days(oldest, DAYS_AT_ONCE)
  const last = days(addDays(newest, 1 - PAGE_DAYS), PAGE_DAYS)
  if (last.end <= first.end) return [{ ...first, end: last.end }]
  return last.start <= first.end ? [{ ...first, end: last.end }] : [first, last]
}

const days = (first: LondonDate, count: number): Interval => ({
  start: startOfDay(first),
  end: startOfDay(addDays(first, count)),
})

const reachedKey = (meter: Meter): string => `bill-history:${keyOf(meter)}`
