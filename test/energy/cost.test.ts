import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Instant } from '../../src/clock.ts'
import { chargedHalfHours, costOfDay, type DayCostInput } from '../../src/energy/cost.ts'
import { decimal, sumOf, toText } from '../../src/energy/decimal.ts'
import { evShare } from '../../src/energy/ev-share.ts'
import { kwhOfCubicMetres } from '../../src/energy/gas.ts'
import { type BilledHalfHour, type PricedHalfHour, RATE_BANDS, type RateBand } from '../../src/energy/types.ts'
import { halfHoursOfDay } from '../../src/time/london.ts'

const DATE = '2026-11-22'
const kwhOn = (date: string, kwh: (index: number) => number) =>
  new Map(halfHoursOfDay(date).map((start, index) => [start, decimal(kwh(index))]))
const pricesOn = (date: string, price: (index: number) => readonly [pence: number, band?: RateBand]) =>
  halfHoursOfDay(date).map((start, index): PricedHalfHour => {
    const [pence, band = 'standard'] = price(index)
    return { start, pence, band, why: 'tariff' }
  })

const day = (changes: Partial<DayCostInput> = {}): DayCostInput => ({
  date: DATE,
  direction: 'import',
  readings: kwhOn(changes.date ?? DATE, () => 0.05),
  prices: pricesOn(changes.date ?? DATE, () => [7]),
  standing: 53.35,
  billCanDiffer: false,
  ...changes,
})

