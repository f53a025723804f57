import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { HALF_HOUR, systemClock } from '../../src/clock.ts'
import { readRegister } from '../../src/energy/register.ts'
import { KeptRegister } from '../../src/meters/kept-register.ts'
import { LostRegisters } from '../../src/meters/lost-registers.ts'
import type { Meter } from '../../src/meters/meter.ts'
import type { Days } from '../../src/meters/view.ts'
import { openStore } from '../../src/store/open.ts'

const UNTIL = Date.parse('2026-11-23T09:30:00Z')
const ATTRIBUTES = 'accumulative_consumption/attributes'

function heard(...messages: readonly (readonly [slug: string, key: string, payload: string])[]): LostRegisters {
  const lost = new LostRegisters()
  for (const message of messages) lost.hear(...message)
  return lost
}

describe('a register whose store was lost', () => {
  it('goes on from what the broker holds, with the readings after it', () => {
    const lost = heard(
      ['gas', 'accumulative_consumption_m3', '802.6'],
      ['gas', 'accumulative_consumption', '9120.44'],
      ['gas', ATTRIBUTES, '{"until":"2026-11-23T09:30:00Z"}'],
    )
    const register = lost.of('gas', 'm3')
    expect(register).toEqual({ since: UNTIL, offset: '802.6', highest: '802.6' })
    expect(lost.of('gas', 'kWh')?.offset).toBe('9120.44')
    if (register === null) return
    const readings = new Map([UNTIL - HALF_HOUR, UNTIL, UNTIL + HALF_HOUR].map(start => [start, 0.2]))
    expect(readRegister(register, readings).value.toNumber()).toBe(803)
  })

  it('begins anew where the broker holds nothing of use', () => {
    expect(heard().of('gas', 'kWh')).toBeNull()
    expect(heard(['gas', 'accumulative_consumption', '12.5']).of('gas', 'kWh')).toBeNull()
    const other = heard(['gas', 'accumulative_consumption', 'None'], ['gas', ATTRIBUTES, '{"until":null}'])
    expect(other.of('gas', 'kWh')).toBeNull()
  })

  it('takes nothing from nonsense', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (value, attributes) => {
        const lost = heard(['m', 'accumulative_consumption', value], ['m', ATTRIBUTES, attributes])
        const register = lost.of('m', 'kWh')
        expect(register === null || Number(register.offset) >= 0).toBe(true)
      }),
    )
  })
})

describe('a register that was begun while nobody could be told', () => {
  it.each([
    ['kWh', 'm3'],
    ['m3', 'kWh'],
    ['kWh', 'kWh'],
  ] as const)('is taken from the broker all the same where its unit was set right: %s to %s', (before, after) => {
    const store = openStore({ path: ':memory:', clock: systemClock })
    const life = (unit: 'kWh' | 'm3') => {
      const lost = new LostRegisters()
      const meter: Meter = { id: 'g', slug: 'gas', kind: 'gas', point: '1', serial: 's', unit, agreements: [] }
      const since = () => Date.parse('2026-01-01T00:00:00Z')
      return { lost, register: new KeptRegister({ store, lost, meter: () => meter, since, calorificValue: 39.4 }) }
    }
    const days = new Map([['2026-01-01', { amount: '100' }]]) as unknown as Days
    life(before).register.read(days, true)
    const { lost, register } = life(after)
    register.read(days, true)
    lost.hear('gas', 'accumulative_consumption', '50000')
    lost.hear('gas', 'accumulative_consumption_m3', '4500')
    lost.hear('gas', ATTRIBUTES, '{"until":"2026-01-01T12:00:00Z"}')
    expect(register.takeLost()).toBe(true)
    expect(Number(register.read(days, true)?.kwh)).toBeGreaterThanOrEqual(50_000)
  })
})
