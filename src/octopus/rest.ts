/** The REST API: half-hour readings. Basic authentication with the API key as the user and no password. */
import { HALF_HOUR, type Instant } from '../clock.ts'
import { toIso } from '../time/london.ts'
import { fromStatus, octopusError } from './errors.ts'
import { exchange, type HttpSettings } from './http.ts'
import { asArray, asInstant, asObject, asQuantity, asText, parseJson } from './json.ts'
import type { Limiter } from './limiter.ts'

export interface ConsumptionReading {
  /** Start of the half hour, UTC. */
  readonly start: Instant
  readonly kwh: number
}

/** Half hours of a page, about a month: most requests are answered in one. Octopus allows 25 000. */
const PAGE_SIZE = 1_500

/** More pages than any range we ask for has; a `next` that never ends is not followed for ever. */
const MOST_PAGES = 20

export class RestClient {
  readonly #url: string
  readonly #authorization: string
  readonly #http: HttpSettings
  readonly #limiter: Limiter

  constructor(url: string, apiKey: string, http: HttpSettings, limiter: Limiter) {
    this.#url = url.endsWith('/') ? url : `${url}/`
    this.#authorization = `Basic ${Buffer.from(`${apiKey}:`).toString('base64')}`
    this.#http = http
    this.#limiter = limiter
  }

  /**
   * Readings that start in `[from, to)`, the oldest first. A meter that is not smart, or an unknown serial, has none. Each
   * page is a request of its own; the readings of the pages before one that fails are lost, and asked for again.
   */
  async consumption(mpan: string, serial: string, from: Instant, to: Instant): Promise<ConsumptionReading[]> {
    const path = ['electricity-meter-points', mpan, 'meters', serial, 'consumption'].map(encodeURIComponent).join('/')
    const first = new URL(`${path}/`, this.#url)
    first.search = new URLSearchParams({
      period_from: toIso(from),
      period_to: toIso(to),
      order_by: 'period',
      page_size: String(PAGE_SIZE),
    }).toString()
    const readings = new Map<Instant, number>()
    let next: string | null = first.href
    for (let page = 0; next !== null && page < MOST_PAGES; page += 1) {
      const body = await this.#get(next)
      for (const row of asArray(body.results) ?? []) {
        const { interval_start, consumption } = asObject(row) ?? {}
        const [start, kwh] = [asInstant(interval_start), asQuantity(consumption)]
        if (start === null || kwh === null || kwh < 0) continue
        if (start >= from && start < to && start % HALF_HOUR === 0) readings.set(start, kwh)
      }
      next = this.#ownLink(asText(body.next))
    }
    return [...readings].map(([start, kwh]) => ({ start, kwh })).sort((a, b) => a.start - b.start)
  }

  async #get(url: string): Promise<Readonly<Record<string, unknown>>> {
    return this.#limiter.run({ kind: 'background', callClass: 'ordinary', operation: 'consumption' }, async () => {
      const answer = await exchange(this.#http, url, {
        headers: {
          Accept: 'application/json',
          Authorization: this.#authorization,
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
