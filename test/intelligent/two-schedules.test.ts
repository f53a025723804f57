/** Chargers whose schedules change all the time, two of them. */
import { expect, it } from '@jest/globals'
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import { onAnswer } from '../../src/intelligent/answers.ts'
import { rulesFor } from '../../src/intelligent/dispatching.ts'
import { onCall } from '../../src/intelligent/events.ts'
import { decideRefresh } from '../../src/intelligent/refresh.ts'
import { onSignals } from '../../src/intelligent/signals.ts'
import { type AccountState, emptyAccount, newCar } from '../../src/intelligent/state.ts'
import { NO_SIGNALS } from '../../src/vehicle/types.ts'
import { LIMITS, REFRESH } from './day.ts'
import { SETTINGS } from './story.ts'

it('two chargers that rewrite their schedules each minute do not use up the hour', () => {
  const rules = rulesFor(SETTINGS, 'IOG-SMB-VAR-26-07-06')
  const begin = Date.parse('2026-11-23T12:00:00Z')
  let state: AccountState = emptyAccount(begin)
  state = { ...state, cars: ['a', 'b'].map(id => newCar(id, id, id, null)) }
  let asked = 0
  let last = 0
  for (let now = begin; now < begin + 3 * HOUR; now += SECOND) {
    for (const [nth, id] of ['a', 'b'].entries()) {
      if ((now - begin - nth * 7 * SECOND) % MINUTE !== 0) continue
      state = onSignals(state, rules, id, { ...NO_SIGNALS, scheduleChangedAt: now }, now)
    }
    if (now - last <= MINUTE || !state.events.some(({ kind, at }) => kind === 'schedule' && at <= now)) continue
    last = now
    asked++
    const said = { facts: null, currentState: 'SMART_CONTROL_CAPABLE', isSuspended: false, planned: [] }
    const cars = ['a', 'b'].map(deviceId => ({
      ...said,
      deviceId,
      stateOfCharge: null,
      chargeTarget: null,
      readyBy: null,
    }))
    state = onAnswer(state, rules, { askedAt: now, fetchedAt: now, completed: null, errorCodes: [], cars })
  }
  // Each six times an hour at most.
  expect(asked).toBeLessThanOrEqual(3 * 2 * 6)
})

// By the real policy and limits, while both charge by plan.
it('nor fall silent for longer than a plan is trusted', () => {
  const rules = rulesFor(SETTINGS, 'IOG-SMB-VAR-26-07-06')
  const begin = Date.parse('2026-11-23T12:01:00Z')
  let state: AccountState = emptyAccount(begin)
  state = { ...state, cars: ['a', 'b'].map(id => newCar(id, id, id, null)) }
  const plugged = { source: 'live' as const, value: true, since: begin, repeated: false, staleSince: null }
  const starts: number[] = []
  let longest = 0
  for (let now = begin; now < begin + 4 * HOUR; now += SECOND) {
    for (const [nth, id] of ['a', 'b'].entries()) {
      if ((now - begin - nth * 7 * SECOND) % MINUTE !== 0) continue
      state = onSignals(state, rules, id, { ...NO_SIGNALS, plugged, scheduleChangedAt: now }, now)
    }
    const input = {
      ...{
        state,
        rules,
        refresh: REFRESH,
        phases: { steady: 0, mark: 0 },
        starts: starts.filter(at => at > now - HOUR - MINUTE),
      },
      ...{ lastCallAt: starts.at(-1) ?? null, now },
    }
    const decision = decideRefresh(input, LIMITS)
    if (decision.at > now) continue
    longest = Math.max(longest, now - (starts.at(-1) ?? now))
    starts.push(now)
    const row = { start: now - 10 * MINUTE, end: now + 3 * HOUR, type: 'SMART', energyKwh: -3 }
    const said = { facts: null, currentState: 'SMART_CONTROL_IN_PROGRESS', isSuspended: false, planned: [row] }
    const cars = ['a', 'b'].map(deviceId => ({
      ...said,
      deviceId,
      stateOfCharge: null,
      chargeTarget: null,
      readyBy: null,
    }))
    state = onAnswer(onCall(state, decision.mode, now), rules, {
      askedAt: now,
      fetchedAt: now,
      completed: null,
      errorCodes: [],
      cars,
    })
  }
  // A plan is trusted for 30 minutes.
  expect(longest).toBeLessThan(15 * MINUTE)
}, 100000)
