/** What no honest sender says. */
import fc from 'fast-check'

/** An array in an array in an array, as JSON. */
export const deepJson = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)

const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'toJSON', '']

const NUMBERS = ['1e999', '-1e999', '1e308', '-1.7e308', '5e-324', '-0', '9007199254740993', '0x10', '1_000', 'NaN']

const TIMES = [
  ...['0000-01-01T00:00:00Z', '0001-01-01T00:00:00+14:00', '9999-12-31T23:59:59-14:00', '9999-12-31T23:59:59Z'],
  ...['1970-01-01T00:00:00Z', '2026-02-30T00:00:00Z', '2026-11-23T25:61:61Z', '2026-11-23T24:00:00Z'],
  ...['2026-11-23T12:00:00.999999999999Z', '+275760-09-13T00:00:00Z', '2026-11-23', 'now', '2026-W48-1T00:00:00Z'],
]

const TEXTS = [
  ...['\0', 'a\0b', '\u0007bell', 'line\nbreak', 'tab\there', '\u2028', '\ufeff', '\ud800', 'a\udfff', '\u202eevil'],
  ...[
    '🚗',
    '👨‍👩‍👧‍👦',
    'é'.normalize('NFD'),
    '#',
    '+',
    'a/#',
    '+/+',
    '$SYS/a',
    '/',
    '//',
    '../../etc/passwd',
    '%00',
    '$' + '{HOME}',
  ],
  // Not 'Infinity' or 'Invalid DateTime': a car may be called so, and the promise of no nonsense could not tell the two apart.
  ...['{{ states.x }}', '<script>', "'; DROP TABLE calls; --", 'null', 'infinity', 'invalid datetime'],
  ...[
    'SMART_CONTROL_IN_PROGRESS',
    'BOOSTING',
    'A_STATE_OF_THE_FUTURE',
    'smart-charge',
    'SMART',
    'LIVE',
    'x'.repeat(300),
  ],
]

export const hostileTime = fc.constantFrom(...TIMES)

export const hostileText = fc.oneof(
  fc.constantFrom(...TEXTS, ...NAMES, ...NUMBERS, ...TIMES),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('x', '#', '🚗', '\0', '9', ' ').map(letter => letter.repeat(70_000)),
)

export const hostileName = fc.constantFrom(...NAMES)

export const hostileNumber = fc.oneof(
  fc.constantFrom(0, -0, -1, 1e21, 1e300, -1e300, 1.7976931348623157e308, 5e-324, 2 ** 53, -(2 ** 63), 0.1 + 0.2),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
)

/** A value of another kind than whatever stood there. */
export const hostileLeaf: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, [], {}, [null], { a: null }, [[]], [{}]),
  hostileNumber,
  hostileText,
  fc.jsonValue({ maxDepth: 2 }),
)

/** Long bytes, which a counterexample tells in few words. */
const long = (name: string, bytes: Buffer): Buffer => Object.assign(bytes, { [fc.toStringMethod]: () => name })

const repeated = (text: string, times: number, end = ''): Buffer =>
  long(`Buffer.from('${text}'.repeat(${times}) + '${end}')`, Buffer.from(text.repeat(times) + end))

/** Bytes as an open broker or a strange server may send them. */
export const hostileBytes: fc.Arbitrary<Buffer> = fc.oneof(
  {
    weight: 4,
    arbitrary: hostileText.map(text => (text.length < 500 ? Buffer.from(text) : repeated(text.slice(0, 2), 35_000))),
  },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 200 }).map(bytes => Buffer.from(bytes)) },
  { weight: 2, arbitrary: fc.json().map(text => Buffer.from(text)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      long('deep JSON', Buffer.from(deepJson(30_000))),
      long('a deep', Buffer.from(`{"a":${deepJson(30_000)}}`)),
      repeated('{"a":', 9_000),
      repeated('1', 60_000),
      repeated('1', 60_000, 'x'),
      repeated(' ', 60_000),
      repeated(' ', 60_000, 'x'),
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom('\0', ' ', '1', '[').map(letter => repeated(letter, 1_048_576)) },
)
