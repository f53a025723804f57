import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { MINUTE, SECOND } from '../../src/clock.ts'
import { backoff } from '../../src/mqtt/backoff.ts'
import { Contest } from '../../src/mqtt/contest.ts'

describe('back-off', () => {
  it('doubles from one second to a minute', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7, 500].map(failures => backoff(failures, 0) / SECOND)).toEqual([
      1, 2, 4, 8, 16, 32, 60, 60, 60,
    ])
  })

  it('is shortened by at most half', () => {
    const anyRandom = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    fc.assert(
      fc.property(fc.nat(2_000), anyRandom, (failures, random) => {
        const longest = backoff(failures, 0)
        const wait = backoff(failures, random)
        expect(wait).toBeLessThanOrEqual(longest)
        expect(wait).toBeGreaterThanOrEqual(longest / 2)
      }),
    )
  })
})

describe('the contest for a client id', () => {
  const TAKEN_OVER = 0x8e
  const SHUTTING_DOWN = 0x8b
  const run = (...ends: [held: number | null, reason: number | null][]) => {
    const contest = new Contest()
    return ends.map(([held, reason]) => contest.ended(held, reason))
  }

  it('is seen at the third short connection in a row', () => {
    expect(run([500, null], [500, null], [500, null])).toEqual([false, false, true])
  })

  it('needs one more time once it is known', () => {
    expect(run([500, null], [500, null], [500, null], [500, null])).toEqual([false, false, true, true])
  })

  it('is not seen where the broker was away in between', () => {
    expect(run([500, null], [500, null], [null, null], [500, null])).toEqual([false, false, false, false])
  })

  it('is not seen in a broker that says that it ends', () => {
    expect(run([500, SHUTTING_DOWN], [500, SHUTTING_DOWN], [500, SHUTTING_DOWN])).toEqual([false, false, false])
  })

  it('is seen in longer connections that the broker says were taken over', () => {
    expect(run([MINUTE, TAKEN_OVER], [MINUTE, TAKEN_OVER], [MINUTE, TAKEN_OVER])).toEqual([false, false, true])
  })

  it('is over when a place was kept for minutes', () => {
    expect(run([500, TAKEN_OVER], [500, TAKEN_OVER], [5 * MINUTE, TAKEN_OVER], [500, TAKEN_OVER])).toEqual([
      false,
      false,
      false,
      false,
    ])
  })
})
