/** Two chargers whose schedules change every minute, by the real policy and limits, while both charge by plan. */
import { expect, it } from '@jest/globals'
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import { onAnswer } from '../../src/intelligent/answers.ts'
import { rulesFor } from '../../src/intelligent/dispatching.ts'
import { onCall } from '../../src/intelligent/events.ts'
import { decideRefresh } from '../../src/intelligent/refresh.ts'
import { onSignals } from '../../src/intelligent/signals.ts'
import { type AccountState, emptyAccount, newCar } from '../../src/intelligent/state.ts'
import type { CarAnswer } from '../../src/intelligent/types.ts'
import { NO_SIGNALS } from '../../src/vehicle/types.ts'
import { LIMITS, REFRESH } from './day.ts'
import { SETTINGS } from './story.ts'

const BEGIN = Date.parse('2026-11-23T12:01:00Z')
const HOURS = 4

it('do not use up the hour, nor is nothing asked for longer than a plan is trusted', () => {
  const rules = rulesFor(SETTINGS, 'IOG-SMB-VAR-26-07-06')
  const ids = ['a', 'b']
  let state: AccountState = { ...emptyAccount(BEGIN), cars: ids.map(id => newCar(id, id, id, null)) }
  const plugged = { source: 'live' as const, value: true, since: BEGIN, repeated: false, staleSince: null }
  const starts: number[] = []
  let ofEvents = 0
  let longest = 0
  for (let now = BEGIN; now < BEGIN + HOURS * HOUR; now += SECOND) {
    for (const [nth, id] of ids.entries())
      if ((now - BEGIN - nth * 7 * SECOND) % MINUTE === 0)
        state = onSignals(state, rules, id, { ...NO_SIGNALS, plugged, scheduleChangedAt: now }, now)
    const last = starts.at(-1) ?? null
    const lately = starts.filter(at => at > now - HOUR - MINUTE)
    const input = {
      state,
      rules,
      refresh: REFRESH,
      phases: { steady: 0, mark: 0 },
      starts: lately,
      lastCallAt: last,
      now,
    }
    const decision = decideRefresh(input, LIMITS)
    if (decision.at > now) continue
    longest = Math.max(longest, now - (last ?? now))
    starts.push(now)
    if (decision.mode === 'event') ofEvents += 1
    const planned = [{ start: now - 10 * MINUTE, end: now + 3 * HOUR, type: 'SMART', energyKwh: -3 }]
    const cars = ids.map(
      (deviceId): CarAnswer => ({
        ...{ deviceId, facts: null, currentState: 'SMART_CONTROL_IN_PROGRESS', isSuspended: false, planned },
        ...{ stateOfCharge: null, chargeTarget: null, readyBy: null },
      }),
    )
    const answer = { askedAt: now, fetchedAt: now, completed: null, errorCodes: [], cars }
    state = onAnswer(onCall(state, decision.mode, now), rules, answer)
  }
  // Six times an hour at most for each.
  expect(ofEvents).toBeLessThanOrEqual(HOURS * ids.length * 6)
  expect(longest).toBeLessThan(15 * MINUTE)
})
