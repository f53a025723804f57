import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { HOUR, MINUTE } from '../../src/clock.ts'
import { rollingWeekStart, wholeDay } from '../../src/energy/days.ts'
import { nextReadingAt, readingsAreLate } from '../../src/energy/reading-times.ts'
import { addDays, halfHoursOfDay, londonDate } from '../../src/time/london.ts'

const at = (iso: string) => Date.parse(iso)

describe('a whole day', () => {
  it('asks from a London midnight seven days ago, also across a clock change', () => {
    expect(rollingWeekStart(at('2026-10-28T08:00:00Z'))).toBe(at('2026-10-20T23:00:00Z'))
  })

  it('sums without binary dust', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9_999 }), { minLength: 48, maxLength: 48 }), wattHours => {
        const readings = new Map(halfHoursOfDay('2026-11-22').map((start, i) => [start, (wattHours[i] ?? 0) / 1000]))
        const sum = wattHours.reduce((a, b) => a + b, 0)
        expect(wholeDay(readings, '2026-11-22')?.total.toNumber()).toBe(sum / 1000)
      }),
    )
  })
})

describe('when readings are asked for', () => {
  const phase = 17 * MINUTE
  const base = { newestComplete: '2026-11-21', lastAskedAt: null, failures: 0, phase, now: at('2026-11-23T14:00:00Z') }

  it('is at once on the first start, then at the next slot', () => {
    expect(nextReadingAt(base)).toBe(base.now)
    expect(nextReadingAt({ ...base, lastAskedAt: base.now })).toBe(at('2026-11-23T15:17:00Z'))
    expect(nextReadingAt({ ...base, lastAskedAt: at('2026-11-23T21:30:00Z'), now: at('2026-11-23T21:30:01Z') })).toBe(
      at('2026-11-24T06:17:00Z'),
    )
  })

  it('is not again that day once yesterday is there', () => {
    const complete = { ...base, newestComplete: '2026-11-22', lastAskedAt: base.now }
    expect(nextReadingAt(complete)).toBe(at('2026-11-24T06:17:00Z'))
  })

  it('is not at midnight, when yesterday becomes a new day', () => {
    const asked = at('2026-11-22T06:17:00Z')
    const now = at('2026-11-23T00:00:01Z')
    expect(nextReadingAt({ ...base, lastAskedAt: asked, now })).toBe(at('2026-11-23T06:17:00Z'))
  })

  it('is sooner after a failure, and slower after each', () => {
    const asked = { ...base, lastAskedAt: at('2026-11-23T12:17:00Z'), now: at('2026-11-23T12:17:30Z') }
    expect(nextReadingAt({ ...asked, failures: 1 })).toBe(at('2026-11-23T12:27:00Z'))
    expect(nextReadingAt({ ...asked, failures: 3 })).toBe(at('2026-11-23T12:57:00Z'))
    expect(nextReadingAt({ ...asked, failures: 30 })).toBe(at('2026-11-23T15:17:00Z'))
  })

  it('is a few times a day and never in the past, whatever happens', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: at('2026-03-20T00:00:00Z'), max: at('2026-11-20T00:00:00Z') }),
        fc.nat(HOUR),
        (start, own) => {
          let now = start
          let asked = 0
          let lastAskedAt: number | null = null
          while (now < start + 24 * HOUR) {
            const next = nextReadingAt({ newestComplete: null, lastAskedAt, failures: 0, phase: own, now })
            expect(next).toBeGreaterThanOrEqual(now)
            now = next
            lastAskedAt = now
            asked += 1
          }
          expect(asked).toBeLessThanOrEqual(9)
          expect(asked).toBeGreaterThanOrEqual(6)
        },
      ),
    )
  })

  it('is late from 18:00 in London', () => {
    expect(readingsAreLate('2026-07-05', at('2026-07-07T16:59:59Z'))).toBe(false)
    expect(readingsAreLate('2026-07-05', at('2026-07-07T17:00:00Z'))).toBe(true)
    expect(readingsAreLate('2026-07-06', at('2026-07-07T17:00:00Z'))).toBe(false)
    expect(readingsAreLate(null, at('2026-07-07T17:00:00Z'))).toBe(true)
    expect(addDays(londonDate(at('2026-07-07T17:00:00Z')), -1)).toBe('2026-07-06')
  })
})
