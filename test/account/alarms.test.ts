import { describe, expect, it } from '@jest/globals'
import { alarm, HOUR, MINUTE, onLook, SECOND } from '../../src/clock.ts'
import { ManualClock } from '../octopus/support/manual-clock.ts'

const SIX = Date.parse('2026-11-23T18:00:00Z')

function setUp() {
  const clock = new ManualClock(SIX)
  const rang: string[] = []
  const wake = (name: string, at: number) => alarm(clock, at, () => rang.push(name))
  const sleepless = (duration: number) => {
    for (let second = 0; second < duration; second += SECOND) clock.advance(SECOND)
  }
  return { clock, rang, wake, sleepless }
}

describe('alarms of one clock', () => {
  it('share one timer, and ring in the order of their instants', () => {
    const { clock, rang, wake, sleepless } = setUp()
    wake('third', SIX + HOUR)
    wake('first', SIX + 5 * MINUTE)
    wake('second', SIX + 5 * MINUTE + SECOND)
    expect(clock.waiting).toBe(1)
    sleepless(5 * MINUTE)
    expect(rang).toEqual(['first'])
    sleepless(HOUR)
    expect(rang).toEqual(['first', 'second', 'third'])
    expect(clock.waiting).toBe(0)
  })

  it('ring for others where one of them fails, or is cancelled', () => {
    const { clock, rang, wake, sleepless } = setUp()
    alarm(clock, SIX + SECOND, () => {
      throw new Error('a task of somebody')
    })
    wake('fine', SIX + SECOND)
    wake('not wanted', SIX + SECOND)()
    expect(() => clock.advance(SECOND)).toThrow('a task of somebody')
    sleepless(SECOND)
    expect(rang).toEqual(['fine'])
  })

  it('ring within half a minute where the clock was set past them, and for who comes after that at once', () => {
    const { clock, rang, wake, sleepless } = setUp()
    wake('passed over', SIX + HOUR)
    clock.setBy(2 * HOUR)
    wake('later', clock.now() + 5 * SECOND)
    sleepless(5 * SECOND)
    expect(rang).toContain('later')
    sleepless(25 * SECOND)
    expect(rang).toContain('passed over')
  })

  it('wait for the instant again where the clock was set back', () => {
    const { clock, rang, wake, sleepless } = setUp()
    wake('ring', SIX + 40 * SECOND)
    sleepless(35 * SECOND)
    clock.setBy(-MINUTE)
    sleepless(MINUTE)
    expect(rang).toEqual([])
    sleepless(5 * SECOND)
    expect(rang).toEqual(['ring'])
  })

  it('let somebody look at the clock twice a minute, with nothing else to wait for', () => {
    const { clock, sleepless } = setUp()
    let looks = 0
    const stop = onLook(clock, () => {
      looks += 1
    })
    sleepless(10 * MINUTE)
    expect(looks).toBe(20)
    stop()
    expect(clock.waiting).toBe(0)
  })
})
