/** What can be asked of a running bridge, and how often it does it. */
import { expect, it } from '@jest/globals'
import { registerRequests } from '../src/bridge-requests.ts'
import { SECOND } from '../src/clock.ts'
import { ManualClock } from './mqtt/manual-clock.ts'

it('everything is published again at once, and once more for all who asked meanwhile', () => {
  const clock = new ManualClock()
  let published = 0
  let ask: (input: object) => unknown = () => undefined
  registerRequests(
    { register: (name, _, handler) => (name === 'discovery' ? (ask = handler as typeof ask) : undefined) },
    { clock, publisher: { republishAll: () => (published += 1) } } as unknown as Parameters<typeof registerRequests>[1],
  )
  expect(ask({})).toEqual({})
  expect(published).toBe(1)
  for (let more = 0; more < 300; more += 1) ask({})
  expect(published).toBe(1)
  clock.advance(10 * SECOND)
  expect(published).toBe(2)
  clock.advance(60 * SECOND)
  expect(published).toBe(2)
  ask({})
  expect(published).toBe(3)
})
