/** Which tariff a meter point is on, and when. Pure. */
import type { Instant } from '../../clock.ts'
import { once } from '../../once.ts'
import type { Interval } from '../../time/london.ts'
import { flatten, openEnd, openStart } from '../spans.ts'
import type { AgreementSpan } from '../types.ts'

/** A stretch on one tariff. */
export interface TariffSpan {
  readonly start: Instant
  readonly end: Instant
  readonly productCode: string | null
  /** Null where Octopus did not name the tariff: then no price is known. */
  readonly tariffCode: string | null
}

interface Stretch extends TariffSpan {
  readonly began: Instant
}

// Every price begins with them, and they hardly ever change: what belongs to a list is remembered.
const lineOf = once((agreements: readonly AgreementSpan[]): readonly Stretch[] => {
  const spans = agreements.map(agreement => ({
    start: openStart(agreement.start),
    end: openEnd(agreement.end),
    began: openStart(agreement.start),
    productCode: agreement.productCode,
    tariffCode: agreement.tariffCode,
  }))
  return flatten(
    spans,
    (a, b) => (a.began < b.began ? -1 : a.began > b.began ? 1 : 0),
    (a, b) => a.tariffCode === b.tariffCode && a.productCode === b.productCode,
  )
})

/**
 * The stretches of an interval, in order, without overlap. While a tariff changes, agreements overlap: the one that began
 * last counts, of two that began together the later in the list; when it ends, an earlier one that goes on counts again. A time without agreement
 * is in no stretch. A change is at whatever instant Octopus gives, in practice a midnight in London.
 */
export const tariffTimeline = (agreements: readonly AgreementSpan[], interval: Interval): TariffSpan[] =>
  lineOf(agreements)
    .map(({ began: _, ...span }) => ({
      ...span,
      start: Math.max(span.start, interval.start),
      end: Math.min(span.end, interval.end),
    }))
    .filter(({ start, end }) => start < end)

/** The tariff in force, or null. */
export const tariffAt = (agreements: readonly AgreementSpan[], at: Instant): TariffSpan | null =>
  tariffTimeline(agreements, { start: at, end: at + 1 })[0] ?? null