describe('what days cost, worked out by hand', () => {
  it.each([
    // 48 × 0.05 = 2.4 kWh × 7 = 16.8, with 53.35: 70.15. Half hours rounded to pence would cost nothing: 0.35 each.
    ['48 small equal half hours', day(), 2.4, 17, 70],
    // 48 × 0.08 = 3.84 kWh × 7 = 26.88, with 53.35: 80.23. Half hours rounded to pence: 0.56 each, so 48.
    ['48 half hours a little over half a penny', day({ readings: kwhOn(DATE, () => 0.08) }), 3.84, 27, 80],
    // 48 × 0.028 = 1.344 kWh × 26.4159 = 35.5029696, with 53.35: 88.8529696. Half hours rounded to pence: 0.74 each, so 48;
    // kWh rounded to 0.01 first: 1.44 × 26.4159 = 38.04.
    [
      'a price with four decimals',
      day({ readings: kwhOn(DATE, () => 0.028), prices: pricesOn(DATE, () => [26.4159]) }),
      1.344,
      36,
      89,
    ],
    // 46 × 0.1 = 4.6 kWh × 25.3575 = 116.6445, with 53.35: 169.9945.
    [
      '46 half hours: the clocks go forward',
      day({
        date: '2026-03-29',
        readings: kwhOn('2026-03-29', () => 0.1),
        prices: pricesOn('2026-03-29', () => [25.3575]),
      }),
      4.6,
      117,
      170,
    ],
    // 50 × 0.1 = 5 kWh × 25.3575 = 126.7875, with 53.35: 180.1375.
    [
      '50 half hours: the clocks go back',
      day({
        date: '2026-10-25',
        readings: kwhOn('2026-10-25', () => 0.1),
        prices: pricesOn('2026-10-25', () => [25.3575]),
      }),
      5,
      127,
      180,
    ],
    // Half hours 1 to 10 (00:30-05:30): 10 × 3.5 = 35 kWh × 8.5 = 297.5. The others: 38 × 0.25 = 9.5 kWh × 25.3575 = 240.89625.
    // Together 538.39625, with 53.35: 591.74625. The two parts rounded: 298 + 241 = 539.
    [
      'two rates',
      day({
        readings: kwhOn(DATE, index => (index >= 1 && index <= 10 ? 3.5 : 0.25)),
        prices: pricesOn(DATE, index => (index >= 1 && index <= 10 ? [8.5, 'night'] : [25.3575, 'day'])),
      }),
      44.5,
      538,
      592,
    ],
    // 24 × 1.2 = 28.8 kWh × -5.25 = -151.2. 24 × 0.2 = 4.8 kWh × 31.71 = 152.208. Together 1.008, with 53.35: 54.358.
    [
      'Agile with negative prices',
      day({
        readings: kwhOn(DATE, index => (index < 24 ? 1.2 : 0.2)),
        prices: pricesOn(DATE, index => [index < 24 ? -5.25 : 31.71]),
      }),
      33.6,
      1,
      54,
    ],
    // 48 × 0.1 = 4.8 kWh × -2.163 = -10.3824, with 53.35: 42.9676.
    [
      'Agile below zero all day',
      day({ readings: kwhOn(DATE, () => 0.1), prices: pricesOn(DATE, () => [-2.163]) }),
      4.8,
      -10,
      43,
    ],
    // 48 × 0.25 = 12 m³ × 1.02264 × 40 ÷ 3.6 = 136.352 kWh × 6.2895 = 857.585904, with 29.11: 886.695904.
    // Half hours rounded to 0.001 kWh: 48 × 2.841 = 136.368 kWh.
    [
      'gas in m³',
      day({
        readings: new Map(halfHoursOfDay(DATE).map(start => [start, kwhOfCubicMetres(0.25, 40)])),
        prices: pricesOn(DATE, () => [6.2895]),
        standing: 29.11,
      }),
      136.352,
      858,
      887,
    ],
    // 48 × 0.5 = 24 kWh × 15 = 360; an export meter pays no standing charge.
    [
      'export',
      day({
        direction: 'export',
        readings: kwhOn(DATE, () => 0.5),
        prices: pricesOn(DATE, () => [15]),
        standing: null,
      }),
      24,
      360,
      360,
    ],
  ])('%s', (_, input, kwh, penceWithoutStanding, pence) => {
    expect(costOfDay(input)).toMatchObject({ kwh, penceWithoutStanding, pence, provisional: false })
  })

  it('by band: pence that add up with the day', () => {
    // 297.5 and 240.89625 are 538.39625: rounded down 297 and 240, and the penny that is left goes to the day's part, which lost more.
    const cost = costOfDay(
      day({
        readings: kwhOn(DATE, index => (index >= 1 && index <= 10 ? 3.5 : 0.25)),
        prices: pricesOn(DATE, index => (index >= 1 && index <= 10 ? [8.5, 'night'] : [25.3575, 'day'])),
      }),
    )
    expect(cost?.byBand).toEqual({ night: { kwh: 35, pence: 297 }, day: { kwh: 9.5, pence: 241 } })
  })

  it('each half hour exactly, with its rate', () => {
    const cost = costOfDay(day({ readings: kwhOn(DATE, () => 0.063), prices: pricesOn(DATE, () => [7.0005]) }))
    expect(cost?.halfHours[0]).toEqual({
      start: Date.parse('2026-11-22T00:00:00Z'),
      kwh: 0.063,
      rate: 7.0005,
      pence: '0.4410315',
      band: 'standard',
      why: 'tariff',
    })
  })
})

describe('what is not known', () => {
  const [first = 0] = halfHoursOfDay(DATE)

  it('is no cost: a reading', () => {
    const readings = new Map([...kwhOn(DATE, () => 0.05)].slice(1))
    expect(costOfDay(day({ readings }))).toBeNull()
    expect(chargedHalfHours(day({ readings }))).toHaveLength(47)
  })

  it('is no cost: a price', () => {
    expect(costOfDay(day({ prices: day().prices.slice(1) }))).toBeNull()
    expect(chargedHalfHours(day({ prices: day().prices.slice(1) }))[0]?.start).toBe(first + 1_800_000)
  })

  it('leaves out only the total where it is the standing charge', () => {
    expect(costOfDay(day({ standing: null }))).toMatchObject({ pence: null, standing: null, penceWithoutStanding: 17 })
  })

  it('is not mixed up with an export meter that has a charge of its own', () => {
    expect(costOfDay(day({ direction: 'export', standing: 2 }))).toMatchObject({ pence: 19, standing: 2 })
  })
})

const bill = (start: Instant, ...parts: readonly [RateBand | null, number, number | null][]): BilledHalfHour => ({
  start,
  parts: parts.map(([band, kwh, pence]) => ({ band, kwh, pence })),
})

