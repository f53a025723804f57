/**
 * What the energy room speaks of. Pure shapes: instants are UTC milliseconds, energy is kWh, money is pence with VAT as
 * Octopus publishes it. A price is a plain number that keeps the decimals it was published with; arithmetic on it is done in
 * exact decimals (`decimal.ts`), and only what is shown is rounded.
 */
import type { Instant } from '../clock.ts'
import type { LondonDate } from '../time/london.ts'

export type Fuel = 'electricity' | 'gas'
export type Direction = 'import' | 'export'

/**
 * Which register or use a price is for. `standard`: every kWh of its span (single rate, Agile, Go, Cosy, Tracker, gas). `day`,
 * `night`: the two registers of Economy 7, and the house's rates on the four-rate Intelligent tariffs. `off_peak`: the third
 * register. `ev_peak`, `ev_off_peak`: what Octopus bills as the car's on the four-rate tariffs.
 */
export const RATE_BANDS = ['standard', 'day', 'night', 'off_peak', 'ev_peak', 'ev_off_peak'] as const
export type RateBand = (typeof RATE_BANDS)[number]

/** The price of a kWh over a span. */
export interface UnitRate {
  readonly band: RateBand
  readonly start: Instant
  /** Null while open. */
  readonly end: Instant | null
  /** Pence per kWh with VAT; may be negative. */
  readonly pence: number
}

/** The price of a day's connection over a span. */
export interface StandingCharge {
  readonly start: Instant
  readonly end: Instant | null
  /** Pence per day with VAT. */
  readonly pence: number
}

/** All that is known of one tariff code. Spans of a band do not overlap, the oldest first. */
export interface TariffPrices {
  readonly tariffCode: string
  readonly unitRates: readonly UnitRate[]
  readonly standingCharges: readonly StandingCharge[]
}

/** A stretch of time in which a meter point is on one tariff. Of those that overlap the one that began last counts. */
export interface AgreementSpan {
  readonly productCode: string | null
  readonly tariffCode: string | null
  readonly start: Instant | null
  /** Null while open. */
  readonly end: Instant | null
}

/** What a half hour costs, before anybody used anything in it. */
export interface PricedHalfHour {
  readonly start: Instant
  readonly pence: number
  readonly band: RateBand
  /** `dispatch`: cheap because of a started smart half hour of ours, not by the tariff's own windows. */
  readonly why: 'tariff' | 'dispatch'
}

/** One bucket of a half hour as Octopus billed it (`property.measurements`). */
export interface BilledPart {
  /** Null where the label is of no kind that we know. */
  readonly band: RateBand | null
  readonly kwh: number
  /** Pence with VAT; null where Octopus gave no amount. */
  readonly pence: number | null
}

export interface BilledHalfHour {
  readonly start: Instant
  readonly parts: readonly BilledPart[]
}

/** A half hour as it is charged. */
export interface ChargedHalfHour {
  readonly start: Instant
  readonly kwh: number
  /** Pence per kWh; of several billed buckets their average. */
  readonly rate: number
  /** Exact pence, unrounded, as decimal text: `0.441`. */
  readonly pence: string
  readonly band: RateBand
  readonly why: 'tariff' | 'dispatch' | 'billed'
  /** The buckets where it was billed in several. */
  readonly parts?: readonly BilledPart[]
}

/** What a day costs, or earns for an export meter. */
export interface DayCost {
  readonly date: LondonDate
  readonly start: Instant
  readonly kwh: number
  /** Whole pence, rounded once; null where the standing charge of that day is not known. */
  readonly pence: number | null
  readonly penceWithoutStanding: number
  readonly standing: number | null
  readonly byBand: Readonly<Partial<Record<RateBand, { readonly kwh: number; readonly pence: number }>>>
  readonly halfHours: readonly ChargedHalfHour[]
  /** True until every half hour of it is known as it was billed, where the tariff is one whose bill can differ. */
  readonly provisional: boolean
}

/** A half-hour reading in the meter's own unit: kWh, or m³ for a SMETS2 gas meter. */
export interface MeterReading {
  readonly start: Instant
  readonly amount: number
}
