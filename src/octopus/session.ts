/** The token for the API key: fetched when a call needs one, shared by all of them, kept in memory only. */
import { type Clock, HOUR, MINUTE } from '../clock.ts'
import { TOKEN } from './documents.ts'
import { octopusError } from './errors.ts'
import { asNumber, asObject, asText, type JsonObject, parseJson } from './json.ts'
import type { Limiter } from './limiter.ts'
import type { Transport } from './transport.ts'

/** A token is renewed this long before it expires, or a tenth of its life before where it lives shortly. */
const RENEW_BEFORE = 5 * MINUTE

interface Token {
  readonly text: string
  /** By both clocks, as a machine that slept has lost monotonic time, and a set clock wall time. */
  readonly goodUntil: { readonly wall: number; readonly monotonic: number }
}

export class Session {
  readonly #apiKey: string
  readonly #transport: Transport
  readonly #limiter: Limiter
  readonly #clock: Clock
  #token: Token | null = null
  #inFlight: Promise<string> | null = null

  constructor(apiKey: string, transport: Transport, limiter: Limiter, clock: Clock) {
    this.#apiKey = apiKey
    this.#transport = transport
    this.#limiter = limiter
    this.#clock = clock
  }

  /**
   * A token that is good now. Throws OCTOPUS_KEY_REJECTED, which may pass and is worth another try minutes later,
   * OCTOPUS_TOKENS_SPENT with `details.at`, or what any call throws.
   */
  token(): Promise<string> {
    if (this.#token !== null && this.#isGood(this.#token)) return Promise.resolve(this.#token.text)
    this.#inFlight ??= this.#fetch().finally(() => {
      this.#inFlight = null
    })
    return this.#inFlight
  }

  /** Octopus refused this token. A newer one stays. */
  invalidate(token: string): void {
    if (this.#token?.text === token) this.#token = null
  }

  #isGood({ goodUntil }: Token): boolean {
    return this.#clock.now() < goodUntil.wall && this.#clock.monotonic() < goodUntil.monotonic
  }

  async #fetch(): Promise<string> {
    const { data } = await this.#limiter.run({ kind: 'token', callClass: 'event', operation: 'Token' }, () =>
      this.#transport({ document: TOKEN, variables: { input: { APIKey: this.#apiKey } }, token: null }),
    )
    const { text, lifetime } = parseToken(data)
    const use = lifetime - Math.min(RENEW_BEFORE, lifetime / 10)
    this.#token = { text, goodUntil: { wall: this.#clock.now() + use, monotonic: this.#clock.monotonic() + use } }
    return text
  }
}

/**
 * The token, and how many milliseconds it lives: `exp` less `iat`, so that the clock of this machine does not matter. An
 * hour where neither the token nor its payload say.
 */
export function parseToken(data: JsonObject): { text: string; lifetime: number } {
  const { token, payload } = asObject(data.obtainKrakenToken) ?? {}
  const text = asText(token)
  if (text === null) throw octopusError('OCTOPUS_BAD_ANSWER', { problem: 'no token' })
  const inside = parseJson(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString('utf8'))
  return { text, lifetime: lifetimeOf(inside) ?? lifetimeOf(payload) ?? HOUR }
}

function lifetimeOf(claims: unknown): number | null {
  const { iat, exp } = asObject(claims) ?? {}
  const [from, to] = [asNumber(iat), asNumber(exp)]
  return from === null || to === null || to <= from ? null : (to - from) * 1_000
}
