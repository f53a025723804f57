/** The one credential in the store: a token of an hour, so that restarts and commands share it. */
import type { Values } from './values.ts'

const KEY = 'token'

export interface TokenShelf<T> {
  get(): T | null
  set(token: T | null): void
}

export const keptTokens = <T>(values: Values): TokenShelf<T> => ({
  get: () => values.get<T>(KEY),
  set: token => (token === null ? values.remove(KEY) : values.set(KEY, token)),
})
