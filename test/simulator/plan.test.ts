import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { HALF_HOUR, HOUR, MINUTE } from '../../src/clock.ts'
import { seededBehaviour } from '../../src/simulator/behaviour.ts'
import { afterFates, nextFate } from '../../src/simulator/fates.ts'
import { byStart, nextTime, revisedPlan, rowsAtTimes, seededPlan, smartRow } from '../../src/simulator/plan.ts'
import { seededRandom } from '../../src/simulator/random.ts'
import { halfHourCeil, isNight } from '../../src/time/london.ts'

const request = fc
  .record({
    minute: fc.integer({ min: 0, max: 365 * 24 * 60 }),
    neededKwh: fc.double({ min: 0, max: 60, noNaN: true }),
  })
  .map(({ minute, neededKwh }) => {
    const at = Date.parse('2026-01-01T00:00:00Z') + minute * MINUTE
    return { at, neededKwh, chargerKw: 7.2, readyAt: nextTime(at + HOUR, '07:30') }
  })

describe('a seeded plan', () => {
  it('has sound rows between now and the ready-by time, with energy into the car', () => {
    fc.assert(
      fc.property(request, fc.integer(), (asked, seed) => {
        const rows = seededPlan(asked, seededRandom(seed))
        expect(rows).toEqual([...rows].sort(byStart))
        if (asked.neededKwh === 0) expect(rows).toEqual([])
        for (const row of rows) {
          expect(row.start).toBeGreaterThanOrEqual(asked.at)
          expect(row.end).toBeGreaterThan(row.start)
          expect(row.end).toBeLessThanOrEqual(asked.readyAt + HALF_HOUR)
          expect(row.start % 1000).toBe(0)
          expect(row.energyKwh).toBeLessThan(0)
        }
      }),
    )
  })

  it('is mostly by night, often off the grid, now and then tiny', () => {
    const at = Date.parse('2026-11-23T18:12:00Z')
    const asked = { at, neededKwh: 20, chargerKw: 7.2, readyAt: nextTime(at, '07:30') }
    const rows = Array.from({ length: 200 }, (_, seed) => seededPlan(asked, seededRandom(seed))).flat()
    const share = (test: (row: (typeof rows)[number]) => boolean) => rows.filter(test).length / rows.length
    expect(share(row => isNight(row.start, { start: '23:30', end: '05:30' }))).toBeGreaterThan(0.6)
    expect(share(row => row.start % HALF_HOUR !== 0 || row.end % HALF_HOUR !== 0)).toBeGreaterThan(0.2)
    expect(share(row => row.end - row.start < 10 * MINUTE)).toBeGreaterThan(0.01)
  })

  it('is still sound after any number of second thoughts and fates', () => {
    fc.assert(
      fc.property(request, fc.integer(), (asked, seed) => {
        const random = seededRandom(seed)
        let rows: ReturnType<typeof revisedPlan> = seededPlan(asked, random)
        for (let at = asked.at; at < asked.readyAt; at += 20 * MINUTE) {
          rows = rows.filter(row => row.end > at)
          rows = afterFates(revisedPlan(rows, { ...asked, at }, random), String(seed), at, asked.chargerKw)
          expect(rows).toEqual([...rows].sort(byStart))
          for (const row of rows) expect(row.end).toBeGreaterThan(row.start)
        }
      }),
      { numRuns: 40 },
    )
  })
})

