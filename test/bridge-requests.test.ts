/** What can be asked of a running bridge, and how often it does it. */
import { expect, it } from '@jest/globals'
import { registerRequests } from '../src/bridge-requests.ts'
import { SECOND } from '../src/clock.ts'
import type { Requests } from '../src/mqtt/requests.ts'
import { ManualClock } from './mqtt/manual-clock.ts'

type Handler = (input: object) => unknown

it('everything is published again at once, and once more for all who asked meanwhile', () => {
  const clock = new ManualClock()
  let published = 0
  const handlers = new Map<string, Handler>()
  const register = (name: string, _: unknown, handler: unknown) => handlers.set(name, handler as Handler)
  const publisher = { republishAll: () => (published += 1) }
  registerRequests({ register } as unknown as Requests, { clock, publisher } as never)
  const ask = () => handlers.get('discovery')?.({})
  expect(ask()).toEqual({})
  expect(published).toBe(1)
  for (let more = 0; more < 300; more += 1) ask()
  expect(published).toBe(1)
  clock.advance(10 * SECOND)
  expect(published).toBe(2)
  clock.advance(60 * SECOND)
  expect(published).toBe(2)
  ask()
  expect(published).toBe(3)
})
