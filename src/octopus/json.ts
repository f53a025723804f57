/**
 * Careful looks at JSON of which nothing is promised. Octopus gives decimals as numbers or strings and times with any
 * offset; what does not fit is null, never an exception.
 */
import { DateTime } from 'luxon'
import type { Instant } from '../clock.ts'

export type JsonObject = Readonly<Record<string, unknown>>

export const asObject = (value: unknown): JsonObject | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null

export const asArray = (value: unknown): readonly unknown[] | null => (Array.isArray(value) ? value : null)

/** Text that is not empty. */
export const asText = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

export const asBoolean = (value: unknown): boolean | null => (typeof value === 'boolean' ? value : null)

const DECIMAL = /^\s*[+-]?\d{1,30}(\.\d{0,30})?([eE][+-]?\d{1,3})?\s*$/

export function asNumber(value: unknown): number | null {
  const number = typeof value === 'string' && DECIMAL.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}

/** ISO 8601 with any offset and any number of digits after the second; without an offset it is UTC. */
export function asInstant(value: unknown): Instant | null {
  if (typeof value !== 'string' || value.length > 40 || !/^\d{4}-\d{2}-\d{2}[T ]\d{2}:/.test(value)) return null
  const usual = usualInstant(value)
  if (usual !== null) return usual
  const time = DateTime.fromISO(value.replace(' ', 'T'), { zone: 'utc' })
  return time.isValid ? time.toMillis() : null
}

const USUAL =
  /^([1-9]\d{3})-(0[1-9]|1[0-2])-(\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/

/** The form of nearly every time that Octopus sends, read without the library, which takes twenty times as long. */
function usualInstant(text: string): Instant | null {
  const [, year, month, day] = USUAL.exec(text) ?? []
  if (year === undefined) return null
  const exists = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day)
  return exists ? Date.parse(text) : null
}

/** The value of a JSON text, or undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
