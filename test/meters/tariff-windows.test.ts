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
  return windows === null ? null : isOffPeakAt({ kind: 'tariff', ...windows }, now)
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
    expect(offPeakAt(at('2026-11-24T12:00:00Z'), gap)).toBeNull()
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
