/** Another process keeps the store locked while an answer comes: what it brought is asked for again, and is no hole for ever. */
import { describe, expect, it } from '@jest/globals'
import { HALF_HOUR, HOUR } from '../../src/clock.ts'
import type { Meter } from '../../src/meters/meter.ts'
import { forgiving } from '../../src/store/forgiving.ts'
import { openStore, type Store } from '../../src/store/open.ts'
import { lockedStore } from '../../src/store/resilient.ts'
import { addDays, londonDate, startOfDay } from '../../src/time/london.ts'
import { ManualClock } from '../octopus/support/manual-clock.ts'
import { OneMeter } from './support/one-meter.ts'

const BEGINS = Date.parse('2026-11-24T12:00:00Z')
const HISTORY_DAYS = 200
const TARIFF = 'E-1R-INTELLI-VAR-24-10-29-C'
const METER: Meter = {
  ...{ id: 'i', slug: 'electricity_import', kind: 'electricity_import', point: '1', serial: 's', unit: 'kWh' },
  agreements: [{ productCode: 'INTELLI-VAR-24-10-29', tariffCode: TARIFF, start: null, end: null }],
}

/** The store as the daemon has it; every third answer of each kind finds it locked. */
function lockedNowAndThen(disk: Store): Store {
  const answers = { readings: 0, prices: 0, billed: 0 }
  const unlessLocked = (table: keyof typeof answers) => {
    answers[table] += 1
    if (answers[table] % 3 === 0) throw lockedStore()
  }
  const { readings, prices, billed } = disk
  return forgiving(
    {
      ...disk,
      readings: {
        range: (...asked) => readings.range(...asked),
        extent: (...asked) => readings.extent(...asked),
        upsert: (...rows) => {
          unlessLocked('readings')
          return readings.upsert(...rows)
        },
      },
      prices: {
        of: (...asked) => prices.of(...asked),
        keep: (...rows) => {
          unlessLocked('prices')
          prices.keep(...rows)
        },
      },
      billed: {
        range: (...asked) => billed.range(...asked),
        remove: (...asked) => billed.remove(...asked),
        upsert: (...rows) => {
          unlessLocked('billed')
          return billed.upsert(...rows)
        },
      },
    },
    { warn: () => {} },
  )
}

describe('a store that was locked', () => {
  it('has every reading, price and bill in the end', async () => {
    const clock = new ManualClock(BEGINS)
    const disk = openStore({ path: ':memory:', clock })
    const halfHours = ({ start, end }: { start: number; end: number }) =>
      Array.from(
        { length: (Math.min(end, BEGINS - 12 * HOUR) - start) / HALF_HOUR },
        (_, half) => start + half * HALF_HOUR,
      )
    const house = new OneMeter({
      clock,
      store: lockedNowAndThen(disk),
      meter: METER,
      settings: { historyDays: HISTORY_DAYS, bill: true },
      source: {
        readings: async (_, interval) => halfHours(interval).map(start => ({ start, amount: 0.25 })),
        prices: async ({ tariffCode }, { start, end }) => ({
          tariffCode,
          unitRates: [{ band: 'standard', start, end, pence: 20 }],
          standingCharges: [{ start, end, pence: 50 }],
        }),
        bills: async (_, interval) =>
          halfHours(interval).map(start => ({ start, parts: [{ band: 'standard', kwh: 0.25, pence: 5 }] })),
      },
    })
    await house.pass(36)
    await house.meters.stop()
    const first = startOfDay(addDays(londonDate(BEGINS), -HISTORY_DAYS))
    const all = halfHours({ start: first, end: BEGINS }).length
    expect(disk.readings.range(METER, 0, BEGINS)).toHaveLength(all)
    expect(disk.billed.range(METER.point, 0, BEGINS)).toHaveLength(all)
    expect(disk.prices.of(TARIFF).unitRates).toMatchObject([{ start: first }])
    expect(disk.prices.of(TARIFF).standingCharges).toMatchObject([{ start: first }])
  })
})
