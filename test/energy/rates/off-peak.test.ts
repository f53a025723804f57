import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { HOUR } from '../../../src/clock.ts'
import { firstUnjudged, type OffPeakWindow, offPeakWindows } from '../../../src/energy/rates/off-peak.ts'
import { priceHalfHours } from '../../../src/energy/rates/pricing.ts'
import { shapeOf } from '../../../src/energy/rates/tariff.ts'
import type { TariffPrices } from '../../../src/energy/types.ts'
import {
  addDays,
  atLocalTime,
  halfHoursOfDay,
  isNight,
  type LondonDate,
  londonDate,
  startOfDay,
} from '../../../src/time/london.ts'
import {
  agileRows,
  agreement,
  at,
  cosyRows,
  ECONOMY_7,
  FOUR_RATE,
  goRows,
  intelligentRows,
  pricing,
  SINGLE,
  THREE_RATE,
  tariff,
} from './fixtures.ts'

const around = (date: LondonDate) => ({ start: startOfDay(addDays(date, -1)), end: startOfDay(addDays(date, 3)) })
const halvesAround = (prices: TariffPrices, now: number, dispatched: readonly number[] = []) =>
  priceHalfHours(pricing([prices], { dispatched: new Set(dispatched) }), around(londonDate(now)))
/** The window of which now is a part, and the one after. */
const said = (windows: readonly OffPeakWindow[], now: number) => ({
  current: windows.find(({ start, end }) => start <= now && now < (end ?? Number.POSITIVE_INFINITY)) ?? null,
  next: windows.find(({ start }) => start > now) ?? null,
})
const at_ = (prices: TariffPrices, now: number, dispatched: readonly number[] = []) =>
  said(offPeakWindows(halvesAround(prices, now, dispatched), shapeOf(prices)), now)

