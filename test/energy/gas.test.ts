import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { toText } from '../../src/energy/decimal.ts'
import { kwhOfCubicMetres } from '../../src/energy/gas.ts'

describe('gas converted', () => {
  it('is 11.363 kWh for a cubic metre at 40 MJ', () => {
    // 1.02264 × 40 ÷ 3.6 = 40.9056 ÷ 3.6 = 11.3626…
    expect(toText(kwhOfCubicMetres(1, 40))).toBe('11.36266666666666666667')
    // 2.5 × 1.02264 × 39.6 ÷ 3.6 = 2.5 × 1.02264 × 11 = 28.1226
    expect(toText(kwhOfCubicMetres(2.5, 39.6))).toBe('28.1226')
  })

  it('is exact in whole numbers, for any amount', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.integer({ min: 350, max: 430 }), (litres, tenths) => {
        // Litres × 1.02264 × tenths ÷ 36 000, in hundred-thousandths: 102 264 × litres × tenths ÷ 36 000.
        const parts = BigInt(litres) * BigInt(tenths) * 102_264n
        const kwh = kwhOfCubicMetres(litres / 1000, tenths / 10)
        const back = kwh.times(3_600_000_000)
        expect(back.minus(parts.toString()).abs().toNumber()).toBeLessThan(1e-9)
      }),
    )
  })
})
