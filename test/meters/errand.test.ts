import { describe, expect, it } from '@jest/globals'
import { HOUR, type Instant, MINUTE } from '../../src/clock.ts'
import { BridgeError } from '../../src/errors.ts'
import { type Asked, Errand, retryAfter } from '../../src/meters/errand.ts'
import { openStore } from '../../src/store/open.ts'
import { SILENT } from '../account/silent.ts'
import { ManualClock } from '../octopus/support/manual-clock.ts'

const START = Date.parse('2026-11-23T12:00:00Z')

function errand(answers: (() => void)[] = []) {
  const held = { now: false }
  const clock = new ManualClock(START)
  const { values } = openStore({ path: ':memory:', clock })
  const asked: Instant[] = []
  let done = 0
  const make = () =>
    new Errand({
      clock,
      log: SILENT,
      values,
      key: 'errand:test',
      name: 'test',
      details: {},
      isHeld: () => held.now,
      dueAt: ({ at, failures }: Asked, now) =>
        at === null ? now : failures > 0 ? at + retryAfter(failures) : at + HOUR,
      ask: async at => {
        asked.push(at - START)
        answers.shift()?.()
        return () => {}
      },
      onDone: () => {
        done += 1
      },
    })
  return { clock, asked, make, held, done: () => done }
}

/** Minute by minute, so that what is asked is answered before time goes on. */
async function pass(clock: ManualClock, duration: number): Promise<void> {
  for (let gone = 0; gone <= duration; gone += MINUTE) {
    clock.advance(gone === 0 ? 0 : MINUTE)
    await new Promise(resolve => setImmediate(resolve))
  }
}

const fail =
  (code: 'OCTOPUS_TIMEOUT' | 'OCTOPUS_NOT_ADMITTED', details = {}) =>
  () => {
    throw new BridgeError(code, 'no', { details })
  }

describe('an errand', () => {
  it('asks when it is due, waits longer after each failure, and remembers both over a restart', async () => {
    const { clock, asked, make, done } = errand([fail('OCTOPUS_TIMEOUT'), fail('OCTOPUS_TIMEOUT')])
    const first = make()
    first.rearm()
    await pass(clock, 31 * MINUTE)
    expect(asked).toEqual([0, 10 * MINUTE, 30 * MINUTE])
    expect(done()).toBe(3)
    await first.stop()
    make().rearm()
    await pass(clock, HOUR)
    expect(asked).toEqual([0, 10 * MINUTE, 30 * MINUTE, 90 * MINUTE])
  })

  it('comes back when our own limits say so, without counting it as a failure', async () => {
    const { clock, asked, make } = errand([fail('OCTOPUS_NOT_ADMITTED', { at: START + 5 * MINUTE })])
    const one = make()
    one.rearm()
    await pass(clock, 6 * MINUTE)
    expect(asked).toEqual([0, 5 * MINUTE])
    expect(one.asked).toEqual({ at: START + 5 * MINUTE, failures: 0 })
  })

  it('does not wait for a time that a wrong clock wrote down', async () => {
    const { clock, asked, make } = errand([() => {}, fail('OCTOPUS_TIMEOUT')])
    const one = make()
    clock.setBy(400 * 24 * HOUR)
    one.rearm()
    await pass(clock, MINUTE)
    expect(asked).toHaveLength(1)
    clock.setBy(-400 * 24 * HOUR)
    await pass(clock, MINUTE)
    one.rearm()
    await pass(clock, 2 * MINUTE)
    expect(asked).toHaveLength(2)
    await pass(clock, 12 * MINUTE)
    expect(asked).toHaveLength(3)
  })

  it('does not wait for a place that a wrong clock promised', async () => {
    const year = 400 * 24 * HOUR
    const { clock, asked, make } = errand([fail('OCTOPUS_NOT_ADMITTED', { at: START + year + 5 * MINUTE })])
    clock.setBy(year)
    const one = make()
    one.rearm()
    await pass(clock, MINUTE)
    clock.setBy(-year)
    one.rearm()
    await pass(clock, MINUTE)
    expect(asked).toHaveLength(2)
  })

  it('does not go out while Octopus turns us away, and does when that is over', async () => {
    const { clock, asked, make, held } = errand()
    const one = make()
    held.now = true
    one.rearm()
    await pass(clock, HOUR)
    expect(asked).toEqual([])
    held.now = false
    one.rearm()
    await pass(clock, 30 * MINUTE)
    held.now = true
    await pass(clock, 2 * HOUR)
    expect(asked).toHaveLength(1)
  })

  it('asks no more once it was stopped', async () => {
    const { clock, asked, make } = errand()
    const one = make()
    await one.stop()
    one.rearm()
    await pass(clock, HOUR)
    expect(asked).toEqual([])
  })
})
