import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  averageOf,
  compare,
  costOf,
  decimal,
  pounds,
  roundHalfEven,
  roundHalfUp,
  sumOf,
  toText,
} from '../../src/energy/decimal.ts'

describe('exact decimals', () => {
  it('multiply a price and an energy with all digits', () => {
    expect(toText(costOf(7.0005, 0.063))).toBe('0.4410315')
    expect(toText(costOf(-2.163, 1.001))).toBe('-2.165163')
    // In binary this is 0.05799999999999999.
    expect(toText(costOf(0.29, 0.2))).toBe('0.058')
  })

  it('add up without binary dust', () => {
    expect(toText(sumOf([0.1, 0.2, '0.3', decimal(0.4)]))).toBe('1')
    expect(toText(sumOf([]))).toBe('0')
    expect(averageOf([])).toBeNull()
    expect(toText(averageOf([7, 25.5]) ?? '')).toBe('16.25')
  })

  it.each([
    [0.125, 0.13, 0.12],
    [0.135, 0.14, 0.14],
    [-0.125, -0.13, -0.12],
    // 1.005 is a little less in binary, and 1.01 as it is written.
    [1.005, 1.01, 1],
    [0.1249, 0.12, 0.12],
  ])('round %d to two decimals: half away from zero %d, half to even %d', (value, up, even) => {
    expect(roundHalfUp(value, 2)).toBe(up)
    expect(roundHalfEven(value, 2)).toBe(even)
  })

  it('have no negative zero', () => {
    expect(Object.is(roundHalfUp(-0.001, 2), 0)).toBe(true)
    expect(Object.is(pounds(-0), 0)).toBe(true)
  })

  it('are pounds with every digit, and text without an exponent', () => {
    expect(pounds(25.3575)).toBe(0.253575)
    expect(pounds(-1.9845)).toBe(-0.019845)
    expect(toText(1e-7)).toBe('0.0000001')
    expect(compare('0.1', 0.1)).toBe(0)
    expect(compare(-1, 0.5)).toBe(-1)
  })

  it('refuse what is no number', () => {
    expect(() => decimal(Number.NaN)).toThrow()
    expect(() => decimal('7p')).toThrow()
  })

  it('agree with whole numbers at any scale', () => {
    const whole = fc.integer({ min: -1_000_000, max: 1_000_000 })
    fc.assert(
      fc.property(whole, whole, (a, b) => {
        // Prices with four decimals, energies with three: seven decimals in all, which a whole number of tens of millions holds.
        expect(toText(costOf(a / 10_000, b / 1_000))).toBe(toText(decimal(a * b).times('0.0000001')))
      }),
    )
  })
})
