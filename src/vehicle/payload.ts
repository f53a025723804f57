/**
 * One payload of a vehicle topic, understood. Nothing here throws, whatever the bytes: a broker is open to anything.
 */
import type { Tri } from '../intelligent/types.ts'
import { extract, plainText, sampleOf } from './extract.ts'
import { UNKNOWN_WORDS, type Words } from './words.ts'

/** How a source's payloads are to be read. Values are trimmed lower-case text, as `plainText` makes it. */
export interface ReadingRule {
  /** Dotted path into JSON; a number is an index where there is an array: `data.0.plugged`. */
  readonly json?: string
  readonly trueValues?: readonly string[]
  readonly falseValues?: readonly string[]
  /** Texts that this source uses to say that it does not know. */
  readonly unknownValues?: readonly string[]
  /** What every text means that is in no list and not unknown; by itself it is so where only one list is given. */
  readonly otherwise?: boolean
  /** A number above is a yes, one below a no, between the two the last answer holds; in the payload's own unit. */
  readonly above?: number
  readonly below?: number
  readonly unit?: 'W' | 'kW'
}

/** `unknown`: the sender says that it does not know. `not_understood`: we do not know what it says. */
export type Understood<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'unknown' | 'not_understood'; readonly sample: string }

/** The scalar of a payload as comparable text; `unknown` and lists are decided by the caller. */
function scalarText(payload: Buffer | string, json?: string): Understood<string> {
  const found = extract(payload, json)
  if (found.kind !== 'found') return found
  if (typeof found.value === 'object' && found.value !== null) return { kind: 'not_understood', sample: 'no scalar' }
  return { kind: 'value', value: plainText(String(found.value)) }
}

/** Each digit can be taken in one way only: an open broker may send 60 000 of them, and that must not take a minute to refuse. */
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/

function numberOf(text: string): number | null {
  const value = NUMBER.test(text) ? Number(text) : Number.NaN
  return Number.isFinite(value) ? value : null
}

/** Yes above, no below, between the two as before; where only one is given there is no between. */
export function hysteresis(value: number, { above, below }: ReadingRule, last: Tri): Tri {
  if (above === undefined) return below === undefined ? last : value >= below
  if (below === undefined) return value > above
  if (value > above) return true
  return value < below ? false : last
}

/**
 * A payload as yes or no. The source's own lists come first, so that `none` or an empty payload may be given a meaning;
 * where only one list is given, every other known text is the other answer. `last` is what holds between thresholds;
 * the value is null where nothing held before.
 */
export function understandYesNo(payload: Buffer | string, rule: ReadingRule, words: Words, last: Tri): Understood<Tri> {
  const scalar = scalarText(payload, rule.json)
  if (scalar.kind !== 'value') return scalar
  const text = scalar.value
  const { trueValues, falseValues } = rule
  if (trueValues?.includes(text)) return { kind: 'value', value: true }
  if (falseValues?.includes(text)) return { kind: 'value', value: false }
  const sample = sampleOf(text)
  if (rule.unknownValues?.includes(text)) return { kind: 'unknown', sample }
  // Of an availability topic, `offline` and `unavailable` are an answer.
  if (UNKNOWN_WORDS.has(text)) return words.no.has(text) ? { kind: 'value', value: false } : { kind: 'unknown', sample }
  if (rule.above !== undefined || rule.below !== undefined) {
    const number = numberOf(text)
    return number === null
      ? { kind: 'not_understood', sample }
      : { kind: 'value', value: hysteresis(number, rule, last) }
  }
  if (rule.otherwise !== undefined) return { kind: 'value', value: rule.otherwise }
  if (trueValues !== undefined && falseValues !== undefined) return { kind: 'not_understood', sample }
  if (trueValues !== undefined || falseValues !== undefined) return { kind: 'value', value: trueValues === undefined }

  const spaced = text.length > 40 ? text : text.replace(/[\s_-]+/g, ' ')
  if (words.yes.has(spaced)) return { kind: 'value', value: true }
  return words.no.has(spaced) ? { kind: 'value', value: false } : { kind: 'not_understood', sample }
}

/** Watts. No charger of a house draws a megawatt, and energy is reckoned with this number. */
const MOST_WATTS = 1_000_000

/** A payload as a measured power, a number in its own unit. */
export function understandNumber(payload: Buffer | string, rule: ReadingRule): Understood<number> {
  const scalar = scalarText(payload, rule.json)
  if (scalar.kind !== 'value') return scalar
  const text = scalar.value
  if (UNKNOWN_WORDS.has(text) || rule.unknownValues?.includes(text)) return { kind: 'unknown', sample: sampleOf(text) }
  const number = numberOf(text)
  return number === null || Math.abs(toWatts(number, rule.unit)) > MOST_WATTS
    ? { kind: 'not_understood', sample: sampleOf(text) }
    : { kind: 'value', value: number }
}

export const toWatts = (value: number, unit: ReadingRule['unit']): number => (unit === 'kW' ? value * 1_000 : value)
