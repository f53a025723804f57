import { describe, expect, it } from '@jest/globals'
import { SECOND } from '../../src/clock.ts'
import { Presence } from '../../src/mqtt/presence.ts'
import { FakeBroker } from './fake-broker.ts'
import { ManualClock } from './manual-clock.ts'

const INFO = 'base/bridge/info'
const STATE = 'base/bridge/state'

function setUp() {
  const broker = new FakeBroker()
  const clock = new ManualClock()
  const others: string[] = []
  const publisher = {
    online: true,
    corrections: 0,
    sayOnline() {
      this.corrections++
    },
  }
  const presence = new Presence(broker, clock, { base: 'base', instance: 'me' }, publisher, other => others.push(other))
  presence.start()
  return { broker, clock, others, publisher, presence }
}

const info = (instance: unknown) => JSON.stringify({ version: '1', instance })

describe('a second daemon', () => {
  it('is reported when it is heard, once', () => {
    const { broker, others, publisher } = setUp()
    expect(broker.subscribed).toEqual([INFO, STATE, 'base/bridge/event'])
    broker.message(INFO, info('me'))
    broker.message(INFO, info('you'))
    broker.message(INFO, info('you'))
    expect(others).toEqual(['you'])
    expect(publisher.corrections).toBe(0)
    expect(broker.sent).toEqual([])
  })

  it('is reported a few times at most, where each message names another', () => {
    const { broker, clock, others } = setUp()
    for (let number = 0; number < 1_000; number += 1) broker.message(INFO, info(`daemon ${number}`))
    expect(others).toHaveLength(3)
    clock.advance(600 * SECOND)
    broker.message(INFO, info('daemon 1'))
    expect(others).toHaveLength(4)
    broker.message(INFO, info('x'.repeat(70_000)))
    expect(others).toHaveLength(4)
  })

  it('is not made of what our last run left behind', () => {
    const { broker, others } = setUp()
    broker.message(INFO, info('before'), true)
    expect(others).toEqual([])
  })

  it.each(['', 'no json', '{}', 'null', info(7)])('is not made of %p', payload => {
    const { broker, others } = setUp()
    broker.message(INFO, payload)
    expect(others).toEqual([])
  })
})

describe('an offline that is not ours', () => {
  it('is corrected', () => {
    const { broker, publisher } = setUp()
    broker.message(STATE, 'offline')
    expect(publisher.corrections).toBe(1)
  })

  it('is corrected at most once a minute, but in the end', () => {
    const { broker, clock, publisher } = setUp()
    for (let count = 0; count < 5; count++) broker.message(STATE, 'offline')
    expect(publisher.corrections).toBe(1)
    clock.advance(59 * SECOND)
    expect(publisher.corrections).toBe(1)
    clock.advance(SECOND)
    expect(publisher.corrections).toBe(2)
    expect(clock.waits).toEqual([])
  })

  it('is left alone when retained, while we are not online, and after the stop', () => {
    const { broker, clock, publisher, presence } = setUp()
    broker.message(STATE, 'online')
    broker.message(STATE, 'offline', true)
    publisher.online = false
    broker.message(STATE, 'offline')
    publisher.online = true
    expect(publisher.corrections).toBe(0)
    broker.message(STATE, 'offline')
    broker.message(STATE, 'offline')
    presence.stop()
    broker.message(STATE, 'offline')
    expect(publisher.corrections).toBe(1)
    expect(clock.waits).toEqual([])
  })
})
