import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { IANAZone } from 'luxon'
import { checkSummerTime, firstDisagreement } from '../../src/cli/check-summer-time.ts'
import { Doctor } from '../../src/cli/doctor.ts'
import { HOUR, MINUTE } from '../../src/clock.ts'
import { londonOffset } from '../../src/time/summer-time.ts'

const zone = IANAZone.create('Europe/London')
const tables = (at: number) => zone.offset(at) * MINUTE
const FIRST = Date.UTC(1996, 0)
const LAST = Date.UTC(2100, 0)

describe("London's clocks", () => {
  it('change to the millisecond when the tables of time zones say, every year since 1996', () => {
    let changes = 0
    for (let year = 1996; year < 2100; year += 1)
      for (const month of [2, 9])
        for (let day = 24; day <= 31; day += 1)
          for (const at of [-HOUR, -1, 0, 1, HOUR].map(off => Date.UTC(year, month, day, 1) + off)) {
            expect([at, londonOffset(at)]).toEqual([at, tables(at)])
            if (londonOffset(at) !== londonOffset(at - 1)) changes += 1
          }
    expect(changes).toBe(2 * 104)
  })

  it('are what the tables say at any other time', () => {
    fc.assert(
      fc.property(fc.integer({ min: FIRST, max: LAST - 1 }), at => {
        expect(londonOffset(at)).toBe(tables(at))
      }),
      { numRuns: 2_000 },
    )
  })

  it('are asked for in any order', () => {
    const [summer, winter] = [Date.UTC(2026, 6), Date.UTC(2025, 11, 31, 23)]
    expect([summer, winter, summer, winter].map(londonOffset)).toEqual([HOUR, 0, HOUR, 0])
  })
})

describe('a law that changes', () => {
  const now = Date.UTC(2026, 10, 30, 12, 34)

  it('is noticed at the first hour for which the tables say something else', () => {
    expect(firstDisagreement(now, tables)).toBeNull()
    const stays = Date.UTC(2028, 9, 29, 1)
    expect(firstDisagreement(now, at => (at < stays ? tables(at) : HOUR))).toBe(stays)
    expect(firstDisagreement(now, () => 0)).toBe(Date.UTC(2027, 2, 28, 1))
  })

  it('is a warning of `check`, which says nothing where all is well', async () => {
    const doctor = new Doctor({ monotonic: () => 0 }, { begins: () => {}, says: () => {} }, text => text)
    const start = { name: 'configuration', ok: true, value: null } as const
    await checkSummerTime(doctor, start, now)
    expect(doctor.steps).toEqual([])
    await checkSummerTime(doctor, start, now, () => 0)
    expect(doctor.steps).toMatchObject([
      { name: 'summer time', mark: 'warn', text: expect.stringContaining('2027-03-28') },
    ])
  })
})
