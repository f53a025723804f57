import { describe, expect, it } from '@jest/globals'
import { todaySoFar } from '../../src/energy/today.ts'
import { halfHoursOfDay } from '../../src/time/london.ts'

const at = (iso: string) => Date.parse(iso)
const of = (date: string, count: number, kwh = 0.1) =>
  halfHoursOfDay(date)
    .slice(0, count)
    .map(start => [start, kwh] as const)

describe('today so far', () => {
  const now = at('2026-11-23T14:10:00Z')

  it('is not known where Octopus gives nothing of today', () => {
    expect(todaySoFar(new Map(of('2026-11-22', 48)), now)).toBeNull()
  })

  it('is the half hours that are there, and how far they reach', () => {
    const today = todaySoFar(new Map([...of('2026-11-22', 48), ...of('2026-11-23', 3, 0.063)]), now)
    expect(today?.total.toNumber()).toBe(0.189)
    expect(today).toMatchObject({
      start: at('2026-11-23T00:00:00Z'),
      until: at('2026-11-23T01:30:00Z'),
      halfHours: 3,
      missing: 0,
    })
  })

  it('says what is missing in between', () => {
    const readings = new Map(of('2026-11-23', 6))
    readings.delete(at('2026-11-23T00:30:00Z'))
    const today = todaySoFar(readings, now)
    expect(today).toMatchObject({ until: at('2026-11-23T03:00:00Z'), halfHours: 5, missing: 1 })
    expect(today?.total.toNumber()).toBe(0.5)
  })

  it('begins at midnight in London, and has no half hour that has not ended', () => {
    const summer = new Map(of('2026-07-07', 48))
    expect(todaySoFar(summer, at('2026-07-06T23:29:59Z'))).toBeNull()
    expect(todaySoFar(summer, at('2026-07-07T00:00:00Z'))).toMatchObject({
      start: at('2026-07-06T23:00:00Z'),
      until: at('2026-07-07T00:00:00Z'),
      halfHours: 2,
    })
  })
})
