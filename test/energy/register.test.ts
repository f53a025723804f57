import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { HALF_HOUR, type Instant } from '../../src/clock.ts'
import { compare, decimal, sumOf } from '../../src/energy/decimal.ts'
import { newRegister, type Register, readRegister, registerAfterLoss } from '../../src/energy/register.ts'

const FIRST = Date.parse('2026-11-01T00:00:00Z')
const at = (index: number): Instant => FIRST + index * HALF_HOUR
const readings = (...kwh: readonly number[]) => new Map(kwh.map((value, index) => [at(index), value]))
const shown = ({ value, held, through }: ReturnType<typeof readRegister>) => [
  value.toNumber(),
  held.toNumber(),
  through,
]

describe('the register', () => {
  it('is the sum from its zero point on', () => {
    expect(shown(readRegister(newRegister(FIRST), new Map()))).toEqual([0, 0, at(-1)])
    expect(shown(readRegister(newRegister(FIRST), readings(0.1, 0.2, 0.3)))).toEqual([0.6, 0, at(2)])
    expect(shown(readRegister(newRegister(at(1)), readings(0.1, 0.2, 0.3)))).toEqual([0.5, 0, at(2)])
  })

  it('is raised by a correction upwards and by a half hour that comes late', () => {
    const { register } = readRegister(newRegister(FIRST), new Map([...readings(1, 1, 1)].slice(1)))
    expect(shown(readRegister(register, readings(1, 1, 1)))).toEqual([3, 0, at(2)])
    expect(shown(readRegister(register, readings(1, 1.5, 1)))).toEqual([3.5, 0, at(2)])
  })

  it('stands still after a correction downwards until the use has caught up', () => {
    const first = readRegister(newRegister(FIRST), readings(5, 1))
    const lowered = readRegister(first.register, readings(3, 1))
    expect(shown(lowered)).toEqual([6, 2, at(1)])
    const later = readRegister(lowered.register, readings(3, 1, 1.5))
    expect(shown(later)).toEqual([6, 0.5, at(2)])
    expect(shown(readRegister(later.register, readings(3, 1, 1.5, 0.75)))).toEqual([6.25, 0, at(3)])
  })

  it('goes on where it was after its store was lost, however little history is left', () => {
    // 5000 kWh of years; Octopus gives the last two half hours again, and two new ones.
    const register = registerAfterLoss('5000.25', at(1))
    expect(shown(readRegister(register, readings(9, 9)))).toEqual([5000.25, 0, at(1)])
    expect(shown(readRegister(register, readings(9, 9, 0.5, 0.25)))).toEqual([5001, 0, at(3)])
  })

  it('is never lower than what was published, also after an old copy of the store was put back', () => {
    const old = readRegister(newRegister(FIRST), readings(1, 1)).register
    expect(shown(readRegister(old, readings(1, 1), 4))).toEqual([4, 2, at(1)])
    expect(shown(readRegister(readRegister(old, readings(1, 1), 4).register, readings(1, 1, 1, 1.5)))).toEqual([
      4.5,
      0,
      at(3),
    ])
  })
})

describe('whatever comes, in whatever order', () => {
  const arrival = fc.record({ index: fc.nat(40), wattHours: fc.nat(3_000) })
  const arrivals = fc.array(fc.array(arrival, { maxLength: 6 }), { maxLength: 30 })

  it('the register never goes down, and is the plain sum unless something was corrected downwards', () => {
    fc.assert(
      fc.property(arrivals, fc.boolean(), (batches, onlyUpwards) => {
        const held = new Map<Instant, number>()
        let register: Register = newRegister(FIRST)
        let before = decimal(0)
        let lowered = false
        for (const batch of batches) {
          for (const { index, wattHours } of batch) {
            const kwh = wattHours / 1000
            const known = held.get(at(index))
            if (known !== undefined && kwh < known && onlyUpwards) continue
            lowered ||= known !== undefined && kwh < known
            held.set(at(index), kwh)
          }
          const reading = readRegister(register, held)
          // A register is text in between: a restart after each batch makes no difference.
          register = JSON.parse(JSON.stringify(reading.register)) as Register
          expect(reading.value.gte(before)).toBe(true)
          expect(compare(reading.value.minus(reading.held), sumOf([...held.values()]))).toBe(0)
          if (!lowered) expect(compare(reading.value, sumOf([...held.values()]))).toBe(0)
          before = reading.value
        }
        // In the end it catches up: once the use is as much as was held, it is the plain sum again.
        held.set(at(100), readRegister(register, held).held.plus('0.001').toNumber())
        expect(compare(readRegister(register, held).value, sumOf([...held.values()]))).toBe(0)
      }),
    )
  })

  it('the same readings give the same register in any order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(arrival, { selector: ({ index }) => index }), list => {
        const forward = new Map(list.map(({ index, wattHours }) => [at(index), wattHours / 1000]))
        const backward = new Map([...forward].reverse())
        expect(readRegister(newRegister(FIRST), backward)).toEqual(readRegister(newRegister(FIRST), forward))
      }),
    )
  })
})
