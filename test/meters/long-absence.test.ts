/** A daemon that was away for a month: every day gets its bill, those in between as well. */
import { expect, it } from '@jest/globals'
import { HALF_HOUR, HOUR, type Instant } from '../../src/clock.ts'
import type { Meter } from '../../src/meters/meter.ts'
import type { MeterSource } from '../../src/meters/meters.ts'
import { openStore } from '../../src/store/open.ts'
import { addDays, isNight, type LondonDate, londonDate, startOfDay } from '../../src/time/london.ts'
import { ManualClock } from '../octopus/support/manual-clock.ts'
import { OneMeter } from './support/one-meter.ts'

const DAY = 24 * HOUR
const TARIFF = 'E-1R-IOG-SMB-VAR-26-07-06-C'
const METER: Meter = {
  ...{ id: 'a', slug: 'electricity_import', kind: 'electricity_import', point: '1', serial: 's', unit: 'kWh' },
  agreements: [{ productCode: 'IOG-SMB-VAR-26-07-06', tariffCode: TARIFF, start: startOfDay('2026-07-06'), end: null }],
}
const NIGHT = { start: '23:30', end: '05:30' }

const halfHours = (start: Instant, end: Instant): Instant[] =>
  Array.from({ length: Math.max(0, (end - start) / HALF_HOUR) }, (_, half) => start + half * HALF_HOUR)

it.each([
  ['with all of its history', 48, 30],
  ['before its history was whole', 1, 30],
  ['twice', 48, 25],
])('%s', async (_, hoursBefore, daysAway) => {
  const clock = new ManualClock(Date.parse('2026-09-01T10:00:00Z'))
  const store = openStore({ path: ':memory:', clock })
  const midnight = (daysAgo: number) => startOfDay(addDays(londonDate(clock.now()), -daysAgo))
  const asked = new Map<LondonDate, number>()
  const source: Partial<MeterSource> = {
    readings: async (_meter, { start, end }) =>
      halfHours(start, Math.min(end, midnight(0))).map(each => ({ start: each, amount: 1 })),
    prices: async ({ tariffCode }) => ({
      tariffCode,
      unitRates: (['day', 'night', 'ev_peak', 'ev_off_peak'] as const).map(band => ({
        ...{ band, start: startOfDay('2026-01-01'), end: null },
        pence: band === 'night' || band === 'ev_off_peak' ? 7 : 30,
      })),
      standingCharges: [],
    }),
    bills: async (_meter, { start, end }) => {
      const billed = halfHours(start, Math.min(end, midnight(1)))
      for (const date of new Set(billed.map(londonDate))) asked.set(date, (asked.get(date) ?? 0) + 1)
      // Billed as cheap for four hours of the afternoon, which nobody here knew of.
      return billed.map(each => {
        const hour = new Date(each).getUTCHours()
        const isCheap = isNight(each, NIGHT) || (hour >= 12 && hour < 16)
        return { start: each, parts: [{ band: isCheap ? 'night' : 'day', kwh: 1, pence: isCheap ? 7 : 30 }] }
      })
    },
  }
  const settings = { historyDays: 20, bill: true }
  const live = async (hours: number) => {
    const house = new OneMeter({ clock, store, meter: METER, source, settings })
    await house.pass(hours)
    await house.meters.stop()
  }
  await live(hoursBefore)
  clock.advance(daysAway * DAY)
  if (_ === 'twice') {
    await live(1)
    clock.advance(daysAway * DAY)
  }
  await live(10 * 24)
  const kept = store.values.get<{ days: Record<LondonDate, { provisional: boolean }> }>('days:1:1:s', () => true)
  const days = Object.entries(kept?.days ?? {}).filter(([date]) => startOfDay(date) < midnight(3))
  expect(days.length).toBeGreaterThan(50)
  expect(days.filter(([, { provisional }]) => provisional).map(([date]) => date)).toEqual([])
  // Nothing is walked through again that was there.
  expect(Math.max(...asked.values())).toBeLessThan(12)
  expect(asked.get('2026-08-16') ?? 0).toBeLessThanOrEqual(2)
})
