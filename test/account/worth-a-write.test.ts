import { describe, expect, it } from '@jest/globals'
import { isWorthAWrite } from '../../src/account/worth-a-write.ts'
import { type AccountState, type CarState, emptyAccount, newCar } from '../../src/intelligent/state.ts'

const AT = Date.UTC(2026, 10, 24, 12)
const car = newCar('car-1', 'ioniq', 'device-1', null)
const other = newCar('car-2', 'leaf', 'device-2', null)
const state: AccountState = { ...emptyAccount(AT), cars: [car, other] }
const withCar = (change: Partial<CarState>): AccountState => ({ ...state, cars: [{ ...car, ...change }, other] })
const { signals } = car

describe('a state of the account', () => {
  it.each<[string, AccountState]>([
    ['the time that went by', { ...state, evaluatedAt: AT + 1 }],
    ['a copy of it', structuredClone(state)],
    ['what was drawn', withCar({ drawn: { halfHour: AT, overMarkWh: 1, freshWh: 2, at: AT, risingSince: null } })],
    [
      'a charging topic that was heard',
      withCar({ signals: { ...signals, charging: { ...signals.charging, lastHeardAt: AT } } }),
    ],
    [
      'watts',
      withCar({ signals: { ...signals, power: { ...signals.power, lastHeardAt: AT, watts: 7_000, wattsAt: AT } } }),
    ],
  ])('is not worth a write for %s', (_what, next) => {
    expect(isWorthAWrite(state, next)).toBe(false)
  })

  it.each<[string, AccountState]>([
    ['an answer', { ...state, answeredAt: AT }],
    ['a half hour that began', withCar({ started: [AT] })],
    ['a car that is no more', { ...state, cars: [car] }],
    ['a car that is new', { ...state, cars: [car, other, newCar('car-3', 'mini', 'device-3', null)] }],
    ['another order of cars', { ...state, cars: [other, car] }],
    [
      'a power topic that says that it draws',
      withCar({ signals: { ...signals, power: { ...signals.power, value: true } } }),
    ],
    ['a plug', withCar({ signals: { ...signals, plugged: { ...signals.plugged, value: true } } })],
  ])('is worth a write for %s', (_what, next) => {
    expect(isWorthAWrite(state, next)).toBe(true)
  })
})
