/** The last night of a contract: what is certain, and what is expected, ends with it. */
import { expect, it } from '@jest/globals'
import { advance } from '../../src/intelligent/advance.ts'
import { houseCheap } from '../../src/intelligent/cheap.ts'
import { rulesFor } from '../../src/intelligent/dispatching.ts'
import { type AccountState, emptyAccount, newCar } from '../../src/intelligent/state.ts'
import { atLocalTime } from '../../src/time/london.ts'
import { answer, plugsIn, SETTINGS, smart } from './story.ts'

const time = (text: string) =>
  text.startsWith('+1 ') ? atLocalTime('2026-11-24', text.slice(3)) : atLocalTime('2026-11-23', text)
const MIDNIGHT = time('+1 00:00')

it.each([
  ['23:40', [smart('23:45', '+1 01:00')]],
  ['23:40', []],
  ['22:40', [smart('22:00', '+1 05:00')]],
])('at %s with a row over its midnight, or none', (now, rows) => {
  const offPeak = { kind: 'clock', night: SETTINGS.night, until: MIDNIGHT } as const
  const rules = { ...rulesFor(SETTINGS, 'INTELLI-VAR-24-10-29'), offPeak }
  let state: AccountState = { ...emptyAccount(time('22:00')), cars: [newCar('car1', 'car_1', 'device-1', null)] }
  state = plugsIn().apply(advance(state, rules, time('22:01')), rules, time('22:01'), time)
  state = answer('IN_PROGRESS', rows).apply(advance(state, rules, time(now)), rules, time(now), time)
  const { value, until, expectedUntil } = houseCheap(state, rules, time(now))
  expect(value).toBe(true)
  expect(until ?? 0).toBeLessThanOrEqual(MIDNIGHT)
  expect(expectedUntil).toBe(MIDNIGHT)
})
