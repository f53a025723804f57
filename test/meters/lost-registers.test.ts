import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { HALF_HOUR } from '../../src/clock.ts'
import { readRegister } from '../../src/energy/register.ts'
import { LostRegisters } from '../../src/meters/lost-registers.ts'

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
