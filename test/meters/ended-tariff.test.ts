/** A tariff that ended while the daemon was away: its last days have prices, and somebody has to ask for them. */
import { expect, it } from '@jest/globals'
import { HALF_HOUR, HOUR, type Instant } from '../../src/clock.ts'
import type { Meter } from '../../src/meters/meter.ts'
import type { MeterSource } from '../../src/meters/meters.ts'
import { openStore } from '../../src/store/open.ts'
import { addDays, londonDate, startOfDay } from '../../src/time/london.ts'
import { ManualClock } from '../octopus/support/manual-clock.ts'
import { OneMeter } from './support/one-meter.ts'

const DAY = 24 * HOUR
const AGILE = {
  ...{ productCode: 'AGILE-24-10-01', tariffCode: 'E-1R-AGILE-24-10-01-C' },
  start: startOfDay('2026-01-01'),
}
const FLAT = {
  productCode: 'VAR-22-11-01',
  tariffCode: 'E-1R-VAR-22-11-01-C',
  start: startOfDay('2026-11-15'),
  end: null,
}
const METER: Meter = {
  ...{ id: 'a', slug: 'electricity_import', kind: 'electricity_import', point: '1', serial: 's', unit: 'kWh' },
  agreements: [{ ...AGILE, end: null }],
}
const STANDING = [{ start: startOfDay('2025-01-01'), end: null, pence: 50 }]

const halfHours = (start: Instant, end: Instant): Instant[] =>
  Array.from({ length: Math.max(0, (end - start) / HALF_HOUR) }, (_, half) => start + half * HALF_HOUR)

it('is asked for up to its end, so that every day has its cost', async () => {
  const clock = new ManualClock(Date.parse('2026-11-01T10:00:00Z'))
  const store = openStore({ path: ':memory:', clock })
  const today = () => startOfDay(londonDate(clock.now()))
  let asked = 0
  const source: Pick<MeterSource, 'readings' | 'prices'> = {
    readings: async (_, { start, end }) =>
      halfHours(start, Math.min(end, today())).map(each => ({ start: each, amount: 0.5 })),
    prices: async ({ tariffCode }, { start, end }) => {
      const row = { band: 'standard' as const, pence: 25 }
      if (tariffCode === FLAT.tariffCode)
        return { tariffCode, unitRates: [{ ...row, start: FLAT.start, end: null }], standingCharges: STANDING }
      asked += 1
      // Octopus has those of tomorrow up to 23:00.
      const published = startOfDay(addDays(londonDate(clock.now()), 2)) - HOUR
      const unitRates = halfHours(start, Math.min(end, published)).map(each => ({
        ...row,
        start: each,
        end: each + HALF_HOUR,
      }))
      return { tariffCode, unitRates, standingCharges: STANDING }
    },
  }
  const settings = { historyDays: 20 }
  const before = new OneMeter({ clock, store, meter: METER, source, settings })
  await before.pass(30)
  await before.meters.stop()
  clock.advance(19 * DAY)
  asked = 0
  const meter = { ...METER, agreements: [{ ...AGILE, end: FLAT.start }, FLAT] }
  const after = new OneMeter({ clock, store, meter, source, settings })
  await after.pass(5 * 24)
  // The days after what was held, and the last ones of that, which were not published then.
  expect(asked).toBeLessThanOrEqual(2)
  const { month } = after.view
  expect(month).toMatchObject({ kwh: 24 * (Number(londonDate(clock.now()).slice(8)) - 1), missingDays: 0 })
  expect(month?.cost).toBeCloseTo((month?.kwh ?? 0) * 0.25 + ((month?.kwh ?? 0) / 24) * 0.5, 6)
  await after.meters.stop()
})
