import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { HALF_HOUR } from '../../../src/clock.ts'
import { carRateAt } from '../../../src/energy/rates/car.ts'
import { type Pricing, priceHalfHours, pricesKnownUntil, standingChargeOn } from '../../../src/energy/rates/pricing.ts'
import { DEFAULT_REGISTER_HOURS } from '../../../src/energy/rates/registers.ts'
import { addDays, halfHoursOfDay, type LondonDate, startOfDay } from '../../../src/time/london.ts'
import {
  agileRows,
  agreement,
  at,
  ECONOMY_7,
  FOUR_RATE,
  goRows,
  intelligentRows,
  pricing,
  row,
  SINGLE,
  THREE_RATE,
  tariff,
} from './fixtures.ts'

const dayOf = (date: LondonDate) => ({ start: startOfDay(date), end: startOfDay(addDays(date, 1)) })
const priceDay = (input: Pricing, date: LondonDate) => priceHalfHours(input, dayOf(date))
/** Wall times at which a band or a price begins, with it. */
const changes = (input: Pricing, date: LondonDate) =>
  priceDay(input, date)
    .filter((half, index, all) => half.pence !== all[index - 1]?.pence)
    .map(({ start, pence }) => [
      new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', hour: '2-digit', minute: '2-digit' }).format(start),
      pence,
    ])

const DAY_IN_20_YEARS = fc.integer({ min: 0, max: 20 * 365 }).map(days => addDays('2016-01-01', days))