describe('second thoughts', () => {
  it('come at three marks in ten, also at those between two others, and else once an hour by night', () => {
    const from = Date.parse('2026-01-10T23:40:00Z')
    const until = from + 5.5 * HOUR
    const nights = 300
    let atMarks = 0
    let marks = 0
    let all = 0
    for (let seed = 0; seed < nights; seed += 1) {
      const { nextRevision } = seededBehaviour(seededRandom(seed), 'charger')
      const times: number[] = []
      for (let at: number | null = from; at !== null && at < until; at = nextRevision(at, [])) times.push(at)
      all += times.length - 1
      for (let mark = halfHourCeil(from); mark < until - HALF_HOUR; mark += HALF_HOUR) {
        marks += 1
        if (times.some(at => at >= mark - 2 * MINUTE && at <= mark + MINUTE)) atMarks += 1
      }
    }
    // Three minutes of an hour's Poisson stream fall on a mark too.
    expect(atMarks / marks).toBeCloseTo(0.3 + 0.7 * 0.05, 1)
    expect(all / nights / 5.5).toBeGreaterThan(1.45)
    expect(all / nights / 5.5).toBeLessThan(1.75)
  })

  it('plan nothing over a row that runs', () => {
    const at = Date.parse('2026-11-23T23:40:00Z')
    const running = smartRow(at - 20 * MINUTE, at + 2 * HOUR, 7.2)
    const ahead = smartRow(at + 4 * HOUR, at + 5 * HOUR, 7.2)
    const asked = { at, neededKwh: 25, chargerKw: 7.2, readyAt: nextTime(at, '07:30') }
    for (let seed = 0; seed < 300; seed += 1) {
      const [first, ...others] = revisedPlan([running, ahead], asked, seededRandom(seed))
      expect(first).toEqual(running)
      for (const row of others) expect(row.start).toBeGreaterThanOrEqual(running.end)
    }
  })
})

describe('what lingers after the unplugging', () => {
  it('does so in one case of ten, and not beyond noon', () => {
    const at = Date.parse('2026-11-23T07:40:00Z')
    const { planLingers } = seededBehaviour(seededRandom(5), 'charger')
    const waits = Array.from({ length: 2000 }, () => planLingers(at))
    const lingering = waits.filter(wait => wait > 0)
    expect(lingering.length / waits.length).toBeCloseTo(0.1, 1)
    expect(Math.min(...lingering)).toBeGreaterThanOrEqual(10 * MINUTE)
    expect(Math.max(...lingering)).toBeLessThanOrEqual(4 * HOUR + 20 * MINUTE)
    expect(Math.max(...lingering)).toBeGreaterThan(4 * HOUR)
  })
})

describe('the fates of rows', () => {
  it('come about as often as was seen, and change the list when they are due', () => {
    const start = Date.parse('2026-11-23T00:00:00Z')
    const fated = { withdrawn: 0, ended: 0, extended: 0 }
    const total = 2000
    for (let i = 0; i < total; i += 1) {
      const row = smartRow(start + i * HOUR, start + i * HOUR + 20 * MINUTE, 7.2)
      const due = nextFate([row], 'house', 0)
      if (due === null) continue
      expect(afterFates([row], 'house', due - 1, 7.2)).toEqual([row])
      const [first, second] = afterFates([row], 'house', due, 7.2)
      if (first === undefined) fated.withdrawn += 1
      else if (second !== undefined) fated.extended += 1
      else if (first.end < row.end) fated.ended += 1
    }
    expect(fated.withdrawn / total).toBeCloseTo(0.1, 1)
    expect(fated.ended / total).toBeCloseTo(0.15, 1)
    expect(fated.extended / total).toBeCloseTo(0.05, 1)
  })
})

describe('rows at given times', () => {
  it('are the next such times, one after the other, also over a change of the clocks', () => {
    const rows = rowsAtTimes(
      Date.parse('2026-10-24T18:00:00Z'),
      [
        ['23:30', '02:00'],
        ['04:30', '05:30'],
      ],
      7.2,
    )
    expect(rows.map(row => [new Date(row.start).toISOString(), new Date(row.end).toISOString()])).toEqual([
      ['2026-10-24T22:30:00.000Z', '2026-10-25T02:00:00.000Z'],
      ['2026-10-25T04:30:00.000Z', '2026-10-25T05:30:00.000Z'],
    ])
  })
})
