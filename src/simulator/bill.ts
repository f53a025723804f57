/**
 * What a day was really billed at, half hour by half hour: the truth that a client's costs are compared with. Pure, in exact
 * whole numbers: watt-hours times millionths of a penny, and of gas the fraction that its conversion is.
 *
 * The rules. Every kWh costs what its tariff says at the beginning of its half hour. On an Intelligent product a half hour in
 * which a car charged by its plan is cheap for the whole house: every one on the older contract, on the newer one the first
 * twelve of each car from noon to noon, by night too. There the car's part is billed apart: off-peak in those half hours,
 * at its peak price in any other, also by night and for a boost. A day is rounded once, a half away from zero.
 * assumption: all of it is what users make of their bills; the labels of `property.measurements` on a live account would tell.
 */
import { HALF_HOUR, type Instant } from '../clock.ts'
import { halfHoursOfDay, isNight, type LondonDate, lastNoon, startOfDay } from '../time/london.ts'
import type { CarShare } from './charged.ts'
import { costOf, decimalText, energyOf, plus, rounded, ZERO } from './exact.ts'
import { OFF_PEAK } from './plan.ts'
import { EVER, type PaymentMethod, type PriceRow, rowAt, type Series } from './tariffs/price.ts'
import type { Band, Tariff } from './tariffs/tariff.ts'

/** Half hours of smart charging that a car has from one noon to the next, on the newer contract. */
const ALLOWANCE = 12

/** Less than this is no charging. */
const LEAST_KWH = 0.01

export interface BillInput {
  readonly date: LondonDate
  /** Undefined where nobody supplied the house. */
  readonly tariffAt: (at: Instant) => Tariff | undefined
  readonly payment: PaymentMethod
  /** In the meter's unit, to three decimals. */
  readonly amountAt: (start: Instant) => number
  /** Of a meter that counts cubic metres; null where it counts kWh. */
  readonly calorificValue: number | null
  readonly chargedAt: (start: Instant) => readonly CarShare[]
}

export interface BilledBucket {
  readonly band: Band
  readonly kwh: number
  /** Pence per kWh with VAT, and before it. */
  readonly rate: number
  /** Pence with VAT as decimal text, to at most nine decimals; of kWh that is all of them. */
  readonly pence: string
  readonly penceExVat: string
}

export interface BilledHalfHour {
  readonly start: Instant
  readonly tariff: string
  /** Cheap because a car charged by its plan, and not by the tariff's own night. */
  readonly byDispatch: boolean
  readonly buckets: readonly BilledBucket[]
  /** What of the day's standing charge falls on it, as the buckets have their pence. */
  readonly standingShare: Pick<BilledBucket, 'pence' | 'penceExVat'>
}

export interface DayBill {
  readonly date: LondonDate
  readonly kwh: number
  /** Whole pence with VAT, the standing charge inside. */
  readonly pence: number
  readonly penceWithoutStanding: number
  /** Pence with VAT. */
  readonly standing: number
  readonly halfHours: readonly BilledHalfHour[]
}

/** Half hours without a tariff or a price are left out. */
export function billOf(input: BillInput): DayBill {
  const { date, calorificValue } = input
  const start = startOfDay(date)
  const price = pricesOf(input)
  const firstTariff = input.tariffAt(start)
  const charge = firstTariff && rowOf(input, firstTariff.standing, start)
  const marks = halfHoursOfDay(date)
  const share = (pence = 0): string => (pence / marks.length).toFixed(9)
  const standingShare = { pence: share(charge?.incVat), penceExVat: share(charge?.exVat) }
  let energy = ZERO
  let sum = ZERO
  const halfHours = marks.flatMap(at => {
    const tariff = input.tariffAt(at)
    if (tariff === undefined) return []
    const { byDispatch, shares } = sharesOf(input, tariff, at, price)
    const buckets = shares.flatMap(({ band, thousandths, row }): BilledBucket[] => {
      const kwh = energyOf(thousandths, calorificValue)
      const cost = costOf(kwh, row.incVat)
      energy = plus(energy, kwh)
      sum = plus(sum, cost)
      const [pence, penceExVat] = [decimalText(cost, 9), decimalText(costOf(kwh, row.exVat), 9)]
      return [{ band, kwh: Number(decimalText(kwh, 9)), rate: row.incVat, pence, penceExVat }]
    })
    return [{ start: at, tariff: tariff.code, byDispatch, buckets, standingShare }]
  })
  const standing = charge?.incVat ?? 0
  return {
    date,
    kwh: Number(decimalText(energy, 9)),
    pence: rounded(plus(sum, costOf(energyOf(1000, null), standing))),
    penceWithoutStanding: rounded(sum),
    standing,
    halfHours,
  }
}

