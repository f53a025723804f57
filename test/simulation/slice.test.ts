/** A slice of `npm run simulate:years` among the tests, and that a seed is a run. See docs/reliability.md. */
import { describe, expect, it } from '@jest/globals'
import { MINUTE } from '../../src/clock.ts'
import { type Ended, runScript } from '../support/script.ts'

const simulate = (...args: string[]): Promise<Ended> => runScript('scripts/simulate-years.mjs', args)

/** On a machine that has much else to do. */
const PATIENCE = 15 * MINUTE

/** What takes about a minute on two cores. */
const DAYS = 60

describe('simulated years', () => {
  it(
    `hold every invariant for ${DAYS} days with faults`,
    async () => {
      const { code, out, err } = await simulate('--days', String(DAYS), '--seed', 'slice', '--json')
      expect({ code, err }).toEqual({ code: 0, err: expect.not.stringContaining('broken') })
      const { days, violations, faults, checks, broken, checksByInvariant } = JSON.parse(out)
      expect({ days, violations, broken }).toEqual({ days: DAYS, violations: 0, broken: [] })
      expect(faults).toBeGreaterThan(5 * DAYS)
      expect(checks).toBeGreaterThan(10_000 * DAYS)
      // Each of them had something to look at.
      expect(Object.keys(checksByInvariant).length).toBeGreaterThanOrEqual(17)
    },
    PATIENCE,
  )

  it(
    'are the same from the same seed, to the byte, and others from another',
    async () => {
      const digest = async (stretch: string): Promise<string> => {
        const { code, out, err } = await simulate('--stretch', stretch, '--days', '2', '--level', 'storm')
        expect({ code, err }).toEqual({ code: 0, err: expect.any(String) })
        return JSON.parse(out).digest
      }
      const [one, again, other] = [await digest('same/1'), await digest('same/1'), await digest('same/2')]
      expect(again).toBe(one)
      expect(other).not.toBe(one)
    },
    PATIENCE,
  )

  it('say what they take where they are asked for something else', async () => {
    expect(await simulate('--days', 'many')).toMatchObject({ code: 2, out: '', err: expect.stringContaining('--days') })
    expect(await simulate('--level', 'none')).toMatchObject({
      code: 2,
      err: expect.stringContaining('calm, normal, storm'),
    })
  })
})
