/** What somebody sets right after days were worked out sets those days right. */
import { describe, expect, it } from '@jest/globals'
import { HALF_HOUR, HOUR } from '../../src/clock.ts'
import type { Meter } from '../../src/meters/meter.ts'
import type { MeterSettings, MeterSource } from '../../src/meters/meters.ts'
import { openStore } from '../../src/store/open.ts'
import { ManualClock } from '../octopus/support/manual-clock.ts'
import { OneMeter } from './support/one-meter.ts'

const BEGINS = Date.parse('2026-11-24T12:00:00Z')
const TARIFF = 'G-1R-VAR-22-11-01-C'
const GAS: Meter = {
  ...{ id: 'g', slug: 'gas', kind: 'gas', point: '1', serial: 's', unit: 'kWh' },
  agreements: [{ productCode: 'VAR-22-11-01', tariffCode: TARIFF, start: null, end: null }],
}

function life() {
  const clock = new ManualClock(BEGINS)
  const store = openStore({ path: ':memory:', clock })
  let pence = 6
  let published = BEGINS - 12 * HOUR
  const source: Partial<MeterSource> = {
    readings: async (_, { start, end }) =>
      Array.from({ length: Math.max(0, (Math.min(end, published) - start) / HALF_HOUR) }, (_, half) => ({
        start: start + half * HALF_HOUR,
        amount: 0.25,
      })),
    prices: async ({ tariffCode }, { start }) => ({
      tariffCode,
      unitRates: [{ band: 'standard', start, end: null, pence }],
      standingCharges: [{ start, end: null, pence: 30 }],
    }),
  }
  return {
    clock,
    publish: (until: number) => {
      published = until
    },
    priced: (now: number) => {
      pence = now
    },
    begin: (meter: Meter, settings: Partial<MeterSettings> = {}) =>
      new OneMeter({ clock, store, meter, source, settings: { historyDays: 60, ...settings } }),
  }
}

const MONTH_DAYS = 23
const monthOf = (kwhADay: number, pence: number) => (MONTH_DAYS * Math.round(kwhADay * pence + 30)) / 100
const M3 = (12 * 1.02264 * 40) / 3.6

describe('the unit of a gas meter that was set right', () => {
  it('changes what its days cost, over a restart and while it runs', async () => {
    const { begin } = life()
    const wrong = begin(GAS)
    await wrong.pass(3)
    expect(wrong.view.month.cost).toBe(monthOf(12, 6))
    await wrong.meters.stop()
    const right = begin({ ...GAS, unit: 'm3' })
    await right.pass(1)
    expect(right.view.month.cost).toBe(monthOf(M3, 6))
    right.meters.use([GAS])
    await right.pass(1)
    expect(right.view.month.cost).toBe(monthOf(12, 6))
  })
})

describe('another way of paying', () => {
  it('has other prices of the whole history', async () => {
    const { begin, priced } = life()
    const before = begin(GAS)
    await before.pass(3)
    expect(before.view.month.cost).toBe(monthOf(12, 6))
    await before.meters.stop()
    priced(7)
    const after = begin(GAS, { paymentMethod: 'NON_DIRECT_DEBIT' })
    await after.pass(24)
    expect(after.view.month.cost).toBe(monthOf(12, 7))
  })
})

describe('another calorific value', () => {
  it('counts from then on: the register neither falls nor jumps', async () => {
    const { begin } = life()
    const meter: Meter = { ...GAS, unit: 'm3' }
    const first = begin(meter)
    await first.pass(3)
    const before = first.view.register
    await first.meters.stop()
    for (const calorificValue of [38, 41, 40]) {
      const next = begin(meter, { calorificValue })
      await next.pass(1)
      expect(next.view.register).toEqual(before)
      await next.meters.stop()
    }
  })
})

describe('the register of a gas meter whose unit was set right', () => {
  it.each([
    ['m3', 'kWh'],
    ['kWh', 'm3'],
  ] as const)('goes on in kWh from where it stood: %s to %s', async (wrong, right) => {
    const { begin, publish } = life()
    const before = begin({ ...GAS, unit: wrong })
    await before.pass(3)
    const stood = before.view.register?.kwh ?? Number.NaN
    await before.meters.stop()
    const after = begin({ ...GAS, unit: right })
    await after.pass(1)
    expect(after.view.register?.kwh).toBeCloseTo(stood, 6)
    // One of the days has 50 half hours.
    const volume = 12 * 60 + 0.5
    expect(after.view.register?.volume ?? volume).toBe(volume)
    // Two more days.
    publish(BEGINS + 36 * HOUR)
    await after.pass(60)
    const kwh = right === 'm3' ? 2 * M3 : 24
    expect(after.view.register?.kwh).toBeCloseTo(stood + kwh, 6)
    expect(after.view.register?.volume).toBe(right === 'm3' ? volume + 24 : null)
    // And back, while it runs.
    after.meters.use([{ ...GAS, unit: wrong }])
    await after.pass(1)
    expect(after.view.register?.kwh).toBeCloseTo(stood + kwh, 6)
    expect(after.view.register?.volume).toBe(wrong === 'm3' ? volume + 24 : null)
  })
})
