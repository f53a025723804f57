import { describe, expect, it } from '@jest/globals'
import { meterSource } from '../../src/account/meter-source.ts'
import { HOUR, type Instant } from '../../src/clock.ts'
import { BridgeError } from '../../src/errors.ts'
import type { WantedTariff } from '../../src/meters/prices.ts'
import { SILENT } from './silent.ts'

const START = Date.parse('2026-11-24T16:05:00Z')
const TARIFF: WantedTariff = {
  tariffCode: 'E-1R-AGILE-24-10-01-C',
  productCode: 'AGILE-24-10-01',
  fuel: 'electricity',
  direction: 'import',
  point: '1',
  start: 0,
  end: Number.POSITIVE_INFINITY,
}

function source() {
  let now = START
  let refused = false
  const asked: string[] = []
  const row = (start: Instant) => ({ start, end: null, pence: 20, paymentMethod: null })
  const octopus = {
    consumption: async () => [],
    rates: async (_: unknown, start: Instant) => {
      asked.push('rates')
      if (refused) throw new BridgeError('OCTOPUS_NOT_ADMITTED', 'not now')
      return { rates: [{ band: 'standard' as const, ...row(start) }], bands: ['standard' as const] }
    },
    standingCharges: async (_: unknown, start: Instant) => {
      asked.push('standing charges')
      return [row(start)]
    },
    tariffsToday: async () => [],
    applicableRates: async () => [],
    measurements: async () => ({ halfHours: [], unknownLabels: ['NEW THING', 'NEW THING'] }),
  }
  const warned: unknown[] = []
  const log = { ...SILENT, warn: (details: object) => void warned.push(details) } as typeof SILENT
  const made = meterSource({ octopus, account: 'A-1', paymentMethod: 'DIRECT_DEBIT', log, now: () => now })
  return {
    asked,
    warned,
    made,
    pass: (hours: number) => {
      now += hours * HOUR
    },
    refuse: (whether: boolean) => {
      refused = whether
    },
  }
}

describe('what the meters ask of Octopus', () => {
  it('asks for a standing charge once a day, however often for prices', async () => {
    const { made, asked, pass } = source()
    const interval = { start: START - 48 * HOUR, end: START + 48 * HOUR }
    const first = await made.prices(TARIFF, interval)
    expect(first.standingCharges).toHaveLength(1)
    pass(1)
    expect((await made.prices(TARIFF, interval)).standingCharges).toEqual([])
    expect(asked).toEqual(['standing charges', 'rates', 'rates'])
    // Further back nothing is known of it yet.
    await made.prices(TARIFF, { start: START - 90 * 24 * HOUR, end: START - 48 * HOUR })
    pass(20)
    await made.prices(TARIFF, interval)
    expect(asked.filter(what => what === 'standing charges')).toHaveLength(3)
  })

  it('keeps a standing charge until the rates have come as well', async () => {
    const { made, asked, refuse, pass } = source()
    const interval = { start: START - 48 * HOUR, end: START + 48 * HOUR }
    refuse(true)
    await expect(made.prices(TARIFF, interval)).rejects.toMatchObject({ code: 'OCTOPUS_NOT_ADMITTED' })
    refuse(false)
    pass(1)
    expect((await made.prices(TARIFF, interval)).standingCharges).toHaveLength(1)
    expect((await made.prices(TARIFF, interval)).standingCharges).toEqual([])
    expect(asked).toEqual(['standing charges', 'rates', 'rates', 'rates'])
  })

  it('tells of a label that nobody knows once', async () => {
    const { made, warned } = source()
    const meter = {
      id: 'm',
      slug: 'm',
      kind: 'electricity_import',
      point: '1',
      serial: 's',
      unit: 'kWh',
      agreements: [],
    } as const
    for (let times = 0; times < 2; times += 1) await made.bills(meter, { start: START, end: START + HOUR })
    expect(warned).toEqual([{ label: 'NEW THING' }])
  })
})
