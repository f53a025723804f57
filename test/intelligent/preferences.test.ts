import { describe, expect, it } from '@jest/globals'
import { HOUR, MINUTE } from '../../src/clock.ts'
import { onAnswer } from '../../src/intelligent/answers.ts'
import { rulesFor } from '../../src/intelligent/dispatching.ts'
import { type AccountState, emptyAccount, newCar } from '../../src/intelligent/state.ts'
import { SETTINGS } from './story.ts'

const RULES = rulesFor(SETTINGS, null)
const NOON = Date.parse('2026-11-23T12:00:00Z')

const asked = (state: AccountState, at: number, chargeTarget: number | null, readyBy: string | null = '07:30') => {
  const said = { deviceId: 'device', facts: null, currentState: null, isSuspended: null, planned: null }
  const cars = [{ ...said, stateOfCharge: null, chargeTarget, readyBy }]
  return onAnswer(state, RULES, { askedAt: at, fetchedAt: at, cars, completed: null, errorCodes: [] })
}

const start = { ...emptyAccount(NOON), cars: [newCar('car', 'car', 'device', null)] }
const first = asked(start, NOON, 80)
const target = (state: AccountState) => state.cars[0]?.chargeTarget

describe('what each answer repeats', () => {
  it('keeps the age of the answer that first said it, for an hour', () => {
    expect(target(first)).toEqual({ value: 80, at: NOON })
    expect(target(asked(first, NOON + 59 * MINUTE, 80))).toBe(target(first))
    expect(target(asked(first, NOON + HOUR, 80))).toEqual({ value: 80, at: NOON + HOUR })
  })

  it('is new when it is another', () => {
    expect(target(asked(first, NOON + MINUTE, 90))).toEqual({ value: 90, at: NOON + MINUTE })
    expect(asked(first, NOON + MINUTE, 80, '09:00').cars[0]?.readyBy).toEqual({ value: '09:00', at: NOON + MINUTE })
  })

  it('stays as it was where an answer does not say it, or the clock went back', () => {
    expect(target(asked(first, NOON + 5 * HOUR, null))).toBe(target(first))
    expect(target(asked(first, NOON - MINUTE, 80))).toEqual({ value: 80, at: NOON - MINUTE })
  })
})
