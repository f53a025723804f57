import { describe, expect, it } from '@jest/globals'
import { HALF_HOUR } from '../../src/clock.ts'
import { judge, newestBilledDay, summarise } from '../../src/energy/misjudged.ts'
import type { RateBand } from '../../src/energy/types.ts'
import { halfHoursOfDay } from '../../src/time/london.ts'

const NOON = Date.parse('2026-11-22T12:00:00Z')
const NIGHT = Date.parse('2026-11-22T02:00:00Z')
const rates: Partial<Record<RateBand, number>> = { day: 30, night: 8, ev_peak: 28.5, ev_off_peak: 8.5 }

type Part = readonly [RateBand | null, number]
const judgeOne = (start: number, ledger: boolean, parts: readonly Part[] | null, known = rates) => {
  const [judged] = judge({
    halfHours: [start],
    ledger: new Set(ledger ? [start] : []),
    night: { start: '23:30', end: '05:30' },
    billed: parts === null ? [] : [{ start, parts: parts.map(([band, kwh]) => ({ band, kwh, pence: null })) }],
    bandRate: band => known[band] ?? null,
  })
  if (judged === undefined) throw new Error('a half hour has a judgement')
  return { ...judged, pence: judged.pence?.toNumber() ?? null }
}

describe('a half hour', () => {
  it.each([
    // start, in the ledger, parts, believed, billed, misjudged, kWh, pence
    ['cheap by the ledger and the bill', NOON, true, [['night', 2]], 'dispatch', 'cheap', null, 0, 0],
    ['peak by both', NOON, false, [['day', 2]], 'peak', 'peak', null, 0, 0],
    ['cheap by night and the bill', NIGHT, false, [['night', 2]], 'night', 'cheap', null, 0, 0],
    // 2 × (30 − 8) = 44
    ['believed cheap, billed peak', NOON, true, [['day', 2]], 'dispatch', 'peak', 'believed_cheap_billed_peak', 2, 44],
    ['the night, billed peak', NIGHT, false, [['day', 0.5]], 'night', 'peak', 'believed_cheap_billed_peak', 0.5, 11],
    ['believed peak, billed cheap', NOON, false, [['night', 1]], 'peak', 'cheap', 'believed_peak_billed_cheap', 1, 22],
    // The house's part decides, and only its kWh count: 0.5 × 22 = 11.
    [
      'mixed: the house at peak, the car cheap',
      NOON,
      true,
      [
        ['ev_off_peak', 3],
        ['day', 0.5],
      ],
      'dispatch',
      'peak',
      'believed_cheap_billed_peak',
      0.5,
      11,
    ],
    [
      'mixed: the house cheap, the car at peak (a boost by night)',
      NIGHT,
      false,
      [
        ['ev_peak', 3],
        ['night', 0.5],
      ],
      'night',
      'cheap',
      null,
      0,
      0,
    ],
    ['the car alone, cheap', NOON, true, [['ev_off_peak', 3]], 'dispatch', 'cheap', null, 0, 0],
    // 3 × (28.5 − 8.5) = 60
    [
      'the car alone, at peak',
      NOON,
      true,
      [
        ['ev_peak', 3],
        ['night', 0],
      ],
      'dispatch',
      'peak',
      'believed_cheap_billed_peak',
      3,
      60,
    ],
    // Of the house's parts the larger decides: 0.75 × 22 = 16.5.
    [
      'the house at both',
      NOON,
      true,
      [
        ['night', 0.25],
        ['day', 0.75],
      ],
      'dispatch',
      'peak',
      'believed_cheap_billed_peak',
      0.75,
      16.5,
    ],
    ['no bill yet', NOON, true, null, 'dispatch', null, null, 0, 0],
    ['a bill that says nothing of it', NOON, true, [[null, 2]], 'dispatch', null, null, 0, 0],
    ['a bill of one price for all', NOON, true, [['standard', 2]], 'dispatch', null, null, 0, 0],
    ['nothing used', NOON, true, [['day', 0]], 'dispatch', null, null, 0, 0],
  ] as const)('%s', (_, start, ledger, parts, believed, billed, misjudged, kwh, pence) => {
    expect(judgeOne(start, ledger, parts)).toEqual({ start, believed, billed, misjudged, kwh, pence })
  })

  it('has no amount where a rate is not known', () => {
    expect(judgeOne(NOON, true, [['day', 2]], { day: 30 })).toMatchObject({ kwh: 2, pence: null })
    expect(judgeOne(NOON, true, [['day', 2]], { night: 8 })).toMatchObject({ kwh: 2, pence: null })
  })
})

