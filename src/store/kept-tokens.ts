/** The one credential in the store: a token of an hour, so that restarts and commands share it. */
import { anInstant, aText, fields } from '../shape.ts'
import type { Values } from './values.ts'

/** Under which name it is. */
export const TOKEN_KEY = 'token'

const SENDABLE = /^[!-~]{1,8192}$/
const aKeptToken = fields<{ keyDigest: string; text: string; goodUntil: number }>({
  keyDigest: aText,
  text: value => typeof value === 'string' && SENDABLE.test(value),
  goodUntil: anInstant,
})

export interface TokenShelf<T> {
  get(): T | null
  set(token: T | null): void
}

export const keptTokens = <T>(values: Values): TokenShelf<T> => ({
  get: () => values.get<T>(TOKEN_KEY, aKeptToken),
  set: token => (token === null ? values.remove(TOKEN_KEY) : values.set(TOKEN_KEY, token)),
})
