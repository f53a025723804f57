import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { DateTime } from 'luxon'
import { HALF_HOUR, HOUR, MINUTE } from '../../src/clock.ts'
import {
  addDays,
  atLocalTime,
  halfHoursOfDay,
  isNight,
  lastNoon,
  londonDate,
  londonOffset,
  nightAtOrAfter,
  startOfDay,
  toIso,
} from '../../src/time/london.ts'

const at = (iso: string) => Date.parse(iso)
const NIGHT = { start: '23:30', end: '05:30' }
const anyInstant = fc.integer({ min: at('2015-01-01T00:00:00Z'), max: at('2040-01-01T00:00:00Z') })

describe('London days', () => {
  it.each([
    ['2026-03-29', 46],
    ['2026-10-25', 50],
    ['2026-11-23', 48],
    ['2027-03-28', 46],
  ])('%s has %i half hours', (date, count) => {
    expect(halfHoursOfDay(date)).toHaveLength(count)
  })

  it('lie end to end, for any instant', () => {
    fc.assert(
      fc.property(anyInstant, instant => {
        const date = londonDate(instant)
        const marks = halfHoursOfDay(date)
        expect(marks[0]).toBe(startOfDay(date))
        expect((marks.at(-1) ?? 0) + HALF_HOUR).toBe(startOfDay(addDays(date, 1)))
        expect(startOfDay(date)).toBeLessThanOrEqual(instant)
        expect(startOfDay(addDays(date, 1))).toBeGreaterThan(instant)
      }),
    )
  })
})

describe('the night', () => {
  it.each([
    ['2026-11-23T23:29:59.999Z', false],
    ['2026-11-23T23:30:00Z', true],
    ['2026-11-24T05:29:59Z', true],
    ['2026-11-24T05:30:00Z', false],
    ['2026-07-01T22:30:00Z', true],
    ['2026-07-02T04:30:00Z', false],
    // The clocks go back: 01:30 happens twice, and 05:30 GMT ends a night that began at 23:30 BST.
    ['2026-10-25T05:29:00Z', true],
    ['2026-10-25T05:30:00Z', false],
  ])('%s: %s', (iso, night) => {
    expect(isNight(at(iso), NIGHT)).toBe(night)
  })

  it('lasts seven hours when the clocks go back and five when they go forward', () => {
    const length = (iso: string) => {
      const { start, end } = nightAtOrAfter(at(iso), NIGHT)
      return (end - start) / HOUR
    }
    expect(length('2026-10-24T23:00:00Z')).toBe(7)
    expect(length('2026-03-29T00:00:00Z')).toBe(5)
    expect(length('2026-11-23T12:00:00Z')).toBe(6)
  })

  it('can lie within one day', () => {
    const early = { start: '00:30', end: '04:30' }
    expect(isNight(at('2026-11-23T00:30:00Z'), early)).toBe(true)
    expect(isNight(at('2026-11-23T04:30:00Z'), early)).toBe(false)
    expect(isNight(at('2026-11-23T23:30:00Z'), early)).toBe(false)
  })

  it('ends after the instant and is entered before or later, for any instant', () => {
    fc.assert(
      fc.property(anyInstant, instant => {
        const night = nightAtOrAfter(instant, NIGHT)
        expect(night.end).toBeGreaterThan(instant)
        expect(night.start - instant).toBeLessThanOrEqual(25 * HOUR)
      }),
    )
  })
})

describe('what luxon says', () => {
  const zone = 'Europe/London'
  const days = Array.from({ length: 20 * 366 }, (_, day) => at('2015-01-01T00:00:00Z') + day * 24 * HOUR)
  const changes = days.filter(day => londonOffset(day) !== londonOffset(day + 24 * HOUR))
  const TIMES = ['00:00', '05:30', '23:59']
  /** In and around the hours that are missing or come twice. */
  const MORE = ['00:30', '00:59', '01:00', '01:30', '01:59', '02:00', '02:30', '12:00', '23:30']

  it('is what this says, for every day of twenty years', () => {
    const isSame = (day: number) => {
      const date = new Date(day).toISOString().slice(0, 10)
      const midnight = DateTime.fromISO(date, { zone })
      const isAt = (time: string) => {
        const [hour = 0, minute = 0] = time.split(':').map(Number)
        return atLocalTime(date, time) === midnight.set({ hour, minute }).toMillis()
      }
      return (
        startOfDay(date) === midnight.toMillis() &&
        addDays(date, 31) === midnight.plus({ days: 31 }).toISODate() &&
        addDays(date, -1) === midnight.minus({ days: 1 }).toISODate() &&
        [...TIMES, ...(changes.includes(day) ? MORE : [])].every(isAt)
      )
    }
    expect(changes).toHaveLength(40)
    expect(days.filter(day => !isSame(day))).toEqual([])
  })

  it('is what this says, for every half hour around a change, and any instant', () => {
    const isSame = (instant: number) => {
      const local = DateTime.fromMillis(instant, { zone })
      return londonOffset(instant) === local.offset * MINUTE && londonDate(instant) === local.toISODate()
    }
    fc.assert(
      fc.property(anyInstant, instant => expect(isSame(instant)).toBe(true)),
      { numRuns: 1_000 },
    )
    const around = changes.flatMap(day =>
      Array.from({ length: 100 }, (_, half) => day - 24 * HOUR + half * HALF_HOUR).flatMap(mark => [mark - 1, mark]),
    )
    expect(around.filter(instant => !isSame(instant))).toEqual([])
  })
})

describe('noon', () => {
  it('is the last one by London time', () => {
    expect(toIso(lastNoon(at('2026-07-01T10:59:59Z')))).toBe('2026-06-30T11:00:00Z')
    expect(toIso(lastNoon(at('2026-07-01T11:00:00Z')))).toBe('2026-07-01T11:00:00Z')
    expect(toIso(lastNoon(at('2026-10-25T11:59:59Z')))).toBe('2026-10-24T11:00:00Z')
  })
})
