/** A meter as it is shown: everything in `MeterView`, from its days, its newest readings and its prices. Pure. */
import type { Instant } from '../clock.ts'
import { wholeDay } from '../energy/days.ts'
import { type Decimal, decimal, pounds, sumOf } from '../energy/decimal.ts'
import { evShare } from '../energy/ev-share.ts'
import { kwhOfCubicMetres } from '../energy/gas.ts'
import { type PeriodName, type PeriodToDate, periodStart, periodToDate } from '../energy/periods.ts'
import { readingsAreLate } from '../energy/reading-times.ts'
import { todaySoFar } from '../energy/today.ts'
import type { DayCost, MeterReading } from '../energy/types.ts'
import type { CostView, JudgedView, MeterView, PeriodView } from '../snapshot.ts'
import { addDays, type LondonDate, londonDate, startOfDay } from '../time/london.ts'
import { type DayInput, type DaySummary, dayCost, kwhReadings } from './day.ts'
import type { ShownRegister } from './kept-register.ts'
import type { Meter } from './meter.ts'

export type Days = ReadonlyMap<LondonDate, DaySummary>

/** How far back a whole day is still shown, and a missing one still asked for. */
const SHOWN_DAYS = 31

function lastDays(now: Instant): LondonDate[] {
  const today = londonDate(now)
  return Array.from({ length: SHOWN_DAYS }, (_, index) => addDays(today, -1 - index))
}

/** The newest day of the last month that has ended and is whole. */
export const newestWhole = (days: Days, now: Instant): LondonDate | null =>
  lastDays(now).find(date => days.get(date)?.isWhole) ?? null

/** The oldest day of the last month, and not before `since`, that has ended and is not whole. */
export const oldestMissing = (days: Days, since: Instant, now: Instant): LondonDate | null =>
  lastDays(now).findLast(date => startOfDay(date) >= since && !days.get(date)?.isWhole) ?? null

/** Whole days of the last month that are not billed yet, the oldest first. */
export const unbilledDays = (days: Days, now: Instant): LondonDate[] =>
  lastDays(now)
    .filter(date => days.get(date)?.isWhole && !days.get(date)?.isBilled)
    .reverse()

const kwhOf = (meter: Meter, amount: string, calorificValue: number): Decimal =>
  meter.unit === 'm3' ? kwhOfCubicMetres(amount, calorificValue) : decimal(amount)

export interface ViewInput {
  readonly meter: Meter
  readonly days: Days
  /** The history is wanted from here on. */
  readonly since: Instant
  readonly now: Instant
  readonly calorificValue: number
  /** All that the newest whole day is made of; null where there is none. */
  readonly lastDay: DayInput | null
  readonly today: readonly MeterReading[]
  readonly latestReading: Instant | null
  /** What the register shows; null while the history is not whole. */
  readonly register: (ShownRegister & { readonly until: Instant }) | null
  /** The tariff has prices of its own for the car. */
  readonly hasCarRates: boolean
  /** The tariff is one on which what is said of half hours can be held against the bill. */
  readonly isJudged: boolean
  readonly history: number
}

/** What is shown of a meter but its prices: the same for the rest of the day, as long as nothing arrives. */
export type DaysView = Omit<MeterView, 'rates' | 'isLate'>

export const meterView = (
  view: DaysView,
  rates: MeterView['rates'],
  newest: LondonDate | null,
  now: Instant,
): MeterView => ({
  ...view,
  rates,
  isLate: readingsAreLate(newest, now),
})

export function daysView(input: ViewInput): DaysView {
  const { meter, days, now, lastDay, register, hasCarRates, isJudged, history } = input
  const { id, slug, kind, point, serial, unit } = meter
  const period = (name: PeriodName) => periodView(periodOf(name, input))
  const shown = lastDay === null ? NO_DAY : shownDay(lastDay, hasCarRates)
  return {
    ...{ id, slug, kind, point, serial, unit, history },
    lastDay: shown.lastDay,
    latestReading: input.latestReading,
    register: register && {
      kwh: register.kwh.toNumber(),
      volume: unit === 'm3' ? register.value.toNumber() : null,
      until: register.until,
    },
    today: todayView(input),
    week: period('week'),
    month: period('month'),
    year: period('year'),
    cost: shown.cost,
    ...(isJudged && { judged: judgedView(days, now) }),
  }
}