describe('what was billed', () => {
  const [first = 0, ...others] = halfHoursOfDay(DATE)
  const input = day({
    readings: kwhOn(DATE, () => 2),
    prices: pricesOn(DATE, () => [30, 'day']),
    billCanDiffer: true,
    standing: 0,
  })
  const rates: Partial<Record<RateBand, number>> = { day: 30, night: 8, ev_peak: 28, ev_off_peak: 8 }
  const bandRate = (band: RateBand) => rates[band] ?? null

  it('counts in place of what we believed, half hour by half hour', () => {
    // 47 × 2 × 30 = 2820, and the first for 16.4 instead of 60.
    const cost = costOfDay({ ...input, billed: [bill(first, ['night', 2, 16.4])] })
    expect(cost).toMatchObject({ penceWithoutStanding: 2836, provisional: true })
    expect(cost?.byBand).toEqual({ night: { kwh: 2, pence: 16 }, day: { kwh: 94, pence: 2820 } })
    expect(cost?.halfHours[0]).toEqual({ start: first, kwh: 2, rate: 8.2, pence: '16.4', band: 'night', why: 'billed' })
  })

  it('is shown with its parts, at their average', () => {
    const cost = costOfDay({ ...input, billed: [bill(first, ['day', 0.5, 15], ['ev_off_peak', 1.5, 12])] })
    expect(cost?.halfHours[0]).toMatchObject({ rate: 13.5, pence: '27', band: 'ev_off_peak', why: 'billed' })
    expect(cost?.halfHours[0]?.parts).toHaveLength(2)
    expect(cost?.byBand).toEqual({ day: { kwh: 94.5, pence: 2835 }, ev_off_peak: { kwh: 1.5, pence: 12 } })
  })

  it('ends the doubt once every half hour is there, also where the price was never known', () => {
    const billed = [first, ...others].map(start => bill(start, ['day', 2, 60]))
    expect(costOfDay({ ...input, billed })).toMatchObject({ provisional: false, pence: 2880 })
    expect(costOfDay({ ...input, billed, prices: [] })).toMatchObject({ provisional: false, pence: 2880 })
  })

  it('is charged at the rate of its band where it has no amount', () => {
    const billed = [bill(first, ['ev_peak', 2, null])]
    expect(costOfDay({ ...input, billed, bandRate })?.halfHours[0]).toMatchObject({ pence: '56', why: 'billed' })
    expect(costOfDay({ ...input, billed })?.halfHours[0]).toMatchObject({ pence: '60', why: 'tariff' })
  })

  it('leaves things as they are where its label says nothing to us', () => {
    const cost = costOfDay({ ...input, billed: [bill(first, [null, 2, 16]), bill(first + 1_800_000)] })
    expect(cost?.halfHours.slice(0, 2).map(({ why, pence }) => [why, pence])).toEqual([
      ['tariff', '60'],
      ['tariff', '60'],
    ])
    expect(cost?.provisional).toBe(true)
  })

  it('shares out the kWh of the meter where the two differ', () => {
    const cost = costOfDay({ ...input, billed: [bill(first, ['day', 1, 30], ['ev_off_peak', 3, 24])] })
    expect(cost?.kwh).toBe(96)
    expect(cost?.byBand).toMatchObject({ day: { kwh: 94.5 }, ev_off_peak: { kwh: 1.5 } })
    const nothing = costOfDay({ ...input, billed: [bill(first, ['day', 0, 0], ['night', 0, 0])] })
    expect(nothing?.byBand).toMatchObject({ day: { kwh: 95 }, night: { kwh: 1, pence: 0 } })
  })

  it('has the rate of its band where nothing was used', () => {
    const unused = { ...input, readings: kwhOn(DATE, () => 0), billed: [bill(first, ['night', 0, 0])] }
    expect(costOfDay({ ...unused, bandRate })?.halfHours[0]).toMatchObject({ rate: 8, pence: '0', why: 'billed' })
    expect(costOfDay(unused)?.halfHours[0]).toMatchObject({ rate: 30, pence: '0', why: 'billed' })
  })

  it("tells the car's share of a day that was billed, and of no other", () => {
    // The car: 24 × 1.5 = 36 kWh × 8 = 288. The house: 24 × 0.5 + 24 × 2 = 60 kWh × 30 = 1800.
    const billed = [first, ...others].map((start, index) =>
      index < 24 ? bill(start, ['day', 0.5, 15], ['ev_off_peak', 1.5, 12]) : bill(start, ['day', 2, 60]),
    )
    const cost = costOfDay({ ...input, billed })
    expect(cost && evShare(cost)).toEqual({ kwh: 36, pence: 288, share: 0.375 })
    const unbilled = costOfDay({ ...input, billed: billed.slice(1) })
    expect(unbilled && evShare(unbilled)).toBeNull()
  })

  it("is no share of the car's where the car was not there", () => {
    const cost = costOfDay({ ...input, billed: [first, ...others].map(start => bill(start, ['day', 2, 60])) })
    expect(cost && evShare(cost)).toEqual({ kwh: 0, pence: 0, share: 0 })
  })
})

