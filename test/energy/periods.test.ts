import { describe, expect, it } from '@jest/globals'
import { type DayAmounts, endedDays, PERIODS, periodStart, periodToDate } from '../../src/energy/periods.ts'
import { addDays } from '../../src/time/london.ts'

const day = (amount: number | null, pence: number | null = 100, provisional = false): DayAmounts => ({
  amount,
  pence,
  penceWithoutStanding: pence === null ? null : pence - 53,
  provisional,
})

describe('the beginning of a period', () => {
  it.each([
    // 23 November 2026 is a Monday.
    ['week', '2026-11-23', '2026-11-23'],
    ['week', '2026-11-29', '2026-11-23'],
    ['week', '2027-01-01', '2026-12-28'],
    ['month', '2026-11-23', '2026-11-01'],
    ['month', '2026-03-31', '2026-03-01'],
    ['year', '2026-11-23', '2026-01-01'],
  ] as const)('the %s of %s begins on %s', (name, date, start) => {
    expect(periodStart(name, date)).toBe(start)
  })

  it('is a midnight in London, in summer time too', () => {
    expect(periodToDate('month', '2026-07-20', new Map()).lastReset).toBe(Date.parse('2026-06-30T23:00:00Z'))
    expect(periodToDate('month', '2026-10-31', new Map()).lastReset).toBe(Date.parse('2026-09-30T23:00:00Z'))
    expect(periodToDate('year', '2026-07-20', new Map()).lastReset).toBe(Date.parse('2026-01-01T00:00:00Z'))
  })

  it('is the same for each of its days, and those before today have ended', () => {
    for (const name of PERIODS) {
      const ended = endedDays(name, '2026-11-25')
      expect(ended[0]).toBe(periodStart(name, '2026-11-25'))
      expect(ended.at(-1)).toBe('2026-11-24')
      expect(new Set(ended.map(date => periodStart(name, date))).size).toBe(1)
    }
  })
})

describe('a period to date', () => {
  it('adds up the days as they were rounded, and amounts without binary dust', () => {
    const days = new Map([
      ['2026-11-22', day(100, 10_000)],
      ['2026-11-23', day(0.1, 123)],
      ['2026-11-24', day(0.2, 77)],
      ['2026-11-25', day(50, 5_000)],
    ])
    expect(periodToDate('week', '2026-11-25', days)).toEqual({
      name: 'week',
      from: '2026-11-23',
      lastReset: Date.parse('2026-11-23T00:00:00Z'),
      amount: { value: 0.3, days: 2, missing: [] },
      pence: { value: 200, days: 2, missing: [] },
      penceWithoutStanding: { value: 94, days: 2, missing: [] },
      provisional: false,
    })
  })

  it('names the days that are missing, of the amounts and of the money each', () => {
    const days = new Map([
      ['2026-11-23', day(1, null)],
      ['2026-11-25', day(2, 50, true)],
    ])
    const week = periodToDate('week', '2026-11-26', days)
    expect(week.amount).toEqual({ value: 3, days: 2, missing: ['2026-11-24'] })
    expect(week.pence).toEqual({ value: 50, days: 1, missing: ['2026-11-23', '2026-11-24'] })
    expect(week.provisional).toBe(true)
  })

  it('is not known where days have ended and none is there, and nothing on its first day', () => {
    expect(periodToDate('week', '2026-11-25', new Map()).amount).toEqual({
      value: null,
      days: 0,
      missing: ['2026-11-23', '2026-11-24'],
    })
    expect(periodToDate('week', '2026-11-23', new Map()).pence).toEqual({ value: 0, days: 0, missing: [] })
  })

  it('misses no day before the history of the meter', () => {
    const days = new Map([['2026-11-24', day(2)]])
    const year = periodToDate('year', '2026-11-25', days, '2026-11-23')
    expect(year.amount).toEqual({ value: 2, days: 1, missing: ['2026-11-23'] })
    expect(year.from).toBe('2026-01-01')
  })

  it('is 365 or 366 days on the last evening of a year', () => {
    const all = (year: number) =>
      new Map(Array.from({ length: 366 }, (_, index) => [addDays(`${year}-01-01`, index), day(1, 1)]))
    expect(periodToDate('year', '2026-12-31', all(2026)).pence.value).toBe(364)
    expect(periodToDate('year', '2028-12-31', all(2028)).pence.value).toBe(365)
  })
})
