import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { BIRTH_SPREAD, birthDelay } from '../../src/home-assistant/birth.ts'

describe('birthDelay', () => {
  it('spreads over ten seconds', () => {
    expect(birthDelay(0)).toBe(0)
    expect(birthDelay(0.5)).toBe(5_000)
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), random => {
        expect(birthDelay(random)).toBeGreaterThanOrEqual(0)
        expect(birthDelay(random)).toBeLessThan(BIRTH_SPREAD)
      }),
    )
  })
})
