/** Half-hour readings of a meter, of either fuel and direction, by REST. */
import { HALF_HOUR, HOUR, type Instant } from '../clock.ts'
import type { MeterReading } from '../energy/types.ts'
import { toIso } from '../time/london.ts'
import { octopusError } from './errors.ts'
import { asArray, asInstant, asObject, asQuantity, asText, type JsonObject } from './json.ts'
import type { MeterRef } from './meter-points.ts'
import type { RestClient } from './rest.ts'

/**
 * A page: half a megabyte, and a year is five requests. Octopus would give 25 000 rows at once; but such an answer takes
 * long, and what was lost with it is asked for again as a whole.
 */
const LONGEST_PAGE = 90 * 24 * HOUR

/** Every half hour of a page and some to spare, so that one is never cut. */
const PAGE_SIZE = LONGEST_PAGE / HALF_HOUR + 80

/** More than any range that we ask for has: about five years. */
const MOST_PAGES = 20

export interface ReadingsPage {
  /** The oldest first, each half hour once. */
  readonly readings: readonly MeterReading[]
  /** What was asked is answered up to here: the next page begins at it. */
  readonly upTo: Instant
}

/**
 * Readings that start in `[from, to)`, in the meter's own unit, as many as one request gives. A meter that is not smart, or
 * an unknown serial, has none.
 */
export async function readingsPage(
  rest: RestClient,
  { fuel, point, serial }: MeterRef,
  from: Instant,
  to: Instant,
): Promise<ReadingsPage> {
  const end = Math.min(to, from + LONGEST_PAGE)
  const body = await rest.get({
    path: [`${fuel}-meter-points`, point, 'meters', serial, 'consumption'],
    query: { period_from: toIso(from), period_to: toIso(end), order_by: 'period', page_size: String(PAGE_SIZE) },
    operation: 'consumption',
    needsKey: true,
  })
  const listed = parseReadings(body, from, end)
  const readings = listed.toSorted((a, b) => a.start - b.start)
  if (asText(body.next) === null) return { readings, upTo: end }
  const last = listed.at(-1)
  // Of a page that is cut, the newest first, nothing tells where the rest begins.
  if (last === undefined || last !== readings.at(-1))
    throw octopusError('OCTOPUS_BAD_ANSWER', { problem: 'a page that is cut, and not the oldest first' })
  return { readings, upTo: last.start + HALF_HOUR }
}

/**
 * All pages of a range: the readings before one that fails are lost, and asked for again. Throws OCTOPUS_BAD_ANSWER where
 * there is no end of pages: a range that is answered in part would be a hole.
 */
export async function readingsOf(
  rest: RestClient,
  meter: MeterRef,
  from: Instant,
  to: Instant,
): Promise<MeterReading[]> {
  const readings: MeterReading[] = []
  let start = from
  for (let page = 0; start < to; page += 1) {
    if (page === MOST_PAGES) throw octopusError('OCTOPUS_BAD_ANSWER', { problem: 'too many pages' })
    const { readings: more, upTo } = await readingsPage(rest, meter, start, to)
    for (const reading of more) readings.push(reading)
    start = upTo
  }
  return readings
}

/** In Octopus's order, each half hour once. */
function parseReadings(body: JsonObject, from: Instant, to: Instant): MeterReading[] {
  const rows = asArray(body.results)
  if (rows === null) throw octopusError('OCTOPUS_BAD_ANSWER', { problem: 'no results' })
  const readings = new Map<Instant, number>()
  for (const row of rows) {
    const { interval_start, consumption } = asObject(row) ?? {}
    const [start, amount] = [asInstant(interval_start), asQuantity(consumption)]
    if (start === null || amount === null || amount < 0) continue
    if (start >= from && start < to && start % HALF_HOUR === 0) readings.set(start, amount)
  }
  return [...readings].map(([start, amount]) => ({ start, amount }))
}
