/** What a boost draws proves nothing, so no instant is waited for at which it would. */
import { expect, it } from '@jest/globals'
import { MINUTE, SECOND } from '../../src/clock.ts'
import { advance, nextEdge } from '../../src/intelligent/advance.ts'
import { rulesFor } from '../../src/intelligent/dispatching.ts'
import { type AccountState, emptyAccount, newCar } from '../../src/intelligent/state.ts'
import { atLocalTime } from '../../src/time/london.ts'
import { answer, boost, draws, type Happening, plugsIn, SETTINGS } from './story.ts'

const time = (text: string) => atLocalTime('2026-11-23', text)

it.each([
  ['a boost from the beginning', time('18:01'), time('18:02')],
  // 10 Wh at 7.2 kW take 5 s.
  ['a boost that came just before 10 Wh were drawn', time('18:02') + 5 * SECOND - 1, time('18:02')],
])('%s', (_, boostsAt, drawsAt) => {
  const rules = rulesFor(SETTINGS, null)
  let state: AccountState = { ...emptyAccount(time('17:40') - 1), cars: [newCar('car1', 'car_1', 'device-1', null)] }
  const steps: (readonly [number, Happening])[] = [
    [time('17:40'), plugsIn()],
    [time('17:41'), draws(0)],
    [boostsAt, answer('BOOSTING', [boost('18:00', '20:00')])],
    [drawsAt, draws(7_200)],
  ]
  for (const [at, happening] of steps.toSorted(([one], [other]) => one - other))
    state = happening.apply(advance(state, rules, at), rules, at, time)
  const from = time('18:03')
  state = advance(state, rules, from)
  let edges = 0
  for (let at = nextEdge(state, rules, from); at <= from + MINUTE; at = nextEdge(state, rules, at)) {
    state = advance(state, rules, at)
    edges += 1
    if (edges > 10) break
  }
  expect(edges).toBeLessThan(5)
})