type DayShown = Pick<MeterView, 'lastDay' | 'cost'>
const NO_DAY: DayShown = { lastDay: null, cost: null }

interface ShownDay extends DayShown {
  readonly hasCarRates: boolean
}

// What belongs to an object is remembered: the newest whole day is the same all day long.
const shownDays = new WeakMap<DayInput, ShownDay>()

function shownDay(input: DayInput, hasCarRates: boolean): ShownDay {
  const known = shownDays.get(input)
  if (known?.hasCarRates === hasCarRates) return known
  const cost = dayCost(input)
  const shown = { hasCarRates, lastDay: lastDayView(input), cost: cost && costView(cost, hasCarRates) }
  shownDays.set(input, shown)
  return shown
}

function lastDayView(input: DayInput): MeterView['lastDay'] {
  const { meter, date, readings, calorificValue } = input
  const day = wholeDay(kwhReadings(meter, readings, calorificValue), date)
  if (day === null) return null
  return {
    date,
    start: day.start,
    kwh: day.total.toNumber(),
    volume: meter.unit === 'm3' ? sumOf(readings.map(({ amount }) => amount)).toNumber() : null,
    halfHours: day.halfHours.map(({ start, amount }) => ({ start, kwh: amount.toNumber() })),
  }
}

function todayView({ meter, today, now, calorificValue }: ViewInput): MeterView['today'] {
  const soFar = todaySoFar(kwhReadings(meter, today, calorificValue), now)
  return soFar && { start: soFar.start, kwh: soFar.total.toNumber(), until: soFar.until }
}

function periodOf(name: PeriodName, { meter, days, since, now, calorificValue }: ViewInput): PeriodToDate {
  const today = londonDate(now)
  const first = periodStart(name, today)
  const amounts = [...days]
    .filter(([date]) => date >= first && date < today)
    .map(([date, day]) => {
      const { isWhole, amount, pence, penceWithoutStanding, provisional } = day
      const kwh = isWhole ? kwhOf(meter, amount, calorificValue) : null
      return [date, { amount: kwh, pence, penceWithoutStanding, provisional }] as const
    })
  return periodToDate(name, today, new Map(amounts), londonDate(since))
}

const periodView = ({ lastReset, amount, pence }: PeriodToDate): PeriodView => ({
  start: lastReset,
  kwh: amount.value,
  cost: pence.value === null ? null : pounds(pence.value),
  missingDays: amount.missing.length,
})

function costView(cost: DayCost, hasCarRates: boolean): CostView {
  const ev = hasCarRates ? evShare(cost) : null
  return {
    date: cost.date,
    start: cost.start,
    total: cost.pence === null ? null : pounds(cost.pence),
    withoutStanding: pounds(cost.penceWithoutStanding),
    standing: cost.standing === null ? null : pounds(cost.standing),
    bands: Object.fromEntries(
      Object.entries(cost.byBand).map(([band, { kwh, pence }]) => [band, { kwh, cost: pounds(pence) }]),
    ),
    halfHours: cost.halfHours.map(({ start, rate, kwh, pence }) => ({
      start,
      rate: pounds(rate),
      kwh,
      cost: pounds(pence),
    })),
    provisional: cost.provisional,
    ev: ev && { kwh: ev.kwh, cost: pounds(ev.pence) },
  }
}

/** The newest day whose bill is known, and this month. */
function judgedView(days: Days, now: Instant): JudgedView | null {
  const today = londonDate(now)
  const judged = [...days]
    .filter(([date, day]) => date < today && day.isBilled && day.misjudged !== null)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const newest = judged.at(-1)
  if (newest === undefined) return null
  const month = periodStart('month', today)
  const costOf = (list: DaySummary['misjudged']) => pounds(sumOf((list ?? []).map(({ pence }) => pence ?? 0)))
  const list = judged.filter(([date]) => date >= month).flatMap(([, { misjudged }]) => misjudged ?? [])
  return {
    date: newest[0],
    halfHours: newest[1].misjudged?.length ?? 0,
    cost: costOf(newest[1].misjudged),
    month: { start: startOfDay(month), halfHours: list.length, cost: costOf(list) },
    list: list.map(({ start, reason, pence }) => ({ start, reason, cost: pounds(pence ?? 0) })),
  }
}
