/** The broker is away, comes back empty, or Home Assistant behind it starts again: everything is there again. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { HOUR, SECOND } from '../../src/clock.ts'
import { closeEverything, retained, startBroker, type TestBroker } from '../support/broker.ts'
import { type House, inHouse } from './house.ts'

const SPEED = 600

afterAll(closeEverything)

const isDocument = (house: House) => (message: { topic: string }) =>
  message.topic.startsWith(`${house.base}-ha/device/`)

/** What is retained, without what moves with every answer and every call. */
async function settledAt(broker: TestBroker, house: House): Promise<Map<string, string>> {
  const all = [
    ...(await retained(broker.url, `${house.base}/#`)),
    ...(await retained(broker.url, `${house.base}-ha/#`)),
  ]
  const moves = /next_refresh|requests_|data_last_retrieved|refresh_mode|measured_at|\/plan$|attributes$/
  return new Map(all.map(([topic, payload]) => [topic, moves.test(topic) ? 'something' : payload]))
}

describe('the broker', () => {
  let brokers: TestBroker[]
  let next = 0
  beforeAll(async () => {
    brokers = await Promise.all([1, 2, 3].map(() => startBroker()))
  })

  /** A test that stops and starts a broker of its own. */
  const withBroker = (story: (house: House, broker: TestBroker) => Promise<void>) => () => {
    const broker = brokers[next++]
    if (broker === undefined) throw new Error('too few brokers')
    return inHouse(
      () => ({ broker, speed: SPEED }),
      house => story(house, broker),
    )()
  }

  it.concurrent(
    'is down at the start: Octopus is asked all the same, and all of it is shown when the broker comes',
    withBroker(async (house, broker) => {
      await broker.stop()
      const told = house.logs(/MQTT_UNREACHABLE/)
      const found = house.logs(/account read/)
      await house.start()
      expect(await told).toContain('refuses connections')
      await found
      const online = house.recorder.next(
        ({ topic, payload }) => topic === house.topic('bridge/state') && payload === 'online',
      )
      await broker.start()
      await house.recorder.publish(house.ev('car', 'plugged'), 'true', true)
      await online
      await house.shows('car/planned_dispatch_count', '2')
      const states = await retained(broker.url, `${house.base}/#`)
      expect(states.get(house.topic('car/plugged_in'))).toBe('ON')
      expect((await retained(broker.url, `${house.base}-ha/#`)).size).toBe(4)
    }),
  )

  it.concurrent(
    'is wiped: every document and every state is there again, online last',
    withBroker(async (house, broker) => {
      await house.startAndSettle()
      await house.shows('electricity_import/previous_accumulative_consumption', /"value":\d/)
      await house.shows('electricity_import/accumulative_consumption', /./)
      const before = await settledAt(broker, house)
      expect(before.size).toBeGreaterThan(40)
      const online = house.next('bridge/state', 'online')
      await broker.wipe()
      await online
      expect(await settledAt(broker, house)).toEqual(before)
    }),
  )

  it.concurrent(
    'is away while the plan changes: the newest state is what it gets, and health says meanwhile who is to blame',
    withBroker(async (house, broker) => {
      const bridge = await house.startAndSettle()
      await broker.stop()
      await house.logs(/asking Octopus/)
      const now = house.clock.now()
      const row = { start: now + HOUR, end: now + 2 * HOUR, type: 'SMART', energyKwh: -7 }
      house.simulator.household.car()?.replacePlan([row])
      for (let call = 0; call < 3; call += 1) await house.logs(/asking Octopus/)
      expect(bridge.health().status).not.toBe('ok')
      const before = house.recorder.messages.length
      const online = house.next('bridge/state', 'online')
      await broker.start()
      await online
      const counts = await retained(broker.url, house.topic('car/planned_dispatch_count'))
      expect([...counts.values()]).toEqual(['1'])
      const since = house.recorder.messages.slice(before)
      expect(since.filter(({ topic }) => /event|plan_changed/.test(topic))).toEqual([])
      expect(bridge.health().status).toBe('ok')
    }),
  )
})

describe('Home Assistant', () => {
  let broker: TestBroker
  beforeAll(async () => {
    broker = await startBroker()
  })

  it.concurrent(
    'says that it has started: documents and states come again, once, within ten seconds, and online last',
    inHouse(
      () => ({ broker, speed: 30 }),
      async house => {
        await house.recorder.publish(`${house.base}-ha/status`, 'online', true)
        await house.startAndSettle()
        await house.shows('electricity_import/previous_accumulative_consumption', /"value":\d/)
        const before = house.recorder.messages.length
        await house.recorder.publish(`${house.base}-ha/status`, 'offline')
        const born = house.clock.now()
        const online = house.next('bridge/state', 'online')
        await house.recorder.publish(`${house.base}-ha/status`, 'online')
        expect((await online).at - born).toBeLessThan(10 * SECOND + house.late)
        const since = house.recorder.messages.slice(before)
        expect(since.filter(isDocument(house))).toHaveLength(4)
        const topics = since.map(({ topic }) => topic)
        for (const path of ['car/plugged_in', 'account/house_cheap', 'car/plan', 'availability', 'bridge/info']) {
          expect(topics).toContain(house.topic(path))
        }
        expect(topics.findLastIndex(topic => isDocument(house)({ topic }))).toBeLessThan(
          topics.indexOf(house.topic('car/plugged_in')),
        )
      },
    ),
  )

  it.concurrent(
    'is given everything again by hand, by a request',
    inHouse(
      () => ({ broker, speed: SPEED }),
      async house => {
        await house.startAndSettle()
        const before = house.recorder.messages.filter(isDocument(house)).length
        const online = house.next('bridge/state', 'online')
        expect(await house.ask('discovery', {})).toMatchObject({ status: 'ok' })
        await online
        expect(house.recorder.messages.filter(isDocument(house))).toHaveLength(before + 4)
      },
    ),
  )
})
