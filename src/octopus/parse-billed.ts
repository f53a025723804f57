/**
 * Half hours as they were billed. The label of each bucket says at which price; what stands behind the kind of price in it
 * differs by account. Amounts are pence, though Octopus calls the currency GBP.
 */
import { HALF_HOUR } from '../clock.ts'
import type { BilledHalfHour, BilledPart, RateBand } from '../energy/types.ts'
import { asArray, asInstant, asName, asNumber, asObject, asQuantity, type JsonObject } from './json.ts'

/** The longer first, since one is a part of the other. */
// assumption: the label of a billed bucket has one of these words in it, and STANDARD where a tariff has one price.
const LABELS: readonly (readonly [RegExp, RateBand])[] = [
  [/EV_DEVICE_OFF_?PEAK/, 'ev_off_peak'],
  [/EV_DEVICE_PEAK/, 'ev_peak'],
  [/EV_DEVICE/, 'ev_off_peak'],
  [/ECO7_NIGHT|(^|_)NIGHT(_|$)/, 'night'],
  [/ECO7_DAY|(^|_)DAY(_|$)/, 'day'],
  [/OFF_?PEAK/, 'off_peak'],
  [/STANDARD/, 'standard'],
]

export interface BilledAnswer {
  /** In order; half hours without a bucket are not billed yet, and left out. */
  readonly halfHours: readonly BilledHalfHour[]
  /** Labels of which we do not know what they are the price of. */
  readonly unknownLabels: readonly string[]
}

/** Pence of half an hour. */
const MOST_PENCE = 100_000

const bandOf = (label: string): RateBand | null =>
  LABELS.find(([pattern]) => pattern.test(label.toUpperCase()))?.[1] ?? null

export function parseBilled(data: JsonObject): BilledAnswer {
  const halfHours = new Map<number, BilledHalfHour>()
  const unknown = new Set<string>()
  for (const property of asArray(asObject(data.account)?.properties) ?? []) {
    for (const edge of asArray(asObject(asObject(property)?.measurements)?.edges) ?? []) {
      const node = asObject(asObject(edge)?.node) ?? {}
      const start = asInstant(node.startAt)
      if (start === null || start % HALF_HOUR !== 0) continue
      const parts = partsOf(node, unknown)
      if (parts.length > 0) halfHours.set(start, { start, parts })
    }
  }
  return {
    halfHours: [...halfHours.values()].sort((a, b) => a.start - b.start),
    unknownLabels: [...unknown],
  }
}

function partsOf(node: JsonObject, unknown: Set<string>): BilledPart[] {
  return (asArray(asObject(node.metaData)?.statistics) ?? []).flatMap(entry => {
    const statistic = asObject(entry) ?? {}
    const label = asName(statistic.label) ?? ''
    // The standing charge has a row of its own and is no energy.
    if (/STANDING/.test(`${label} ${asName(statistic.type) ?? ''}`)) return []
    const kwh = asQuantity(statistic.value)
    if (kwh === null || kwh < 0) return []
    const pence = asNumber(asObject(statistic.costInclTax)?.estimatedAmount)
    const band = bandOf(label)
    if (band === null) unknown.add(label)
    return [{ band, kwh, pence: pence === null || Math.abs(pence) > MOST_PENCE ? null : pence }]
  })
}
