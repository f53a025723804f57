import { describe, expect, it } from '@jest/globals'
import { Engine } from '../../src/account/engine.ts'
import { Refresher } from '../../src/account/refresher.ts'
import { type Cancel, type Clock, HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import { BridgeError } from '../../src/errors.ts'
import { rulesFor } from '../../src/intelligent/dispatching.ts'
import type { Answer } from '../../src/intelligent/types.ts'
import { openStore } from '../../src/store/open.ts'
import { REFRESH } from '../intelligent/day.ts'
import { SETTINGS } from '../intelligent/story.ts'
import { ManualClock, until } from '../octopus/support/manual-clock.ts'
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

/** A refresher on this clock whose calls end as `poll` does. */
function setUp(clock: Clock, poll: () => Promise<Answer>) {
  const store = openStore({ path: ':memory:', clock })
  const engine: Engine = new Engine({
    clock,
    log: SILENT,
    values: store.values,
    key: 'engine',
    rules: rulesFor(SETTINGS, null),
    onChange: () => refresher.rearm(),
    onMinute: () => {},
    onJump: by => by < 0 && refresher.clockSetBack(),
    moreEdges: () => [],
  })
  const refresher = new Refresher({
    clock,
    log: SILENT,
    engine,
    refresh: REFRESH,
    phases: { steady: 0, mark: 0 },
    source: { poll, starts: () => [], limits: () => ({ perHour: 20, reserveForEvents: 4, minGap: 60 * SECOND }) },
    onAnswer: () => {},
    onFailed: () => {},
    onDecided: () => {},
    onCalled: () => {},
    random: () => 0,
  })
  return { engine, refresher }
}

describe('the refresher', () => {
  it('makes a call that is due, though every millisecond something changes', async () => {
    const clock = new BusyClock()
    let asked = 0
    const { engine, refresher } = setUp(clock, () => {
      asked += 1
      return new Promise<Answer>(() => {})
    })
    refresher.start()
    refresher.wish('manual')
    for (let tick = 0; tick < SECOND && asked === 0; tick += 1) clock.tick(() => engine.change(state => state))
    expect(asked).toBe(1)
    engine.stop()
  })

  // Found by a simulated storm: `--stretch storm6/2 --days 13 --level storm`.
  it('does not wait for the time of a call that failed, where the clock was set back before it did', async () => {
    const clock = new ManualClock(Date.parse('2026-11-24T12:00:00Z'), 1)
    let fail: (error: Error) => void = () => {}
    const { engine, refresher } = setUp(clock, () => new Promise((_, reject) => (fail = reject)))
    engine.start()
    refresher.start()
    refresher.wish('manual')
    clock.advance(SECOND)
    clock.setBy(-42 * HOUR)
    clock.advance(SECOND)
    fail(new BridgeError('OCTOPUS_TIMEOUT', 'no answer', { details: { at: clock.now() + 42 * HOUR } }))
    await until(() => engine.state.failures !== null)
    expect(engine.state.failures?.at ?? 0).toBeLessThanOrEqual(clock.now())
    expect(engine.state.lastCall?.at ?? 0).toBeLessThanOrEqual(clock.now())
    await until(() => refresher.decision !== null)
    expect((refresher.decision?.at ?? 0) - clock.now()).toBeLessThanOrEqual(HOUR)
    engine.stop()
  })

  // Found by a simulated storm: `--stretch storm3/2 --days 22 --level storm`, where a clock had been a day ahead for minutes.
  it('does not wait for a time that was named before the clock was set back', async () => {
    const clock = new ManualClock(Date.parse('2026-11-24T12:00:00Z'), 1)
    const { engine, refresher } = setUp(clock, () =>
      Promise.reject(new BridgeError('OCTOPUS_TOKENS_SPENT', 'later', { details: { at: clock.now() + 20 * MINUTE } })),
    )
    engine.start()
    refresher.start()
    refresher.wish('manual')
    clock.advance(SECOND)
    const refused = clock.now() + 20 * MINUTE - SECOND
    await until(() => (refresher.decision?.at ?? 0) >= refused)
    clock.setBy(-24 * HOUR)
    clock.advance(40 * SECOND)
    expect((refresher.decision?.at ?? 0) - clock.now()).toBeLessThanOrEqual(HOUR)
    engine.stop()
    await refresher.stop()
  })
})
