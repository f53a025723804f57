import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { HALF_HOUR, HOUR, type Instant } from '../../src/clock.ts'
import { sumOf } from '../../src/energy/decimal.ts'
import { firstChanged, type HourlyRow, rowsFrom, rowsToSend } from '../../src/energy/statistics.ts'
import { halfHoursOfDay } from '../../src/time/london.ts'

const FIRST = Date.parse('2026-11-22T00:00:00Z')
const hour = (index: number): Instant => FIRST + index * HOUR
const halfHours = (...amounts: readonly (number | string | null)[]) =>
  amounts.flatMap((amount, index) => (amount === null ? [] : [{ start: FIRST + index * HALF_HOUR, amount }]))
const LATER = FIRST + 1_000 * HOUR

describe('hourly rows', () => {
  it('are half hours added up, with a sum that goes on', () => {
    expect(rowsFrom(halfHours(0.1, 0.2, 0.3, '0.4'), FIRST, 10234.412, LATER)).toEqual([
      { start: hour(0), state: 0.3, sum: 10234.712 },
      { start: hour(1), state: 0.7, sum: 10235.412 },
    ])
    expect(rowsFrom(halfHours(0.1, 0.2, 0.3, 0.4), hour(1), 10234.712, LATER)).toEqual([
      { start: hour(1), state: 0.7, sum: 10235.412 },
    ])
  })

  it('have what is known of an hour with one half missing, and no row for one with none', () => {
    expect(rowsFrom(halfHours(0.1, null, null, null, null, 0.5), FIRST, 0, LATER)).toEqual([
      { start: hour(0), state: 0.1, sum: 0.1 },
      { start: hour(2), state: 0.5, sum: 0.6 },
    ])
  })

  it('are of hours that have ended', () => {
    const known = halfHours(0.1, 0.2, 0.3, 0.4)
    expect(rowsFrom(known, FIRST, 0, hour(2) - 1)).toHaveLength(1)
    expect(rowsFrom(known, FIRST, 0, hour(2))).toHaveLength(2)
    expect(firstChanged(rowsFrom(known, FIRST, 0, hour(1)), known, hour(2) - 1)).toBeNull()
  })

  it.each([
    ['2026-03-29', 23, '2026-03-29T00:00:00Z'],
    ['2026-10-25', 25, '2026-10-24T23:00:00Z'],
  ])('%s has %i of them', (date, count, first) => {
    const day = halfHoursOfDay(date).map(start => ({ start, amount: 0.25 }))
    const rows = rowsFrom(day, Date.parse(first), 0, LATER)
    expect(rows).toHaveLength(count)
    expect(rows[0]?.start).toBe(Date.parse(first))
    expect(rows.at(-1)?.sum).toBe(count / 2)
  })
})

describe('what has to be sent', () => {
  const sent = rowsFrom(halfHours(1, 1, 1, 1, 1, 1), FIRST, 0, LATER)

  it('is nothing where nothing changed', () => {
    expect(firstChanged(sent, halfHours(1, 1, 1, 1, 1, 1), LATER)).toBeNull()
    expect(rowsToSend(sent, halfHours(1, 1, 1, 1, 1, 1), LATER)).toEqual([])
  })

  it('is what is new', () => {
    expect(rowsToSend(sent, halfHours(1, 1, 1, 1, 1, 1, 0.5, 0.5), LATER)).toEqual([
      { start: hour(3), state: 1, sum: 7 },
    ])
  })

  it('is everything from the first hour that was corrected, or came late', () => {
    expect(rowsToSend(sent, halfHours(1, 1, 1, 0.5, 1, 1), LATER)).toEqual([
      { start: hour(1), state: 1.5, sum: 3.5 },
      { start: hour(2), state: 2, sum: 5.5 },
    ])
    const gap = rowsFrom(halfHours(1, 1, null, null, 1, 1), FIRST, 0, LATER)
    expect(rowsToSend(gap, halfHours(1, 1, 1, null, 1, 1), LATER)).toEqual([
      { start: hour(1), state: 1, sum: 3 },
      { start: hour(2), state: 2, sum: 5 },
    ])
  })

  it('takes nothing back that is no longer known', () => {
    // The history begins later now; only the last hour is other than it was sent.
    expect(rowsToSend(sent, halfHours(null, null, null, null, 1, 2), LATER)).toEqual([
      { start: hour(2), state: 3, sum: 7 },
    ])
    // A hole behind the first change keeps its energy.
    expect(rowsToSend(sent, halfHours(2, 1, null, null, 1, 1), LATER).map(({ sum }) => sum)).toEqual([3, 5, 7])
  })

  it('goes on from the sum before where not all that was sent is at hand', () => {
    const tail = rowsFrom(halfHours(1, 1, 1, 1), FIRST, 5000, LATER)
    expect(rowsToSend(tail, halfHours(2, 1, 1, 1), LATER, 5000).map(({ sum }) => sum)).toEqual([5003, 5005])
  })

  it('leaves Home Assistant with the true rows, whatever came when', () => {
    const arrivals = fc.array(fc.array(fc.record({ index: fc.nat(60), wattHours: fc.nat(5_000) }), { maxLength: 8 }), {
      maxLength: 15,
    })
    fc.assert(
      fc.property(arrivals, batches => {
        const readings = new Map<Instant, number>()
        // It replaces rows by their start, and corrects no sum by itself.
        const there = new Map<Instant, HourlyRow>()
        const rows = () => [...there.values()].sort((a, b) => a.start - b.start)
        const known = () => [...readings].map(([start, amount]) => ({ start, amount }))
        for (const batch of batches) {
          for (const { index, wattHours } of batch) readings.set(FIRST + index * HALF_HOUR, wattHours / 1000)
          const before = rows()
          const toSend = rowsToSend(before, known(), hour(20))
          for (const row of toSend) there.set(row.start, row)
          expect(before.filter(row => row.start < (toSend[0]?.start ?? LATER))).toEqual(
            rows().filter(row => row.start < (toSend[0]?.start ?? LATER)),
          )
        }
        expect(rows()).toEqual(rowsFrom(known(), FIRST, 0, hour(20)))
        const ended = [...readings].filter(([start]) => start < hour(20))
        expect(rows().at(-1)?.sum ?? 0).toBe(sumOf(ended.map(([, kwh]) => kwh)).toNumber())
        expect(rowsToSend(rows(), known(), hour(20))).toEqual([])
      }),
    )
  })
})
