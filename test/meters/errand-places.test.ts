/** An answer that takes several requests, when the hour's places are all taken and come back one by one. */
import { describe, expect, it } from '@jest/globals'
import { HOUR, type Instant, MINUTE, SECOND } from '../../src/clock.ts'
import { BridgeError } from '../../src/errors.ts'
import { Errand } from '../../src/meters/errand.ts'
import { openStore } from '../../src/store/open.ts'
import { SILENT } from '../account/silent.ts'
import { ManualClock } from '../octopus/support/manual-clock.ts'

const START = Date.parse('2026-11-23T12:00:00Z')
const PLACES = 36

/** How long it takes until the answer is there, in minutes; the places that others took come back at these times. */
async function waited(requests: number, comesBack: (place: number) => Instant): Promise<number> {
  const clock = new ManualClock(START)
  let taken = Array.from({ length: PLACES }, (_, place) => comesBack(place) - HOUR)
  let turn = () => {}
  const request = async () => {
    taken = taken.filter(at => at > clock.now() - HOUR).sort((a, b) => a - b)
    const [oldest = 0] = taken
    if (taken.length >= PLACES) throw new BridgeError('OCTOPUS_NOT_ADMITTED', 'no', { details: { at: oldest + HOUR } })
    taken.push(clock.now())
    // An answer takes a while, in which time goes on.
    await new Promise<void>(resolve => {
      turn = resolve
    })
  }
  let isDone = false
  const errand = new Errand({
    clock,
    log: SILENT,
    values: openStore({ path: ':memory:', clock }).values,
    ...{ key: 'errand:test', name: 'test', details: {}, isHeld: () => false },
    dueAt: ({ at }, now) => (at === null ? now : null),
    ask: async () => {
      for (let made = 0; made < requests; made += 1) await request()
      return () => {
        isDone = true
      }
    },
    onDone: () => {},
  })
  errand.rearm()
  while (!isDone && clock.now() < START + 24 * HOUR) {
    clock.advance(0.5 * SECOND)
    turn()
    for (let microtask = 0; microtask < 20; microtask += 1) await Promise.resolve()
  }
  return (clock.now() - START) / MINUTE
}

describe('an answer that takes several requests', () => {
  it('comes in the end where places come back one by one, and does not use them up for nothing', async () => {
    expect(await waited(5, place => START + 10 * MINUTE + 2 * place * SECOND)).toBeLessThan(20)
    expect(await waited(6, place => START + place * 100 * SECOND)).toBeLessThan(90)
  })

  it('comes at once where a place is enough', async () => {
    expect(await waited(1, place => START + 10 * MINUTE + place * MINUTE)).toBeLessThan(10.1)
  })
})
