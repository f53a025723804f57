import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { LONGEST_PAYLOAD, plainText } from '../../src/vehicle/extract.ts'
import { type ReadingRule, toWatts, understandNumber, understandYesNo } from '../../src/vehicle/payload.ts'
import { AT_HOME_WORDS, AVAILABILITY_WORDS, CHARGING_WORDS, PLUGGED_WORDS } from '../../src/vehicle/words.ts'

const plugged = (payload: Buffer | string, rule: ReadingRule = {}, last: boolean | null = null) => {
  const said = understandYesNo(payload, rule, PLUGGED_WORDS, last)
  return said.kind === 'value' ? said.value : said.kind
}

describe('the usual words', () => {
  it.each([
    ...['on', 'true', '1', 'yes', 'connected', 'plugged', 'plugged_in', 'Plugged In', 'plugged-in', ' ON ', 'TRUE\n'],
    ...['"on"', "'on'", '" on "', 'EV Connected', '\uFEFFon'],
  ])('%j is plugged in', payload => {
    expect(plugged(payload)).toBe(true)
    expect(plugged(Buffer.from(payload))).toBe(true)
  })

  it.each([
    'off',
    'false',
    '0',
    'no',
    'disconnected',
    'unplugged',
    'not_connected',
    'Not Plugged In',
    'OFF',
    '"false"',
  ])('%j is unplugged', payload => expect(plugged(payload)).toBe(false))

  it.each(['', ' ', '""', 'unknown', 'Unavailable', 'null', 'None', 'offline', 'INVALID', "'unknown'"])(
    '%j is not known',
    payload => expect(plugged(payload)).toBe('unknown'),
  )

  it.each(['banana', '2', '-1', '{"plugged":true}', '[]', 'true false', 'on off', 'constructor', '__proto__', 'ÿþ'])(
    '%j is not understood',
    payload => expect(plugged(payload)).toBe('not_understood'),
  )

  it('mean something else for another kind of topic', () => {
    const kinds = [CHARGING_WORDS, AT_HOME_WORDS, AVAILABILITY_WORDS]
    const read = (text: string) => kinds.map(words => understandYesNo(text, {}, words, null))
    expect(read('connected').map(said => said.kind === 'value' && said.value)).toEqual([false, false, true])
    expect(read('offline').map(said => said.kind)).toEqual(['unknown', 'unknown', 'value'])
    expect(understandYesNo('offline', { trueValues: ['up'] }, AVAILABILITY_WORDS, null)).toEqual({
      kind: 'value',
      value: false,
    })
    expect(understandYesNo('not_home', {}, AT_HOME_WORDS, null)).toEqual({ kind: 'value', value: false })
  })
})

describe('a source with its own rule', () => {
  it('takes its lists before anything else', () => {
    const rule = { trueValues: ['2', '3'], falseValues: ['1', 'none', ''], unknownValues: ['0'] }
    expect(['3', '1', 'NONE', '', '0', 'unknown', 'on'].map(payload => plugged(payload, rule))).toEqual([
      true,
      false,
      false,
      false,
      'unknown',
      'unknown',
      'not_understood',
    ])
  })

  it('reads every other known text as the other answer where one list is given', () => {
    expect(['charging', 'idle', 'unknown'].map(text => plugged(text, { trueValues: ['charging'] }))).toEqual([
      true,
      false,
      'unknown',
    ])
    expect(['disconnected', 'ready'].map(text => plugged(text, { falseValues: ['disconnected'] }))).toEqual([
      false,
      true,
    ])
  })

  it('follows a dotted path with indices', () => {
    const rule = { json: 'data.0.plugged' }
    expect(plugged('{"data":[{"plugged":true}]}', rule)).toBe(true)
    expect(plugged('{"data":{"0":{"plugged":"Unplugged"}}}', rule)).toBe(false)
    expect(plugged('{"data":[{"plugged":null}]}', rule)).toBe('unknown')
    expect(plugged('', rule)).toBe('unknown')
    expect(plugged('unavailable', rule)).toBe('unknown')
    const puzzles = [
      '{"data":[]}',
      '{"data":',
      'true',
      '{"data":[{"plugged":{}}]}',
      '{"data":[{"plugged":[1]}]}',
      '[1]',
    ]
    expect(puzzles.map(payload => plugged(payload, rule))).toEqual(puzzles.map(() => 'not_understood'))
    expect(plugged('{}', { json: 'constructor' })).toBe('not_understood')
    expect(plugged('[1,0]', { json: 'length' })).toBe('not_understood')
    expect(plugged('[1,0]', { json: '1' })).toBe(false)
  })

  it('compares numbers with hysteresis', () => {
    const rule = { above: 1_000, below: 200 }
    expect(plugged('1000.5', rule, null)).toBe(true)
    expect(plugged('199.9', rule, true)).toBe(false)
    expect([true, false, null].map(last => plugged('500', rule, last))).toEqual([true, false, null])
    expect(['6', '5'].map(payload => plugged(payload, { above: 5 }))).toEqual([true, false])
    expect(['5', '4'].map(payload => plugged(payload, { below: 5 }))).toEqual([true, false])
    expect(plugged('on', rule)).toBe('not_understood')
    expect(plugged('unknown', rule)).toBe('unknown')
  })
})

