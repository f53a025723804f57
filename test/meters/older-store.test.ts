/** A store that knows less than was told already: put back from a copy, or full for a while. */
import { describe, expect, it } from '@jest/globals'
import { HALF_HOUR, HOUR, type Instant } from '../../src/clock.ts'
import type { Meter } from '../../src/meters/meter.ts'
import type { MeterSource } from '../../src/meters/meters.ts'
import { openStore } from '../../src/store/open.ts'
import { ManualClock } from '../octopus/support/manual-clock.ts'
import { OneMeter } from './support/one-meter.ts'

const BEGINS = Date.parse('2026-11-24T12:00:00Z')
const METER: Meter = {
  ...{ id: 'i', slug: 'electricity_import', kind: 'electricity_import', point: '1', serial: 's', unit: 'kWh' },
  agreements: [],
}

async function lived() {
  const clock = new ManualClock(BEGINS)
  const store = openStore({ path: ':memory:', clock })
  let published: Instant = BEGINS - 12 * HOUR
  const readings: MeterSource['readings'] = async (_, { start, end }) =>
    Array.from({ length: (Math.min(end, published) - start) / HALF_HOUR }, (_, half) => ({
      start: start + half * HALF_HOUR,
      amount: 0.25,
    }))
  const start = () => new OneMeter({ clock, store, meter: METER, source: { readings } })
  const house = start()
  await house.pass(2)
  return { house, start, publish: (until: Instant) => (published = until) }
}

/** What the broker still holds, as it comes after a connection. */
const hear = ({ meters }: OneMeter, value: string, until: string) => {
  meters.hearRegister(METER.slug, 'accumulative_consumption', value)
  meters.hearRegister(METER.slug, 'accumulative_consumption/attributes', JSON.stringify({ until }))
}

describe('a register of which the broker knows more than the store', () => {
  it('does not fall, and goes on when the readings have come again', async () => {
    const { house, publish } = await lived()
    expect(house.view.register?.kwh).toBe(84)
    hear(house, '180', '2026-12-02T00:00:00Z')
    expect(house.view.register?.kwh).toBe(180)
    publish(BEGINS + 9 * 24 * HOUR)
    await house.pass(10 * 24)
    expect(house.view.register?.kwh).toBe(84 + 12 * 9.5)
  })

  it('goes on in kWh, too, where they were counted by another calorific value', async () => {
    const clock = new ManualClock(BEGINS)
    const store = openStore({ path: ':memory:', clock })
    const gas: Meter = { ...METER, id: 'g', slug: 'gas', kind: 'gas', unit: 'm3' }
    const readings: MeterSource['readings'] = async (_, { start, end }) =>
      Array.from({ length: (end - start) / HALF_HOUR }, (_, half) => ({
        start: start + half * HALF_HOUR,
        amount: 0.25,
      }))
    const house = new OneMeter({ clock, store, meter: gas, source: { readings } })
    const { meters } = house
    meters.hearRegister('gas', 'accumulative_consumption_m3', '500')
    meters.hearRegister('gas', 'accumulative_consumption', '5300')
    const until = '2026-11-24T10:00:00Z'
    meters.hearRegister('gas', 'accumulative_consumption/attributes', JSON.stringify({ until }))
    await house.pass(1)
    const register = house.view.register
    expect(register?.volume).toBe(501)
    expect(register?.kwh).toBeCloseTo(5300 + (1.02264 * 40) / 3.6, 9)
    await meters.stop()
  })

  it('takes nothing from a broker that knows no more half hours: a meter begun anew is lower than it was', async () => {
    const { house, start } = await lived()
    house.meters.registersTold()
    expect(house.view.register?.kwh).toBe(84)
    await house.meters.stop()
    const next = start()
    await next.pass(1)
    hear(next, '9120.5', '2026-11-24T00:00:00Z')
    expect(next.view.register?.kwh).toBe(84)
  })

  it('takes nothing any more when it was told: what stands at the broker from then on is our own word', async () => {
    const { house } = await lived()
    house.meters.registersTold()
    hear(house, '999999999', '2026-12-02T00:00:00Z')
    expect(house.view.register?.kwh).toBe(84)
  })

  it('goes on from there all the same where it began anew before the broker could be heard, and was never told', async () => {
    const { house, publish } = await lived()
    expect(house.view.register?.kwh).toBe(84)
    hear(house, '80', '2026-11-24T00:00:00Z')
    expect(house.view.register?.kwh).toBe(84)
    hear(house, '9120.5', '2026-11-24T00:00:00Z')
    // With what came since.
    const since = (house.view.register?.kwh ?? 0) - 9120.5
    expect(since).toBeGreaterThanOrEqual(0)
    expect(since).toBeLessThan(84)
    house.meters.registersTold()
    hear(house, '99999', '2026-11-24T00:00:00Z')
    expect(house.view.register?.kwh).toBe(9120.5 + since)
    publish(BEGINS + 9 * 24 * HOUR)
    await house.pass(10 * 24)
    expect(house.view.register?.kwh).toBe(9120.5 + since + 12 * 9.5)
  })
})