describe('what a half hour costs', () => {
  it.each([
    ['2026-03-29', 46],
    ['2026-11-24', 48],
    ['2026-10-25', 50],
  ])('%s has %i half hours on a single rate', (date, count) => {
    const halfHours = priceDay(pricing([SINGLE]), date)
    expect(halfHours).toHaveLength(count)
    expect(new Set(halfHours.map(({ pence }) => pence))).toEqual(new Set([25.3575]))
  })

  it('Economy 7: the night is 00:30 to 07:30 UTC, an hour later by the wall in summer', () => {
    expect(changes(pricing([ECONOMY_7]), '2026-11-24')).toEqual([
      ['00:00', 30.24],
      ['00:30', 14.91],
      ['07:30', 30.24],
    ])
    expect(changes(pricing([ECONOMY_7]), '2026-07-01')).toEqual([
      ['00:00', 30.24],
      ['01:30', 14.91],
      ['08:30', 30.24],
    ])
    const hours = { ...DEFAULT_REGISTER_HOURS, economy7Night: { start: '22:00', end: '05:00' } }
    expect(changes(pricing([ECONOMY_7], { hours }), '2026-11-24').map(([wall]) => wall)).toEqual([
      '00:00',
      '05:00',
      '22:00',
    ])
  })

  it('Economy 7 has fourteen night half hours on every day of 20 years, whatever the clocks do', () => {
    fc.assert(
      fc.property(DAY_IN_20_YEARS, date => {
        const day = priceDay(
          pricing([{ ...ECONOMY_7, unitRates: ECONOMY_7.unitRates.map(each => ({ ...each, start: 0 })) }]),
          date,
        )
        expect(day.map(({ start }) => start)).toEqual(halfHoursOfDay(date))
        expect(day.filter(({ band }) => band === 'night')).toHaveLength(14)
      }),
      { numRuns: 300 },
    )
  })

  it('four rates: the house has day and night, by the wall, and never the prices of the car', () => {
    expect(changes(pricing([FOUR_RATE]), '2026-07-01')).toEqual([
      ['00:00', 7],
      ['05:30', 27.3],
      ['23:30', 7],
    ])
    expect(priceDay(pricing([FOUR_RATE]), '2026-07-01').map(({ band }) => band)).not.toContain('ev_peak')
    // The night from 23:30 to 05:30 loses the hour that the clocks leave out, and has it twice in autumn.
    const nights = (date: LondonDate) =>
      priceDay(pricing([FOUR_RATE]), date).filter(({ band }) => band === 'night').length
    expect([nights('2026-03-29'), nights('2026-03-30'), nights('2026-10-25')]).toEqual([10, 12, 14])
  })

  it('three registers: cheapest by night, dearest in the evening, the third between', () => {
    expect(changes(pricing([THREE_RATE]), '2026-07-01')).toEqual([
      ['00:00', 25],
      ['04:00', 12],
      ['07:00', 25],
      ['13:00', 12],
      ['16:00', 40],
      ['19:00', 25],
      ['22:00', 12],
    ])
  })

  it('Agile: each half hour its own, negative ones and zero too, and what is not published left out', () => {
    const agile = tariff(
      'E-1R-AGILE-24-10-01-C',
      agileRows('2026-10-25', 1, index => index - 10),
    )
    expect(priceDay(pricing([agile]), '2026-10-25').map(({ pence }) => pence)).toEqual(
      Array.from({ length: 50 }, (_, index) => index - 10),
    )
    expect(priceDay(pricing([agile]), '2026-10-26')).toEqual([])
    const hole = { ...agile, unitRates: agile.unitRates.filter((_, index) => index !== 20) }
    expect(priceDay(pricing([hole]), '2026-10-25')).toHaveLength(49)
  })

  it('rows of any length give the half hours that begin in them', () => {
    const odd = tariff('E-1R-ODD-26-01-01-C', [
      row(10, '2026-11-24T00:00:00Z', '2026-11-24T00:45:00Z'),
      row(20, '2026-11-24T00:45:00Z', '2026-11-24T01:10:00Z'),
      row(30, '2026-11-24T01:40:00Z', '2026-11-24T02:10:00Z'),
    ])
    // 00:00 and 00:30 begin in the first row, 01:00 in the second, 01:30 in none, 02:00 in the third.
    expect(priceDay(pricing([odd]), '2026-11-24').map(({ pence }) => pence)).toEqual([10, 10, 20, 30])
  })

  it('an interval gives the half hours that begin in it', () => {
    const halves = priceHalfHours(pricing([SINGLE]), {
      start: at('2026-11-24T10:10:00Z'),
      end: at('2026-11-24T11:10:00Z'),
    })
    expect(halves.map(({ start }) => start)).toEqual([at('2026-11-24T10:30:00Z'), at('2026-11-24T11:00:00Z')])
  })

  it('a change of tariff at midnight counts from that half hour; no agreement or no name, no price', () => {
    const agile = tariff(
      'E-1R-AGILE-24-10-01-C',
      agileRows('2026-07-01', 1, () => 3),
    )
    const input = pricing([SINGLE, agile], {
      agreements: [
        agreement(SINGLE.tariffCode, null, '2026-06-30T23:00:00Z'),
        agreement(agile.tariffCode, '2026-06-30T23:00:00Z', '2026-07-01T23:00:00Z'),
        agreement(null, '2026-07-02T23:00:00Z'),
      ],
    })
    expect(changes(input, '2026-06-30')).toEqual([['00:00', 25.3575]])
    expect(changes(input, '2026-07-01')).toEqual([['00:00', 3]])
    expect(priceDay(input, '2026-07-02')).toEqual([])
    expect(priceDay(input, '2026-07-03')).toEqual([])
  })

  it('every half hour of 20 years has at most one price, in order, and none is invented', () => {
    const start = fc.integer({ min: 0, max: 100 })
    fc.assert(
      fc.property(
        DAY_IN_20_YEARS,
        fc.array(fc.tuple(start, start, fc.integer({ min: -9, max: 9 })), { maxLength: 8 }),
        (date, raw) => {
          const midnight = startOfDay(date)
          const rates = raw.map(([from, length, pence]) => ({
            band: 'standard' as const,
            start: midnight + from * (HALF_HOUR / 2),
            end: midnight + (from + length) * (HALF_HOUR / 2),
            pence,
          }))
          const day = priceDay(pricing([tariff('E-1R-X-20-01-01-C', rates)]), date)
          expect(day.map(half => half.start)).toEqual(
            halfHoursOfDay(date).filter(half => rates.some(rate => rate.start <= half && half < rate.end)),
          )
          for (const half of day) {
            const there = rates.filter(rate => rate.start <= half.start && half.start < rate.end)
            const last = Math.max(...there.map(rate => rate.start))
            expect(there.filter(rate => rate.start === last).map(({ pence }) => pence)).toContain(half.pence)
          }
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('a believed half hour', () => {
  const noon = at('2026-11-24T12:00:00Z')
  const evening = at('2026-11-24T23:30:00Z')
  const dispatched = new Set([noon, evening])
  const half = (input: Pricing, start: number) => priceHalfHours(input, { start, end: start + HALF_HOUR })[0] ?? null

  it('has the night price of the four rates, and by night it is the tariff that makes it cheap', () => {
    const input = pricing([FOUR_RATE], { dispatched })
    expect(half(input, noon)).toEqual({ start: noon, pence: 7, band: 'night', why: 'dispatch' })
    expect(half(input, evening)).toEqual({ start: evening, pence: 7, band: 'night', why: 'tariff' })
    expect(half(input, noon + HALF_HOUR)).toMatchObject({ pence: 27.3, band: 'day', why: 'tariff' })
  })

  it('has the price of that very day where prices change at midnight, never the lowest around', () => {
    const older = tariff('E-1R-INTELLI-VAR-24-10-29-C', [
      ...intelligentRows('2026-11-23', 1, 7),
      ...intelligentRows('2026-11-24', 1, 8.5),
      ...intelligentRows('2026-11-25', 1, 6),
    ])
    expect(half(pricing([older], { dispatched }), noon)).toEqual({
      start: noon,
      pence: 8.5,
      band: 'standard',
      why: 'dispatch',
    })
  })

  it('has the price of its own tariff where the tariff changed at midnight', () => {
    const before = tariff('E-1R-INTELLI-VAR-22-10-14-C', intelligentRows('2026-11-20', 10, 5))
    const after = tariff('E-1R-INTELLI-VAR-24-10-29-C', intelligentRows('2026-11-20', 10, 9))
    const input = pricing([before, after], {
      dispatched,
      agreements: [
        agreement(before.tariffCode, null, '2026-11-24T00:00:00Z'),
        agreement(after.tariffCode, '2026-11-24T00:00:00Z'),
      ],
    })
    expect(half(input, noon)?.pence).toBe(9)
  })

  it('is left out where the night price of that day is not known', () => {
    const dayOnly = tariff('E-1R-INTELLI-VAR-24-10-29-C', [row(27.3, '2026-11-24T05:30:00Z', '2026-11-24T23:30:00Z')])
    expect(half(pricing([dayOnly], { dispatched }), noon)).toBeNull()
    expect(half(pricing([dayOnly]), noon)?.pence).toBe(27.3)
  })

  it('never becomes dearer', () => {
    const odd = tariff('E-1R-INTELLI-VAR-24-10-29-C', intelligentRows('2026-11-24', 1, 30, 20))
    expect(half(pricing([odd], { dispatched }), noon)).toMatchObject({ pence: 20, why: 'tariff' })
  })

  it.each([
    ['Go', tariff('E-1R-GO-VAR-22-10-14-C', goRows('2026-11-24', 2)), 'import' as const],
    ['Economy 7', ECONOMY_7, 'import' as const],
    [
      'Intelligent Flux',
      tariff('E-1R-INTELLI-FLUX-IMPORT-23-07-14-C', intelligentRows('2026-11-24', 1)),
      'import' as const,
    ],
    ['an export meter', tariff('E-1R-INTELLI-VAR-24-10-29-C', intelligentRows('2026-11-24', 1)), 'export' as const],
  ])('changes nothing on %s', (_, prices, direction) => {
    const day = dayOf('2026-11-24')
    const plain = pricing([prices], { direction })
    const all = new Set(halfHoursOfDay('2026-11-24'))
    expect(priceHalfHours({ ...plain, dispatched: all }, day)).toEqual(priceHalfHours(plain, day))
    expect(priceHalfHours(plain, day)).toHaveLength(48)
  })

  it('alone is what changes, on every day of 20 years', () => {
    const rates = FOUR_RATE.unitRates.map(rate => ({ ...rate, start: 0 }))
    fc.assert(
      fc.property(DAY_IN_20_YEARS, fc.array(fc.nat(49), { maxLength: 10 }), (date, picked) => {
        const halves = halfHoursOfDay(date)
        const chosen = new Set(picked.flatMap(index => halves[index] ?? []))
        const plain = priceDay(pricing([{ ...FOUR_RATE, unitRates: rates }]), date)
        const after = priceDay(pricing([{ ...FOUR_RATE, unitRates: rates }], { dispatched: chosen }), date)
        expect(after).toEqual(
          plain.map(each =>
            chosen.has(each.start) && each.band === 'day'
              ? { ...each, pence: 7, band: 'night', why: 'dispatch' }
              : each,
          ),
        )
      }),
      { numRuns: 200 },
    )
  })
})

describe('the rate of the car', () => {
  const noon = at('2026-11-24T12:10:00Z')

  it('is its own on four rates: off-peak within the allowance, peak on a boost or beyond', () => {
    const input = pricing([FOUR_RATE])
    expect([true, false, null].map(smart => carRateAt(input, noon, smart))).toEqual([6.9, 28, null])
    expect(carRateAt(input, at('2026-11-24T02:00:00Z'), false)).toBe(28)
    expect(carRateAt({ ...input, direction: 'export' }, noon, true)).toBeNull()
  })

  it("is the house's elsewhere", () => {
    const older = tariff('E-1R-INTELLI-VAR-24-10-29-C', intelligentRows('2026-11-24', 1))
    const dispatched = new Set([at('2026-11-24T12:00:00Z')])
    expect(carRateAt(pricing([older]), noon, true)).toBe(27.3)
    expect(carRateAt(pricing([older], { dispatched }), noon, null)).toBe(7)
    expect(carRateAt(pricing([]), noon, true)).toBeNull()
  })
})

describe('what is known of the prices ahead', () => {
  const interval = { start: at('2026-11-24T10:00:00Z'), end: at('2026-11-26T00:00:00Z') }

  it('ends at the first hole, and at the end of the interval where there is none', () => {
    expect(pricesKnownUntil(pricing([SINGLE]), interval)).toBe(interval.end)
    const agile = tariff('E-1R-AGILE-24-10-01-C', agileRows('2026-11-24', 1, index => index).slice(0, 46))
    expect(pricesKnownUntil(pricing([agile]), interval)).toBe(at('2026-11-24T23:00:00Z'))
  })

  it('ends where a tariff begins whose prices were not asked for, and not where there is no agreement', () => {
    const moving = pricing([SINGLE], {
      agreements: [
        agreement(SINGLE.tariffCode, null, '2026-11-25T00:00:00Z'),
        agreement('E-1R-AGILE-24-10-01-C', '2026-11-25T00:00:00Z'),
      ],
    })
    expect(pricesKnownUntil(moving, interval)).toBe(at('2026-11-25T00:00:00Z'))
    const leaving = { ...moving, agreements: moving.agreements.slice(0, 1) }
    expect(pricesKnownUntil(leaving, interval)).toBe(interval.end)
    const nameless = { ...moving, agreements: [...leaving.agreements, agreement(null, '2026-11-25T00:00:00Z')] }
    expect(pricesKnownUntil(nameless, interval)).toBe(interval.end)
  })

  it('the standing charge is that of the tariff in force as the day begins', () => {
    const after = tariff('E-1R-AGILE-24-10-01-C', [], 60.1)
    const input = pricing([SINGLE, after], {
      agreements: [
        agreement(SINGLE.tariffCode, null, '2026-06-30T23:00:00Z'),
        agreement(after.tariffCode, '2026-06-30T23:00:00Z'),
      ],
    })
    expect([standingChargeOn(input, '2026-06-30'), standingChargeOn(input, '2026-07-01')]).toEqual([47.85, 60.1])
    expect(standingChargeOn({ ...input, agreements: [] }, '2026-07-01')).toBeNull()
  })
})