describe('any day', () => {
  const wattHours = fc.array(fc.integer({ min: 0, max: 12_000 }), { minLength: 50, maxLength: 50 })
  /** Hundred-thousandths of a penny. */
  const price = fc.tuple(fc.integer({ min: -2_000_000, max: 10_000_000 }), fc.constantFrom(...RATE_BANDS))
  const prices = fc.array(price, { minLength: 50, maxLength: 50 })
  const dates = fc.constantFrom('2026-03-29', DATE, '2026-10-25')

  it('is rounded once, and its bands add up with it', () => {
    fc.assert(
      fc.property(dates, wattHours, prices, fc.nat(10_000), (date, used, priced, standing) => {
        const cost = costOfDay({
          ...day({ date, standing: standing / 100 }),
          readings: kwhOn(date, index => (used[index] ?? 0) / 1000),
          prices: pricesOn(date, index => [(priced[index]?.[0] ?? 0) / 100_000, priced[index]?.[1] ?? 'standard']),
        })
        const count = halfHoursOfDay(date).length
        // Whole numbers of 10⁻⁸ pence: exact in another way.
        const exact = used
          .slice(0, count)
          .reduce((sum, wh, index) => sum + BigInt(wh) * BigInt(priced[index]?.[0] ?? 0), 0n)
        expect(BigInt(cost?.penceWithoutStanding ?? NaN)).toBe(rounded(exact))
        expect(BigInt(cost?.pence ?? NaN)).toBe(rounded(exact + BigInt(standing) * 1_000_000n))
        const bands = Object.values(cost?.byBand ?? {})
        expect(bands.reduce((sum, { pence }) => sum + pence, 0)).toBe(cost?.penceWithoutStanding)
        expect(sumOf(bands.map(({ kwh }) => kwh)).toNumber()).toBe(cost?.kwh)
        expect(toText(sumOf((cost?.halfHours ?? []).map(({ pence }) => pence)))).toBe(
          toText(decimal(exact.toString()).div(100_000_000)),
        )
      }),
      { numRuns: 60 },
    )
  })

  /** 10⁻⁸ pence to pence, a half away from zero. */
  const rounded = (value: bigint): bigint => {
    const half = 50_000_000n
    return (value < 0n ? value - half : value + half) / 100_000_000n
  }
})

describe('a half hour in which nothing was used', () => {
  it('is known as billed, whatever its label says: older Intelligent products call their night OFF_PEAK', () => {
    const billed = halfHoursOfDay(DATE).map((start, index) => ({
      start,
      parts: [
        index === 3
          ? { band: 'off_peak' as const, kwh: 0, pence: 0 }
          : { band: 'off_peak' as const, kwh: 0.05, pence: 0.35 },
      ],
    }))
    const readings = kwhOn(DATE, index => (index === 3 ? 0 : 0.05))
    const cost = costOfDay(day({ billCanDiffer: true, readings, billed }))
    expect(cost?.provisional).toBe(false)
    expect(cost?.halfHours[3]).toMatchObject({ kwh: 0, rate: 7, pence: '0', why: 'billed' })
  })
})
