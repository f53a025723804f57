import { describe, expect, it } from '@jest/globals'
import { HOUR } from '../../src/clock.ts'
import type { Pricing } from '../../src/energy/rates/pricing.ts'
import { daysOfRates, ratesView, tariffWindows } from '../../src/meters/rates-view.ts'
import { halfHoursOfDay } from '../../src/time/london.ts'
import {
  agileRows,
  at,
  ECONOMY_7,
  FOUR_RATE,
  goRows,
  intelligentRows,
  pricing,
  SINGLE,
  tariff,
} from '../energy/rates/fixtures.ts'

/** A Tuesday in winter, when London's clocks show UTC. */
const NOW = at('2026-11-24T12:10:00Z')

/** On the 24th, or another day of the month. */
const time = (text: string, day = 24) => at(`2026-11-${day}T${text}:00Z`)
const span = (start: number, end: number, rate: number) => ({ start, end, rate })

const view = (of: Pricing, smart: boolean | null = null) =>
  ratesView({ pricing: of, days: daysOfRates(of, NOW), now: NOW, cheapestWindow: 2 * HOUR, smart })

const GO = tariff('E-1R-GO-VAR-22-10-14-C', goRows('2026-11-20', 10))
const AGILE = tariff(
  'E-1R-AGILE-24-10-01-C',
  agileRows('2026-11-24', 1, index => index),
)
const INTELLIGENT = tariff('E-1R-INTELLI-VAR-24-10-29-C', intelligentRows('2026-11-20', 10))
const NOTHING = tariff('E-1R-VAR-22-11-01-C', [])

describe('the rates of a meter', () => {
  it.each([
    [
      'of one price',
      pricing([SINGLE]),
      {
        // As far as is looked: from yesterday to the day after tomorrow.
        current: span(time('00:00', 23), time('00:00', 27), 0.253575),
        previous: null,
        next: null,
        nextCheapest: span(time('12:30'), time('14:30'), 0.253575),
      },
    ],
    [
      'of windows',
      pricing([GO]),
      {
        current: span(time('05:30'), time('00:30', 25), 0.262),
        previous: span(time('00:30'), time('05:30'), 0.085),
        next: span(time('00:30', 25), time('05:30', 25), 0.085),
        nextCheapest: span(time('00:30', 25), time('02:30', 25), 0.085),
      },
    ],
    [
      'of two registers',
      pricing([ECONOMY_7]),
      {
        current: span(time('07:30'), time('00:30', 25), 0.3024),
        previous: span(time('00:30'), time('07:30'), 0.1491),
        next: span(time('00:30', 25), time('07:30', 25), 0.1491),
        nextCheapest: span(time('00:30', 25), time('02:30', 25), 0.1491),
      },
    ],
    [
      'of half hours',
      pricing([AGILE]),
      {
        current: span(time('12:00'), time('12:30'), 0.24),
        previous: span(time('11:30'), time('12:00'), 0.23),
        next: span(time('12:30'), time('13:00'), 0.25),
        // (25 + 26 + 27 + 28) / 4 p
        nextCheapest: span(time('12:30'), time('14:30'), 0.265),
      },
    ],
    [
      'that are sold by',
      pricing([AGILE], { direction: 'export' }),
      {
        current: span(time('12:00'), time('12:30'), 0.24),
        // (44 + 45 + 46 + 47) / 4 p
        nextCheapest: span(time('22:00'), time('00:00', 25), 0.455),
      },
    ],
    [
      'in a half hour that was dispatched',
      pricing([INTELLIGENT], { dispatched: new Set([time('12:00')]) }),
      {
        current: span(time('12:00'), time('12:30'), 0.07),
        previous: span(time('05:30'), time('12:00'), 0.273),
        next: span(time('12:30'), time('23:30'), 0.273),
        nextCheapest: span(time('23:30'), time('01:30', 25), 0.07),
      },
    ],
    ['without a price', pricing([NOTHING]), { current: null, previous: null, next: null, nextCheapest: null }],
  ])('%s', (_, of, expected) => {
    const tariffCode = of.agreements[0]?.tariffCode
    expect(view(of)).toMatchObject({ tariffCode, standing: 0.4785, ...expected })
    expect(view(of)).not.toHaveProperty('evRate')
  })

  it.each([
    ['windows', GO, { isComplete: true, min: 0.085, max: 0.262, average: 0.225125 }, true],
    // (7 × 14.91 + 17 × 30.24) / 24 = 25.76875
    ['two registers', ECONOMY_7, { isComplete: true, min: 0.1491, max: 0.3024, average: 0.2576875 }, true],
    ['half hours', AGILE, { isComplete: true, min: 0, max: 0.47, average: 0.235 }, false],
    ['nothing', NOTHING, { isComplete: false, min: null, max: null, average: null }, false],
  ])('have the sums of a day of %s, and tomorrow as far as it is known', (_, prices, sums, knowsTomorrow) => {
    const { today, tomorrow } = view(pricing([prices]))
    expect(today).toMatchObject({ date: '2026-11-24', ...sums })
    expect(today.rates).toHaveLength(sums.isComplete ? 48 : 0)
    expect([tomorrow.date, tomorrow.isComplete, tomorrow.rates.length]).toEqual([
      ...['2026-11-25', knowsTomorrow, knowsTomorrow ? 48 : 0],
    ])
  })

  it.each([
    [true, 0.069],
    [false, 0.28],
    [null, null],
  ])('of the car are apart where the tariff has them: smart is %p', (smart, evRate) => {
    expect(view(pricing([FOUR_RATE]), smart)).toMatchObject({
      evRate,
      current: span(time('05:30'), time('23:30'), 0.273),
    })
  })

  it('are unknown without an agreement', () => {
    expect(view(pricing([SINGLE], { agreements: [] }))).toMatchObject({
      ...{ tariffCode: null, current: null, previous: null, next: null, standing: null, nextCheapest: null },
    })
  })
})

describe('the windows of a tariff', () => {
  const night = (day: number) => ({ start: time('00:30', day), end: time('05:30', day) })

  it('are those of the days around, and it is said how far they are known', () => {
    expect(tariffWindows(pricing([GO]), NOW)).toEqual({
      known: { start: time('00:00', 23), end: time('00:00', 27) },
      windows: [23, 24, 25, 26].map(night),
    })
    const short = tariff(GO.tariffCode, goRows('2026-11-21', 4))
    expect(tariffWindows(pricing([short]), NOW)).toEqual({
      known: { start: time('00:00', 23), end: time('00:00', 25) },
      windows: [23, 24].map(night),
    })
  })

  it('are known at every half hour of the day, not at its midnight alone', () => {
    const unknown = halfHoursOfDay('2026-11-24').filter(
      now => !((tariffWindows(pricing([GO]), now)?.known.end ?? 0) > now),
    )
    expect(unknown).toEqual([])
  })

  it.each([
    ['of one price', pricing([SINGLE])],
    ['of half hours', pricing([AGILE])],
    ['without a price', pricing([NOTHING])],
    ['of which nothing is known', pricing([SINGLE], { prices: new Map() })],
    ['without an agreement', pricing([SINGLE], { agreements: [] })],
  ])('are none on a tariff %s', (_, of) => {
    expect(tariffWindows(of, NOW)).toBeNull()
  })
})
