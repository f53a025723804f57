import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { HALF_HOUR, MINUTE } from '../../../src/clock.ts'
import { nextCheapestWindow } from '../../../src/energy/rates/cheapest.ts'
import { priceHalfHours } from '../../../src/energy/rates/pricing.ts'
import { dayRates, isPublished, rateRuns, ratesAround } from '../../../src/energy/rates/views.ts'
import { addDays, halfHoursOfDay, startOfDay } from '../../../src/time/london.ts'
import { agileRows, at, priced, pricing, SINGLE, tariff } from './fixtures.ts'

const ten = '2026-11-24T10:00:00Z'

describe('the rates around now', () => {
  const halves = priced(ten, [7, 7, 25, 25, 25, 9, null, 9, 9])

  it('are runs of equal prices, and what differs before and after', () => {
    expect(ratesAround(halves, at('2026-11-24T11:59:59Z'))).toEqual({
      previous: { start: at(ten), end: at('2026-11-24T11:00:00Z'), pence: 7 },
      current: { start: at('2026-11-24T11:00:00Z'), end: at('2026-11-24T12:30:00Z'), pence: 25 },
      next: { start: at('2026-11-24T12:30:00Z'), end: at('2026-11-24T13:00:00Z'), pence: 9 },
    })
  })

  it('say nothing over a hole, or in one', () => {
    expect(ratesAround(halves, at('2026-11-24T12:40:00Z'))).toMatchObject({ previous: { pence: 25 }, next: null })
    expect(ratesAround(halves, at('2026-11-24T13:30:00Z'))).toMatchObject({ previous: null, current: { pence: 9 } })
    const nothing = { previous: null, current: null, next: null }
    expect(ratesAround(halves, at('2026-11-24T13:10:00Z'))).toEqual(nothing)
    expect(ratesAround([], at(ten))).toEqual(nothing)
  })

  it('a single rate has neither', () => {
    const day = priceHalfHours(pricing([SINGLE]), { start: at(ten), end: at('2026-11-25T10:00:00Z') })
    expect(ratesAround(day, at('2026-11-24T12:00:00Z'))).toMatchObject({
      previous: null,
      next: null,
      current: { pence: 25.3575 },
    })
  })

  it('runs hold every half hour once, and neighbours differ', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer({ min: 1, max: 3 }), { nil: null }), { maxLength: 40 }), prices => {
        const day = priced(ten, prices)
        const runs = rateRuns(day)
        expect(
          runs.flatMap(({ start, end, pence }) =>
            Array.from({ length: (end - start) / HALF_HOUR }, (_, index) => [start + index * HALF_HOUR, pence]),
          ),
        ).toEqual(day.map(({ start, pence }) => [start, pence]))
        for (const [index, run] of runs.entries()) {
          const before = runs[index - 1]
          expect(before?.end === run.start && before.pence === run.pence).toBe(false)
        }
      }),
    )
  })
})

