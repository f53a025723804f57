import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { tariffAt, tariffTimeline } from '../../../src/energy/rates/agreements.ts'
import { flatten, spanAt } from '../../../src/energy/spans.ts'
import type { AgreementSpan } from '../../../src/energy/types.ts'
import { agreement, at } from './fixtures.ts'

const year = { start: at('2026-01-01T00:00:00Z'), end: at('2027-01-01T00:00:00Z') }
const codes = (agreements: readonly AgreementSpan[]) =>
  tariffTimeline(agreements, year).map(({ start, end, tariffCode }) => [
    tariffCode,
    new Date(start).toISOString().slice(0, 16),
    new Date(end).toISOString().slice(0, 16),
  ])

describe('the tariff in force', () => {
  it('changes at a midnight in London, which is 23:00 UTC in summer', () => {
    const moved = [
      agreement('E-1R-VAR-22-11-01-C', null, '2026-06-30T23:00:00Z'),
      agreement('E-1R-AGILE-24-10-01-C', '2026-06-30T23:00:00Z'),
    ]
    expect(codes(moved)).toEqual([
      ['E-1R-VAR-22-11-01-C', '2026-01-01T00:00', '2026-06-30T23:00'],
      ['E-1R-AGILE-24-10-01-C', '2026-06-30T23:00', '2027-01-01T00:00'],
    ])
    expect(tariffAt(moved, at('2026-06-30T22:59:59.999Z'))?.tariffCode).toBe('E-1R-VAR-22-11-01-C')
    expect(tariffAt(moved, at('2026-06-30T23:00:00Z'))?.tariffCode).toBe('E-1R-AGILE-24-10-01-C')
  })

  it('is of those that overlap the one that began last, and when that ends the one that goes on', () => {
    const overlapping = [
      agreement('NEWER', '2026-03-01T00:00:00Z', '2026-05-01T00:00:00Z'),
      agreement('OLDER', '2025-03-01T00:00:00Z'),
    ]
    expect(codes(overlapping).map(([code]) => code)).toEqual(['OLDER', 'NEWER', 'OLDER'])
    expect(codes([...overlapping].reverse())).toEqual(codes(overlapping))
  })

  it('is the later in the list of two that began together, and never one that lasts no time', () => {
    const twins = [agreement('A', '2026-03-01T00:00:00Z'), agreement('B', '2026-03-01T00:00:00Z')]
    expect(tariffAt(twins, at('2026-04-01T00:00:00Z'))?.tariffCode).toBe('B')
    const revoked = agreement('R', '2026-03-02T00:00:00Z', '2026-03-02T00:00:00Z')
    expect(tariffAt([...twins, revoked], at('2026-03-02T00:00:00Z'))?.tariffCode).toBe('B')
  })

  it('is none in a gap', () => {
    const gap = [
      agreement('A', null, '2026-02-01T00:00:00Z'),
      agreement('B', '2026-03-01T00:00:00Z', '2026-04-01T00:00:00Z'),
    ]
    expect(tariffAt(gap, at('2026-02-15T00:00:00Z'))).toBeNull()
    expect(codes(gap).map(([code]) => code)).toEqual(['A', 'B'])
    expect(tariffTimeline([], year)).toEqual([])
  })

  it('is at every instant what a plain search finds', () => {
    const time = fc.option(fc.integer({ min: 0, max: 40 }), { nil: null })
    const spans = fc.array(
      fc.record({ start: time, end: time, productCode: fc.constant(null), tariffCode: fc.constantFrom('A', 'B', 'C') }),
      { maxLength: 6 },
    )
    fc.assert(
      fc.property(spans, fc.integer({ min: 0, max: 45 }), (agreements, instant) => {
        const found = agreements
          .filter(({ start, end }) => (start ?? -1) <= instant && (end ?? 99) > instant && (start ?? -1) < (end ?? 99))
          .reduce<AgreementSpan | null>((last, each) => ((each.start ?? -1) >= (last?.start ?? -1) ? each : last), null)
        expect(tariffAt(agreements, instant)?.tariffCode ?? null).toBe(found?.tariffCode ?? null)
      }),
    )
  })
})

describe('a line of spans', () => {
  const span = fc.record({
    start: fc.integer({ min: 0, max: 30 }),
    end: fc.integer({ min: 0, max: 30 }),
    rank: fc.nat(3),
  })
  const line = (spans: { start: number; end: number; rank: number }[]) =>
    flatten(
      spans,
      (a, b) => a.rank - b.rank,
      (a, b) => a.rank === b.rank,
    )

  it('does not overlap, is in order, covers what was covered, and has no seam where nothing changes', () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 12 }), spans => {
        const flat = line(spans)
        flat.forEach((each, index) => {
          const next = flat[index + 1]
          expect(each.start).toBeLessThan(each.end)
          if (next) expect(each.end < next.start || (each.end === next.start && each.rank !== next.rank)).toBe(true)
        })
        for (let instant = 0; instant <= 30; instant += 1) {
          const covering = spans.filter(({ start, end }) => start <= instant && instant < end).map(({ rank }) => rank)
          expect(spanAt(flat, instant)?.rank ?? null).toBe(covering.length > 0 ? Math.max(...covering) : null)
        }
      }),
    )
  })
})
