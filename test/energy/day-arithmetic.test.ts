import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { HALF_HOUR } from '../../src/clock.ts'
import { costOfDay } from '../../src/energy/cost.ts'
import { missingOfDay, wholeDay } from '../../src/energy/days.ts'
import { endedDays, PERIODS, periodStart, periodToDate } from '../../src/energy/periods.ts'
import { todaySoFar } from '../../src/energy/today.ts'
import { addDays, halfHoursOfDay, type LondonDate, startOfDay } from '../../src/time/london.ts'

const FROM = '2016-01-01'
const DAYS = 7_305
const all = Array.from({ length: DAYS }, (_, index) => addDays(FROM, index))
const date = fc.nat(DAYS - 1).map(index => addDays(FROM, index))

/** 1 in March, 2 in October on the last Sunday; 0 on any other day. Written without London's clocks. */
const changeOn = (day: LondonDate): 0 | 1 | 2 => {
  const [, month, ofMonth] = day.split('-').map(Number)
  const lastSunday = new Date(`${day}T12:00:00Z`).getUTCDay() === 0 && (ofMonth ?? 0) > 24
  return lastSunday && month === 3 ? 1 : lastSunday && month === 10 ? 2 : 0
}

const readingsOf = (days: readonly LondonDate[]) =>
  new Map(days.flatMap(halfHoursOfDay).map((start, index) => [start, (index % 1_000) / 1_000]))

describe('twenty years of London days', () => {
  it('have 48 half hours, 46 in spring and 50 in autumn, and lie end to end', () => {
    let next = startOfDay(FROM)
    const wrong = all.filter(day => {
      const marks = halfHoursOfDay(day)
      const right =
        marks.length === [48, 46, 50][changeOn(day)] && marks[0] === next && marks.every(mark => mark % HALF_HOUR === 0)
      next += marks.length * HALF_HOUR
      return !right
    })
    expect(wrong).toEqual([])
    expect(next).toBe(startOfDay(addDays(FROM, DAYS)))
  })

  it('belong to one week, month and year each, all of which begin at the midnight of their first day', () => {
    for (const name of PERIODS) {
      const wrong = all.filter(day => {
        const start = periodStart(name, day)
        const isFirst = periodStart(name, addDays(day, -1)) !== start
        return periodStart(name, start) !== start || start > day || isFirst !== (day === start)
      })
      expect([name, wrong]).toEqual([name, []])
    }
    const mondays = all.filter(day => periodStart('week', day) === day)
    expect(mondays).toHaveLength(1_044)
    expect(mondays.filter(day => new Date(`${day}T12:00:00Z`).getUTCDay() !== 1)).toEqual([])
  })
})

describe('any of these days', () => {
  it('is whole with all of its half hours, and not with one less', () => {
    fc.assert(
      fc.property(date, fc.nat(49), (day, index) => {
        const readings = readingsOf([day])
        const marks = halfHoursOfDay(day)
        expect(wholeDay(readings, day)?.halfHours.map(({ start }) => start)).toEqual(marks)
        expect(missingOfDay(readings, day)).toEqual([])
        const gone = marks[index % marks.length] ?? 0
        readings.delete(gone)
        expect(missingOfDay(readings, day)).toEqual([gone])
        expect(wholeDay(readings, day)).toBeNull()
      }),
    )
  })

  it('has the same energy as a day, as its cost at a penny for each kWh, and as it grew', () => {
    fc.assert(
      fc.property(date, day => {
        const readings = readingsOf([day])
        const end = startOfDay(addDays(day, 1))
        const halfHours = [...readings].map(([start, amount]) => ({ start, amount }))
        const so = todaySoFar(readings, end - 1)
        expect(so).toMatchObject({ halfHours: readings.size - 1, missing: 0, until: end - HALF_HOUR })
        const cost = costOfDay({
          date: day,
          direction: 'import',
          readings,
          prices: halfHours.map(({ start }) => ({ start, pence: 100, band: 'standard', why: 'tariff' })),
          standing: 0,
          billCanDiffer: false,
        })
        expect(cost?.kwh).toBe(wholeDay(readings, day)?.total.toNumber())
        expect(cost?.pence).toBe(Math.floor((Math.round((cost?.kwh ?? 0) * 1_000) + 5) / 10))
      }),
    )
  })

  it('is in the sums of its week, month and year from the next day on', () => {
    fc.assert(
      fc.property(date, fc.constantFrom(...PERIODS), (day, name) => {
        const ended = endedDays(name, day)
        const days = new Map(
          ended.map(one => [one, { amount: 0.1, pence: 7, penceWithoutStanding: 3, provisional: false }]),
        )
        const period = periodToDate(name, day, days)
        expect(period.pence).toEqual({ value: 7 * ended.length, days: ended.length, missing: [] })
        expect(period.amount.value).toBe(ended.length / 10)
        expect(period.lastReset + ended.flatMap(halfHoursOfDay).length * HALF_HOUR).toBe(startOfDay(day))
      }),
    )
  })
})
