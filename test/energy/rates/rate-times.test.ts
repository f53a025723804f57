import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { HALF_HOUR, HOUR, MINUTE } from '../../../src/clock.ts'
import { expectedUntil, nextRatesAt, type RateTimesInput } from '../../../src/energy/rates/rate-times.ts'
import { addDays, atLocalTime, londonDate } from '../../../src/time/london.ts'
import { at } from './fixtures.ts'

const phase = 30 * MINUTE
const base: RateTimesInput = {
  knownUntil: at('2027-01-01T00:00:00Z'),
  neededUntil: null,
  lastAskedAt: at('2026-11-24T07:33:00Z'),
  failures: 0,
  phase,
  now: at('2026-11-24T07:33:00Z'),
}
const iso = (instant: number) => new Date(instant).toISOString().slice(0, 19)

describe('when prices are asked for', () => {
  it('a tariff that was never asked for: at once, so one that begins at midnight is known before', () => {
    expect(nextRatesAt({ ...base, knownUntil: null, lastAskedAt: null })).toBe(base.now)
  })

  it('prices without an end: once a day, at our own minute, off the mark', () => {
    // 07:00 and a phase of 30 minutes would be 07:30: moved by 3 minutes and a twentieth of the phase.
    expect(iso(nextRatesAt(base))).toBe('2026-11-25T07:34:30')
    expect(iso(nextRatesAt({ ...base, phase: 17 * MINUTE }))).toBe('2026-11-25T07:17:00')
  })

  it('prices that end today: from 16:05 on, with growing waits, until tomorrow is there', () => {
    const agile = { ...base, knownUntil: at('2026-11-24T23:00:00Z') }
    const asked: string[] = []
    let now = agile.now
    for (let count = 0; count < 12; count += 1) {
      now = nextRatesAt({ ...agile, now, lastAskedAt: now })
      asked.push(iso(now).slice(5))
    }
    expect(asked).toEqual([
      ...['11-24T16:10:00', '11-24T16:21:00', '11-24T16:40:00', '11-24T17:10:00', '11-24T17:40:00', '11-24T18:40:00'],
      ...['11-24T19:40:00', '11-24T20:40:00', '11-24T22:40:00', '11-25T01:10:00', '11-25T04:10:00', '11-25T07:10:00'],
    ])
    const there = { ...agile, knownUntil: at('2026-11-25T23:00:00Z') }
    const evening = at('2026-11-24T17:10:00Z')
    expect(iso(nextRatesAt({ ...there, now: evening, lastAskedAt: evening }))).toBe('2026-11-25T16:10:00')
  })

  it('in summer it is 16:05 by the wall', () => {
    const now = at('2026-07-01T12:00:00Z')
    expect(iso(nextRatesAt({ ...base, knownUntil: at('2026-07-01T22:00:00Z'), lastAskedAt: now, now }))).toBe(
      '2026-07-01T15:10:00',
    )
  })

  it('not for a time in which the tariff is no longer ours', () => {
    const ending = { ...base, knownUntil: at('2026-11-25T00:00:00Z'), neededUntil: at('2026-11-25T00:00:00Z') }
    expect(iso(nextRatesAt(ending))).toBe('2026-11-25T07:34:30')
  })

  it('after a failure sooner, and later after each', () => {
    const failed = (failures: number) => iso(nextRatesAt({ ...base, failures })).slice(11)
    expect([1, 2, 3, 4, 5, 6, 7, 40].map(failed)).toEqual([
      ...['07:38:00', '07:43:00', '07:53:00', '08:13:00', '08:53:00', '10:13:00', '10:33:00', '10:33:00'],
    ])
  })

  it('after a long sleep at once, where something is missing or the look is old', () => {
    const now = at('2026-11-30T12:00:00Z')
    expect(nextRatesAt({ ...base, now })).toBe(now)
    expect(nextRatesAt({ ...base, knownUntil: null, now })).toBe(now)
    // Asleep over the slot of 16:10.
    const woken = { ...base, knownUntil: at('2026-11-24T23:00:00Z'), now: at('2026-11-24T16:12:00Z') }
    expect(nextRatesAt(woken)).toBe(woken.now)
  })

  it('expects tomorrow up to 23:00 from 16:05 on, and today before', () => {
    expect(iso(expectedUntil(at('2026-07-01T15:04:59Z')))).toBe('2026-07-01T22:00:00')
    expect(iso(expectedUntil(at('2026-07-01T15:05:00Z')))).toBe('2026-07-02T22:00:00')
  })

  it('in 20 years of London time: never in the past, never near a mark, a few times a day, and tomorrow is had within two hours', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: at('2016-01-01T00:00:00Z'), max: at('2036-01-01T00:00:00Z') }),
        fc.nat(HOUR - 1),
        fc.integer({ min: 0, max: 3 * 60 + 50 }),
        (from, own, late) => {
          const publishedAt = (date: string) => atLocalTime(date, '16:00') + late * MINUTE
          let [now, lastAskedAt, knownUntil] = [from, from, from]
          let asked = 0
          const until = from + 72 * HOUR
          while (now < until) {
            const next = nextRatesAt({ knownUntil, neededUntil: null, lastAskedAt, failures: 0, phase: own, now })
            expect(next).toBeGreaterThanOrEqual(now)
            expect(next % HALF_HOUR).toBeGreaterThanOrEqual(3 * MINUTE)
            expect(HALF_HOUR - (next % HALF_HOUR)).toBeGreaterThanOrEqual(3 * MINUTE)
            const today = londonDate(next)
            const published = next >= publishedAt(today)
            const has = atLocalTime(published ? addDays(today, 1) : today, '23:00')
            if (published && knownUntil < has && knownUntil > from)
              expect(next - publishedAt(today)).toBeLessThan(2 * HOUR + 10 * MINUTE)
            ;[now, lastAskedAt, knownUntil] = [next, next, has]
            asked += 1
          }
          expect(asked).toBeGreaterThanOrEqual(3)
          expect(asked).toBeLessThanOrEqual(36)
        },
      ),
      { numRuns: 120 },
    )
  })
})
