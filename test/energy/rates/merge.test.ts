import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { mergePrices, mergeRates, mergeStandingCharges } from '../../../src/energy/rates/merge.ts'
import { rowsForPayment } from '../../../src/energy/rates/payment.ts'
import { spanAt } from '../../../src/energy/spans.ts'
import type { RateBand, UnitRate } from '../../../src/energy/types.ts'
import { agileRows, at, row } from './fixtures.ts'

const shown = (rates: readonly UnitRate[]) =>
  rates.map(({ band, start, end, pence }) => [
    band,
    new Date(start).toISOString().slice(0, 16),
    end === null ? null : new Date(end).toISOString().slice(0, 16),
    pence,
  ])

describe('an answer and what was known', () => {
  const known = [row(25, '2026-01-01T00:00:00Z')]

  it('a price that changes at midnight closes the one before', () => {
    const answer = [row(26.5, '2026-06-30T23:00:00Z'), row(25, '2026-01-01T00:00:00Z', '2026-06-30T23:00:00Z')]
    expect(shown(mergeRates(known, answer))).toEqual([
      ['standard', '2026-01-01T00:00', '2026-06-30T23:00', 25],
      ['standard', '2026-06-30T23:00', null, 26.5],
    ])
  })

  it('an empty, a short and a late answer take nothing away', () => {
    const day = agileRows('2026-11-24', 2, index => index)
    expect(mergeRates(known, [])).toEqual(known)
    expect(mergeRates(day, day.slice(0, 3))).toEqual(day)
    expect(mergeRates(day, [], { start: at('2026-11-24T00:00:00Z'), end: at('2026-11-26T00:00:00Z') })).toEqual(day)
  })

  it('a changed price replaces the same span alone', () => {
    const day = agileRows('2026-11-24', 1, index => index)
    const answer = [row(-3.2, '2026-11-24T01:00:00Z', '2026-11-24T01:30:00Z')]
    const after = mergeRates(day, answer)
    expect(after).toHaveLength(48)
    expect(after.filter((rate, index) => rate.pence !== day[index]?.pence)).toEqual(answer)
  })

  it('what an answer says outside of what it was asked for is not taken', () => {
    const window = { start: at('2026-02-01T00:00:00Z'), end: at('2026-03-01T00:00:00Z') }
    expect(shown(mergeRates(known, [row(20, '2025-01-01T00:00:00Z')], window))).toEqual([
      ['standard', '2026-01-01T00:00', '2026-02-01T00:00', 25],
      ['standard', '2026-02-01T00:00', '2026-03-01T00:00', 20],
      ['standard', '2026-03-01T00:00', null, 25],
    ])
  })

  it('rows of one answer that overlap: the later, then the shorter, then the dearer', () => {
    expect(
      shown(
        mergeRates(
          [],
          [
            row(30, '2026-01-01T00:00:00Z', '2026-01-01T02:00:00Z'),
            row(10, '2026-01-01T01:00:00Z'),
            row(10, '2026-01-01T01:00:00Z'),
            row(11, '2026-01-01T03:00:00Z', '2026-01-01T04:00:00Z'),
            row(12, '2026-01-01T03:00:00Z', '2026-01-01T03:30:00Z'),
            row(13, '2026-01-01T03:00:00Z', '2026-01-01T03:30:00Z'),
          ],
        ),
      ),
    ).toEqual([
      ['standard', '2026-01-01T00:00', '2026-01-01T01:00', 30],
      ['standard', '2026-01-01T01:00', '2026-01-01T03:00', 10],
      ['standard', '2026-01-01T03:00', '2026-01-01T03:30', 13],
      ['standard', '2026-01-01T03:30', '2026-01-01T04:00', 11],
      ['standard', '2026-01-01T04:00', null, 10],
    ])
  })

  it('bands do not touch each other, and standing charges merge alike', () => {
    const registers = [row(30, '2026-01-01T00:00:00Z', null, 'day'), row(12, '2026-01-01T00:00:00Z', null, 'night')]
    const after = mergeRates(registers, [row(13, '2026-04-01T00:00:00Z', null, 'night')])
    expect(after.filter(({ band }) => band === 'day')).toEqual(registers.slice(0, 1))
    const charges = mergeStandingCharges([{ start: 0, end: null, pence: 45 }], [{ start: 10, end: 20, pence: 50 }])
    expect(charges.map(({ pence }) => pence)).toEqual([45, 50, 45])
    const fetched = { tariffCode: 'T', unitRates: registers, standingCharges: charges }
    expect(mergePrices(null, fetched)).toEqual(fetched)
    expect(mergePrices(fetched, { ...fetched, unitRates: [], standingCharges: [] })).toEqual(fetched)
  })
})

