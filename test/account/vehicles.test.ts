import { describe, expect, it } from '@jest/globals'
import { Engine } from '../../src/account/engine.ts'
import { Vehicles } from '../../src/account/vehicles.ts'
import { HOUR, SECOND } from '../../src/clock.ts'
import { readConfig } from '../../src/config/load.ts'
import { withCars } from '../../src/intelligent/cars.ts'
import { rulesFor } from '../../src/intelligent/dispatching.ts'
import { newCar } from '../../src/intelligent/state.ts'
import { openStore } from '../../src/store/open.ts'
import { carSpec } from '../../src/vehicle/mapping.ts'
import { PRESETS } from '../../src/vehicle/presets.ts'
import { SETTINGS } from '../intelligent/story.ts'
import { ManualClock } from '../octopus/support/manual-clock.ts'
import { SILENT } from './silent.ts'

const NOON = Date.parse('2026-11-23T12:00:00Z')

/** A car with three topics, and how often the account was evaluated because of them. */
function setUp() {
  const clock = new ManualClock(NOON)
  const store = openStore({ path: ':memory:', clock })
  let changes = 0
  const engine = new Engine({
    clock,
    log: SILENT,
    values: store.values,
    key: 'engine',
    rules: rulesFor(SETTINGS, null),
    onChange: () => {
      changes += 1
    },
    onMinute: () => {},
    onJump: () => {},
    moreEdges: () => [],
  })
  engine.change(state =>
    withCars(state, [{ id: 'car', slug: 'car', deviceId: 'device', facts: null }], () =>
      newCar('car', 'car', 'device', null),
    ),
  )
  const yaml =
    'octopus: {api_key: k}\nmqtt: {url: "mqtt://broker"}\nev: {plugged: plug, charging: charge, power: power}'
  const [car] = readConfig(yaml, 'test', { env: {}, cwd: '/', presets: PRESETS }).ev
  if (car === undefined) throw new Error('the configuration has a car')
  const vehicles = new Vehicles({ clock, log: SILENT, values: store.values, engine, subscribe: () => {} })
  vehicles.bind('car', carSpec(car))
  changes = 0
  const say = (topic: string, payload: string) => vehicles.onMessage(topic, Buffer.from(payload), false)
  const signals = () => engine.state.cars[0]?.signals
  return { clock, engine, say, signals, changes: () => changes }
}

describe('the topics of a car', () => {
  it('are passed on as they come, while a house is a house', () => {
    const { clock, say, signals, changes } = setUp()
    say('plug', 'false')
    say('charge', 'false')
    say('power', '0')
    expect(changes()).toBe(3)
    expect(signals()).toMatchObject({ plugged: { value: false }, charging: { value: false }, power: { watts: 0 } })
    clock.advance(SECOND)
    say('plug', 'unavailable')
    expect(signals()?.plugged.source).toBe('stale')
  })

  it('cost one evaluation a second where only the watts differ, and the newest watts are known', () => {
    const { clock, say, signals, changes } = setUp()
    say('power', '7000')
    const before = changes()
    for (let message = 1; message <= 10_000; message += 1) {
      say('power', String(7_000 + message))
      clock.advance(1)
    }
    expect(signals()?.power.watts).toBeGreaterThanOrEqual(16_000)
    // One of them is the debounced yes.
    expect(changes() - before).toBeLessThanOrEqual(11)
    clock.advance(SECOND)
    expect(signals()?.power.watts).toBe(17_000)
  })

  it('cost ten evaluations a second at most, whatever they say, and the last word is known', () => {
    const { clock, say, signals, changes } = setUp()
    say('plug', 'true')
    clock.advance(10 * SECOND)
    const before = changes()
    for (let message = 1; message <= 10_001; message += 1) {
      say('plug', message % 2 === 0 ? 'true' : 'unavailable')
      clock.advance(1)
    }
    expect(changes() - before).toBeLessThanOrEqual(110)
    expect(changes() - before).toBeGreaterThan(50)
    clock.advance(SECOND)
    expect(signals()?.plugged).toMatchObject({ value: true, source: 'stale' })
  })

  it('are not held up by a wall clock that is set back', () => {
    const { clock, say, signals } = setUp()
    say('power', '7000')
    clock.setBy(-HOUR)
    clock.advance(2 * SECOND)
    say('power', '6000')
    expect(signals()?.power.watts).toBe(6_000)
  })
})
