import { describe, expect, it } from '@jest/globals'
import { judge } from '../../src/energy/misjudged.ts'
import type { RateBand } from '../../src/energy/types.ts'

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
