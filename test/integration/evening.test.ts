/** One evening of the demo, from the first discovery document to the car that leaves, on a clock 300 times as fast. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { DispatchRow } from '../../src/intelligent/types.ts'
import { type Scenario, scenarioNamed } from '../../src/simulator/index.ts'
import type { Stage } from '../../src/simulator/scenarios.ts'
import { rules } from '../home-assistant/rules.ts'
import { validateStates } from '../home-assistant/state-rules.ts'
import { validateDocuments } from '../home-assistant/validator.ts'
import { closeEverything, retained, startBroker, type TestBroker } from '../support/broker.ts'
import { type House, openHouse } from './house.ts'
import { pluggedIn } from './scenes.ts'

const DEMO = scenarioNamed('demo') ?? pluggedIn()

/**
 * Real milliseconds from an edge to its message at a subscriber, on a clock that makes everything else 450 times as much
 * work. The promise of 100 ms is held on the real clock, in edges.test.ts.
 */
const EDGE_BOUND = 300
const SPEED = 300

/** The demo, begun by the test once the bridge has had its first answer. */
let stage: Stage | undefined
const EVENING: Scenario = {
  ...DEMO,
  play: given => {
    stage = given
  },
}

let broker: TestBroker
let house: House
/** The first row as Octopus had it in the end: it is changed while it runs. */
let window: DispatchRow

beforeAll(async () => {
  broker = await startBroker()
  const startsAt = Date.parse('2026-11-23T17:36:00Z')
  house = await openHouse({ broker, scenario: EVENING, speed: SPEED, startsAt, everything: true })
  house.simulator.household.on(event => {
    const first = event.type === 'plan' ? event.rows[0] : undefined
    if (first !== undefined && (window === undefined || first.start === window.start)) window = first
  })
  const bridge = await house.start()
  await house.shows('car/intelligent_state', 'SMART_CONTROL_NOT_AVAILABLE')
  if (stage !== undefined) DEMO.play({ ...stage, startedAt: house.clock.now() })
  const over = house.next('account/house_cheap', 'OFF', 15_000)
  await house.next('car/plugged_in', 'ON')
  await house.next('car/plugged_in', 'OFF', 15_000)
  await house.next('car/intelligent_state', 'SMART_CONTROL_NOT_AVAILABLE')
  await over
  await house.stop(bridge)
}, 30_000)

afterAll(async () => {
  await house.close()
  await closeEverything()
})

/** The different states that an entity had, in order. */
const walk = (path: string): string[] =>
  house.recorder.payloads(house.topic(path)).filter((payload, index, all) => payload !== all[index - 1])

const lateness = (path: string, payload: string, edge: number): number => {
  const topic = house.topic(path)
  const message = house.recorder.messages.find(
    each => each.topic === topic && each.payload === payload && each.at >= edge,
  )
  if (message === undefined) throw new Error(`${path} was never ${payload} from ${new Date(edge).toISOString()} on`)
  return (message.at - edge) / SPEED
}

