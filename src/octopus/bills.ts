/** Half hours as they were billed, from `property.measurements`: which price each part of a half hour was charged at. */
import { HALF_HOUR, type Instant } from '../clock.ts'
import type { BilledHalfHour, BilledPart } from '../energy/types.ts'
import { bandOfLabel } from './bands.ts'
import { octopusError } from './errors.ts'
import { asArray, asInstant, asListOf, asName, asObject, asQuantity, asText, type JsonObject } from './json.ts'
import { connection, type Page } from './tariffs.ts'

export interface BilledPage extends Page<BilledHalfHour> {
  /** Labels of no kind that we know, each once. */
  readonly unknownLabels: readonly string[]
}

/**
 * Statistics that price the energy itself, the likeliest first; the standing charge is another matter. Octopus may give the same
 * half hour by several: only one of them counts.
 */
const KINDS = ['TOU_BUCKET_COST', 'CONSUMPTION_COST', 'GENERATION_VALUE']

const MOST_STATISTICS = 30
const MOST_UNKNOWN = 10

interface Statistic extends BilledPart {
  readonly label: string | null
  /** Null where only the whole half hour's is told. */
  readonly used: number | null
}

/**
 * The oldest first. Of several properties one has the meter point. Half hours that are not billed yet have no statistics
 * and are left out, like those whose parts cannot be told. Throws OCTOPUS_BAD_ANSWER where there are no properties.
 */
export function parseMeasurements(data: JsonObject): BilledPage {
  const properties = asArray(asObject(data.account)?.properties)
  if (properties === null) throw octopusError('OCTOPUS_BAD_ANSWER', { problem: 'no properties' })
  const halfHours = new Map<Instant, BilledHalfHour>()
  const unknown = new Set<string>()
  let next: string | null = null
  for (const property of properties) {
    const { measurements } = asObject(property) ?? {}
    if (measurements === null || measurements === undefined) continue
    const page = connection(measurements)
    if (page.rows.length > 0) next ??= page.next
    for (const node of page.rows) {
      const halfHour = parseHalfHour(node, unknown)
      if (halfHour !== null) halfHours.set(halfHour.start, halfHour)
    }
  }
  const rows = [...halfHours.values()].sort((a, b) => a.start - b.start)
  return { rows, next, unknownLabels: [...unknown].slice(0, MOST_UNKNOWN) }
}

function parseHalfHour(node: JsonObject, unknown: Set<string>): BilledHalfHour | null {
  const [start, end, kwh] = [asInstant(node.startAt), asInstant(node.endAt), asQuantity(node.value)]
  if (start === null || start % HALF_HOUR !== 0 || end !== start + HALF_HOUR) return null
  if (kwh === null || kwh < 0 || asText(node.unit)?.toLowerCase() !== 'kwh') return null
  const statistics = pricingOf(asObject(node.metaData)?.statistics)
  const parts = partsOf(statistics, kwh)
  if (parts === null) return null
  for (const { label, band } of statistics) if (band === null && label !== null) unknown.add(label)
  return { start, parts }
}

/** Of the kinds of statistics the one that says most of the bands. One without a label beside those that have one is their sum. */
function pricingOf(value: unknown): Statistic[] {
  const listed = (asListOf(value, MOST_STATISTICS) ?? []).map(each => asObject(each) ?? {})
  const kinds = KINDS.map(kind => listed.filter(({ type }) => type === kind).map(parseStatistic)).map(statistics =>
    statistics.some(({ label }) => label !== null) ? statistics.filter(({ label }) => label !== null) : statistics,
  )
  const told = (statistics: readonly Statistic[]): number =>
    statistics.length === 0 ? -1 : statistics.filter(({ label, band }) => label !== null && band !== null).length
  return kinds.reduce((best, one) => (told(one) > told(best) ? one : best), [])
}

// assumption: amounts are pence, although the currency says GBP; the schema's comment and others' bills say so.
function parseStatistic(statistic: JsonObject): Statistic {
  const label = asName(statistic.label)
  const used = asQuantity(statistic.value)
  return {
    label,
    band: label === null ? 'standard' : bandOfLabel(label),
    used,
    kwh: used ?? 0,
    pence: asQuantity(asObject(statistic.costInclTax)?.estimatedAmount),
  }
}

/** A part for each price; those of nothing only where there is nothing else. Null where they cannot be told. */
function partsOf(statistics: readonly Statistic[], kwh: number): BilledPart[] | null {
  if (statistics.length === 0 || statistics.some(({ used }) => used !== null && used < 0)) return null
  const isNothing = ({ used, pence }: Statistic): boolean => (used ?? 0) === 0 && (pence ?? 0) === 0
  const something = statistics.filter(each => !isNothing(each))
  const told = something.length > 0 ? something : statistics
  // A kWh that is told once belongs to the only part there is.
  const parts = told.map(({ band, used, pence }) => ({ band, kwh: used ?? (told.length === 1 ? kwh : null), pence }))
  return parts.every((part): part is BilledPart => part.kwh !== null) ? parts : null
}
