import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { HOUR, MINUTE } from '../../src/clock.ts'
import { planChanges, planEventPayload } from '../../src/entities/plan-changes.ts'
import type { DispatchRow } from '../../src/intelligent/types.ts'
import { NOW } from './snapshots.ts'

/** A row by minutes from now. */
const row = (
  start: number,
  end: number,
  type: string | null = 'SMART',
  energyKwh: number | null = -3,
): DispatchRow => ({
  start: NOW + start * MINUTE,
  end: NOW + end * MINUTE,
  type,
  energyKwh,
})

const kinds = (before: readonly DispatchRow[], after: readonly DispatchRow[]) =>
  planChanges(before, after, NOW).map(({ kind, row, previous }) => [
    kind,
    (row.start - NOW) / MINUTE,
    (row.end - NOW) / MINUTE,
    ...(previous === null ? [] : [(previous.start - NOW) / MINUTE, (previous.end - NOW) / MINUTE]),
  ])

describe('planChanges', () => {
  it('is silent where nothing, only the energy, or only a missing type changed', () => {
    expect(kinds([row(10, 40)], [row(10, 40)])).toEqual([])
    expect(kinds([row(10, 40)], [row(10, 40, 'SMART', -5)])).toEqual([])
    expect(kinds([row(10, 40)], [row(10, 40, null)])).toEqual([])
    expect(kinds([row(10, 40), row(60, 90)], [row(60, 90), row(10, 40)])).toEqual([])
  })

  it('tells added, removed and moved apart', () => {
    expect(kinds([], [row(10, 40)])).toEqual([['added', 10, 40]])
    expect(kinds([row(10, 40)], [])).toEqual([['removed', 10, 40]])
    expect(kinds([row(10, 40)], [row(10, 55)])).toEqual([['moved', 10, 55, 10, 40]])
    expect(kinds([row(10, 40)], [row(40, 70)])).toEqual([
      ['removed', 10, 40],
      ['added', 40, 70],
    ])
    expect(kinds([row(10, 40)], [row(10, 45, 'BOOST')])).toEqual([
      ['removed', 10, 40],
      ['added', 10, 45],
    ])
  })

  it('pairs each row with the one it shares most time with, and only once', () => {
    expect(kinds([row(0, 60), row(60, 120)], [row(10, 70), row(70, 130)])).toEqual([
      ['moved', 10, 70, 0, 60],
      ['moved', 70, 130, 60, 120],
    ])
    // Split in two: the larger half is the old row, the other is new.
    expect(kinds([row(0, 90)], [row(0, 30), row(40, 90)])).toEqual([
      ['added', 0, 30],
      ['moved', 40, 90, 0, 90],
    ])
  })

  it('does not take a row that stayed for one that moved', () => {
    expect(kinds([row(0, 60), row(30, 90)], [row(0, 60)])).toEqual([['removed', 30, 90]])
    expect(kinds([row(0, 60)], [row(0, 60), row(30, 90)])).toEqual([['added', 30, 90]])
  })

  it('counts equal rows', () => {
    expect(kinds([row(0, 60), row(0, 60)], [row(0, 60)])).toEqual([['removed', 0, 60]])
    const shared = row(0, 60)
    expect(kinds([shared], [shared, shared])).toEqual([['added', 0, 60]])
  })

  it('lets rows whose time has passed leave and join in silence, but sees one cut short', () => {
    expect(kinds([row(-60, 0)], [])).toEqual([])
    expect(kinds([], [row(-60, -30)])).toEqual([])
    expect(kinds([row(-60, 30)], [])).toEqual([['removed', -60, 30]])
    expect(kinds([row(-60, 30)], [row(-60, -5)])).toEqual([['moved', -60, -5, -60, 30]])
  })

  const rows = fc.array(
    fc
      .tuple(fc.integer({ min: -5, max: 20 }), fc.integer({ min: 1, max: 6 }), fc.constantFrom('SMART', 'BOOST', null))
      .map(([start, length, type]) => row(start * 10, (start + length) * 10, type)),
    { maxLength: 8 },
  )

  it('turns the old plan into the new one', () => {
    const key = ({ start, end, type }: DispatchRow) => `${start} ${end} ${type ?? 'SMART'}`
    const past = NOW - 100 * HOUR
    fc.assert(
      fc.property(rows, rows, (before, after) => {
        const plan = before.map(key)
        for (const { kind, row, previous } of planChanges(before, after, past)) {
          const left = previous ?? (kind === 'removed' ? row : null)
          if (left !== null) {
            expect(plan).toContain(key(left))
            plan.splice(plan.indexOf(key(left)), 1)
          }
          if (kind !== 'removed') plan.push(key(row))
        }
        expect(plan.sort()).toEqual(after.map(key).sort())
      }),
    )
  })

  it('says of every moved row what it was: the same type, another time, some of it shared', () => {
    fc.assert(
      fc.property(rows, rows, (before, after) => {
        for (const { kind, row, previous } of planChanges(before, after, NOW)) {
          expect(previous === null).toBe(kind !== 'moved')
          if (previous === null) continue
          expect(row.type ?? 'SMART').toBe(previous.type ?? 'SMART')
          expect([row.start, row.end]).not.toEqual([previous.start, previous.end])
          expect(Math.min(row.end, previous.end)).toBeGreaterThan(Math.max(row.start, previous.start))
        }
      }),
    )
  })
})

describe('planEventPayload', () => {
  it('has every key, the previous times only of a moved row', () => {
    const [moved] = planChanges([row(10, 40)], [row(10, 55)], NOW)
    const [added] = planChanges([], [row(10, 40, null, null)], NOW)
    expect(moved && JSON.parse(planEventPayload(moved))).toEqual({
      event_type: 'moved',
      start: '2026-11-23T22:20:00Z',
      end: '2026-11-23T23:05:00Z',
      previous_start: '2026-11-23T22:20:00Z',
      previous_end: '2026-11-23T22:50:00Z',
      type: 'SMART',
      energy_kwh: -3,
    })
    expect(added && JSON.parse(planEventPayload(added))).toMatchObject({
      event_type: 'added',
      previous_start: null,
      previous_end: null,
      type: null,
      energy_kwh: null,
    })
  })
})
