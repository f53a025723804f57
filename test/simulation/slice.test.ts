/** A slice of `npm run simulate:years` among the tests, and that a seed is a run. See docs/reliability.md. */
import { describe, expect, it } from '@jest/globals'
import { MINUTE } from '../../src/clock.ts'
import { type Ended, runScript } from '../support/script.ts'

const simulate = (...args: string[]): Promise<Ended> => runScript('scripts/simulate-years.mjs', args)

/** On a machine that has much else to do. */
const PATIENCE = 15 * MINUTE

/** Ten houses for a month each, and two days of an eleventh, which are lived through once more alone. */
const DAYS = 302
const LAST = 'slice/11'

describe('simulated years', () => {
  it(
    `hold every invariant for ${DAYS} days with faults, and are the same from the same seed, to the byte`,
    async () => {
      const { code, out, err } = await simulate('--days', String(DAYS), '--seed', 'slice', '--json')
      expect({ code, err }).toEqual({ code: 0, err: expect.not.stringContaining('broken') })
      const { days, violations, faults, checks, broken, checksByInvariant, digests } = JSON.parse(out)
      expect({ days, violations, broken }).toEqual({ days: DAYS, violations: 0, broken: [] })
      expect(faults).toBeGreaterThan(5 * DAYS)
      expect(checks).toBeGreaterThan(10_000 * DAYS)
      // Each of them had something to look at.
      expect(Object.keys(checksByInvariant).length).toBeGreaterThanOrEqual(17)
      expect(new Set(Object.values(digests)).size).toBe(11)
      const alone = await simulate('--stretch', LAST, '--days', '2')
      expect(JSON.parse(alone.out).digest).toBe(digests[LAST])
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