describe('the rates of a day', () => {
  it.each([
    ['2026-03-29', 46],
    ['2026-11-24', 48],
    ['2026-10-25', 50],
  ])('%s: lowest, highest, and the average of its %i half hours', (date, count) => {
    const agile = tariff(
      'E-1R-AGILE-24-10-01-C',
      agileRows(addDays(date, -1), 3, index => (index - 30) / 10),
    )
    const all = priceHalfHours(pricing([agile]), {
      start: startOfDay(addDays(date, -1)),
      end: startOfDay(addDays(date, 2)),
    })
    const day = dayRates(all, date)
    expect(day.halfHours.map(({ start }) => start)).toEqual(halfHoursOfDay(date))
    // The day before has 48 half hours, so the prices run from 1.8 in steps of 0.1: the average is 1.8 + (count - 1) / 20.
    expect(day).toMatchObject({
      min: 1.8,
      max: Number((1.8 + (count - 1) / 10).toFixed(1)),
      complete: true,
    })
    expect(day.average).toBe(Number((1.8 + (count - 1) / 20).toFixed(2)))
  })

  it("a market's day is all there at 23:00, and not half an hour before, summer and winter", () => {
    for (const date of ['2026-07-01', '2026-11-25', '2026-10-25', '2026-03-29']) {
      const rows = agileRows(date, 1, index => index)
      const known = (count: number) =>
        priceHalfHours(pricing([tariff('E-1R-AGILE-24-10-01-C', rows.slice(0, count))]), {
          start: startOfDay(date),
          end: startOfDay(addDays(date, 1)),
        })
      expect(dayRates(known(rows.length - 2), date).complete).toBe(false)
      expect(isPublished(known(rows.length - 2), date)).toBe(true)
      expect(isPublished(known(rows.length - 3), date)).toBe(false)
    }
  })

  it('nothing known is unknown, not zero', () => {
    expect(dayRates([], '2026-11-24')).toMatchObject({
      min: null,
      max: null,
      average: null,
      complete: false,
    })
  })

  it('is exact', () => {
    expect(dayRates(priced(ten, [0.1, 0.2, 0.3]), '2026-11-24').average).toBe(0.2)
    expect(dayRates(priced(ten, [1, 1, 2]), '2026-11-24').average).toBe(1.333333)
  })
})

describe('the next cheapest window', () => {
  const halves = priced(ten, [20, 5, 9, 5, 5, null, 1, -2, 30])

  it('is the cheapest in a row, the earliest of equals, and never over a hole', () => {
    expect(nextCheapestWindow(halves, at(ten), 30, 'import')).toEqual({
      start: at('2026-11-24T13:30:00Z'),
      end: at('2026-11-24T14:00:00Z'),
      average: -2,
    })
    expect(nextCheapestWindow(halves.slice(0, 5), at(ten), 60, 'import')).toMatchObject({
      start: at('2026-11-24T11:30:00Z'),
      average: 5,
    })
    expect(nextCheapestWindow(halves.slice(0, 5), at(ten), 30, 'import')?.start).toBe(at('2026-11-24T10:30:00Z'))
    expect(nextCheapestWindow(halves, at(ten), 180, 'import')).toBeNull()
  })

  it('is the dearest for export', () => {
    expect(nextCheapestWindow(halves, at(ten), 30, 'export')).toMatchObject({
      start: at('2026-11-24T14:00:00Z'),
      average: 30,
    })
  })

  it('begins at a mark, not before `from`, and counts a last half hour by its minutes', () => {
    expect(nextCheapestWindow(halves, at('2026-11-24T10:01:00Z'), 45, 'import')).toEqual({
      start: at('2026-11-24T13:00:00Z'),
      end: at('2026-11-24T13:45:00Z'),
      // (1 × 30 - 2 × 15) / 45
      average: 0,
    })
    expect(nextCheapestWindow(halves, at(ten), 0, 'import')).toBeNull()
    expect(nextCheapestWindow(halves, at(ten), Number.NaN, 'import')).toBeNull()
  })

  it('is what a search of every window finds', () => {
    const prices = fc.array(fc.option(fc.integer({ min: -5, max: 5 }), { nil: null }), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(
        prices,
        fc.integer({ min: 1, max: 6 }),
        fc.constantFrom('import' as const, 'export' as const),
        (day, length, direction) => {
          const sign = direction === 'import' ? 1 : -1
          const sums = day.flatMap((_, index) => {
            const window = day.slice(index, index + length)
            if (window.length < length || window.includes(null)) return []
            return [{ index, sum: sign * window.reduce<number>((sum, price) => sum + (price ?? 0), 0) }]
          })
          const best = sums.reduce<(typeof sums)[number] | null>((a, b) => (a === null || b.sum < a.sum ? b : a), null)
          const found = nextCheapestWindow(priced(ten, day), at(ten), length * 30, direction)
          expect(found?.start ?? null).toBe(best === null ? null : at(ten) + best.index * 30 * MINUTE)
        },
      ),
    )
  })
})
