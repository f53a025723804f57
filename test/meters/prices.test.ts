import { describe, expect, it } from '@jest/globals'
import { HALF_HOUR, HOUR, MINUTE } from '../../src/clock.ts'
import type { Meter } from '../../src/meters/meter.ts'
import { PriceBook } from '../../src/meters/prices.ts'
import { openStore } from '../../src/store/open.ts'
import { addDays, type Interval, londonDate, startOfDay } from '../../src/time/london.ts'
import { SILENT } from '../account/silent.ts'
import { ManualClock } from '../octopus/support/manual-clock.ts'

const START = Date.parse('2026-11-20T09:00:00Z')
const DAY = 24 * HOUR
const TARIFF = 'E-1R-AGILE-24-10-01-C'
const METER: Meter = {
  id: 'm',
  slug: 'import',
  kind: 'electricity_import',
  point: '1',
  serial: 's',
  unit: 'kWh',
  agreements: [{ productCode: 'AGILE-24-10-01', tariffCode: TARIFF, start: null, end: null }],
}

/** Half-hourly prices up to 23:00 of today, as before the afternoon. While `isShort` an answer has its newest ten alone. */
function market(isShort: (now: number) => boolean = () => false) {
  const clock = new ManualClock(START)
  const { values, prices } = openStore({ path: ':memory:', clock })
  const intervals: Interval[] = []
  const from = startOfDay(addDays(londonDate(START), -200))
  const life = async (minutes: number) => {
    const book = new PriceBook({
      clock,
      log: SILENT,
      values,
      prices,
      paymentMethod: 'DIRECT_DEBIT',
      request: async ({ tariffCode }, { start, end }) => {
        intervals.push({ start, end })
        const until = Math.min(end, startOfDay(londonDate(clock.now())) + 23 * HOUR)
        const rows = Array.from({ length: (until - start) / HALF_HOUR }, (_, half) => {
          const at = start + half * HALF_HOUR
          return { band: 'standard' as const, start: at, end: at + HALF_HOUR, pence: half % 48 }
        })
        return { tariffCode, unitRates: isShort(clock.now()) ? rows.slice(-10) : rows, standingCharges: [] }
      },
      phase: 0,
      isHeld: () => false,
      onChange: () => {},
    })
    book.use([METER], from)
    for (let gone = 0; gone < minutes; gone += 1) {
      clock.advance(MINUTE)
      for (let turn = 0; turn < 4; turn += 1) await new Promise(resolve => setImmediate(resolve))
    }
    await book.stop()
  }
  const holes = () => {
    const rows = prices.of(TARIFF).unitRates
    return rows.filter((row, index) => index > 0 && rows[index - 1]?.end !== row.start).length
  }
  return { clock, intervals, life, holes, from, first: () => prices.of(TARIFF).unitRates[0]?.start }
}

describe('prices', () => {
  it('of the history come in pages that end at midnights, the newest first, each once', async () => {
    const { intervals, life, holes, from, first } = market()
    await life(5)
    const midnights = intervals.map(({ start }) => startOfDay(londonDate(start)))
    expect(intervals.map(({ start }) => start)).toEqual(midnights)
    expect(intervals.slice(1).map(({ end }) => end)).toEqual(intervals.slice(0, -1).map(({ start }) => start))
    expect(intervals.every(({ start, end }) => end - start <= 91 * DAY)).toBe(true)
    expect([first(), holes()]).toEqual([from, 0])
  })

  it('go on where a life ended, and leave no hole however long nobody asked', async () => {
    const { clock, intervals, life, holes, first, from } = market()
    await life(1)
    const before = intervals.length
    clock.advance(10 * DAY)
    await life(10)
    expect([first(), holes()]).toEqual([from, 0])
    // What is asked again is the last days, which may have been corrected.
    const known = intervals.slice(0, before).map(({ start }) => start)
    for (const { start, end } of intervals.slice(before))
      if (end <= START - 3 * DAY) expect(start).toBeLessThan(Math.min(...known))
  })

  it('that an answer left out are asked for again, page by page, and each once where they come', async () => {
    const { intervals, life, holes, from, first } = market(now => now < START + 6 * MINUTE)
    await life(5)
    expect(holes()).toBeGreaterThan(2)
    const before = intervals.length
    await life(20)
    // What is left is today's: it is asked for with the newest, at 10:05.
    expect([first(), holes()]).toEqual([from, 1])
    const again = intervals.slice(before)
    expect(again.length).toBeLessThanOrEqual(4)
    expect(again.every(({ start, end }) => end - start <= 91 * DAY)).toBe(true)
    await life(60)
    expect(holes()).toBe(0)
    expect(intervals.slice(before + again.length).every(({ end }) => end > START)).toBe(true)
  })

  it('of a long absence are asked for again where the answer was short', async () => {
    let isShort = false
    const { clock, life, holes } = market(() => isShort)
    await life(5)
    clock.advance(10 * DAY)
    isShort = true
    await life(5)
    expect(holes()).toBeGreaterThan(0)
    isShort = false
    await life(90)
    expect(holes()).toBe(0)
  })
})