type PriceOf = (tariff: Tariff, band: Band, at: Instant) => PriceRow | undefined

const rowOf = ({ payment }: BillInput, series: Series, at: Instant): PriceRow | undefined =>
  rowAt(series({ from: at, to: at + HALF_HOUR, now: EVER }), at, payment)

function pricesOf({ date, payment }: BillInput): PriceOf {
  const marks = halfHoursOfDay(date)
  const asked = { from: startOfDay(date), to: (marks.at(-1) ?? 0) + HALF_HOUR, now: EVER }
  const known = new Map<Series, readonly PriceRow[]>()
  return (tariff, band, at) => {
    const series = tariff.bands[band]
    if (series === undefined) return undefined
    const rows = known.get(series) ?? series(asked)
    known.set(series, rows)
    return rowAt(rows, at, payment)
  }
}

interface Share {
  readonly band: Band
  readonly thousandths: number
  readonly row: PriceRow
}

function sharesOf(input: BillInput, tariff: Tariff, at: Instant, price: PriceOf) {
  const total = Math.round(input.amountAt(at) * 1000)
  const cars = tariff.smart === null ? [] : input.chargedAt(at)
  const cheapCars = new Set(cars.filter(car => isCheap(input, tariff, car, at)).map(({ car }) => car))
  const night = isNight(at, OFF_PEAK)
  const byDispatch = cheapCars.size > 0 && !night
  const houseBand = byDispatch && tariff.smart === 'charge_cap' ? 'night' : tariff.bandAt(at)
  const parts = new Map<Band, number>([[houseBand, total]])
  if (tariff.smart === 'charge_cap') {
    for (const car of cars) {
      const left = parts.get(houseBand) ?? 0
      const taken = Math.min(left, Math.round((car.smart + car.other) * 1000))
      if (taken < LEAST_KWH * 1000) continue
      const band = cheapCars.has(car.car) ? 'ev_off_peak' : 'ev_peak'
      parts.set(houseBand, left - taken)
      parts.set(band, (parts.get(band) ?? 0) + taken)
    }
  }
  const atNight = byDispatch && tariff.smart === 'whole_slot' ? nightAfter(at) : at
  const shares = [...parts].flatMap(([band, thousandths]): Share[] => {
    const row = atNight === at ? price(tariff, band, at) : rowOf(input, tariff.bands[band] ?? (() => []), atNight)
    return row === undefined ? [] : [{ band, thousandths, row }]
  })
  return { byDispatch, shares }
}

/** A half hour of the night whose price a dispatch has. */
function nightAfter(at: Instant): Instant {
  let mark = at
  while (!isNight(mark, OFF_PEAK)) mark += HALF_HOUR
  return mark
}

function isCheap({ chargedAt }: BillInput, tariff: Tariff, { car, smart }: CarShare, at: Instant): boolean {
  if (smart < LEAST_KWH) return false
  if (tariff.smart === 'whole_slot') return true
  let used = 0
  for (let mark = lastNoon(at); mark < at; mark += HALF_HOUR) {
    if (chargedAt(mark).some(share => share.car === car && share.smart >= LEAST_KWH)) used += 1
  }
  return used < ALLOWANCE
}
