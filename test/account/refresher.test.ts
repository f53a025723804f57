import { describe, expect, it } from '@jest/globals'
import { Engine } from '../../src/account/engine.ts'
import { Refresher } from '../../src/account/refresher.ts'
import { type Cancel, type Clock, SECOND } from '../../src/clock.ts'
import { rulesFor } from '../../src/intelligent/dispatching.ts'
import type { Answer } from '../../src/intelligent/types.ts'
import { openStore } from '../../src/store/open.ts'
import { REFRESH } from '../intelligent/day.ts'
import { SETTINGS } from '../intelligent/story.ts'
import { SILENT } from './silent.ts'

/** As Node has it: a timer runs a millisecond after it was set at the soonest, and after what came in by then. */
class BusyClock implements Clock {
  readonly speed = 1
  #now = Date.parse('2026-11-23T12:00:00Z')
  readonly #timers = new Map<() => void, number>()

  now = () => this.#now
  monotonic = () => this.#now

  after(delay: number, task: () => void): Cancel {
    const run = () => task()
    this.#timers.set(run, this.#now + Math.max(1, delay))
    return () => this.#timers.delete(run)
  }

  /** A millisecond goes by: first what comes in, then the timers that are due. */
  tick(message: () => void): void {
    this.#now += 1
    message()
    for (const [run, at] of [...this.#timers]) {
      if (at > this.#now || !this.#timers.delete(run)) continue
      run()
    }
  }
}

describe('the refresher', () => {
  it('makes a call that is due, though every millisecond something changes', async () => {
    const clock = new BusyClock()
    const store = openStore({ path: ':memory:', clock })
    let asked = 0
    const engine: Engine = new Engine({
      clock,
      log: SILENT,
      values: store.values,
      key: 'engine',
      rules: rulesFor(SETTINGS, null),
      onChange: () => refresher.rearm(),
      onMinute: () => {},
      onJump: () => {},
      moreEdges: () => [],
    })
    const refresher = new Refresher({
      clock,
      log: SILENT,
      engine,
      refresh: REFRESH,
      phases: { steady: 0, mark: 0 },
      source: {
        poll: () => {
          asked += 1
          return new Promise<Answer>(() => {})
        },
        starts: () => [],
        limits: () => ({ perHour: 20, reserveForEvents: 4, minGap: 60 * SECOND }),
      },
      onAnswer: () => {},
      onFailed: () => {},
      onDecided: () => {},
      onCalled: () => {},
      random: () => 0,
    })
    refresher.start()
    refresher.wish('manual')
    for (let tick = 0; tick < SECOND && asked === 0; tick += 1) clock.tick(() => engine.change(state => state))
    expect(asked).toBe(1)
    engine.stop()
  })
})
