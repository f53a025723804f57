import { describe, expect, it } from '@jest/globals'
import { HALF_HOUR, type Instant, MINUTE } from '../../src/clock.ts'
import type { Meter } from '../../src/meters/meter.ts'
import { MeterReadings } from '../../src/meters/readings.ts'
import { openStore } from '../../src/store/open.ts'
import { addDays, type Interval, londonDate, startOfDay } from '../../src/time/london.ts'
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

async function asked(historyDays: number, answered: (interval: Interval) => boolean = () => true) {
  const clock = new ManualClock(START)
  const { values, readings: store } = openStore({ path: ':memory:', clock })
  const intervals: Interval[] = []
  const changed: Instant[] = []
  const readings = new MeterReadings({
    clock,
    log: SILENT,
    values,
    readings: store,
    meter: METER,
    request: async (_, { start, end }) => {
      intervals.push({ start, end })
      if (!answered({ start, end })) throw new Error('no answer')
      return Array.from({ length: (Math.min(end, startOfDay('2026-11-20')) - start) / HALF_HOUR }, (_, half) => ({
        start: start + half * HALF_HOUR,
        amount: 1,
      }))
    },
    phase: 0,
    isHeld: () => false,
    historyDays,
    days: () =>
      intervals.length === 0
        ? { newestWhole: null, oldestMissing: '2026-10-20' }
        : { newestWhole: '2026-11-19', oldestMissing: null },
    onChange: starts => {
      changed.push(...starts)
      readings.rearm()
    },
  })
  readings.rearm()
  for (let minute = 0; minute < 60; minute += 1) {
    clock.advance(MINUTE / 2)
    for (let turn = 0; turn < 3; turn += 1) await new Promise(resolve => setImmediate(resolve))
  }
  await readings.stop()
  return { intervals, readings, changed: new Set(changed) }
}

const day = (back: number): Instant => startOfDay(addDays(londonDate(START), -back))

describe('a history of readings', () => {
  it('comes in pages, the newest first, each half hour once', async () => {
    const { intervals, readings, changed } = await asked(200)
    expect(intervals.filter(({ end }) => end <= day(7))).toEqual([
      { start: day(97), end: day(7) },
      { start: day(187), end: day(97) },
      { start: day(200), end: day(187) },
    ])
    expect(readings.isWhole).toBe(true)
    expect(readings.progress).toBe(100)
    expect(changed.size).toBe((day(0) - day(200)) / HALF_HOUR)
  })

  it('stands still at a page that fails, and asks for it again', async () => {
    let failures = 0
    const { intervals, readings } = await asked(200, ({ start }) => start !== day(187) || ++failures > 1)
    expect(intervals.filter(({ start }) => start === day(187))).toHaveLength(2)
    expect(readings.progress).toBe(100)
  })

  it('leaves what is the history’s to it, however much of the month is missing', async () => {
    const { intervals } = await asked(31)
    const those = intervals.filter(({ start }) => start < day(7))
    expect(those).toEqual([{ start: day(31), end: day(7) }])
  })

  it('is at most as long as a week where no more is wanted', async () => {
    const { readings } = await asked(1)
    expect([readings.isWhole, readings.since]).toEqual([true, day(7)])
  })
})
