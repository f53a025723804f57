import { describe, expect, it } from '@jest/globals'
import { MINUTE } from '../../src/clock.ts'
import { isMilestone, minutesLeft } from '../../src/meters/history-progress.ts'

describe('the history, while it is fetched', () => {
  it('is told at each tenth and at its end, and not in between', () => {
    const steps = [0, 3, 9, 10, 19, 25, 47, 49, 99, 100, 100]
    const told = steps.slice(1).filter((after, index) => isMilestone(steps[index] ?? 0, after))
    expect(told).toEqual([10, 25, 47, 99, 100])
  })

  it('says how long the rest takes at the pace of this life', () => {
    const paced = { since: 0, from: 40 }
    expect(minutesLeft(paced, 60, 10 * MINUTE)).toBe(20)
    expect(minutesLeft(paced, 99, 59 * MINUTE)).toBe(1)
    expect(minutesLeft(paced, 100, 60 * MINUTE)).toBe(0)
    expect(minutesLeft(paced, 40, 10 * MINUTE)).toBeNull()
    // A clock that was set back.
    expect(minutesLeft(paced, 60, -5 * MINUTE)).toBeNull()
  })
})
