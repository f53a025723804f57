import { describe, expect, it } from '@jest/globals'
import { HALF_HOUR, type Instant, MINUTE } from '../../src/clock.ts'
import { HalfHours } from '../../src/meters/half-hours.ts'
import type { HouseCheapView } from '../../src/snapshot.ts'
import type { Believed, BelievedHalfHour } from '../../src/store/believed.ts'

const NOON = Date.parse('2026-11-23T12:00:00Z')

const rows = new Map<Instant, BelievedHalfHour>()
const believed: Believed = {
  note: (_, halfHour) => void rows.set(halfHour.start, halfHour),
  range: (_, from, to) => [...rows.values()].filter(({ start }) => start >= from && start < to),
}

const said = (value: boolean | null, reason: HouseCheapView['reason'], hasNight = true) => ({
  hasNight,
  houseCheap: { value, reason, until: null, expectedUntil: null, policy: 'charge_cap' as const, minutesLeft: null },
})

function ledger(): HalfHours {
  rows.clear()
  return new HalfHours(believed, 'A-1')
}

describe('what was said of a half hour', () => {
  it('is cheap at once, and stays so to its end', () => {
    const halfHours = ledger()
    halfHours.note(NOON, said(false, 'awaiting_evidence'))
    expect([...rows.values()]).toEqual([])
    expect(halfHours.note(NOON + MINUTE, said(true, 'dispatch'))).toBe(true)
    expect([...rows.values()]).toEqual([{ start: NOON, cheap: true, reason: 'dispatch' }])
    halfHours.note(NOON + 20 * MINUTE, said(false, 'no_dispatch'))
    halfHours.note(NOON + HALF_HOUR, said(false, 'no_dispatch'))
    expect(rows.get(NOON)?.cheap).toBe(true)
  })

  it('is not cheap once it has ended so', () => {
    const halfHours = ledger()
    halfHours.note(NOON, said(null, 'plan_unknown'))
    halfHours.note(NOON + MINUTE, said(false, 'no_dispatch'))
    expect(halfHours.note(NOON + HALF_HOUR, said(true, 'off_peak'))).toBe(true)
    expect([...rows.values()]).toEqual([
      { start: NOON, cheap: false, reason: 'no_dispatch' },
      { start: NOON + HALF_HOUR, cheap: true, reason: 'off_peak' },
    ])
  })

  it('is nothing where it was not known, held over, or no matter of this tariff', () => {
    const halfHours = ledger()
    halfHours.note(NOON, said(false, 'no_dispatch'))
    halfHours.note(NOON + MINUTE, said(null, 'plan_unknown'))
    halfHours.note(NOON + HALF_HOUR, said(true, 'held'))
    halfHours.note(NOON + 2 * HALF_HOUR, said(false, 'no_dispatch', false))
    halfHours.note(NOON + 3 * HALF_HOUR, said(false, 'no_dispatch'))
    expect([...rows.values()]).toEqual([])
  })

  it('is not taken back by a restart in its middle', () => {
    ledger().note(NOON, said(true, 'dispatch'))
    const next = new HalfHours(believed, 'A-1')
    next.note(NOON + 10 * MINUTE, said(false, 'no_dispatch'))
    next.note(NOON + HALF_HOUR, said(false, 'no_dispatch'))
    expect(rows.get(NOON)).toEqual({ start: NOON, cheap: true, reason: 'dispatch' })
  })
})