describe('a number', () => {
  it.each([
    ['7360', 7_360],
    ['-3.5', -3.5],
    ['+.5', 0.5],
    ['7.4e3', 7_400],
    ['"12"', 12],
    ['0', 0],
  ])('%j', (payload, value) => expect(understandNumber(payload, {})).toEqual({ kind: 'value', value }))

  it.each(['12 W', '1,5', '0x10', '1e999', '1e300', '-1000001', 'true', '[1]', '1_000', '٣'])('%j is none', payload =>
    expect(understandNumber(payload, {}).kind).toBe('not_understood'),
  )

  it('may be unknown, or kilowatts', () => {
    expect(understandNumber('unavailable', {}).kind).toBe('unknown')
    expect(understandNumber('NaN', {}).kind).toBe('unknown')
    expect([toWatts(7.4, 'kW'), toWatts(7.4, 'W'), toWatts(7.4, undefined)]).toEqual([7_400, 7.4, 7.4])
  })
})

describe('any payload', () => {
  const rules: ReadingRule[] = [
    {},
    { json: 'a.0.b' },
    { above: 1, below: 0 },
    { trueValues: ['x'] },
    { trueValues: ['x'], falseValues: ['y'], json: 'toString' },
  ]

  it('is read without an error, and samples are fit for a log line', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map(array => Buffer.from(array)),
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.json(),
    )
    fc.assert(
      fc.property(bytes, fc.constantFrom(...rules), (payload, rule) => {
        for (const said of [understandYesNo(payload, rule, PLUGGED_WORDS, null), understandNumber(payload, rule)]) {
          if (said.kind !== 'value') expect(said.sample).toMatch(/^[\x20-\x7e]{0,80}$/)
        }
      }),
    )
  })

  it('over 64 KiB is not understood, however it is made', () => {
    const nested = '['.repeat(LONGEST_PAYLOAD)
    expect(plugged(nested, { json: '0.0' })).toBe('not_understood')
    const padded = `on${' '.repeat(LONGEST_PAYLOAD - 2)}`
    expect([plugged(padded), plugged(`${padded} `), plugged(Buffer.alloc(5_000_000, 'on'))]).toEqual([
      true,
      'not_understood',
      'not_understood',
    ])
    expect(plugged('é'.repeat(LONGEST_PAYLOAD / 2 + 1), { falseValues: ['x'] })).toBe('not_understood')
  })

  it('of 65 000 digits is refused in no time', () => {
    const began = performance.now()
    expect(plugged(`${'1'.repeat(65_000)}x`, { above: 1 })).toBe('not_understood')
    expect(understandNumber(`${'1'.repeat(65_000)}x`, {}).kind).toBe('not_understood')
    expect(performance.now() - began).toBeLessThan(1_000)
  })

  it('compares as plain text, once and for all', () => {
    fc.assert(fc.property(fc.constantFrom('On', ' tRue', '1 '), text => plainText(plainText(text)) === plainText(text)))
    expect([plainText('"'), plainText("''"), plainText('"a')]).toEqual(['"', '', '"a'])
  })
})
