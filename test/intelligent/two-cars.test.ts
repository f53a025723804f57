import { describe, expect, it } from '@jest/globals'
import { MINUTE } from '../../src/clock.ts'
import { advance } from '../../src/intelligent/advance.ts'
import { onAnswer } from '../../src/intelligent/answers.ts'
import { candidates } from '../../src/intelligent/candidates.ts'
import { rulesFor } from '../../src/intelligent/dispatching.ts'
import { onCall } from '../../src/intelligent/events.ts'
import { onSignals } from '../../src/intelligent/signals.ts'
import { emptyAccount, newCar } from '../../src/intelligent/state.ts'
import type { CarAnswer } from '../../src/intelligent/types.ts'
import { NO_SIGNALS } from '../../src/vehicle/types.ts'
import { REFRESH } from './day.ts'
import { SETTINGS } from './story.ts'

const RULES = rulesFor(SETTINGS, null)
const at = (time: string) => Date.parse(`2026-11-23T${time}Z`)

describe('two cars', () => {
  it('no steady call for one falls into the quiet before a mark of the other', () => {
    const plugged = { source: 'live', value: true, since: at('10:00:00'), repeated: false, staleSince: null } as const
    const said = (deviceId: string, rows: CarAnswer['planned']): CarAnswer => ({
      deviceId,
      facts: null,
      currentState: rows?.length ? 'SMART_CONTROL_IN_PROGRESS' : 'SMART_CONTROL_CAPABLE',
      isSuspended: false,
      planned: rows,
      stateOfCharge: null,
      chargeTarget: null,
      readyBy: null,
    })
    let state = { ...emptyAccount(at('10:00:00')), cars: [newCar('a', 'a', 'd1', null), newCar('b', 'b', 'd2', null)] }
    let told = onSignals(state, RULES, 'a', { ...NO_SIGNALS, plugged }, at('10:00:00'))
    told = onSignals(told, RULES, 'b', { ...NO_SIGNALS, plugged }, at('10:00:00'))
    state = { ...told, cars: told.cars.map(car => ({ ...car, settling: null })) }
    const asked = at('14:24:30')
    const rows = [{ start: at('14:30:00'), end: at('15:00:00'), type: 'SMART', energyKwh: -3.5 }]
    const cars = [said('d1', rows), said('d2', [])]
    const answered = onAnswer(onCall(advance(state, RULES, asked), 'steady', asked), RULES, {
      askedAt: asked,
      fetchedAt: asked + 300,
      cars,
      completed: [],
      errorCodes: [],
    })
    const input = {
      state: answered,
      rules: RULES,
      refresh: REFRESH,
      phases: { steady: 0, mark: 0 },
      lastCallAt: asked,
      starts: [asked],
      now: asked + 300,
    }
    const calls = candidates(input).sort((a, b) => a.at - b.at)
    expect(calls[0]).toMatchObject({ mode: 'boundary', at: at('14:30:00') + (REFRESH.boundaryAfter[0] ?? 0) })
    expect(calls.filter(call => call.at < at('14:30:00') && call.at > at('14:30:00') - 2 * MINUTE)).toEqual([])
  })
})