describe('an evening with the car plugged in', () => {
  it('walks through the states of Octopus, with a plan', () => {
    expect(walk('car/intelligent_state').filter(state => state !== 'None')).toEqual([
      'SMART_CONTROL_NOT_AVAILABLE',
      'SMART_CONTROL_CAPABLE',
      'SMART_CONTROL_IN_PROGRESS',
      'SMART_CONTROL_NOT_AVAILABLE',
    ])
    expect(walk('car/planned_dispatch_count')).toContain('3')
    expect(walk('car/plugged_in')).toEqual(expect.arrayContaining(['ON', 'OFF']))
  })

  it.each(['car/intelligent_dispatching', 'car/dispatch_active'])(
    'has %s ON exactly while the window runs, by the clock',
    path => {
      const changes = walk(path).filter(payload => payload !== 'None')
      expect(changes).toEqual(['OFF', 'ON', 'OFF'])
      expect(lateness(path, 'ON', window.start)).toBeLessThan(EDGE_BOUND)
      expect(lateness(path, 'OFF', window.end)).toBeLessThan(EDGE_BOUND)
    },
  )

  it('has the house cheap from the first confirmation to the end of its last half hour, held while the car draws on', () => {
    expect(walk('account/house_cheap').filter(payload => payload !== 'None')).toEqual(['OFF', 'ON', 'OFF'])
    const on = house.recorder.messages.find(
      ({ topic, payload }) => topic === house.topic('account/house_cheap') && payload === 'ON',
    )
    expect(on?.at).toBeGreaterThanOrEqual(window.start)
    expect(lateness('account/house_cheap', 'OFF', window.end)).toBeGreaterThan(0)
  })

  it('has the cheap rate with the cheap house, in one go', () => {
    const { messages } = house.recorder
    const nth = (path: string, payload: string, after = 0) =>
      messages.findIndex(
        (each, index) => index >= after && each.topic === house.topic(path) && each.payload === payload,
      )
    const dear = nth('electricity_import/current_rate', '0.2769')
    const cheap = nth('electricity_import/current_rate', '0.07')
    expect(dear).toBeGreaterThan(0)
    expect(nth('electricity_import/current_rate', '0.2769', cheap)).toBeGreaterThan(cheap)
    const said = nth('account/house_cheap', 'ON')
    expect(cheap).toBeGreaterThan(said)
    // Nothing was said twice between the two, so one snapshot said both.
    const between = messages.slice(said, cheap + 1).filter(({ topic }) => topic.startsWith(`${house.base}/`))
    expect(new Set(between.map(({ topic }) => topic)).size).toBe(between.length)
  })

  it('tells of the window that grew while it ran', () => {
    const events = house.recorder.payloads(house.topic('car/plan_changed')).map(payload => JSON.parse(payload))
    expect(events.map(({ event_type }) => event_type)).toEqual(expect.arrayContaining(['added', 'moved']))
  })

  it('shows the last complete day of the meter, with its start', () => {
    const day = JSON.parse(house.newest('electricity_import/previous_accumulative_consumption') ?? '')
    expect(day).toEqual({ value: expect.any(Number), last_reset: '2026-11-22T00:00:00Z' })
    expect(day.value).toBeGreaterThan(1)
    const { charges, date } = house.json('electricity_import/previous_accumulative_consumption/attributes')
    expect(date).toBe('2026-11-22')
    expect(charges).toHaveLength(48)
    const sum = charges.reduce((total: number, { consumption }: { consumption: number }) => total + consumption, 0)
    expect(sum).toBeCloseTo(day.value, 2)
  })

  it('publishes discovery before states, states before online, each only when it changes, and nothing outside its own topics', () => {
    const topics = house.recorder.messages.map(({ topic }) => topic)
    const stray = topics.filter(topic => !new RegExp(`^${house.base}(-ev|-ha)?/`).test(topic))
    expect(stray).toEqual([])
    const document = topics.findIndex(topic => topic.startsWith(`${house.base}-ha/device/`))
    expect(document).toBeGreaterThanOrEqual(0)
    expect(document).toBeLessThan(topics.indexOf(house.topic('car/plugged_in')))
    expect(topics.indexOf(house.topic('car/plugged_in'))).toBeLessThan(topics.indexOf(house.topic('bridge/state')))

    const newest = new Map<string, string>()
    const repeated = house.recorder.messages.filter(({ topic, payload }) => {
      const same = newest.get(topic) === payload
      newest.set(topic, payload)
      return same && topic.startsWith(`${house.base}/`) && !/\/(event|plan_changed)$/.test(topic)
    })
    expect(repeated).toEqual([])
  })

  it('leaves behind only what Home Assistant accepts, all of it retained', async () => {
    const kept = await retained(broker.url, `${house.base}-ha/#`)
    // In the order of publishing, since a child names its parent.
    const order = [...new Set(house.recorder.messages.map(({ topic }) => topic))]
    const documents = order
      .filter(topic => kept.has(topic))
      .map(topic => ({ topic, payload: JSON.parse(kept.get(topic) ?? '') }))
    // Bridge, account, three meters and the car.
    expect(documents).toHaveLength(6)
    expect(validateDocuments(documents, rules)).toEqual([])

    const states = await retained(broker.url, `${house.base}/#`)
    const ofDevices = [...states].filter(([topic]) => !topic.startsWith(`${house.base}/bridge/`))
    const messages = new Map(ofDevices.map(([topic, payload]) => [topic, { payload, retain: true }]))
    expect(validateStates(documents, messages, house.base)).toEqual([])
    expect([...states.keys()].filter(topic => /\/(event|request|response|set|plan_changed)(\/|$)/.test(topic))).toEqual(
      [],
    )
    expect(states.get(house.topic('bridge/state'))).toBe('offline')
  })

  it('asked as seldom as it promised, and told nobody a secret', () => {
    house.expectPromisesKept()
    const { dispatchRequests, mostDispatchRequestsInAnHour, mints } = house.simulator.audit.report()
    expect(dispatchRequests).toBeGreaterThan(8)
    expect(mostDispatchRequestsInAnHour).toBeLessThanOrEqual(20)
    // A token lives for an hour.
    expect(mints).toBeLessThanOrEqual(2)
  })
})
