/** A slice of `npm run torture`: processes that are killed, asked to stop at bad moments, and stormed. See docs/torture.md. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { SECOND } from '../../src/clock.ts'
import { closeEverything } from '../support/broker.ts'
import { build, endDaemons } from '../support/daemon.ts'
import { runKills } from '../torture/kills.ts'
import { runSoak } from '../torture/soak.ts'
import { TERM_CASES } from '../torture/term.ts'

/** Real milliseconds, on a machine that has much else to do. */
const LIMIT = 120 * SECOND

beforeAll(build)
afterAll(async () => {
  await endDaemons()
  await closeEverything()
})

describe('the daemon as a process', () => {
  it(
    'loses nothing to eight kills, two of them on a new store',
    async () => {
      const { measured, violations } = await runKills({ kills: 8, seed: 7, speed: 20, patience: 60 * SECOND })
      expect(violations).toEqual([])
      expect(measured.kills).toBe(8)
      expect(measured['times online']).toBeGreaterThan(0)
    },
    LIMIT,
  )

  it.each(TERM_CASES.map(each => [each.name, each] as const))(
    'stops when it is asked to %s',
    async (_name, { run }) => {
      expect(await run(() => {})).toEqual([])
    },
    LIMIT,
  )

  it(
    'bears a storm: its timers run, its edges are on time, its log stays short',
    async () => {
      const { violations, measured } = await runSoak({ seconds: 5, rate: 1_000, seed: 1, patience: 90 * SECOND })
      expect(violations).toEqual([])
      expect(measured.messages).toBeGreaterThan(5_000)
    },
    LIMIT,
  )
})
