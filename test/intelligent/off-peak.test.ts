import { describe, expect, it } from '@jest/globals'
import { HALF_HOUR, HOUR } from '../../src/clock.ts'
import { advance, nextEdge } from '../../src/intelligent/advance.ts'
import { houseCheap } from '../../src/intelligent/cheap.ts'
import { isOffPeak, rulesFor } from '../../src/intelligent/dispatching.ts'
import { isOffPeakAt, offPeakAtOrAfter, offPeakWithin, outsideOffPeak } from '../../src/intelligent/off-peak.ts'
import { emptyAccount } from '../../src/intelligent/state.ts'
import { SETTINGS } from './story.ts'

const at = (time: string): number => Date.parse(`2026-11-23T${time}:00Z`)

/** As Cosy's prices show them on one day. */
const COSY = {
  known: { start: at('00:00'), end: at('23:30') },
  windows: [
    { start: at('04:00'), end: at('07:00') },
    { start: at('13:00'), end: at('16:00') },
    { start: at('22:00'), end: at('23:30') },
  ],
}
const offPeak = { kind: 'tariff', ...COSY } as const
const rules = rulesFor({ ...SETTINGS, nightConfigured: false }, 'COSY-22-12-08', 0, COSY)

describe('off-peak by the prices of a tariff', () => {
  it('is what the windows say where prices are known, and unknown elsewhere', () => {
    const values = ['03:59', '04:00', '06:59', '07:00', '23:29'].map(time => isOffPeakAt(offPeak, at(time)))
    expect(values).toEqual([false, true, true, false, true])
    expect([at('00:00') - 1, at('23:30')].map(time => isOffPeakAt(offPeak, time))).toEqual([null, null])
    expect(offPeakAtOrAfter(offPeak, at('23:30')).start).toBe(Number.POSITIVE_INFINITY)
  })

  it('makes the house cheap, until the window ends', () => {
    const state = advance(emptyAccount(at('12:00')), rules, at('14:00'))
    expect(houseCheap(state, rules, at('14:00'))).toMatchObject({ value: true, reason: 'off_peak', until: at('16:00') })
    expect(houseCheap(state, rules, at('16:00'))).toMatchObject({ value: false, reason: 'no_dispatch', minutesLeft: 0 })
    expect(houseCheap(state, rules, at('23:30'))).toMatchObject({ value: null, reason: 'rates_unknown' })
  })

  it('has edges where it begins, ends, and where what is known ends', () => {
    const edges: number[] = []
    for (let now = at('03:59'); now < at('23:31'); ) {
      now = nextEdge(emptyAccount(now), rules, now)
      edges.push(now)
    }
    for (const time of ['04:00', '07:00', '13:00', '16:00', '22:00', '23:30']) expect(edges).toContain(at(time))
  })

  it('can be listed between two instants, cut off there, by prices and by the clock', () => {
    expect(offPeakWithin(offPeak, at('05:00'), at('14:00'))).toEqual([
      { start: at('05:00'), end: at('07:00') },
      { start: at('13:00'), end: at('14:00') },
    ])
    expect(offPeakWithin(offPeak, at('07:00'), at('13:00'))).toEqual([])
    const clock = { kind: 'clock', night: { start: '23:30', end: '05:30' } } as const
    expect(offPeakWithin(clock, at('00:00'), at('00:00') + 48 * HOUR)).toEqual([
      { start: at('00:00'), end: at('05:30') },
      { start: at('23:30'), end: at('05:30') + 24 * HOUR },
      { start: at('23:30') + 24 * HOUR, end: at('00:00') + 48 * HOUR },
    ])
  })

  it('is cut out of planned windows', () => {
    expect(outsideOffPeak([{ start: at('12:00'), end: at('17:00') }], offPeak)).toEqual([
      { start: at('12:00'), end: at('13:00') },
      { start: at('16:00'), end: at('17:00') },
    ])
  })

  it('counts for nothing beside an Intelligent product or a configured night', () => {
    const noon = at('13:00') + HALF_HOUR
    expect(isOffPeak(rulesFor({ ...SETTINGS, nightConfigured: false }, 'INTELLI-VAR-24-10-29', 0, COSY), noon)).toBe(
      false,
    )
    expect(isOffPeak(rulesFor({ ...SETTINGS, nightConfigured: true }, 'COSY-22-12-08', 0, COSY), noon)).toBe(false)
    expect(isOffPeak(rulesFor({ ...SETTINGS, nightConfigured: false }, 'AGILE-24-10-01', 0), noon + HOUR)).toBe(false)
  })
})
