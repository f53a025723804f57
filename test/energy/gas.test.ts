import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { decimal, toText } from '../../src/energy/decimal.ts'
import {
  cubicMetresOfKwh,
  DEFAULT_CALORIFIC_VALUE,
  gasAmounts,
  gasUnit,
  kwhOfCubicMetres,
} from '../../src/energy/gas.ts'

describe('the unit of a gas meter', () => {
  it.each([
    ['m³', 'm3'],
    ['m3', 'm3'],
    ['M^3', 'm3'],
    ['CUBIC_METRES', 'm3'],
    ['Cubic meters', 'm3'],
    ['kWh', 'kwh'],
    ['KWH', 'kwh'],
    ['kilowatt-hours', 'kwh'],
  ] as const)('%s is %s', (word, unit) => {
    expect(gasUnit(word, null)).toEqual({ unit, from: 'octopus', told: unit })
  })

  it.each([null, '', 'ft³', 'Wh', 'm', 'constructor'])('%s is nobody’s, until it is configured', word => {
    expect(gasUnit(word, null)).toEqual({ unit: null, from: 'nobody', told: null })
    expect(gasUnit(word, 'm3')).toEqual({ unit: 'm3', from: 'configuration', told: null })
  })

  it('is the configured one, and what Octopus said can be held against it', () => {
    expect(gasUnit('kWh', 'm3')).toEqual({ unit: 'm3', from: 'configuration', told: 'kwh' })
  })
})

describe('gas converted', () => {
  it('is 11.363 kWh for a cubic metre at 40 MJ', () => {
    // 1.02264 × 40 ÷ 3.6 = 40.9056 ÷ 3.6 = 11.3626…
    expect(toText(kwhOfCubicMetres(1, DEFAULT_CALORIFIC_VALUE))).toBe('11.36266666666666666667')
    // 2.5 × 1.02264 × 39.6 ÷ 3.6 = 2.5 × 1.02264 × 11 = 28.1226
    expect(toText(kwhOfCubicMetres(2.5, 39.6))).toBe('28.1226')
    expect(toText(cubicMetresOfKwh(28.1226, 39.6))).toBe('2.5')
  })

  it('keeps the number that came, in its own unit', () => {
    expect(gasAmounts(0.063, 'm3', 40).m3.toNumber()).toBe(0.063)
    expect(gasAmounts(0.063, 'kwh', 40).kwh.toNumber()).toBe(0.063)
    expect(gasAmounts(0.063, 'kwh', 40).m3.toNumber()).toBeCloseTo(0.063 / 11.36267, 8)
  })

  it('comes back, for any amount', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.integer({ min: 350, max: 430 }), (litres, tenths) => {
        const there = kwhOfCubicMetres(litres / 1000, tenths / 10)
        const back = cubicMetresOfKwh(there, tenths / 10)
        expect(
          back
            .minus(decimal(litres / 1000))
            .abs()
            .toNumber(),
        ).toBeLessThan(1e-15)
      }),
    )
  })
})