describe('many half hours', () => {
  const days = ['2026-11-21', '2026-11-22', '2026-11-23'].flatMap(halfHoursOfDay)
  // A bill of the 21st, and of the 22nd but its last ten half hours.
  const billedDays = days.slice(0, 86)
  const ledger = new Set([NOON, NOON + HALF_HOUR, NOON - 48 * HALF_HOUR])
  const judged = (bandRate: (band: RateBand, at: number) => number | null) =>
    judge({
      halfHours: days,
      ledger,
      night: { start: '23:30', end: '05:30' },
      billed: billedDays.map(start => {
        // What Octopus billed: the night, of the ledger's half hours the first one only, and one that we knew nothing of.
        const cheap = (start % 86_400_000) / HALF_HOUR < 11 || start === NOON || start === NOON + 4 * HALF_HOUR
        return { start, parts: [{ band: cheap ? 'night' : 'day', kwh: 0.3, pence: null }] }
      }),
      bandRate,
    })

  it('are counted with their reasons, and what they cost', () => {
    const all = judged(band => rates[band] ?? null)
    // The 21st: 23:30 is night and billed as day, and the ledger's noon. The 22nd: NOON + 30 min; its 23:30 has no bill.
    // 3 × 0.3 × 22 = 19.8, and one the other way: 0.3 × 22 = 6.6. The sum is rounded once.
    expect(summarise(all)).toEqual({
      judged: 86,
      unknown: 58,
      misjudged: 4,
      byReason: {
        believed_cheap_billed_peak: { halfHours: 3, pence: 20 },
        believed_peak_billed_cheap: { halfHours: 1, pence: 7 },
      },
    })
    expect(newestBilledDay(all, '2026-11-24')).toBe('2026-11-22')
    expect(newestBilledDay(all, '2026-11-22')).toBe('2026-11-21')
    expect(newestBilledDay(all, '2026-11-21')).toBeNull()
  })

  it('have no amount where one of them has none', () => {
    const all = judged((band, at) => (at === NOON + HALF_HOUR ? null : (rates[band] ?? null)))
    expect(summarise(all).byReason).toEqual({
      believed_cheap_billed_peak: { halfHours: 3, pence: null },
      believed_peak_billed_cheap: { halfHours: 1, pence: 7 },
    })
  })
})

describe('a bill without a night and a day', () => {
  const judged = (
    ledger: boolean,
    kwh: number,
    pence: number | null,
    levels: { cheap: number; dear: number } | null,
  ) => {
    const [one] = judge({
      halfHours: [NOON],
      ledger: new Set(ledger ? [NOON] : []),
      night: { start: '23:30', end: '05:30' },
      billed: [{ start: NOON, parts: [{ band: 'standard', kwh, pence }] }],
      bandRate: () => null,
      levels: () => levels,
    })
    return { billed: one?.billed, misjudged: one?.misjudged, pence: one?.pence?.toNumber() ?? null }
  }
  const LEVELS = { cheap: 7, dear: 27.69 }

  it('tells by what was paid for a kWh', () => {
    expect(judged(true, 2, 14, LEVELS)).toEqual({ billed: 'cheap', misjudged: null, pence: 0 })
    // 2 × (27.69 − 7) = 41.38
    expect(judged(true, 2, 55.38, LEVELS)).toEqual({
      billed: 'peak',
      misjudged: 'believed_cheap_billed_peak',
      pence: 41.38,
    })
    expect(judged(false, 2, 14, LEVELS)).toEqual({
      billed: 'cheap',
      misjudged: 'believed_peak_billed_cheap',
      pence: 41.38,
    })
  })

  it('tells nothing without an amount, or where the tariff has one price', () => {
    expect(judged(true, 2, null, LEVELS).billed).toBeNull()
    expect(judged(true, 0, 0, LEVELS).billed).toBeNull()
    expect(judged(true, 2, 14, null).billed).toBeNull()
  })
})
