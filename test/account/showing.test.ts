/** When what is shown is true of: never before what the state was walked to. */
import { describe, expect, it } from '@jest/globals'
import type { Engine } from '../../src/account/engine.ts'
import { Showing } from '../../src/account/showing.ts'
import type { SnapshotInput } from '../../src/account/snapshot.ts'
import { advance } from '../../src/intelligent/advance.ts'
import { rulesFor } from '../../src/intelligent/dispatching.ts'
import { emptyAccount } from '../../src/intelligent/state.ts'
import type { Meters } from '../../src/meters/meters.ts'
import type { Snapshot } from '../../src/snapshot.ts'
import { SETTINGS } from '../intelligent/story.ts'
import { ManualClock } from '../octopus/support/manual-clock.ts'

const rules = rulesFor(SETTINGS, 'INTELLI-VAR-24-10-29')
const NIGHT_ENDS = Date.parse('2026-11-24T05:30:00Z')

describe('a snapshot', () => {
  it('does not show again what an edge has ended, where the clock was set back by a moment', () => {
    const clock = new ManualClock(NIGHT_ENDS)
    const state = advance(emptyAccount(NIGHT_ENDS - 1_000), rules, NIGHT_ENDS)
    const engine = { state, rules, quietUntil: NIGHT_ENDS + 1_800_000 } as unknown as Engine
    const shown: Snapshot[] = []
    const input = (at: number): SnapshotInput => ({
      ...{ at, id: 'a', slug: 'a-1', number: 'A-1', state, rules, carsKnown: true, decision: null },
      ...{ interval: 60_000, idle: 3_600_000, requestsLastHour: 0, requestsPerHour: 20, apiStatus: null },
      ...{ notices: [], meters: [] },
    })
    const showing = new Showing({
      ...{ clock, engine, input },
      meters: { views: [], isBehind: () => false, keepUp: () => false } as unknown as Meters,
      onSnapshot: snapshot => shown.push(snapshot),
      onMeters: () => {},
    })
    showing.show()
    clock.setBy(-1_500)
    showing.show()
    expect(shown.map(({ account }) => account.offPeak)).toEqual([false, false])
  })
})