describe('what an answer does not touch', () => {
  it('stays the very object that it was, so that a year of rows is compared at once', () => {
    const rate = (start: number, pence: number): UnitRate => ({ band: 'standard', start, end: start + 10, pence })
    const known = mergeRates([], [rate(0, 1), rate(10, 2), rate(20, 3)])
    const merged = mergeRates(known, [rate(20, 4)])
    expect(merged.map(({ pence }) => pence)).toEqual([1, 2, 4])
    expect(merged[0]).toBe(known[0])
  })
})

describe('properties of merging', () => {
  const instant = fc.integer({ min: 0, max: 20 })
  const rate: fc.Arbitrary<UnitRate> = fc.record({
    band: fc.constantFrom<RateBand>('standard', 'night'),
    start: instant,
    end: fc.option(fc.integer({ min: 0, max: 25 }), { nil: null }),
    pence: fc.integer({ min: -5, max: 5 }),
  })
  const rows = fc.array(rate, { maxLength: 8 })
  const price = (rates: readonly UnitRate[], band: RateBand, when: number) =>
    spanAt(
      rates.filter(each => each.band === band),
      when,
    )?.pence ?? null

  it('the same answer twice is the same as once, and the order of its rows is nothing', () => {
    fc.assert(
      fc.property(rows, rows, (first, answer) => {
        const known = mergeRates([], first)
        const once = mergeRates(known, answer)
        expect(mergeRates(once, answer)).toEqual(once)
        expect(mergeRates(known, [...answer].reverse())).toEqual(once)
        expect(mergeRates(known, [])).toEqual(known)
      }),
    )
  })

  it('no known price is lost, and every price of the answer is taken', () => {
    fc.assert(
      fc.property(
        rows,
        rows,
        fc.constantFrom<RateBand>('standard', 'night'),
        fc.nat(25),
        (first, answer, band, when) => {
          const known = mergeRates([], first)
          const after = price(mergeRates(known, answer), band, when)
          expect(after).toBe(price(mergeRates([], answer), band, when) ?? price(known, band, when))
        },
      ),
    )
  })

  it('answers of windows that do not overlap may come in any order', () => {
    fc.assert(
      fc.property(rows, rows, rows, fc.nat(20), (first, early, late, cut) => {
        const known = mergeRates([], first)
        const merged = [[early, { start: null, end: cut }] as const, [late, { start: cut, end: null }] as const]
        const inTurn = (turns: typeof merged) =>
          turns.reduce((rates, [answer, window]) => mergeRates(rates, answer, window), known)
        expect(inTurn(merged)).toEqual(inTurn([...merged].reverse()))
      }),
    )
  })
})

describe('rows by how a customer pays', () => {
  const paid = (pence: number, paymentMethod: string | null, start = 0, end: number | null = null) => ({
    start,
    end,
    pence,
    paymentMethod,
  })

  it('are those of the method, and those for everybody', () => {
    const rows = [paid(25.3575, 'DIRECT_DEBIT', 10), paid(26.88, 'NON_DIRECT_DEBIT', 10), paid(24, null, 0, 10)]
    expect(rowsForPayment(rows, 'DIRECT_DEBIT').map(({ pence }) => pence)).toEqual([25.3575, 24])
    expect(rowsForPayment(rows, 'NON_DIRECT_DEBIT').map(({ pence }) => pence)).toEqual([26.88, 24])
  })

  it('are not twice where one for everybody stands beside', () => {
    const rows = [paid(24, null), paid(25, 'DIRECT_DEBIT'), paid(27, 'NON_DIRECT_DEBIT')]
    expect(rowsForPayment(rows, 'DIRECT_DEBIT').map(({ pence }) => pence)).toEqual([25])
  })

  it('are those of the other method where no other is published', () => {
    const rows = [paid(27, 'NON_DIRECT_DEBIT')]
    expect(rowsForPayment(rows, 'DIRECT_DEBIT')).toEqual(rows)
    expect(rowsForPayment([], 'DIRECT_DEBIT')).toEqual([])
  })
})