describe('off-peak by the tariff itself', () => {
  const go = tariff('E-1R-GO-VAR-22-10-14-C', goRows('2026-11-20', 10))

  it('Go: its window, now and next', () => {
    const tomorrow = { start: at('2026-11-25T00:30:00Z'), end: at('2026-11-25T05:30:00Z') }
    expect(at_(go, at('2026-11-24T12:00:00Z'))).toEqual({ current: null, next: tomorrow })
    expect(at_(go, at('2026-11-24T05:29:59Z'))).toEqual({
      current: { start: at('2026-11-24T00:30:00Z'), end: at('2026-11-24T05:30:00Z') },
      next: tomorrow,
    })
    expect(at_(go, at('2026-11-24T05:30:00Z')).current).toBeNull()
  })

  it('Cosy: three windows, the last up to midnight', () => {
    const cosy = tariff('E-1R-COSY-22-12-08-C', cosyRows('2026-06-28', 6))
    const windows = offPeakWindows(
      priceHalfHours(pricing([cosy]), { start: startOfDay('2026-07-01'), end: startOfDay('2026-07-03') }),
      shapeOf(cosy),
    )
    expect(windows.slice(0, 3)).toEqual(
      (
        [
          ['04:00', '07:00'],
          ['13:00', '16:00'],
          ['22:00', '24:00'],
        ] as const
      ).map(([start, end]) => ({ start: atLocalTime('2026-07-01', start), end: atLocalTime('2026-07-01', end) })),
    )
  })

  it('Economy 7 in UTC, four and three registers by their night', () => {
    expect(at_(ECONOMY_7, at('2026-07-01T00:29:59Z')).current).toBeNull()
    expect(at_(ECONOMY_7, at('2026-07-01T07:29:59Z'))).toMatchObject({
      current: { start: at('2026-07-01T00:30:00Z'), end: at('2026-07-01T07:30:00Z') },
    })
    expect(at_(FOUR_RATE, at('2026-07-01T22:30:00Z'))).toMatchObject({
      current: { start: at('2026-07-01T22:30:00Z'), end: at('2026-07-02T04:30:00Z') },
    })
    expect(at_(THREE_RATE, at('2026-11-24T12:59:00Z')).current).toBeNull()
    expect(at_(THREE_RATE, at('2026-11-24T13:00:00Z')).current?.start).toBe(at('2026-11-24T13:00:00Z'))
  })

  it.each([
    [
      'Agile',
      tariff(
        'E-1R-AGILE-24-10-01-C',
        agileRows('2026-11-20', 10, index => index),
      ),
    ],
    [
      'Agile of two prices',
      tariff(
        'E-1R-AGILE-24-10-01-C',
        agileRows('2026-11-20', 10, index => index % 2),
      ),
    ],
    [
      'Tracker',
      tariff(
        'E-1R-SILVER-24-12-31-C',
        agileRows('2026-11-20', 10, index => Math.floor(index / 48)),
      ),
    ],
    ['one price', SINGLE],
    ['nothing', tariff('E-1R-GO-VAR-22-10-14-C', [])],
  ])('%s has none', (_, prices) => {
    expect(at_(prices, at('2026-11-24T02:00:00Z'))).toEqual({ current: null, next: null })
  })

  it('is no smart half hour', () => {
    const noon = at('2026-11-24T12:00:00Z')
    const older = tariff('E-1R-INTELLI-VAR-24-10-29-C', intelligentRows('2026-11-20', 10))
    expect(at_(older, noon, [noon])).toEqual(at_(older, noon))
    expect(at_(FOUR_RATE, noon, [noon])).toEqual(at_(FOUR_RATE, noon))
    expect(at_(older, noon).current).toBeNull()
  })

  it('follows a price that changes at midnight', () => {
    const changed = tariff('E-1R-GO-VAR-22-10-14-C', [...goRows('2026-11-20', 5), ...goRows('2026-11-25', 5, 9.9, 24)])
    expect(at_(changed, at('2026-11-25T01:00:00Z')).current).not.toBeNull()
    expect(at_(changed, at('2026-11-25T12:00:00Z')).current).toBeNull()
  })

  it('a day known in part is judged by the day before, unless it has a new price', () => {
    const known = goRows('2026-11-20', 5)
    const start = tariff('E-1R-GO-VAR-22-10-14-C', [...known, ...goRows('2026-11-25', 1).slice(0, 2)])
    expect(at_(start, at('2026-11-25T01:00:00Z'))).toMatchObject({
      // It ends with what is known, so nobody knows that it ends there.
      current: { start: at('2026-11-25T00:30:00Z'), end: null },
    })
    const dearer = tariff('E-1R-GO-VAR-22-10-14-C', [...known, ...goRows('2026-11-25', 1, 9.9).slice(0, 2)])
    expect(at_(dearer, at('2026-11-25T01:00:00Z')).current).toBeNull()
    const now = at('2026-11-25T01:00:00Z')
    expect(firstUnjudged(halvesAround(dearer, now), now - HOUR)).toBe(at('2026-11-25T00:00:00Z'))
    expect(firstUnjudged(halvesAround(start, now), now - HOUR)).toBeNull()
  })

  it('ends where the tariff ends', () => {
    const input = pricing([tariff('E-1R-INTELLI-VAR-24-10-29-C', intelligentRows('2026-11-20', 10)), SINGLE], {
      agreements: [
        agreement('E-1R-INTELLI-VAR-24-10-29-C', null, '2026-11-25T00:00:00Z'),
        agreement(SINGLE.tariffCode, '2026-11-25T00:00:00Z'),
      ],
    })
    const halves = priceHalfHours(input, around('2026-11-24'))
    expect(said(offPeakWindows(halves, 'windows'), at('2026-11-24T23:45:00Z')).current).toEqual({
      start: at('2026-11-24T23:30:00Z'),
      end: at('2026-11-25T00:00:00Z'),
    })
  })

  it("agrees with the daemon's own night on an Intelligent product, on every day of 20 years", () => {
    const night = { start: '23:30', end: '05:30' }
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 * 365 }), days => {
        const date = addDays('2016-01-01', days)
        const older = tariff('E-1R-INTELLI-VAR-24-10-29-C', intelligentRows(addDays(date, -1), 4))
        const halves = priceHalfHours(pricing([older]), around(date))
        const windows = offPeakWindows(halves, 'windows')
        for (const half of halfHoursOfDay(date)) {
          expect(windows.some(({ start, end }) => start <= half && half < (end ?? 0))).toBe(isNight(half, night))
        }
      }),
      { numRuns: 150 },
    )
  })
})
