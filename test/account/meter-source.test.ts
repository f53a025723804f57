import { describe, expect, it } from '@jest/globals'
import { meterSource } from '../../src/account/meter-source.ts'
import { HOUR, type Instant } from '../../src/clock.ts'
import type { UnitRate } from '../../src/energy/types.ts'
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
  /** REST has no prices of the tariff, and GraphQL does not answer. */
  let isAway = false
  /** It has none either, and the account tells these and those before them. */
  let told: { readonly unitRates: readonly UnitRate[]; readonly before: () => UnitRate[] } | null = null
  const asked: string[] = []
  const row = (start: Instant) => ({ start, end: null, pence: 20, paymentMethod: null })
  const octopus = {
    consumption: async () => [],
    rates: async (_: unknown, start: Instant) => {
      asked.push('rates')
      if (isAway || told !== null) return { rates: [], bands: [] }
      return { rates: [{ band: 'standard' as const, ...row(start) }], bands: ['standard' as const] }
    },
    standingCharges: async (_: unknown, start: Instant) => {
      asked.push('standing charges')
      return [row(start)]
    },
    tariffsToday: async () => {
      if (isAway) throw new Error('away')
      const { tariffCode, productCode, point } = TARIFF
      const { unitRates } = told ?? { unitRates: [] }
      return [{ fuel: 'electricity' as const, point, tariffCode, productCode, unitRates, standingCharges: [] }]
    },
    applicableRates: async () => told?.before() ?? [],
    measurements: async () => ({ halfHours: [], unknownLabels: ['NEW THING', 'NEW THING'] }),
  }
  const warned: unknown[] = []
  const log = { ...SILENT, warn: (details: object) => void warned.push(details) } as typeof SILENT
  const made = meterSource({ octopus, account: 'A-1', paymentMethod: 'DIRECT_DEBIT', log, now: () => now })
  return {
    asked,
    warned,
    made,
    tell: (unitRates: readonly UnitRate[], before: () => UnitRate[]) => {
      told = { unitRates, before }
    },
    fail: (now: boolean) => {
      isAway = now
    },
    pass: (hours: number) => {
      now += hours * HOUR
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
    expect((await made.prices(TARIFF, interval)).standingCharges).toEqual(first.standingCharges)
    expect(asked).toEqual(['rates', 'standing charges', 'rates'])
    // Further back nothing is known of it yet.
    await made.prices(TARIFF, { start: START - 90 * 24 * HOUR, end: START - 48 * HOUR })
    pass(20)
    await made.prices(TARIFF, interval)
    expect(asked.filter(what => what === 'standing charges')).toHaveLength(3)
  })

  it('does not lose it where the rest of the answer did not come: a history without it would have no cost', async () => {
    const { made, asked, fail } = source()
    const interval = { start: START - 90 * 24 * HOUR, end: START + 48 * HOUR }
    fail(true)
    await expect(made.prices(TARIFF, interval)).rejects.toThrow('away')
    fail(false)
    expect((await made.prices(TARIFF, interval)).standingCharges).toHaveLength(1)
    expect(asked.filter(what => what === 'standing charges')).toHaveLength(1)
  })

  it("tells today's prices of a product that is not published, whatever becomes of those before", async () => {
    const { made, tell } = source()
    const midnight = Date.parse('2026-11-24T00:00:00Z')
    const rates = (['day', 'night', 'off_peak'] as const).map(band => ({ band, start: midnight, end: null, pence: 20 }))
    tell(rates, () => {
      throw new BridgeError('OCTOPUS_BAD_ANSWER', 'no', { details: { problem: 'prices that overlap' } })
    })
    const interval = { start: START - 90 * 24 * HOUR, end: START + 48 * HOUR }
    expect((await made.prices(TARIFF, interval)).unitRates).toEqual(rates)
    // What may come the next time is waited for.
    tell(rates, () => {
      throw new BridgeError('OCTOPUS_TIMEOUT', 'no')
    })
    await expect(made.prices(TARIFF, interval)).rejects.toMatchObject({ code: 'OCTOPUS_TIMEOUT' })
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
