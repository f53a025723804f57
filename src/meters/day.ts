/**
 * One London day of one meter, worked out: what it counted, what that came to, and whether what was said of its half hours
 * was right. Pure: readings, prices and bills come in.
 */
import type { Instant } from '../clock.ts'
import type { BandRate } from '../energy/charging.ts'
import { chargedHalfHours, costOfDay } from '../energy/cost.ts'
import { missingOfDay, type Readings } from '../energy/days.ts'
import { roundHalfUp, sumOf, toText } from '../energy/decimal.ts'
import { kwhOfCubicMetres } from '../energy/gas.ts'
import { judge, type Misjudgement } from '../energy/misjudged.ts'
import { tariffAt } from '../energy/rates/agreements.ts'
import { bandPriceAt, type Pricing, priceHalfHours, standingChargeOn } from '../energy/rates/pricing.ts'
import { isIntelligentTariff } from '../energy/rates/tariff.ts'
import type { BilledHalfHour, ChargedHalfHour, DayCost, MeterReading } from '../energy/types.ts'
import type { BelievedHalfHour } from '../store/believed.ts'
import { addDays, halfHoursOfDay, type LondonDate, startOfDay } from '../time/london.ts'
import { directionOf, type Meter } from './meter.ts'

/** A half hour of which the bill said another thing than we did. */
export interface Misjudged {
  readonly start: Instant
  readonly reason: Misjudgement
  /** Pence; null where a rate is not known. */
  readonly pence: number | null
}

/** What is kept of a day. */
export interface DaySummary {
  /** Exact, in the meter's own unit, of the half hours that are there. */
  readonly amount: string
  readonly isWhole: boolean
  /** Every half hour is known as it was billed. */
  readonly isBilled: boolean
  /** Whole pence; null where a reading or a price is missing. */
  readonly pence: number | null
  readonly penceWithoutStanding: number | null
  readonly provisional: boolean
  /** Null where nothing of it was said and billed, so that there is nothing to compare. */
  readonly misjudged: readonly Misjudged[] | null
}

export interface DayInput {
  readonly meter: Meter
  readonly date: LondonDate
  readonly readings: readonly MeterReading[]
  /** Of the day, `dispatched` included. */
  readonly pricing: Pricing
  readonly billed: readonly BilledHalfHour[]
  readonly believed: readonly BelievedHalfHour[]
  readonly calorificValue: number
}

/** kWh by the start of the half hour, whatever the meter counts in. */
export function kwhReadings(
  meter: Pick<Meter, 'unit'>,
  readings: readonly MeterReading[],
  calorificValue: number,
): Readings {
  return new Map(
    readings.map(({ start, amount }) => [
      start,
      meter.unit === 'm3' ? kwhOfCubicMetres(amount, calorificValue) : amount,
    ]),
  )
}

/** The price of a band by the tariff that was in force then. */
export const bandRateOf =
  (pricing: Pricing): BandRate =>
  (band, at) =>
    bandPriceAt(pricing.prices.get(tariffAt(pricing.agreements, at)?.tariffCode ?? ''), band, at)

/** What each half hour comes to that has a reading, and a price or a bill; of a day that is not whole too. */
export const chargesOf = ({ meter, date, readings, pricing, billed, calorificValue }: DayInput): ChargedHalfHour[] =>
  chargedHalfHours({
    date,
    readings: kwhReadings(meter, readings, calorificValue),
    prices: priceHalfHours(pricing, { start: startOfDay(date), end: startOfDay(addDays(date, 1)) }),
    billed,
    bandRate: bandRateOf(pricing),
  })

/** Null where a half hour of the day lacks its reading, or its price and its bill. */
export function dayCost({ meter, date, readings, pricing, billed, calorificValue }: DayInput): DayCost | null {
  const tariff = tariffAt(pricing.agreements, startOfDay(date))
  return costOfDay({
    date,
    direction: directionOf(meter),
    readings: kwhReadings(meter, readings, calorificValue),
    prices: priceHalfHours(pricing, { start: startOfDay(date), end: startOfDay(addDays(date, 1)) }),
    standing: standingChargeOn(pricing, date),
    billed,
    bandRate: bandRateOf(pricing),
    billCanDiffer:
      meter.kind === 'electricity_import' &&
      tariff !== null &&
      isIntelligentTariff(tariff.productCode, tariff.tariffCode),
  })
}

export function summaryOf(input: DayInput): DaySummary {
  const { date, readings, billed } = input
  const isWhole = missingOfDay(new Map(readings.map(({ start }) => [start, true])), date).length === 0
  const cost = isWhole ? dayCost(input) : null
  return {
    amount: toText(sumOf(readings.map(({ amount }) => amount))),
    isWhole,
    isBilled: billed.length >= halfHoursOfDay(date).length,
    pence: cost?.pence ?? null,
    penceWithoutStanding: cost?.penceWithoutStanding ?? null,
    provisional: cost?.provisional ?? false,
    misjudged: misjudgedOf(input),
  }
}

/** The lowest and the highest price of the tariff itself on that day; null where there is only one. */
function levelsOf(pricing: Pricing, date: LondonDate): { readonly cheap: number; readonly dear: number } | null {
  const day = { start: startOfDay(date), end: startOfDay(addDays(date, 1)) }
  const prices = priceHalfHours({ ...pricing, dispatched: new Set() }, day).map(({ pence }) => pence)
  const [cheap, dear] = [Math.min(...prices), Math.max(...prices)]
  return cheap < dear ? { cheap, dear } : null
}

/** Only half hours of which something was said: of those in which nobody was there nothing is held against anybody. */
function misjudgedOf({ meter, date, pricing, billed, believed }: DayInput): Misjudged[] | null {
  if (meter.kind !== 'electricity_import' || billed.length === 0 || believed.length === 0) return null
  const levels = levelsOf(pricing, date)
  const judged = judge({
    halfHours: believed.map(({ start }) => start),
    ledger: new Set(believed.filter(({ cheap }) => cheap).map(({ start }) => start)),
    night: pricing.hours.intelligentNight,
    billed,
    bandRate: bandRateOf(pricing),
    levels: () => levels,
  }).filter(half => half.billed !== null)
  if (judged.length === 0) return null
  return judged.flatMap(({ start, misjudged, pence }) =>
    misjudged === null ? [] : [{ start, reason: misjudged, pence: pence === null ? null : roundHalfUp(pence, 4) }],
  )
}
