/**
 * Tokens of the form of Octopus's: a JWT with real claims, good for an hour by the simulator's clock. Signed with a
 * key of the user's, so that a token outlives a restart of the simulator, as it would at Octopus.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { type Clock, HOUR } from '../clock.ts'
import type { Random } from './random.ts'
import { Recent } from './recent.ts'
import { type KrakenCode, krakenError } from './wire-errors.ts'

const TOKEN_LIFE = HOUR
const REFRESH_TOKEN_LIFE = 7 * 24 * HOUR

const SIGNED_KEPT = 10

export interface Minted {
  readonly token: string
  readonly payload: Readonly<Record<string, unknown>>
  readonly refreshToken: string
  /** Seconds since the epoch, despite the name. */
  readonly refreshExpiresIn: number
}

const hexOf = (random: Random, bytes: number): string =>
  Array.from({ length: bytes }, () => random.whole(0, 255).toString(16).padStart(2, '0')).join('')

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

export class Tokens {
  readonly #clock: Clock
  readonly #random: Random
  readonly #secret: Buffer
  readonly #refresh = new Map<string, number>()
  /** When those expire whose signature was found good lately. */
  readonly #signed = new Recent<string, { readonly exp: number }>(SIGNED_KEPT)
  readonly #subject: string

  constructor(clock: Clock, userNumber: number, random: Random) {
    this.#clock = clock
    this.#random = random
    this.#subject = `kraken|account-user:${userNumber}`
    this.#secret = createHash('sha256').update(this.#subject).digest()
  }

  /** With `refreshToken` the same one is given back: it is not rotated and does not live longer for being used. */
  mint(refreshToken?: string): Minted {
    const iat = Math.floor(this.#clock.now() / 1000)
    const payload = {
      sub: this.#subject,
      gty: 'API-KEY',
      tokenUse: 'access',
      iss: 'https://api.octopus.energy/v1/graphql/',
      jti: hexOf(this.#random, 8),
      iat,
      exp: iat + TOKEN_LIFE / 1000,
      origIat: iat,
    }
    const body = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(payload)}`
    const refresh = refreshToken ?? this.#newRefreshToken()
    return {
      token: `${body}.${this.#sign(body)}`,
      payload,
      refreshToken: refresh,
      refreshExpiresIn: Math.floor((this.#refresh.get(refresh) ?? 0) / 1000),
    }
  }

  /** Whether a refresh token may be used, and the code that says why not. */
  refuseRefresh(refreshToken: string): KrakenCode | null {
    const expires = this.#refresh.get(refreshToken)
    if (expires === undefined) return 'KT-CT-1135'
    return expires <= this.#clock.now() ? 'KT-CT-1134' : null
  }

  /** Throws what Octopus answers to this value of the header; `rawOnly` is the backend host, which takes no prefix. */
  verify(header: string | undefined, rawOnly = false): void {
    if (header === undefined || header.trim() === '') throw krakenError('KT-CT-1112')
    const token = rawOnly ? header.trim() : header.trim().replace(/^JWT /, '')
    const { exp } = this.#signed.get(token, () => this.#checked(token))
    if (exp * 1000 <= this.#clock.now()) throw krakenError('KT-CT-1124')
  }

  #checked(token: string): { readonly exp: number } {
    const [head, body, signature, ...rest] = token.split('.')
    if (head === undefined || body === undefined || signature === undefined || rest.length > 0) {
      throw krakenError('KT-CT-1143')
    }
    const expected = Buffer.from(this.#sign(`${head}.${body}`))
    const given = Buffer.from(signature)
    const exp = expiryOf(body)
    if (exp === null) throw krakenError('KT-CT-1143')
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw krakenError('KT-CT-1126')
    return { exp }
  }

  #newRefreshToken(): string {
    for (const [token, expires] of this.#refresh) if (expires <= this.#clock.now() - HOUR) this.#refresh.delete(token)
    const token = hexOf(this.#random, 24)
    this.#refresh.set(token, this.#clock.now() + REFRESH_TOKEN_LIFE)
    return token
  }

  #sign(body: string): string {
    return createHmac('sha256', this.#secret).update(body).digest('base64url')
  }
}

function expiryOf(body: string): number | null {
  try {
    const claims: unknown = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'))
    if (typeof claims !== 'object' || claims === null || !('exp' in claims)) return null
    return typeof claims.exp === 'number' ? claims.exp : null
  } catch {
    return null
  }
}
