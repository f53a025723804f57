import { describe, expect, it } from '@jest/globals'
import { freshUntil } from '../../src/account/snapshot.ts'
import { HOUR, type Instant, MINUTE } from '../../src/clock.ts'
import { rulesFor } from '../../src/intelligent/dispatching.ts'
import { type CarState, emptyAccount, newCar } from '../../src/intelligent/state.ts'
import { SETTINGS } from '../intelligent/story.ts'

const RULES = rulesFor(SETTINGS, null)
const ANSWERED = Date.UTC(2026, 10, 23, 17)
const TRUST = RULES.settings.trustPlanFor

const carTurnedAt = (turnedAt: Instant | null): CarState => {
  const car = newCar('car', 'car', 'device', null)
  return { ...car, plug: { ...car.plug, turnedAt } }
}

const until = (interval: number, turnedAt: Instant | null, answeredAt: Instant | null = ANSWERED) =>
  freshUntil({
    state: { ...emptyAccount(ANSWERED), answeredAt, cars: [carTurnedAt(turnedAt)] },
    rules: RULES,
    interval,
    idle: HOUR,
  })

describe('how long the newest answer is fresh', () => {
  it('is twice the interval', () => {
    expect(until(HOUR, null)).toBe(ANSWERED + 2 * HOUR)
  })

  it('is at least as long as a plan is trusted', () => {
    expect(until(5 * MINUTE, null)).toBe(ANSWERED + TRUST)
  })

  it('does not end because a car was plugged in a moment ago', () => {
    const pluggedIn = ANSWERED + 50 * MINUTE
    expect(until(5 * MINUTE, pluggedIn)).toBe(pluggedIn + TRUST)
  })

  it('ends all the same when nothing was heard for longer than idling allows', () => {
    expect(until(5 * MINUTE, ANSWERED + 110 * MINUTE)).toBe(ANSWERED + 2 * HOUR)
  })

  it('knows nothing before the first answer', () => {
    expect(until(HOUR, null, null)).toBeNull()
  })
})
