import { describe, expect, it } from '@jest/globals'
import { isIntelligentTariff, productOf, shapeOf } from '../../../src/energy/rates/tariff.ts'
import {
  agileRows,
  cosyRows,
  ECONOMY_7,
  FOUR_RATE,
  goRows,
  intelligentRows,
  row,
  SINGLE,
  THREE_RATE,
  tariff,
} from './fixtures.ts'

describe('the shape of a tariff', () => {
  const tracker = agileRows('2026-11-20', 3, index => 20 + Math.floor(index / 48))

  it.each([
    ['one price', SINGLE, 'single'],
    [
      'a price that changed at midnight in summer',
      tariff('E-1R-VAR-22-11-01-C', [
        row(25, '2026-01-01T00:00:00Z', '2026-06-30T23:00:00Z'),
        row(26, '2026-06-30T23:00:00Z'),
      ]),
      'single',
    ],
    ['Tracker', tariff('E-1R-SILVER-24-12-31-C', tracker), 'single'],
    ['a daily price under a name that is new', tariff('E-1R-DAILY-27-01-01-C', tracker), 'single'],
    ['gas', tariff('G-1R-VAR-22-11-01-C', [row(6.1, '2026-01-01T00:00:00Z')]), 'single'],
    ['Go', tariff('E-1R-GO-VAR-22-10-14-C', goRows('2026-11-20', 3)), 'windows'],
    ['Cosy', tariff('E-1R-COSY-22-12-08-C', cosyRows('2026-11-20', 3)), 'windows'],
    ['older Intelligent', tariff('E-1R-INTELLI-VAR-24-10-29-C', intelligentRows('2026-11-20', 3)), 'windows'],
    [
      'Agile',
      tariff(
        'E-1R-AGILE-24-10-01-C',
        agileRows('2026-11-20', 1, index => index),
      ),
      'half_hourly',
    ],
    [
      'Agile of two prices, by chance',
      tariff(
        'E-1R-AGILE-24-10-01-C',
        agileRows('2026-11-20', 1, index => index % 2),
      ),
      'half_hourly',
    ],
    [
      'half-hourly under a name that is new',
      tariff(
        'E-1R-WIND-27-01-01-C',
        agileRows('2026-11-20', 1, index => index),
      ),
      'half_hourly',
    ],
    ['Economy 7', ECONOMY_7, 'day_night'],
    ['three registers', THREE_RATE, 'three_rate'],
    ['Intelligent of 2026', FOUR_RATE, 'four_rate'],
    [
      'the same, before the prices of the car came',
      { ...FOUR_RATE, unitRates: FOUR_RATE.unitRates.slice(0, 2) },
      'four_rate',
    ],
    ['no price at all', tariff('E-1R-X-26-01-01-C', []), 'unknown'],
  ])('%s: %#', (_, prices, shape) => {
    expect(shapeOf(prices)).toBe(shape)
  })

  it('is told by the product where the code of the tariff says nothing', () => {
    const { unitRates } = FOUR_RATE
    expect(shapeOf({ ...FOUR_RATE, tariffCode: 'T', unitRates: unitRates.slice(0, 2) }, 'IOG-SMB-VAR-26-01-01')).toBe(
      'four_rate',
    )
    expect(shapeOf({ ...FOUR_RATE, tariffCode: 'T', unitRates: unitRates.slice(0, 2) })).toBe('day_night')
  })
})

describe('a code', () => {
  it('holds the product', () => {
    expect(productOf('E-1R-AGILE-24-10-01-C')).toBe('AGILE-24-10-01')
    expect(productOf('G-1R-SILVER-24-12-31-P')).toBe('SILVER-24-12-31')
    expect([productOf(null), productOf('AGILE'), productOf('')]).toEqual([null, null, null])
  })

  it('of an Intelligent product is told, Flux apart', () => {
    expect(isIntelligentTariff(null, 'E-1R-INTELLI-VAR-24-10-29-C')).toBe(true)
    expect(isIntelligentTariff('IOG-SMB-TOU-25-12-01', null)).toBe(true)
    expect(isIntelligentTariff(null, 'E-1R-INTELLI-FLUX-IMPORT-23-07-14-C')).toBe(false)
    expect(isIntelligentTariff(null, null)).toBe(false)
  })
})
