/** The fields that are lists. In an environment variable they are JSON. */
import { z } from 'zod'
import { boundedDuration, DURATION_PATTERN, forms, leaf, readChoice } from './fields.ts'
import type { Read } from './values.ts'

export const durations = (description: string, fallback: readonly string[]) =>
  z
    .array(
      leaf(text => boundedDuration(text, { least: 1 })),
      { error: 'expected a list of durations' },
    )
    .min(1, 'expected at least one duration')
    .refine(
      list => list.every((value, index) => value > (list[index - 1] ?? 0)),
      'each must be longer than the one before',
    )
    .prefault([...fallback])
    .meta({ description })
    .register(forms, {
      type: 'list of durations',
      json: { type: 'array', items: { type: 'string', pattern: DURATION_PATTERN } },
      list: true,
      duration: true,
    })

export const choices = <const T extends string>(description: string, options: readonly T[], fallback: readonly T[]) =>
  z
    .array(
      leaf(text => readChoice(text, options)),
      { error: 'expected a list' },
    )
    .min(1, 'expected at least one')
    .prefault([...fallback])
    .meta({ description })
    .register(forms, { type: 'list', json: { type: 'array', items: { type: 'string', enum: options } }, list: true })

/** Words to compare a payload with. One word alone is a list of one. */
export const words = (description: string, read: (text: string) => Read<string>) =>
  z
    .union([leaf(read).transform(word => [word]), z.array(leaf(read)).min(1, 'expected at least one value')], {
      error: 'expected a list of values',
    })
    .optional()
    .meta({ description })
    .register(forms, {
      type: 'list',
      json: {
        anyOf: [
          { type: 'array', items: { type: ['string', 'number', 'boolean', 'null'] }, minItems: 1 },
          { type: ['string', 'number', 'boolean'] },
        ],
      },
      list: true,
    })

const texts = (description: string, error: string, read: (text: string) => Read<string>) =>
  z
    .array(leaf(read), { error })
    .prefault([])
    .meta({ description })
    .register(forms, { type: 'list', json: { type: 'array', items: { type: 'string' } }, list: true })

const lowerCase = (isOne: (text: string) => boolean, refused: string) => (text: string) =>
  isOne(text.trim()) ? { value: text.trim().toLowerCase() } : { refused }

/** Names of hosts, without a port. */
export const hostNames = (description: string) =>
  texts(
    description,
    'expected a list of names',
    lowerCase(
      text => /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(text),
      'expected a name such as energy.example.org, without https:// and port',
    ),
  )

const anAddress = z.union([z.ipv4(), z.ipv6()])

/** Addresses of machines, of IPv4 or IPv6, each by itself. */
export const addresses = (description: string) =>
  texts(
    description,
    'expected a list of addresses',
    lowerCase(text => anAddress.safeParse(text).success, 'expected an address such as 192.168.1.10, without a port'),
  )
