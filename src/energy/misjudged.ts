/**
 * What we believed of the house, held against the bill: on an Intelligent product, half hour by half hour. Believed cheap is the night
 * and every half hour that our ledger made cheap; billed cheap is what `property.measurements` says a day or two later. Pure.
 */
import type { Instant } from '../clock.ts'
import { isNight, type NightWindow } from '../time/london.ts'
import type { BandRate } from './charging.ts'
import { costOf, type Decimal, decimal, sumOf, ZERO } from './decimal.ts'
import type { BilledHalfHour, BilledPart, RateBand } from './types.ts'

/** Why a half hour was misjudged: what we said, and what it came to. */
export const MISJUDGEMENTS = ['believed_cheap_billed_peak', 'believed_peak_billed_cheap'] as const
export type Misjudgement = (typeof MISJUDGEMENTS)[number]

export interface JudgedHalfHour {
  readonly start: Instant
  readonly believed: 'night' | 'dispatch' | 'peak'
  /** Null where there is no bill yet, or one that says nothing of cheap or peak. */
  readonly billed: 'cheap' | 'peak' | null
  /** Null where both agree, and where nothing was billed. */
  readonly misjudged: Misjudgement | null
  /** The kWh that were billed otherwise than believed; 0 where none were. */
  readonly kwh: number
  /**
   * Exact pence between the two rates for those kWh, never negative: too much paid where believed cheap, less paid where believed
   * peak. 0 where nothing was misjudged; null where a rate is not known.
   */
  readonly pence: Decimal | null
}

export interface JudgeInput {
  /** The half hours to judge. */
  readonly halfHours: readonly Instant[]
  /** Starts of those that our ledger made cheap. */
  readonly ledger: ReadonlySet<Instant>
  readonly night: NightWindow
  readonly billed: readonly BilledHalfHour[]
  readonly bandRate: BandRate
  /**
   * The house's cheap and dear price then, pence per kWh; null where they are not known or the same. The bills of older Intelligent
   * products name no day and night: there what was paid for a kWh tells.
   */
  readonly levels?: (at: Instant) => { readonly cheap: number; readonly dear: number } | null
}

interface Judging {
  readonly cheap: boolean
  /** The band of the other price, for the difference. */
  readonly other: RateBand
}

const HOUSE: Partial<Record<RateBand, Judging>> = {
  night: { cheap: true, other: 'day' },
  day: { cheap: false, other: 'night' },
}
const CAR: Partial<Record<RateBand, Judging>> = {
  ev_off_peak: { cheap: true, other: 'ev_peak' },
  ev_peak: { cheap: false, other: 'ev_off_peak' },
}

export function judge({ halfHours, ledger, night, billed, bandRate, levels }: JudgeInput): JudgedHalfHour[] {
  const billAt = new Map(billed.map(bill => [bill.start, bill]))
  return halfHours.map(start => {
    const believed = isNight(start, night) ? 'night' : ledger.has(start) ? 'dispatch' : 'peak'
    const parts = billAt.get(start)?.parts ?? []
    const verdict = verdictOf(parts) ?? verdictByPrice(parts, levels?.(start) ?? null)
    if (verdict === null) return { start, believed, billed: null, misjudged: null, kwh: 0, pence: ZERO }
    const billedAs = verdict.cheap ? 'cheap' : 'peak'
    if (verdict.cheap === (believed !== 'peak')) {
      return { start, believed, billed: billedAs, misjudged: null, kwh: 0, pence: ZERO }
    }
    const misjudged = verdict.cheap ? 'believed_peak_billed_cheap' : 'believed_cheap_billed_peak'
    const kwh = kwhOf(verdict.parts).toNumber()
    const pence = verdict.difference?.times(kwh) ?? differenceOf(verdict, start, bandRate)
    return { start, believed, billed: billedAs, misjudged, kwh, pence }
  })
}

interface Verdict {
  readonly cheap: boolean
  readonly parts: readonly BilledPart[]
  readonly table: Partial<Record<RateBand, Judging>>
  /** Pence per kWh between the two prices, where it was judged by them. */
  readonly difference?: Decimal
}

/**
 * The house's part decides where there is one: what is billed as the car's is an allocation, not a measurement. Without it the
 * car's does. Of parts at both prices the larger decides.
 */
function verdictOf(parts: readonly BilledPart[]): Verdict | null {
  for (const table of [HOUSE, CAR]) {
    const used = parts.filter(part => part.kwh > 0 && part.band !== null && table[part.band] !== undefined)
    if (used.length === 0) continue
    const [cheap, peak] = [true, false].map(which =>
      used.filter(part => part.band !== null && table[part.band]?.cheap === which),
    ) as [BilledPart[], BilledPart[]]
    const isCheap = kwhOf(cheap).gt(kwhOf(peak))
    return { cheap: isCheap, parts: isCheap ? cheap : peak, table }
  }
  return null
}

/** By what was paid for a kWh: the nearer of the two prices. */
function verdictByPrice(
  parts: readonly BilledPart[],
  levels: { readonly cheap: number; readonly dear: number } | null,
): Verdict | null {
  const paid = parts.filter(({ kwh, pence }) => kwh > 0 && pence !== null)
  if (levels === null || paid.length === 0) return null
  const { cheap, dear } = levels
  const middle = decimal(cheap).plus(dear).div(2)
  const rate = sumOf(paid.map(({ pence }) => pence ?? 0)).div(kwhOf(paid))
  return { cheap: rate.lt(middle), parts: paid, table: {}, difference: decimal(dear).minus(cheap) }
}

const kwhOf = (parts: readonly BilledPart[]): Decimal => sumOf(parts.map(part => part.kwh))

function differenceOf({ parts, table }: Verdict, at: Instant, bandRate: BandRate): Decimal | null {
  const differences: Decimal[] = []
  for (const { band, kwh } of parts) {
    const other = band === null ? undefined : table[band]?.other
    const rate = band === null ? null : bandRate(band, at)
    const otherRate = other === undefined ? null : bandRate(other, at)
    if (rate === null || otherRate === null) return null
    differences.push(costOf(rate, kwh).minus(costOf(otherRate, kwh)))
  }
  return sumOf(differences).abs()
}
