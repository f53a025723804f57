/** The one place where values become payloads. */
import type { Instant } from '../clock.ts'
import { toIso } from '../time/london.ts'
import type { EntityRow, TotalSince, Value } from './entity.ts'

export const ON = 'ON'
export const OFF = 'OFF'
/** Home Assistant shows a sensor or binary sensor with this payload as `unknown`. */
export const UNKNOWN = 'None'
export const ONLINE = 'online'
export const OFFLINE = 'offline'
export const PRESS = 'PRESS'

/** Longest state that Home Assistant keeps. */
const MAX_STATE_LENGTH = 255
/** Longest word of Octopus's that is passed on, unless said otherwise. */
const MAX_WORD_LENGTH = 64
/** The last instant that ISO 8601 writes with four digits for the year. */
const LAST_INSTANT = Date.UTC(9999, 11, 31, 23, 59, 59)

/** At most three decimals, or as many as are asked for; null for what is no finite number. */
export function rounded(value: number | null, decimals = 3): number | null {
  if (value === null || !Number.isFinite(value)) return null
  const scale = 10 ** decimals
  const short = Math.round(value * scale) / scale
  return Number.isFinite(short) ? short + 0 : null
}

/** Pounds, with so many decimals: 2 is whole pence. */
export const money = (value: number | null, decimals: number): number | null => rounded(value, decimals)

/** UTC, whole seconds; null where there is no such time. */
export const time = (at: Instant | null): string | null =>
  at !== null && at >= 0 && at <= LAST_INSTANT ? toIso(at) : null

/** Somebody else's word, short enough for an attribute and valid in JSON everywhere (no half surrogate pairs). */
export const word = (text: string | null, longest = MAX_WORD_LENGTH): string | null =>
  text === null ? null : text.slice(0, longest).replace(/\p{Surrogate}/gu, '\uFFFD')

const isTotal = (value: Value): value is TotalSince => typeof value === 'object' && value !== null

function scalar(row: EntityRow, value: Exclude<Value, TotalSince>): string {
  if (typeof value === 'boolean') return value ? ON : OFF
  if (typeof value === 'number') {
    const shown = row.deviceClass === 'timestamp' ? time(value) : rounded(value, row.decimals)
    return shown === null ? UNKNOWN : String(shown)
  }
  const known = value !== null && value.trim() !== '' && (row.options?.includes(value) ?? true)
  return known ? value.slice(0, MAX_STATE_LENGTH) : UNKNOWN
}

/** The state as it goes on the wire: a scalar, or the small JSON object of a total with its reset. */
export const statePayload = (row: EntityRow, value: Value): string =>
  isTotal(value)
    ? JSON.stringify({ value: rounded(value.value), last_reset: time(value.lastReset) })
    : scalar(row, value)
