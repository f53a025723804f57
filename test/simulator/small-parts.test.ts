import { describe, expect, it } from '@jest/globals'
import { alarm, HOUR } from '../../src/clock.ts'
import { Recent } from '../../src/simulator/recent.ts'
import { virtualClock } from './virtual-clock.ts'

describe('what was made lately', () => {
  it('is made once, and again when it was used longest ago of too many', () => {
    const made: string[] = []
    const recent = new Recent<string, { key: string }>(2)
    const get = (key: string) =>
      recent.get(key, () => {
        made.push(key)
        return { key }
      })
    expect(get('a')).toBe(get('a'))
    for (const key of ['b', 'a', 'c', 'a', 'b']) get(key)
    expect(made).toEqual(['a', 'b', 'c', 'b'])
  })
})

describe('an alarm', () => {
  const looks = (steady: boolean) => {
    const clock = virtualClock(0)
    let timers = 0
    let rangAt = Number.NaN
    const counting = {
      ...clock,
      steady,
      after: (delay: number, task: () => void) => {
        timers += 1
        return clock.after(delay, task)
      },
    }
    alarm(counting, 10 * HOUR, () => {
      rangAt = clock.now()
    })
    clock.advance(24 * HOUR)
    return { timers, rangAt }
  }

  it('is one timer on a clock that nobody sets, and looks at any other twice a minute', () => {
    expect(looks(true)).toEqual({ timers: 1, rangAt: 10 * HOUR })
    expect(looks(false)).toEqual({ timers: 1200, rangAt: 10 * HOUR })
  })
})
