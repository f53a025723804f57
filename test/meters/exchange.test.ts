import { describe, expect, it } from '@jest/globals'
import { HOUR, MINUTE } from '../../src/clock.ts'
import type { Meter } from '../../src/meters/meter.ts'
import { Meters } from '../../src/meters/meters.ts'
import { openStore } from '../../src/store/open.ts'
import { SILENT } from '../account/silent.ts'
import { ManualClock } from '../octopus/support/manual-clock.ts'

const meter = (serial: string): Meter => ({
  ...{ id: serial, slug: serial, kind: 'electricity_export', point: '1', serial, unit: 'kWh', agreements: [] },
})

describe('a meter that was exchanged', () => {
  it('is asked for no more', async () => {
    const clock = new ManualClock(Date.parse('2026-11-24T10:00:00Z'))
    const asked: string[] = []
    const meters = new Meters({
      clock,
      log: SILENT,
      store: openStore({ path: ':memory:', clock }),
      account: 'A-1',
      settings: {
        ...{ historyDays: 0, paymentMethod: 'DIRECT_DEBIT', bill: false, cheapestWindow: HOUR, calorificValue: 40 },
        night: { start: '23:30', end: '05:30' },
        economy7: { start: '00:30', end: '07:30' },
      },
      source: {
        readings: async ({ serial }) => {
          asked.push(serial)
          return []
        },
        prices: async ({ tariffCode }) => ({ tariffCode, unitRates: [], standingCharges: [] }),
        bills: async () => [],
      },
      phase: 0,
      isHeld: () => false,
      onChange: () => {},
    })
    const pass = async (hours: number) => {
      for (let gone = 0; gone < hours * HOUR; gone += 30 * MINUTE) {
        clock.advance(30 * MINUTE)
        await new Promise(resolve => setImmediate(resolve))
      }
    }
    meters.use([meter('old')])
    await pass(3)
    expect(new Set(asked)).toEqual(new Set(['old']))
    meters.use([meter('new')])
    asked.length = 0
    await pass(24)
    expect(new Set(asked)).toEqual(new Set(['new']))
    await meters.stop()
    asked.length = 0
    await pass(24)
    expect(asked).toEqual([])
  })
})
