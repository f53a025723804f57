/**
 * Prices of a tariff, by REST. They are public: the key is not sent. A product has only some of the endpoints; those that gave
 * prices are told, so that the next question goes to them alone.
 */
import type { Instant } from '../clock.ts'
import type { Fuel, RateBand } from '../energy/types.ts'
import { isBridgeError } from '../errors.ts'
import { toIso } from '../time/london.ts'
import { octopusError } from './errors.ts'
import { asArray, asInstant, asName, asObject, asQuantity, asText, type JsonObject } from './json.ts'
import type { Rest } from './kept-pages.ts'

/** As Octopus publishes it: a variable tariff has a row for each way of paying. */
export interface PublishedCharge {
  readonly start: Instant
  /** Null while open. */
  readonly end: Instant | null
  /** With VAT: per kWh, or per day. */
  readonly pence: number
  /** `DIRECT_DEBIT`, `NON_DIRECT_DEBIT`; null for everybody. */
  readonly paymentMethod: string | null
}

export interface PublishedRate extends PublishedCharge {
  readonly band: RateBand
}

export interface TariffRef {
  readonly fuel: Fuel
  readonly productCode: string
  readonly tariffCode: string
}

/** Source: Octopus's published OpenAPI. There is none for the third rate of a three-rate meter. */
const ENDPOINTS = {
  standard: 'standard-unit-rates',
  day: 'day-unit-rates',
  night: 'night-unit-rates',
  ev_peak: 'ev-device-peak-unit-rates',
  ev_off_peak: 'ev-device-off-peak-unit-rates',
} as const satisfies Partial<Record<RateBand, string>>

export type PublishedBand = keyof typeof ENDPOINTS

export interface PublishedRates {
  /** The oldest first, band by band. */
  readonly rates: readonly PublishedRate[]
  /** The bands that the product has at REST; none where it has no prices there, at least not of this time. */
  readonly bands: readonly PublishedBand[]
}

/** Octopus allows no more: a month of half hours. */
const PAGE_SIZE = 1_500

/** Two and a half years of half hours. */
const MOST_PAGES = 30

/**
 * Prices that count somewhere in `[from, to)`. `known` are the bands of an earlier answer. A first question makes one request
 * for most tariffs, two for day and night, five for the four-rate ones; a later one makes as many as there are bands. Each
 * further 1 500 rows (a month of Agile) are a request more.
 */
export async function publishedRates(
  rest: Rest,
  tariff: TariffRef,
  from: Instant,
  to: Instant,
  known: readonly PublishedBand[] = [],
): Promise<PublishedRates> {
  if (known.length > 0) {
    const again = await ratesOf(rest, tariff, known, from, to)
    if (again !== null) return { rates: again.flat(), bands: known }
  }
  for (const bands of candidates(tariff)) {
    const found = await ratesOf(rest, tariff, bands, from, to).catch(noneWhereUnknown)
    if (found === null) continue
    const having = bands.filter((_, at) => (found[at] ?? []).length > 0)
    if (having.length > 0) return { rates: found.flat(), bands: having }
  }
  return { rates: [], bands: [] }
}

/** The sets of bands that a product may have, the likeliest first. */
function candidates({ fuel, tariffCode }: TariffRef): PublishedBand[][] {
  if (fuel === 'gas') return [['standard']]
  const registers = /^E-(\d)R-/.exec(tariffCode)?.[1]
  if (registers === '2') return [['day', 'night']]
  // assumption: REST has not all prices of a three-rate tariff, and a part would make a wrong price of the third.
  if (registers === '3') return []
  return [['standard'], ['day', 'night', 'ev_peak', 'ev_off_peak']]
}

/** The rows of each band; null where Octopus has none such for the first. Where that has no rows, none has. */
async function ratesOf(
  rest: Rest,
  tariff: TariffRef,
  bands: readonly PublishedBand[],
  from: Instant,
  to: Instant,
): Promise<PublishedRate[][] | null> {
  const all: PublishedRate[][] = []
  for (const band of bands) {
    try {
      const charges = await charged(rest, tariff, ENDPOINTS[band], from, to)
      all.push(charges.map(charge => ({ band, ...charge })))
    } catch (error) {
      if (!isNoSuchThing(error)) throw error
      if (all.length === 0) return null
      all.push([])
    }
    if (all[0]?.length === 0) break
  }
  return all
}

/** A product that is not published, of which somebody else may tell; one that was a while ago is not asked after elsewhere. */
function noneWhereUnknown(error: unknown): null {
  if (isBridgeError(error, 'OCTOPUS_REFUSED') && error.details.status === 404) return null
  throw error
}

/** What Octopus answers where a tariff has no such registers. */
const isNoSuchThing = (error: unknown): boolean =>
  isBridgeError(error, 'OCTOPUS_REFUSED') && error.details.status === 400

/** Standing charges that count somewhere in `[from, to)`, pence per day with VAT, the oldest first. One request. */
export const publishedStandingCharges = (
  rest: Rest,
  tariff: TariffRef,
  from: Instant,
  to: Instant,
): Promise<PublishedCharge[]> =>
  charged(rest, tariff, 'standing-charges', from, to).catch(error => noneWhereUnknown(error) ?? [])

async function charged(
  rest: Rest,
  { fuel, productCode, tariffCode }: TariffRef,
  endpoint: string,
  from: Instant,
  to: Instant,
): Promise<PublishedCharge[]> {
  const charges = new Map<string, PublishedCharge>()
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const answer = rest.get({
      path: ['products', productCode, `${fuel}-tariffs`, tariffCode, endpoint],
      query: {
        period_from: toIso(from),
        period_to: toIso(to),
        page_size: String(PAGE_SIZE),
        ...(page > 1 ? { page: String(page) } : {}),
      },
      operation: endpoint,
      needsKey: false,
    })
    const body = await (page === 1 ? answer : answer.catch(noSuchPage))
    const rows = asArray(body.results)
    if (rows === null) throw octopusError('OCTOPUS_BAD_ANSWER', { problem: 'no results' })
    for (const row of rows) {
      const charge = parseCharge(asObject(row) ?? {}, from, to)
      // Prices that came in while the pages were turned move rows to the next one.
      if (charge !== null) charges.set(`${charge.start} ${charge.end} ${charge.paymentMethod}`, charge)
    }
    if (asText(body.next) === null) return [...charges.values()].sort((a, b) => a.start - b.start)
  }
  throw octopusError('OCTOPUS_BAD_ANSWER', { problem: 'too many pages' })
}

/** A page that was promised and is not there: not the word on the product that its status is of the first. */
function noSuchPage(error: unknown): never {
  if (isBridgeError(error, 'OCTOPUS_REFUSED')) throw octopusError('OCTOPUS_BAD_ANSWER', { problem: 'no such page' })
  throw error
}

/** Null where a row makes no sense or lies elsewhere. One that began before everything counts from the time asked about. */
function parseCharge(row: JsonObject, from: Instant, to: Instant): PublishedCharge | null {
  const start = row.valid_from === null ? from : asInstant(row.valid_from)
  const end = row.valid_to === null ? null : asInstant(row.valid_to)
  const pence = asQuantity(row.value_inc_vat)
  if (start === null || pence === null || (row.valid_to !== null && end === null)) return null
  if (start >= to || (end !== null && (end <= start || end <= from))) return null
  return { start, end, pence, paymentMethod: asName(row.payment_method, 40) }
}
