import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { EntityRow } from '../../src/entities/entity.ts'
import { rounded, statePayload, time, word } from '../../src/entities/payload.ts'

const row = (more: Partial<EntityRow> = {}): EntityRow => ({
  key: 'k',
  platform: 'sensor',
  name: 'K',
  meaning: '',
  availability: 'bridge',
  ...more,
})

describe('statePayload', () => {
  it.each([
    [true, 'ON'],
    [false, 'OFF'],
    [null, 'None'],
    [0, '0'],
    [-0, '0'],
    [12.34567, '12.346'],
    [Number.NaN, 'None'],
    [Number.POSITIVE_INFINITY, 'None'],
    ['', 'None'],
    ['  ', 'None'],
    ['07:30', '07:30'],
  ])('%p is %p', (value, payload) => {
    expect(statePayload(row(), value)).toBe(payload)
  })

  it('writes a number of a timestamp as UTC in whole seconds, and an impossible one as unknown', () => {
    const timestamp = row({ deviceClass: 'timestamp' })
    expect(statePayload(timestamp, Date.UTC(2026, 10, 23, 23, 30, 0, 999))).toBe('2026-11-23T23:30:00Z')
    expect(statePayload(timestamp, Number.NaN)).toBe('None')
    expect(statePayload(timestamp, 1e300)).toBe('None')
  })

  it('shows a word that is none of the options as unknown', () => {
    const options = row({ deviceClass: 'enum', options: ['ok', 'slow'] })
    expect(statePayload(options, 'slow')).toBe('slow')
    expect(statePayload(options, 'SLOW')).toBe('None')
  })

  it('never exceeds what Home Assistant keeps', () => {
    expect(statePayload(row(), 'x'.repeat(400))).toHaveLength(255)
  })

  it('puts a total and its reset into one object with every key', () => {
    expect(statePayload(row(), { value: 1.23456, lastReset: 0 })).toBe(
      '{"value":1.235,"last_reset":"1970-01-01T00:00:00Z"}',
    )
    expect(statePayload(row(), { value: null, lastReset: null })).toBe('{"value":null,"last_reset":null}')
  })
})

describe('rounded, time, word', () => {
  it('keeps a number finite and within half of a thousandth', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), value => {
        const short = rounded(value)
        expect(short).not.toBeNull()
        expect(Math.abs((short ?? 0) - value)).toBeLessThanOrEqual(0.000501)
        expect(Object.is(short, -0)).toBe(false)
      }),
    )
    expect(rounded(1e308)).toBeNull()
    expect(rounded(null)).toBeNull()
  })

  it('knows no time before 1970 or after 9999', () => {
    expect(time(null)).toBeNull()
    expect(time(-1)).toBeNull()
    expect(time(Date.UTC(10_000, 0, 1))).toBeNull()
    expect(time(Date.UTC(9999, 11, 31, 23, 59, 59))).toBe('9999-12-31T23:59:59Z')
  })

  it('cuts a word and never leaves half a surrogate pair', () => {
    expect(word(null)).toBeNull()
    expect(word('SMART')).toBe('SMART')
    expect(word('x'.repeat(100))).toHaveLength(64)
    expect(word(`${'x'.repeat(63)}😀`)).toBe(`${'x'.repeat(63)}\uFFFD`)
  })
})
