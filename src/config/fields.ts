/**
 * The kinds of value that a configuration has. Each field is a zod schema that reads text, and carries what the JSON
 * Schema, the reference page and the environment need to know of it.
 */
import { z } from 'zod'
import { suggestion } from './nearest.ts'
import { type Read, readCount, readDuration, readEnergy, readFlag, readNumber, readTimeOfDay } from './values.ts'

export interface Form {
  /** What the reference page calls it. */
  readonly type: string
  /** Its part of the JSON Schema. */
  readonly json: Readonly<Record<string, unknown>>
  /** Written as JSON in an environment variable. */
  readonly list?: true
  readonly secret?: true
  /** A path of this machine: it must exist at start (`must`), and is no one else's business. */
  readonly file?: 'must' | 'may'
  readonly duration?: true
  /** Words for the default of an optional field, where leaving it out does not mean nothing. */
  readonly without?: string
}

/** Form of every field, by its outermost schema. */
export const forms = z.registry<Form>()

const scalar = z.union([z.string(), z.number(), z.boolean()], {
  error: 'expected a single value, not a list or a mapping',
})

/** A leaf that `read` understands. Numbers and booleans (from JSON in the environment) are read as their text. */
export function leaf<T>(read: (text: string) => Read<T>) {
  return scalar.transform((value, context): T => {
    const result = read(String(value))
    if ('value' in result) return result.value
    context.addIssue(result.refused)
    return z.NEVER
  })
}

/** How a field is closed: required with a default, or optional. */
function described<T>(form: Form, description: string, read: (text: string) => Read<T>) {
  const base = leaf(read)
  return {
    or: (fallback: string | number | boolean) => base.prefault(fallback).meta({ description }).register(forms, form),
    optional: () => base.optional().meta({ description }).register(forms, form),
  }
}

export const DURATION_PATTERN = '^\\s*(0|(\\d+(\\.\\d+)?\\s*(ms|s|m|h|d)\\s*)+)$'

export const duration = (description: string, bounds: { least?: number; most?: number } = {}) =>
  described(
    { type: 'duration', json: { type: ['string', 'integer'], pattern: DURATION_PATTERN }, duration: true },
    description,
    text => boundedDuration(text, bounds),
  )

export function boundedDuration(
  text: string,
  { least = 0, most = Number.MAX_SAFE_INTEGER }: { least?: number; most?: number },
) {
  const read = readDuration(text)
  if ('refused' in read) return read
  if (read.value < least) return { refused: least === 1 ? 'this must be more than 0' : 'this is too short' }
  return read.value > most ? { refused: 'this is too long' } : read
}

/** A duration, or `never` (null). */
export const durationOrNever = (description: string) =>
  described<number | null>(
    { type: 'duration or `never`', json: { type: 'string' }, duration: true },
    description,
    text => (text.trim().toLowerCase() === 'never' ? { value: null } : boundedDuration(text, { least: 1 })),
  )

export const timeOfDay = (description: string) =>
  described({ type: 'time of day', json: { type: ['string', 'integer'] } }, description, readTimeOfDay)

export const energy = (description: string) =>
  described({ type: 'energy', json: { type: ['string', 'number'] } }, description, readEnergy)

export const flag = (description: string) =>
  described({ type: 'true or false', json: { type: ['boolean', 'string'] } }, description, readFlag)

export const count = (description: string, least: number, most: number) =>
  described(
    { type: `whole number, ${least}–${most}`, json: { type: ['integer', 'string'], minimum: least, maximum: most } },
    description,
    text => readCount(text, least, most),
  )

/** A number within both bounds. */
export const decimal = (description: string, least: number, most: number) =>
  described({ type: `number, ${least}–${most}`, json: { type: ['number', 'string'] } }, description, text => {
    const read = readNumber(text)
    const fits = 'value' in read && read.value >= least && read.value <= most
    return fits ? read : { refused: `expected a number from ${least} to ${most}` }
  })

export const number = (description: string) =>
  described({ type: 'number', json: { type: ['number', 'string'] } }, description, readNumber)

/** One word of a closed list, in the form it has there. */
export function readChoice<const T extends string>(text: string, options: readonly T[]): Read<T> {
  const found = options.find(option => option.toLowerCase() === text.trim().toLowerCase())
  if (found !== undefined) return { value: found }
  // The word itself is not repeated: a mistaken ${NAME} could have put a secret here.
  const hint = suggestion(text.trim(), options)
  return { refused: `expected one of ${options.join(', ')}${hint.startsWith('; did') ? hint : ''}` }
}

export const choice = <const T extends string>(description: string, options: readonly T[], form: Partial<Form> = {}) =>
  described(
    {
      type: options.map(option => `\`${option}\``).join(', '),
      json: { enum: options.flatMap(option => (/^\d+$/.test(option) ? [option, Number(option)] : [option])) },
      ...form,
    },
    description,
    text => readChoice(text, options),
  )

/** Text that `read` checks; by default anything but nothing. */
export const text = (description: string, read: (text: string) => Read<string> = notEmpty, form: Partial<Form> = {}) =>
  described({ type: 'text', json: { type: ['string', 'number'] }, ...form }, description, read)

export const notEmpty = (value: string): Read<string> =>
  value.trim() === '' ? { refused: 'this is empty' } : { value: value.trim() }

export const listenAddress = <T>(description: string, read: (text: string) => Read<T>) =>
  described({ type: 'host:port', json: { type: 'string' } }, description, read)
