/** `online` is not said over what a start knows nothing of. */
import { describe, expect, it } from '@jest/globals'
import { Leftovers } from '../src/bridge-leftovers.ts'
import { SECOND } from '../src/clock.ts'
import type { Log } from '../src/log.ts'
import { Publisher } from '../src/mqtt/publisher.ts'
import { afterRetained } from '../src/mqtt/retained.ts'
import { FakeBroker } from './mqtt/fake-broker.ts'
import { ManualClock } from './mqtt/manual-clock.ts'

const STATE = 'base/bridge/state'
const NIGHT = 'base/a-1/account/off_peak'

function setUp() {
  const broker = new FakeBroker()
  const clock = new ManualClock()
  const warnings: string[] = []
  const log = { warn: (_details: object, line: string) => warnings.push(line) } as unknown as Log
  const publisher = new Publisher(broker, clock, STATE, () => {})
  const leftovers = new Leftovers({
    ...{ broker, log, publisher, base: 'base' },
    afterRetained: afterRetained(broker, clock),
  })
  const states = () => broker.sent.filter(({ topic }) => topic === STATE).map(({ payload }) => payload)
  const start = () => {
    leftovers.start()
    publisher.start()
    broker.up()
  }
  const show = (...topics: string[]) => {
    publisher.want(new Map(topics.map(topic => [topic, { payload: 'ON', retain: true }])))
    leftovers.decide()
  }
  return { broker, clock, warnings, publisher, leftovers, states, start, show }
}

describe('a start that knows no account', () => {
  it('says nothing until the broker had time to say what it retains, and then online', () => {
    const { clock, states, start, show, publisher } = setUp()
    start()
    show('base/bridge/info')
    clock.advance(1.9 * SECOND)
    expect(states()).toEqual([])
    clock.advance(SECOND)
    expect(states()).toEqual(['online'])
    expect(publisher.online).toBe(true)
  })

  it.each([NIGHT, 'base/a-1/gas/accumulative_consumption', 'base/house/family_car/dispatch_active'])(
    'says offline where the broker retains %s, and why, once; and online after what is shown',
    topic => {
      const { broker, clock, states, start, show, leftovers, warnings, publisher } = setUp()
      start()
      show('base/bridge/info')
      broker.message(topic, 'OFF', true)
      broker.message('base/a-1/other_car/dispatch_active', 'OFF', true)
      clock.advance(3600 * SECOND)
      show('base/bridge/info')
      expect(states()).toEqual(['offline'])
      expect(warnings).toEqual([expect.stringContaining('offline until it has')])
      expect(publisher.online).toBe(false)
      publisher.want(new Map([[topic, { payload: 'ON', retain: true }]]))
      leftovers.accountKnown()
      expect(broker.sent.slice(-2).map(({ topic, payload }) => [topic, payload])).toEqual([
        [topic, 'ON'],
        [STATE, 'online'],
      ])
      // What is heard from here on is our own.
      broker.message(NIGHT, 'OFF', true)
      expect(states()).toEqual(['offline', 'online'])
    },
  )

  it('does not mind what it shows itself, what is somebody else’s, or what is published live', () => {
    const { broker, clock, states, start, show } = setUp()
    start()
    for (const topic of ['base/a-1/account/api_status', 'base/home/a-1/account/off_peak', 'base2/a-1/account/off_peak'])
      broker.message(topic, 'ON', true)
    broker.message('base/a-1/car/dispatch_active', 'ON')
    broker.message(NIGHT, 'ON', true)
    expect(states()).toEqual(['offline'])
    show(NIGHT)
    clock.advance(2 * SECOND)
    expect(states()).toEqual(['offline', 'online'])
  })

  it('says online when what was left is taken away', () => {
    const { broker, clock, states, start, show } = setUp()
    start()
    show('base/bridge/info')
    broker.message(NIGHT, 'ON', true)
    clock.advance(2 * SECOND)
    broker.message(NIGHT, '')
    expect(states()).toEqual(['offline', 'online'])
  })

  it('listens anew on each connection: a broker may come up with what it had before', () => {
    const { broker, clock, states, start, show } = setUp()
    start()
    show('base/bridge/info')
    clock.advance(2 * SECOND)
    broker.down()
    broker.up()
    clock.advance(SECOND)
    expect(states()).toEqual(['online'])
    broker.message(NIGHT, 'OFF', true)
    expect(states()).toEqual(['online', 'offline'])
  })

  it('says goodbye once, however it stood', async () => {
    for (const held of [false, true]) {
      const { broker, states, start, show, publisher, leftovers } = setUp()
      start()
      show('base/bridge/info')
      if (held) broker.message(NIGHT, 'OFF', true)
      leftovers.stop()
      await publisher.stop(SECOND)
      leftovers.accountKnown()
      expect(states().at(-1)).toBe('offline')
      expect(states()).not.toContain('online')
    }
  })
})

describe('a start whose store knows the account', () => {
  it('is online at once, and asks the broker for nothing', () => {
    const { broker, states, start, leftovers, publisher } = setUp()
    leftovers.accountKnown()
    publisher.want(new Map([[NIGHT, { payload: 'ON', retain: true }]]))
    start()
    broker.message(NIGHT, 'OFF', true)
    expect(states()).toEqual(['online'])
    expect(broker.subscribed).toEqual([])
  })
})
