import { describe, expect, it } from '@jest/globals'
import { Engine } from '../../src/account/engine.ts'
import { HALF_HOUR, HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import { onAnswer } from '../../src/intelligent/answers.ts'
import { withCars } from '../../src/intelligent/cars.ts'
import { rulesFor } from '../../src/intelligent/dispatching.ts'
import { type AccountState, newCar } from '../../src/intelligent/state.ts'
import { carView } from '../../src/intelligent/view.ts'
import { anything, type Shape } from '../../src/shape.ts'
import { openStore } from '../../src/store/open.ts'
import { SETTINGS } from '../intelligent/story.ts'
import { ManualClock } from '../octopus/support/manual-clock.ts'
import { SILENT } from './silent.ts'

const SIX = Date.parse('2026-11-23T18:00:00Z')
const RULES = rulesFor(SETTINGS, null)
const nothing = () => {}
const CAR = { id: 'car', slug: 'car', deviceId: 'device', facts: null }

/** An engine with one car whose plan has a row from 18:05 to 18:25. What it shows is noted, with when. */
function setUp(onShow: (clock: ManualClock, shown: string) => void = nothing) {
  const clock = new ManualClock(SIX)
  const store = openStore({ path: ':memory:', clock })
  const shown: [number, string][] = []
  const jumps: number[] = []
  const start = (): Engine => {
    const engine: Engine = new Engine({
      clock,
      log: SILENT,
      values: store.values,
      key: 'engine',
      rules: RULES,
      onChange: () => {
        const [car] = engine.state.cars
        const active = car ? String(carView(car, engine.state, RULES, clock.now()).dispatchActive) : 'no car'
        if (shown.at(-1)?.[1] !== active) shown.push([clock.now() - SIX, active])
        onShow(clock, active)
      },
      onMinute: () => {},
      onJump: by => jumps.push(by),
      moreEdges: () => [],
    })
    engine.start()
    return engine
  }
  const plan = (engine: Engine) => {
    engine.change(state => withCars(state, [CAR], () => newCar('car', 'car', 'device', null)))
    engine.changeAndKeep((state, rules, now) => {
      const rows = [{ start: SIX + 5 * MINUTE, end: SIX + 25 * MINUTE, type: 'SMART', energyKwh: -3 }]
      const said = {
        deviceId: 'device',
        facts: null,
        currentState: 'SMART_CONTROL_IN_PROGRESS',
        isSuspended: false,
        planned: rows,
        stateOfCharge: null,
        chargeTarget: null,
        readyBy: null,
      }
      return onAnswer(state, rules, { askedAt: now, fetchedAt: now, cars: [said], completed: null, errorCodes: [] })
    })
  }
  return { clock, store, shown, jumps, start, plan }
}

describe('the engine', () => {
  it('goes on with a state that an earlier version kept', () => {
    const { store, start, plan } = setUp()
    const engine = start()
    plan(engine)
    engine.stop()
    const kept = store.values.get<AccountState>('engine', anything)
    const [car] = kept?.cars ?? []
    if (kept === null || car === undefined) throw new Error('nothing was kept')
    const { turningAskedAt: _later, ...earlier } = car
    store.values.set('engine', { ...kept, cars: [earlier] })
    const [after] = start().state.cars
    expect(after?.turningAskedAt).toBeNull()
    expect(after?.plan?.rows).toHaveLength(1)
  })

  it('does not take a store that is slow to read for a clock that was set', () => {
    const { clock, store, jumps, start, plan } = setUp()
    plan(start())
    const { get } = store.values
    store.values.get = <T>(key: string, shape: Shape) => {
      clock.busyFor(5 * SECOND)
      return get.call(store.values, key, shape) as T | null
    }
    start()
    clock.advance(MINUTE)
    expect(jumps).toEqual([])
  })

  it('shows each edge at its instant, with nobody telling it anything', () => {
    const { clock, shown, start, plan } = setUp()
    plan(start())
    for (let second = 0; second < 30 * 60; second += 1) clock.advance(SECOND)
    expect(shown.filter(([, value]) => value === 'true' || value === 'false').slice(-2)).toEqual([
      [5 * MINUTE, 'true'],
      [25 * MINUTE, 'false'],
    ])
  })

  it('does not lose an edge that goes by while something else is being shown', () => {
    let slow = false
    const { clock, shown, start, plan } = setUp(moving => {
      // Showing it takes until after the edge.
      if (slow) moving.busyFor(3 * SECOND)
      slow = false
    })
    const engine = start()
    plan(engine)
    clock.advance(5 * MINUTE - 2 * SECOND)
    slow = true
    engine.change(state => state)
    clock.advance(SECOND)
    expect(shown.at(-1)?.[1]).toBe('true')
    expect(shown.at(-1)?.[0]).toBeLessThanOrEqual(5 * MINUTE + 2 * SECOND)
  })

  it('keeps what an answer brought before it returns, so that a crash costs no call', () => {
    const { store, start, plan } = setUp()
    plan(start())
    const kept = store.values.get<AccountState>('engine', anything)
    expect(kept?.cars[0]?.plan?.rows).toHaveLength(1)
  })

  it('goes on from the store: the plan is there, and what nobody watched is not evidence', () => {
    const { clock, shown, start, plan } = setUp()
    plan(start())
    clock.advance(6 * MINUTE)
    const second = start()
    expect(second.state.cars[0]?.plan?.rows).toHaveLength(1)
    expect(shown.at(-1)?.[1]).toBe('true')
  })

  it('notices a clock that is set, both ways, and keeps ages true when it is set back', () => {
    const { clock, jumps, start, plan } = setUp()
    const engine = start()
    plan(engine)
    const age = () => clock.now() - (engine.state.cars[0]?.plan?.fetchedAt ?? 0)
    clock.advance(MINUTE)
    const before = age()
    clock.setBy(-HOUR)
    clock.advance(31 * SECOND)
    expect(jumps).toHaveLength(1)
    expect(jumps[0]).toBe(-HOUR)
    expect(age()).toBe(before + 31 * SECOND)
    clock.setBy(2 * HOUR)
    clock.advance(31 * SECOND)
    expect(jumps).toHaveLength(2)
    expect(age()).toBeGreaterThan(HALF_HOUR)
  })
})
