import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { hoursOf, withSums } from '../../src/home-assistant/statistics/hours.ts'

const HALF_HOUR = 1_800_000
const HOUR = 3_600_000
const AT = Date.parse('2026-10-24T22:00:00Z')
const NEVER = Number.MAX_SAFE_INTEGER

const halfHours = (start: number, ...values: number[]) =>
  values.map((value, nth) => ({ start: start + nth * HALF_HOUR, value }))

describe('hours', () => {
  it('are two half hours each, in order of time', () => {
    const given = [...halfHours(AT + HOUR, 0.3, 0.4), ...halfHours(AT, 0.1, 0.2)]
    expect(hoursOf(given, NEVER)).toEqual([
      { start: AT, value: 0.3 },
      { start: AT + HOUR, value: 0.7 },
    ])
  })

  it('are left out at the newest end while one half hour is missing; a hole before it is not waited for', () => {
    const given = halfHours(AT, 1, 2, 3, 4, 5, 6)
    const without = (...missing: number[]) =>
      hoursOf(
        given.filter((_, nth) => !missing.includes(nth)),
        NEVER,
      )
    const values = (...missing: number[]) => without(...missing).map(({ value }) => value)
    expect(values(5)).toEqual([3, 7])
    expect(values(4)).toEqual([3, 7])
    expect(values(0)).toEqual([2, 7, 11])
    expect(values(3)).toEqual([3, 3, 11])
    expect(values(2, 3)).toEqual([3, 11])
    expect(without(2, 3).map(({ start }) => start)).toEqual([AT, AT + 2 * HOUR])
    expect(hoursOf([...given, { start: AT + 5 * HALF_HOUR, value: Number.NaN }], NEVER)).toHaveLength(2)
  })

  it('are never ahead of now', () => {
    const given = halfHours(AT, 1, 1, 1, 1)
    expect(hoursOf(given, AT + 2 * HOUR)).toHaveLength(2)
    expect(hoursOf(given, AT + 2 * HOUR - 1)).toHaveLength(1)
    expect(hoursOf(given, AT)).toHaveLength(0)
  })

  it('are 25 on the London day of 50 half hours: 2026-10-25, 23:00Z to 24:00Z the next day', () => {
    const start = Date.parse('2026-10-24T23:00:00Z')
    const hours = hoursOf(halfHours(start, ...Array.from({ length: 50 }, () => 0.1)), NEVER)
    expect(hours).toHaveLength(25)
    expect(new Date(hours.at(-1)?.start ?? 0).toISOString()).toBe('2026-10-25T23:00:00.000Z')
  })

  it('take the later word of two', () => {
    expect(hoursOf([...halfHours(AT, 1, 1), ...halfHours(AT, 5)], NEVER)).toEqual([{ start: AT, value: 6 }])
  })
})

describe('running sums', () => {
  it('go on from the sum before', () => {
    const rows = withSums(hoursOf(halfHours(AT, 0.1, 0.2, 0.3, 0.4, -1, -0.5), NEVER), 10_234.412)
    expect(rows).toEqual([
      { start: AT, state: 0.3, sum: 10_234.712 },
      { start: AT + HOUR, state: 0.7, sum: 10_235.412 },
      { start: AT + 2 * HOUR, state: -1.5, sum: 10_233.912 },
    ])
  })

  it('are the same wherever one begins to add', () => {
    const values = fc.array(fc.double({ min: -2, max: 50, noNaN: true }), { minLength: 2, maxLength: 400 })
    fc.assert(
      fc.property(values, fc.nat(), fc.integer({ min: 0, max: 100_000_000 }), (given, cutAt, before) => {
        const hours = hoursOf(halfHours(AT, ...given), NEVER)
        const all = withSums(hours, before / 1_000)
        const cut = cutAt % (hours.length + 1)
        const sum = all[cut - 1]?.sum ?? before / 1_000
        expect([...all.slice(0, cut), ...withSums(hours.slice(cut), sum)]).toEqual(all)
      }),
    )
  })
})
