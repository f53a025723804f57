/** The REST API. What is the customer's needs the key: basic authentication with it as the user and no password. */
import { fromStatus, octopusError } from './errors.ts'
import { exchange, type HttpSettings } from './http.ts'
import { asObject, type JsonObject, parseJson } from './json.ts'
import type { Limiter } from './limiter.ts'

export interface RestQuestion {
  /** Parts of the path below the base, not yet encoded. */
  readonly path: readonly string[]
  readonly query: Readonly<Record<string, string>>
  /** For people, in the ledger. */
  readonly operation: string
  /** Products and prices are public, and are asked for without it. */
  readonly needsKey: boolean
}

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
   * One request in the background. Always to our own host: links to a next page are not followed, the pages are counted.
   * A BridgeError's `details.status` is 400 or 404 where Octopus has no such thing.
   */
  get({ path, query, operation, needsKey }: RestQuestion): Promise<JsonObject> {
    const url = new URL(`${path.map(encodeURIComponent).join('/')}/`, this.#url)
    url.search = new URLSearchParams(query).toString()
    return this.#limiter.run({ kind: 'background', callClass: 'ordinary', operation }, async () => {
      const answer = await exchange(this.#http, url.href, {
        headers: {
          Accept: 'application/json',
          ...(needsKey ? { Authorization: this.#authorization } : {}),
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
}
