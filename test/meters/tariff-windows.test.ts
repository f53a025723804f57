/** The cheap windows that a tariff's own prices show, as the account asks for them all day long. */
import { describe, expect, it } from '@jest/globals'
import { HALF_HOUR, MINUTE } from '../../src/clock.ts'
import { isOffPeakAt } from '../../src/intelligent/off-peak.ts'
import { tariffWindows } from '../../src/meters/rates-view.ts'
import { halfHoursOfDay, isNight } from '../../src/time/london.ts'
import { agreement, at, goRows, pricing, tariff } from '../energy/rates/fixtures.ts'

const GO = pricing([tariff('E-1R-GO-VAR-22-10-14-C', goRows('2026-11-20', 7))])
const NIGHT = { start: '00:30', end: '05:30' }

const offPeakAt = (now: number, input = GO) => {
  const windows = tariffWindows(input, now)
  return windows === null ? 'has none' : isOffPeakAt({ kind: 'tariff', ...windows }, now)
}

describe('the off-peak of Octopus Go', () => {
  it.each(halfHoursOfDay('2026-11-24').map(half => [new Date(half).toISOString().slice(11, 16), half] as const))(
    'is known at %s',
    (_, half) => {
      for (const now of [half, half + MINUTE, half + HALF_HOUR - 1]) expect(offPeakAt(now)).toBe(isNight(half, NIGHT))
    },
  )

  it('is unknown where the prices of today are', () => {
    const gap = pricing([tariff('E-1R-GO-VAR-22-10-14-C', goRows('2026-11-20', 3))])
    expect(offPeakAt(at('2026-11-22T12:00:00Z'), gap)).toBe(false)
    for (const unknown of [
      '2026-11-23T00:01:00Z',
      '2026-11-23T02:00:00Z',
      '2026-11-24T12:00:00Z',
      '2026-11-30T12:00:00Z',
    ])
      expect([unknown, offPeakAt(at(unknown), gap)]).toEqual([unknown, null])
    // Nor with a hole between what is known of yesterday and of tomorrow.
    const rows = goRows('2026-11-20', 7).filter(
      ({ start }) => start < at('2026-11-23T00:00:00Z') || start >= at('2026-11-24T00:00:00Z'),
    )
    const hole = pricing([tariff('E-1R-GO-VAR-22-10-14-C', rows)])
    expect(offPeakAt(at('2026-11-23T12:00:00Z'), hole)).toBeNull()
  })

  it('is unknown, and not none, for as long as the day cannot be judged that has a hole', () => {
    const cosy = ['2026-11-20', '2026-11-21', '2026-11-22', '2026-11-23', '2026-11-24'].flatMap(date =>
      halfHoursOfDay(date).map(start => {
        const hour = new Date(start).getUTCHours()
        const isCheap = (hour >= 4 && hour < 7) || (hour >= 13 && hour < 16) || hour >= 22
        const pence = isCheap ? 12 : hour >= 16 && hour < 19 ? 40 : 26
        return { band: 'standard' as const, start, end: start + HALF_HOUR, pence }
      }),
    )
    const without = (from: string, until: string) =>
      pricing([
        tariff(
          'E-1R-COSY-22-12-08-C',
          cosy.filter(({ start }) => start < at(from) || start >= at(until)),
        ),
      ])
    const seen = (input: typeof GO, times: readonly string[]) =>
      times.map(time => [time, offPeakAt(at(`2026-11-${time}:00Z`), input)])
    const morning = without('2026-11-23T10:00:00Z', '2026-11-23T11:00:00Z')
    expect(seen(morning, ['23T09:40', '23T10:10', '23T11:00', '23T13:10', '23T17:00', '24T01:00', '24T04:10'])).toEqual(
      [
        ['23T09:40', false],
        ...['23T10:10', '23T11:00', '23T13:10', '23T17:00'].map(time => [time, null]),
        ['24T01:00', false],
        ['24T04:10', true],
      ],
    )
  })

  it('is none of a tariff with one price, known or not', () => {
    const flat = goRows('2026-11-20', 3).map(row => ({ ...row, pence: 25 }))
    const one = pricing([tariff('E-1R-VAR-22-11-01-C', flat)])
    for (const time of ['2026-11-22T12:00:00Z', '2026-11-24T12:00:00Z'])
      expect(offPeakAt(at(time), one)).toBe('has none')
  })

  it('is known on the first day of a contract, of whose day before no price is there', () => {
    const go = tariff('E-1R-GO-VAR-22-10-14-C', goRows('2026-11-24', 2))
    const agreements = [
      agreement('E-1R-VAR-22-11-01-C', null, '2026-11-24T00:00:00Z'),
      agreement(go.tariffCode, '2026-11-24T00:00:00Z'),
    ]
    const input = pricing([go], { agreements })
    for (const half of halfHoursOfDay('2026-11-24')) expect(offPeakAt(half, input)).toBe(isNight(half, NIGHT))
    expect(tariffWindows(input, at('2026-11-24T12:00:00Z'))?.known.start).toBe(at('2026-11-24T00:00:00Z'))
  })
})
