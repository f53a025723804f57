/** The token for the API key: fetched when a call needs one, shared by all of them, and by the next start. */
import { createHash } from 'node:crypto'
import { type Clock, HOUR, MINUTE } from '../clock.ts'
import { TOKEN } from './documents.ts'
import { octopusError } from './errors.ts'
import { asNumber, asObject, asText, type JsonObject, parseJson } from './json.ts'
import type { Limiter } from './limiter.ts'
import type { Transport } from './transport.ts'

/** A token is renewed this long before it expires, or a tenth of its life before where it lives shortly. */
const RENEW_BEFORE = 5 * MINUTE

/**
 * Keeps the token over a restart, so that a daemon that is started often, and the commands beside it, do not use up the
 * few tokens of an hour. It stands in the store, which is readable by its owner alone.
 */
export interface TokenKeeper {
  get(): KeptToken | null
  set(token: KeptToken | null): void
}

/** Tells the tokens of one API key from those of another, and does not show the key. */
export const keyDigestOf = (apiKey: string): string => createHash('sha256').update(apiKey).digest('hex')

export interface KeptToken {
  /** Of the API key that it was made for: another key needs another token. */
  readonly keyDigest: string
  readonly text: string
  /** Wall time. */
  readonly goodUntil: number
}

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
  readonly #keeper: TokenKeeper | undefined
  #token: Token | null = null
  #inFlight: Promise<string> | null = null

  constructor(apiKey: string, transport: Transport, limiter: Limiter, clock: Clock, keeper?: TokenKeeper) {
    this.#apiKey = apiKey
    this.#transport = transport
    this.#limiter = limiter
    this.#clock = clock
    this.#keeper = keeper
  }

  /**
   * A token that is good now. Throws OCTOPUS_KEY_REJECTED, which may pass and is worth another try minutes later,
   * OCTOPUS_TOKENS_SPENT with `details.at`, or what any call throws.
   */
  token(): Promise<string> {
    this.#token ??= this.#kept()
    if (this.#token !== null && this.#isGood(this.#token)) return Promise.resolve(this.#token.text)
    this.#inFlight ??= this.#fetch().finally(() => {
      this.#inFlight = null
    })
    return this.#inFlight
  }

  /** Octopus refused this token. A newer one stays. */
  invalidate(token: string): void {
    if (this.#token?.text !== token) return
    this.#token = null
    if (this.#keeper?.get()?.text === token) this.#keeper.set(null)
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
    this.#token = this.#goodFor(text, use)
    this.#keeper?.set({ keyDigest: this.#keyDigest, text, goodUntil: this.#clock.now() + use })
    return text
  }

  #goodFor(text: string, use: number): Token {
    return { text, goodUntil: { wall: this.#clock.now() + use, monotonic: this.#clock.monotonic() + use } }
  }

  /** One that says it lives longer than any does was kept before the clock was set back. */
  #kept(): Token | null {
    const kept = this.#keeper?.get() ?? null
    if (kept === null || kept.keyDigest !== this.#keyDigest) return null
    const left = kept.goodUntil - this.#clock.now()
    return left > 0 && left <= HOUR ? this.#goodFor(kept.text, left) : null
  }

  get #keyDigest(): string {
    return keyDigestOf(this.#apiKey)
  }
}

/** Octopus's tokens live an hour. One that claims to live longer is asked for again in good time. */
const LONGEST_LIFE = 24 * HOUR

/** What a header can carry: any other would make every request fail for an hour. */
const SENDABLE = /^[!-~]{1,8192}$/

/**
 * The token, and how many milliseconds it lives: `exp` less `iat`, so that the clock of this machine does not matter. An
 * hour where neither the token nor its payload say.
 */
export function parseToken(data: JsonObject): { text: string; lifetime: number } {
  const { token, payload } = asObject(data.obtainKrakenToken) ?? {}
  const text = asText(token)
  if (text === null || !SENDABLE.test(text)) throw octopusError('OCTOPUS_BAD_ANSWER', { problem: 'no token' })
  const inside = parseJson(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString('utf8'))
  return { text, lifetime: lifetimeOf(inside) ?? lifetimeOf(payload) ?? HOUR }
}

function lifetimeOf(claims: unknown): number | null {
  const { iat, exp } = asObject(claims) ?? {}
  const [from, to] = [asNumber(iat), asNumber(exp)]
  return from === null || to === null || to <= from ? null : Math.min((to - from) * 1_000, LONGEST_LIFE)
}
