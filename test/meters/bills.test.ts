import { describe, expect, it } from '@jest/globals'
import { HALF_HOUR, type Instant, MINUTE } from '../../src/clock.ts'
import { Bills } from '../../src/meters/bills.ts'
import type { Meter } from '../../src/meters/meter.ts'
import { openStore } from '../../src/store/open.ts'
import { addDays, halfHoursOfDay, type Interval, type LondonDate, startOfDay } from '../../src/time/london.ts'
import { SILENT } from '../account/silent.ts'
import { ManualClock } from '../octopus/support/manual-clock.ts'

const START = Date.parse('2026-11-20T09:00:00Z')
const METER: Meter = {
  id: 'm',
  slug: 'import',
  kind: 'electricity_import',
  point: '1',
  serial: 's',
  unit: 'kWh',
  agreements: [],
}

/** Asks once for these days, of which those of `never` are never billed. */
async function asked(unbilled: readonly LondonDate[], never: readonly LondonDate[] = []) {
  const clock = new ManualClock(START)
  const { values, billed, readings } = openStore({ path: ':memory:', clock })
  const intervals: Interval[] = []
  const changed: Instant[] = []
  const bills = new Bills({
    clock,
    log: SILENT,
    values,
    billed,
    readings,
    meter: METER,
    request: async (_, { start, end }) => {
      intervals.push({ start, end })
      return unbilled
        .filter(date => !never.includes(date) && startOfDay(date) >= start && startOfDay(date) < end)
        .flatMap(date => halfHoursOfDay(date))
        .map(mark => ({ start: mark, parts: [{ band: 'night' as const, kwh: 1, pence: 7 }] }))
    },
    phase: 0,
    isHeld: () => false,
    stretches: () => [],
    unbilled: () => unbilled,
    isReady: () => false,
    onChange: starts => {
      changed.push(...starts)
    },
  })
  bills.rearm()
  for (let minute = 0; minute < 3; minute += 1) {
    clock.advance(MINUTE)
    for (let turn = 0; turn < 4; turn += 1) await new Promise(resolve => setImmediate(resolve))
  }
  return { intervals, bills, billed, changed }
}

const dates = (first: LondonDate, count: number) => Array.from({ length: count }, (_, day) => addDays(first, day))
const from = (first: LondonDate, count: number): Interval => ({
  start: startOfDay(first),
  end: startOfDay(addDays(first, count)),
})

describe('bills', () => {
  it('are asked for from the oldest day on, and no further than the newest', async () => {
    const { intervals, changed, bills } = await asked(dates('2026-11-18', 2))
    await bills.stop()
    expect(intervals).toEqual([from('2026-11-18', 2)])
    expect(changed).toHaveLength(96)
  })

  it('of the newest days are not kept waiting by older ones that never come', async () => {
    const { intervals, changed, bills } = await asked(dates('2026-11-09', 11), dates('2026-11-09', 5))
    await bills.stop()
    expect(intervals).toEqual([from('2026-11-09', 4), from('2026-11-18', 2)])
    expect(changed).toHaveLength(96)
  })

  it('of other readings than the corrected ones are forgotten; a rounding is no other reading', async () => {
    const { bills, billed } = await asked(dates('2026-11-18', 2))
    const [first, second, third] = halfHoursOfDay('2026-11-18') as [Instant, Instant, Instant]
    bills.doubt([
      { start: first, amount: 1.2 },
      { start: second, amount: 1.0009 },
      { start: third, amount: 1 },
    ])
    await bills.stop()
    const known = billed.range('1', first, third + HALF_HOUR).map(({ start }) => start)
    expect(known).toEqual([second, third])
  })

  it('that nobody would ask for again stay, whatever the readings', async () => {
    const { bills, billed } = await asked(dates('2026-11-18', 1))
    const [old] = halfHoursOfDay('2026-10-18') as [Instant]
    billed.upsert('1', [{ start: old, parts: [{ band: 'day', kwh: 1, pence: 27 }] }])
    bills.doubt([{ start: old, amount: 3 }])
    await bills.stop()
    expect(billed.range('1', old, old + 1)).toHaveLength(1)
  })

  it('of the history are asked for page by page where the tariff tells something, and nowhere else', async () => {
    const clock = new ManualClock(START)
    const { values, billed, readings } = openStore({ path: ':memory:', clock })
    const asked: Interval[] = []
    const bills = new Bills({
      clock,
      log: SILENT,
      values,
      billed,
      readings,
      meter: METER,
      // Every tariff has bills.
      request: async (_, { start, end }) => {
        asked.push({ start, end })
        return [{ start, parts: [{ band: 'standard', kwh: 1, pence: 25 }] }]
      },
      phase: 0,
      isHeld: () => false,
      stretches: () => [
        { start: startOfDay('2026-10-01'), end: startOfDay('2026-10-04') },
        { start: startOfDay('2026-11-15'), end: clock.now() },
      ],
      unbilled: () => [],
      isReady: () => true,
      onChange: () => {},
    })
    bills.rearm()
    for (let minute = 0; minute < 90; minute += 1) {
      clock.advance(MINUTE)
      for (let turn = 0; turn < 4; turn += 1) await new Promise(resolve => setImmediate(resolve))
    }
    await bills.stop()
    expect(asked).toEqual(
      ['2026-11-18', '2026-11-16', '2026-11-14', '2026-10-02', '2026-09-30'].map(day => from(day, 2)),
    )
  })
})
