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

/** Text that is not empty, and not to be shown as it is: see `asName`. */
export const asText = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** Line breaks and other controls, and halves of surrogate pairs: they end up in logs, topics and other people's parsers. */
const UNFIT = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/gu

/** A token, which has no business in a name. */
const TOKEN = /eyJ[\w-]+\.eyJ[\w.-]+/g

/** Nothing in it could be unfit, and nothing stands around it. */
const FIT = /^[!-~](?:[ -~]*[!-~])?$/

/** Somebody's word for something, fit to be kept and shown, at most `longest` characters of it. */
export function asName(value: unknown, longest = 100): string | null {
  if (typeof value === 'string' && value.length <= longest && FIT.test(value) && !value.includes('eyJ')) return value
  const text = asText(value)
    ?.slice(0, 10 * longest)
    .replace(TOKEN, '***')
    .slice(0, longest)
    .replace(UNFIT, ' ')
    .trim()
  return text === undefined || text === '' ? null : text
}

/** What Octopus calls one of its things: printable ASCII and not long, since it goes into requests and into the store. */
export const asId = (value: unknown): string | null =>
  typeof value === 'string' && /^[!-~][ -~]{0,99}$/.test(value) ? value : null

/** As many of the list as any household has; the rest is a mistake of somebody's. Null where it is no list. */
export const asListOf = (value: unknown, most: number): readonly unknown[] | null =>
  asArray(value)?.slice(0, most) ?? null

export const asBoolean = (value: unknown): boolean | null => (typeof value === 'boolean' ? value : null)

const DECIMAL = /^\s*[+-]?\d{1,30}(\.\d{0,30})?([eE][+-]?\d{1,3})?\s*$/

export function asNumber(value: unknown): number | null {
  const number = typeof value === 'string' && DECIMAL.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}

/** More kW, kWh or per cent than any household has: such a number only breaks the sums that it is added to. */
const LARGEST_QUANTITY = 100_000

/** A measured or planned quantity. */
export function asQuantity(value: unknown): number | null {
  const number = asNumber(value)
  return number === null || Math.abs(number) > LARGEST_QUANTITY ? null : number
}

/** Outside of this no time means anything, and the calendar of years 0 and 10000 is nobody's business. */
const FIRST_INSTANT = Date.UTC(2000, 0)
const LAST_INSTANT = Date.UTC(2100, 0)

/** ISO 8601 with any offset and any number of digits after the second; without an offset it is UTC. Of this century. */
export function asInstant(value: unknown): Instant | null {
  if (typeof value !== 'string' || value.length > 40 || !/^\d{4}-\d{2}-\d{2}[T ]\d{2}:/.test(value)) return null
  const at = usualInstant(value) ?? anyInstant(value)
  return at !== null && at >= FIRST_INSTANT && at < LAST_INSTANT ? at : null
}

function anyInstant(text: string): Instant | null {
  const time = DateTime.fromISO(text.replace(' ', 'T'), { zone: 'utc' })
  return time.isValid ? time.toMillis() : null
}

const USUAL =
  /^[1-9]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/

/** The forms of nearly every time that Octopus sends, read without the library, which takes twenty times as long. */
function usualInstant(text: string): Instant | null {
  if (!USUAL.test(text)) return null
  const day = Number(text.slice(8, 10))
  const exists =
    day <= 28 || new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)) - 1, day)).getUTCDate() === day
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
