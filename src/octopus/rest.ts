/**
 * The REST API: half-hour readings, with the API key as the user and no password, and the prices of tariffs, which are public
 * and are asked for without the key.
 */
import { HALF_HOUR, type Instant } from '../clock.ts'
import type { Fuel, MeterReading } from '../energy/types.ts'
import { isBridgeError } from '../errors.ts'
import { toIso } from '../time/london.ts'
import { fromStatus, octopusError } from './errors.ts'
import { exchange, type HttpSettings } from './http.ts'
import { asArray, asInstant, asObject, asQuantity, asText, type JsonObject, parseJson } from './json.ts'
import type { Limiter } from './limiter.ts'
import {
  bandsToTry,
  ENDPOINTS,
  type PaidCharge,
  type PaidRate,
  type PublishedBand,
  parseRateRows,
  type RateQuestion,
  type TariffRows,
} from './rate-rows.ts'

/** A meter as the REST API addresses it: its MPAN or MPRN, and its serial number. */
export interface MeterAddress {
  readonly fuel: Fuel
  readonly point: string
  readonly serial: string
}

/** Half hours of a page, three months: a history is few requests, and an answer under a megabyte. Octopus allows 25 000. */
const READINGS_A_PAGE = 4_500
/** The most that Octopus allows of prices: a month of half hours. */
const RATES_A_PAGE = 1_500

/** More pages than any range we ask for has; a `next` that never ends is not followed for ever. */
const MOST_PAGES = 20

export class RestClient {
  readonly #url: string
  readonly #authorization: string
  readonly #http: HttpSettings
  readonly #limiter: Limiter
  /** By product: the kinds of rate that it was found to have, so that the empty ones are not asked for again. */
  readonly #bands = new Map<string, readonly PublishedBand[]>()

  constructor(url: string, apiKey: string, http: HttpSettings, limiter: Limiter) {
    this.#url = url.endsWith('/') ? url : `${url}/`
    this.#authorization = `Basic ${Buffer.from(`${apiKey}:`).toString('base64')}`
    this.#http = http
    this.#limiter = limiter
  }

  /**
   * Readings that start in `[from, to)`, the oldest first, in the unit of the meter. A meter that is not smart, or an unknown
   * serial, has none. Each page is a request of its own; the readings of the pages before one that fails are lost, and
   * asked for again.
   */
  async consumption(meter: MeterAddress, from: Instant, to: Instant): Promise<MeterReading[]> {
    const { fuel, point, serial } = meter
    const first = this.#address([`${fuel}-meter-points`, point, 'meters', serial, 'consumption'], {
      period_from: toIso(from),
      period_to: toIso(to),
      order_by: 'period',
      page_size: String(READINGS_A_PAGE),
    })
    const readings = new Map<Instant, number>()
    for await (const body of this.#pages(first, 'consumption', this.#authorization)) {
      for (const row of asArray(body.results) ?? []) {
        const { interval_start, consumption } = asObject(row) ?? {}
        const [start, amount] = [asInstant(interval_start), asQuantity(consumption)]
        if (start === null || amount === null || amount < 0) continue
        if (start >= from && start < to && start % HALF_HOUR === 0) readings.set(start, amount)
      }
    }
    return [...readings].map(([start, amount]) => ({ start, amount })).sort((a, b) => a.start - b.start)
  }

  /**
   * Prices that count somewhere in `[from, to)`, of every way of paying, as Octopus publishes them. A tariff that has none
   * published, or that Octopus does not know, has no rows.
   */
  async rates(question: RateQuestion): Promise<TariffRows> {
    const unitRates = await this.#unitRates(question)
    const standingCharges = await this.#rows(question, 'standing-charges')
    return { unitRates, standingCharges }
  }

  async #unitRates(question: RateQuestion): Promise<PaidRate[]> {
    const { productCode, tariffCode } = question
    const known = this.#bands.get(productCode)
    for (const bands of known === undefined ? bandsToTry(tariffCode) : [known]) {
      const found: PaidRate[] = []
      for (const band of bands) {
        const rows = await this.#rows(question, ENDPOINTS[band])
        found.push(...rows.map(row => ({ band, ...row })))
      }
      if (found.length === 0) continue
      this.#bands.set(productCode, bands)
      return found
    }
    return []
  }

  async #rows({ productCode, tariffCode, from, to }: RateQuestion, kind: string): Promise<PaidCharge[]> {
    const tariffs = tariffCode.startsWith('G-') ? 'gas-tariffs' : 'electricity-tariffs'
    const first = this.#address(['products', productCode, tariffs, tariffCode, kind], {
      period_from: toIso(from),
      period_to: toIso(to),
      page_size: String(RATES_A_PAGE),
    })
    const rows: PaidCharge[] = []
    try {
      for await (const body of this.#pages(first, 'rates', null)) rows.push(...parseRateRows(body))
    } catch (error) {
      // A kind of rate that the tariff does not have: 400 or 404, in JSON.
      if (isNotThere(error)) return []
      throw error
    }
    return rows
  }

  #address(path: readonly string[], query: Readonly<Record<string, string>>): string {
    const url = new URL(`${path.map(encodeURIComponent).join('/')}/`, this.#url)
    url.search = new URLSearchParams(query).toString()
    return url.href
  }

  async *#pages(first: string, operation: string, authorization: string | null): AsyncGenerator<JsonObject> {
    let next: string | null = first
    for (let page = 0; next !== null && page < MOST_PAGES; page += 1) {
      const body = await this.#get(next, operation, authorization)
      yield body
      next = this.#ownLink(asText(body.next))
    }
  }

  async #get(url: string, operation: string, authorization: string | null): Promise<JsonObject> {
    return this.#limiter.run({ kind: 'background', callClass: 'ordinary', operation }, async () => {
      const answer = await exchange(this.#http, url, {
        headers: {
          Accept: 'application/json',
          ...(authorization !== null && { Authorization: authorization }),
          'User-Agent': this.#http.userAgent,
        },
      })
      const body = asObject(parseJson(answer.text))
      const { status, retryAfterMs } = answer
      const failure = fromStatus(status, { isJson: body !== null, retryAfterMs, api: 'rest' })
      if (failure !== null || body === null) throw failure ?? octopusError('OCTOPUS_BAD_ANSWER', { status })
      return body
    })
  }

  /** The next page, on our own host whatever the link says: the key goes nowhere else. */
  #ownLink(link: string | null): string | null {
    if (link === null) return null
    const own = new URL(this.#url)
    const next = URL.canParse(link, this.#url) ? new URL(link, this.#url) : null
    if (next === null || next.host !== own.host || !next.pathname.startsWith(own.pathname))
      throw octopusError('OCTOPUS_BAD_ANSWER', { problem: 'a next page elsewhere' })
    next.protocol = own.protocol
    return next.href
  }
}

const isNotThere = (error: unknown): boolean =>
  isBridgeError(error, 'OCTOPUS_REFUSED') && (error.details.status === 400 || error.details.status === 404)
