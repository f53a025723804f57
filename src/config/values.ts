/**
 * From text to values. Everything in a configuration is read as text first, so that YAML's own idea of a type (`on` as a
 * boolean, `007` as a number) never changes what was written. A refusal never repeats the text: it may be a secret.
 */
import { HOUR, MINUTE, SECOND } from '../clock.ts'

/** A value, or the words that say what was expected. */
export type Read<T> = { readonly value: T } | { readonly refused: string }

const refused = (words: string): { refused: string } => ({ refused: words })

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: 24 * HOUR }
const DURATION = /^(\d+(\.\d+)?\s*(ms|s|m|h|d)\s*)+$/

/** `500ms`, `30s`, `5m`, `2h`, `1h30m`, or a bare `0`, as milliseconds. */
export function readDuration(text: string): Read<number> {
  const lower = text.trim().toLowerCase()
  if (lower === '0') return { value: 0 }
  if (/^\d+(\.\d+)?$/.test(lower)) return refused('a duration needs its unit: 500ms, 30s, 5m or 2h')
  if (!DURATION.test(lower)) return refused('expected a duration such as 500ms, 30s, 5m or 2h')
  let total = 0
  for (const [, amount = '0', unit = 'ms'] of lower.matchAll(/(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)/g)) {
    total += Number(amount) * (UNITS[unit] ?? 0)
  }
  return Number.isSafeInteger(Math.round(total)) ? { value: Math.round(total) } : refused('this duration is too long')
}

/** The shortest way to write a duration: 5_400_000 is `1h30m`. */
export function formatDuration(milliseconds: number): string {
  let rest = milliseconds
  let text = ''
  for (const [unit, size] of [
    ['h', HOUR],
    ['m', MINUTE],
    ['s', SECOND],
    ['ms', 1],
  ] as const) {
    const whole = Math.floor(rest / size)
    if (whole > 0) text += `${whole}${unit}`
    rest -= whole * size
  }
  return text === '' ? '0s' : text
}

/**
 * `23:30`. A bare whole number below 1440 counts as minutes since midnight: that is what a tool that still reads YAML 1.1
 * makes of an unquoted 23:30 before it writes the file again.
 */
export function readTimeOfDay(text: string): Read<string> {
  const trimmed = text.trim()
  const pad = (part: number) => String(part).padStart(2, '0')
  if (/^\d{1,4}$/.test(trimmed) && Number(trimmed) < 1440) {
    return { value: `${pad(Math.floor(Number(trimmed) / 60))}:${pad(Number(trimmed) % 60)}` }
  }
  const [, hour, minute] = /^(\d{1,2}):(\d{2})(?::00)?$/.exec(trimmed) ?? []
  if (hour === undefined || minute === undefined || Number(hour) > 23 || Number(minute) > 59) {
    return refused('expected a time of day from 00:00 to 23:59, such as 23:30')
  }
  return { value: `${pad(Number(hour))}:${minute}` }
}

/** `0.5`, `0.5 kWh` or `500 Wh`, as kWh. */
export function readEnergy(text: string): Read<number> {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*(kwh|wh)?$/.exec(text.trim().toLowerCase()) ?? []
  if (amount === undefined) return refused('expected an energy such as 0.5 kWh')
  return { value: unit === 'wh' ? Number(amount) / 1000 : Number(amount) }
}

const YES = ['true', 'yes', 'on', '1']
const NO = ['false', 'no', 'off', '0']

export function readFlag(text: string): Read<boolean> {
  const lower = comparable(text)
  if (YES.includes(lower)) return { value: true }
  return NO.includes(lower) ? { value: false } : refused('expected true or false')
}

export function readNumber(text: string): Read<number> {
  const trimmed = text.trim()
  return /^[-+]?\d+(\.\d+)?$/.test(trimmed) ? { value: Number(trimmed) } : refused('expected a number')
}

/** A whole number within both bounds. */
export function readCount(text: string, least: number, most: number): Read<number> {
  const number = /^\d{1,9}$/.test(text.trim()) ? Number(text) : Number.NaN
  return number >= least && number <= most
    ? { value: number }
    : refused(`expected a whole number from ${least} to ${most}`)
}

/** The form in which payloads and the values they are held against are compared. */
export const comparable = (text: string): string => text.trim().toLowerCase()
