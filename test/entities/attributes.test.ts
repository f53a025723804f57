import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { HALF_HOUR, HOUR, MINUTE } from '../../src/clock.ts'
import { MAX_ATTRIBUTE_BYTES, withLists } from '../../src/entities/attributes.ts'
import { dispatchAttributes } from '../../src/entities/dispatch-attributes.ts'
import { knownCar, listedRow, NOW } from './snapshots.ts'

const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value))

/** A list of the attributes, as rows. */
const list = (attributes: Readonly<Record<string, unknown>>, name: string) =>
  attributes[name] as readonly Record<string, string>[]

describe('withLists', () => {
  it('keeps every row while all fit, in the order of time', () => {
    const rows = [{ start: 'c' }, { start: 'a' }, { start: 'b' }]
    expect(withLists({ x: 1 }, { rows })).toEqual({ x: 1, rows: [{ start: 'a' }, { start: 'b' }, { start: 'c' }] })
  })

  it('drops the least important rows of the largest list first', () => {
    const short = [{ start: '1', text: 'x'.repeat(4000) }]
    const long = Array.from({ length: 100 }, (_, index) => ({ start: String(1999 - index), text: 'x'.repeat(400) }))
    const result = withLists({}, { short, long })
    const kept = list(result, 'long')
    expect(list(result, 'short')).toHaveLength(1)
    expect(kept.length).toBeGreaterThan(10)
    expect(kept.length).toBeLessThan(100)
    expect(kept.at(-1)?.start).toBe('1999')
    expect(kept[0]?.start).toBe(String(1999 - kept.length + 1))
  })

  it('stays within its bytes whatever the lists hold, and wastes no more than a row', () => {
    const row = fc.record({ start: fc.string(), text: fc.string({ unit: 'binary', maxLength: 200 }) })
    fc.assert(
      fc.property(fc.array(row, { maxLength: 400 }), fc.array(row, { maxLength: 400 }), (a, b) => {
        const result = withLists({ fixed: true }, { a, b })
        const lost = a.length + b.length - list(result, 'a').length - list(result, 'b').length
        expect(bytes(result)).toBeLessThanOrEqual(MAX_ATTRIBUTE_BYTES)
        if (lost > 0 && a.length <= 300 && b.length <= 300) {
          expect(bytes(result)).toBeGreaterThan(MAX_ATTRIBUTE_BYTES - 3000)
        }
      }),
      { numRuns: 40 },
    )
  })
})

describe('the attributes of intelligent_dispatching', () => {
  it('have the names that planners read, with Octopus’s sign and without', () => {
    const attributes = dispatchAttributes(knownCar())
    expect(attributes).toMatchObject({
      reason: 'dispatch',
      current_start: '2026-11-23T22:00:00Z',
      current_end: '2026-11-23T22:30:00Z',
      next_start: null,
      next_end: null,
      provider: 'HYPERVOLT',
      vehicle_battery_size_in_kwh: 77.4,
      charge_point_power_in_kw: 7,
    })
    const shape = ['start', 'end', 'charge_in_kwh', 'energy', 'source', 'location']
    expect(list(attributes, 'planned_dispatches')).toHaveLength(2)
    for (const name of ['planned_dispatches', 'started_dispatches', 'completed_dispatches']) {
      expect(Object.keys(list(attributes, name)[0] ?? {})).toEqual(shape)
    }
    expect(list(attributes, 'planned_dispatches')[1]).toEqual({
      start: '2026-11-24T01:10:00Z',
      end: '2026-11-24T02:17:00Z',
      charge_in_kwh: -7.25,
      energy: 7.25,
      source: 'SMART',
      location: null,
    })
    expect(list(attributes, 'listed_dispatches').map(row => [row.source, row.stands, row.why])).toEqual([
      ['SMART', true, 'stands'],
      ['SMART', true, 'stands'],
      ['BOOST', false, 'boost'],
    ])
    expect(list(attributes, 'completed_dispatches')[0]).toMatchObject({ charge_in_kwh: -1.37, location: 'AT_HOME' })
    expect(list(attributes, 'started_dispatches')).toEqual([
      {
        start: '2026-11-23T22:00:00Z',
        end: '2026-11-23T22:30:00Z',
        charge_in_kwh: null,
        energy: null,
        source: null,
        location: null,
      },
    ])
  })

  it('keep the nearest and the newest of endless lists, under 16 KiB', () => {
    const hostile = '😀'.repeat(500)
    const rows = Array.from({ length: 2000 }, (_, index) => listedRow(NOW + index * HOUR, NOW + index * HOUR + MINUTE))
    const ended = Array.from({ length: 2000 }, (_, index) =>
      listedRow(NOW - (index + 2) * HOUR, NOW - (index + 1) * HOUR, { stands: false, why: 'ended', type: hostile }),
    )
    const past = Array.from({ length: 2000 }, (_, index) => ({
      start: NOW - (2000 - index) * HALF_HOUR,
      end: NOW - (1999 - index) * HALF_HOUR,
      energyKwh: -1,
      source: hostile,
      location: hostile,
    }))
    const attributes = dispatchAttributes(
      knownCar({
        provider: hostile,
        plan: { rows: [...ended, ...rows], fetchedAt: NOW, state: hostile },
        started: past.map(({ start, end }) => ({ start, end })),
        completed: past,
      }),
    )
    expect(bytes(attributes)).toBeLessThan(16_384)
    for (const name of ['planned_dispatches', 'listed_dispatches']) {
      expect(list(attributes, name).length).toBeGreaterThan(5)
      expect(list(attributes, name)[0]?.start).toBe('2026-11-23T22:10:00Z')
    }
    for (const name of ['started_dispatches', 'completed_dispatches']) {
      expect(list(attributes, name).length).toBeGreaterThan(5)
      expect(list(attributes, name).at(-1)?.end).toBe('2026-11-23T22:10:00Z')
    }
  })

  it('are whole on a busy but ordinary night', () => {
    const rows = Array.from({ length: 10 }, (_, index) =>
      listedRow(NOW + index * HOUR, NOW + index * HOUR + 50 * MINUTE),
    )
    const started = Array.from({ length: 30 }, (_, index) => ({
      start: NOW - (index + 1) * HALF_HOUR,
      end: NOW - index * HALF_HOUR,
    }))
    const completed = started.map(span => ({ ...span, energyKwh: -3.2, source: null, location: 'AT_HOME' }))
    const plan = { rows, fetchedAt: NOW, state: null }
    const attributes = dispatchAttributes(knownCar({ plan, started, completed }))
    const counts = ['planned', 'listed', 'started', 'completed'].map(
      name => list(attributes, `${name}_dispatches`).length,
    )
    expect(counts).toEqual([10, 10, 30, 30])
  })
})
