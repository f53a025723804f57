import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { BridgeError } from '../../src/errors.ts'
import type { Wanted } from '../../src/mqtt/outbox.ts'
import { Publisher } from '../../src/mqtt/publisher.ts'
import { FakeBroker, settle } from './fake-broker.ts'
import { ManualClock } from './manual-clock.ts'

const STATE = 'base/bridge/state'

function setUp() {
  const broker = new FakeBroker()
  const clock = new ManualClock()
  const refused: BridgeError[] = []
  const publisher = new Publisher(broker, clock, STATE, error => refused.push(error))
  publisher.start()
  const said = () => broker.sent.splice(0).map(({ topic, payload }) => `${topic}=${payload}`)
  return { broker, clock, publisher, refused, said }
}

const wanted = (values: Record<string, string>): Map<string, Wanted> =>
  new Map(Object.entries(values).map(([topic, payload]) => [topic, { payload, retain: true }]))

describe('what the publisher sends', () => {
  it('is everything in the order of the map, and online last', () => {
    const { broker, publisher, said } = setUp()
    publisher.want(wanted({ 'ha/a/config': '{}', 'base/a': 'ON', 'base/b': '1' }))
    expect(said()).toEqual([])
    broker.up()
    expect(broker.sent.every(({ qos, retain }) => qos === 1 && retain)).toBe(true)
    expect(said()).toEqual(['ha/a/config={}', 'base/a=ON', 'base/b=1', `${STATE}=online`])
  })

  it('can be asked for, also before it went out', () => {
    const { publisher } = setUp()
    expect([...publisher.wanted]).toEqual([])
    publisher.want(wanted({ a: '1', b: '2' }))
    publisher.clear(['a'])
    expect([...publisher.wanted].map(([topic, { payload }]) => [topic, payload])).toEqual([['b', '2']])
  })

  it('is nothing, not even online, before anything was wanted', () => {
    const { broker, publisher, said } = setUp()
    broker.up()
    expect(said()).toEqual([])
    expect(publisher.online).toBe(false)
    publisher.want(new Map())
    expect(said()).toEqual([`${STATE}=online`])
    expect(publisher.online).toBe(true)
  })

  it('is afterwards only what differs, in the same tick', () => {
    const { broker, publisher, said } = setUp()
    broker.up()
    publisher.want(wanted({ a: '1', b: '1' }))
    said()
    publisher.want(wanted({ a: '1', b: '2' }))
    expect(said()).toEqual(['b=2'])
    publisher.want(wanted({ a: '1', b: '2' }))
    expect(said()).toEqual([])
  })

  it('leaves alone what is no longer wanted, and knows it when it comes back', () => {
    const { broker, publisher, said } = setUp()
    broker.up()
    publisher.want(wanted({ a: '1', b: '1' }))
    said()
    publisher.want(wanted({ a: '1' }))
    publisher.want(wanted({ a: '1', b: '1' }))
    expect(said()).toEqual([])
  })

  it('does not wait for the acknowledgement of an earlier payload of the topic', () => {
    const { broker, publisher, said } = setUp()
    broker.autoAcknowledge = false
    broker.up()
    publisher.want(wanted({ a: 'ON' }))
    publisher.want(wanted({ a: 'OFF' }))
    expect(said()).toEqual(['a=ON', `${STATE}=online`, 'a=OFF'])
  })

  it('is everything again on each new connection, with the newest payload only', () => {
    const { broker, publisher, said } = setUp()
    publisher.want(wanted({ a: '1', b: '1' }))
    broker.up()
    said()
    broker.down()
    for (const payload of ['2', '3', '4']) publisher.want(wanted({ a: payload, b: '1' }))
    expect(said()).toEqual([])
    broker.up()
    expect(said()).toEqual(['a=4', 'b=1', `${STATE}=online`])
  })

  it('is everything again for a birth message', () => {
    const { broker, publisher, said } = setUp()
    publisher.want(wanted({ a: '1', b: '1' }))
    broker.up()
    said()
    publisher.republishAll()
    expect(said()).toEqual(['a=1', 'b=1', `${STATE}=online`])
  })

  it('is counted', () => {
    const { broker, publisher } = setUp()
    broker.up()
    publisher.want(wanted({ a: '£' }))
    expect(publisher.stats).toEqual({
      published: 2,
      bytes: 'a'.length + 2 + STATE.length + 'online'.length,
      dropped: 0,
      waiting: 0,
      inFlight: 2,
    })
  })
})

describe('a full window', () => {
  const many = (payload: string) =>
    wanted(
      Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`t${index}`, `${index === 99 ? payload : ''}x`])),
    )

  it.each([
    [65_535, 64],
    [20, 20],
  ])('is bounded where the broker takes %d messages', (limit, window) => {
    const { broker, publisher } = setUp()
    broker.autoAcknowledge = false
    broker.inFlightLimit = limit
    broker.up()
    publisher.want(many(''))
    expect(broker.sent).toHaveLength(window)
    expect(publisher.stats).toMatchObject({ inFlight: window, waiting: 100 - window })
  })

  it('lets the newest payload win', async () => {
    const { broker, publisher, said } = setUp()
    broker.autoAcknowledge = false
    broker.up()
    for (const payload of ['1', '2', '3']) publisher.want(many(payload))
    said()
    await broker.acknowledge()
    expect(said().slice(-2)).toEqual(['t99=3x', `${STATE}=online`])
  })

  it('moves on by as much as was acknowledged, and forgets what an ended connection owed', async () => {
    const { broker, publisher } = setUp()
    broker.autoAcknowledge = false
    broker.up()
    publisher.want(many(''))
    await broker.acknowledge(10)
    expect(broker.sent).toHaveLength(74)
    broker.down()
    broker.up()
    await settle()
    expect(publisher.stats.inFlight).toBe(64)
    expect(broker.sent).toHaveLength(74 + 64)
  })
})

describe('events', () => {
  it('are not retained, and dropped while there is no connection', () => {
    const { broker, publisher } = setUp()
    publisher.event('e', 'lost')
    broker.up()
    publisher.event('e', 'heard')
    expect(broker.sent).toEqual([{ topic: 'e', payload: 'heard', retain: false, qos: 1 }])
    expect(publisher.stats.dropped).toBe(1)
  })

  it('wait for a place in the window, the newest hundred of them', async () => {
    const { broker, publisher, said } = setUp()
    broker.autoAcknowledge = false
    broker.inFlightLimit = 1
    broker.up()
    publisher.want(new Map())
    said()
    for (let index = 0; index < 150; index++) publisher.event('e', String(index))
    expect(publisher.stats.dropped).toBe(50)
    await broker.acknowledge()
    expect(said()).toEqual(['e=50'])
  })

  it('that waited are dropped with their connection', () => {
    const { broker, publisher, said } = setUp()
    broker.autoAcknowledge = false
    broker.inFlightLimit = 1
    broker.up()
    publisher.want(new Map())
    publisher.event('e', '1')
    broker.down()
    said()
    broker.inFlightLimit = 10
    broker.up()
    expect(said()).toEqual([`${STATE}=online`])
  })
})

describe('clearing', () => {
  it('empties retained topics, also those cleared while there was no connection', async () => {
    const { broker, publisher } = setUp()
    broker.store.set('old/a', 'x').set('old/b', 'y')
    publisher.clear(['old/a', 'old/b'])
    broker.up()
    await expect(publisher.flush(1_000)).resolves.toBe(true)
    expect([...broker.store]).toEqual([])
  })

  it('is repeated on a new connection only where it was not acknowledged', async () => {
    const { broker, publisher, said } = setUp()
    broker.autoAcknowledge = false
    broker.up()
    publisher.clear(['a', 'b'])
    await broker.acknowledge(1)
    broker.down()
    said()
    broker.up()
    expect(said()).toEqual(['b='])
  })

  it('gives way to a topic that is wanted again', () => {
    const { broker, publisher, said } = setUp()
    publisher.want(wanted({ a: '1' }))
    broker.up()
    publisher.clear(['a'])
    said()
    publisher.want(wanted({ a: '1' }))
    expect(said()).toEqual(['a=1'])
  })

  it('holds where an older clearing of the topic is acknowledged late', async () => {
    const { broker, publisher } = setUp()
    broker.autoAcknowledge = false
    broker.inFlightLimit = 2
    broker.up()
    publisher.clear(['a'])
    publisher.want(wanted({ a: '1' }))
    publisher.clear(['a'])
    await broker.acknowledge(1)
    await broker.acknowledge()
    await broker.acknowledge()
    expect([...broker.store]).toEqual([[STATE, 'online']])
  })
})

describe('flushing and stopping', () => {
  it('flush waits for every acknowledgement', async () => {
    const { broker, publisher } = setUp()
    broker.autoAcknowledge = false
    broker.up()
    publisher.want(wanted({ a: '1' }))
    let done: boolean | null = null
    const flushed = publisher.flush(1_000).then(result => {
      done = result
    })
    await broker.acknowledge(1)
    expect(done).toBeNull()
    await broker.acknowledge()
    await flushed
    expect(done).toBe(true)
  })

  it('flush gives up at its limit', async () => {
    const { clock, publisher } = setUp()
    publisher.want(wanted({ a: '1' }))
    const flushed = publisher.flush(1_000)
    clock.advance(999)
    expect(clock.waits).toEqual([1])
    clock.advance(1)
    await expect(flushed).resolves.toBe(false)
  })

  it('stop says offline after what was due, and nothing after it', async () => {
    const { broker, publisher, said } = setUp()
    broker.up()
    publisher.want(wanted({ a: '1' }))
    said()
    await publisher.stop(1_000)
    expect(said()).toEqual([`${STATE}=offline`])
    publisher.want(wanted({ a: '2' }))
    publisher.event('e', '1')
    publisher.sayOnline()
    expect(said()).toEqual([])
  })

  it('stop says offline even when the broker acknowledges nothing', async () => {
    const { broker, clock, publisher, said } = setUp()
    broker.autoAcknowledge = false
    broker.inFlightLimit = 1
    broker.up()
    publisher.want(wanted({ a: '1', b: '1' }))
    const stopped = publisher.stop(1_000)
    clock.advance(1_000)
    await stopped
    expect(said()).toEqual(['a=1', `${STATE}=offline`])
  })

  it('stop does not wait for a broker that is away', async () => {
    const { publisher } = setUp()
    publisher.want(wanted({ a: '1' }))
    await expect(publisher.stop(1_000)).resolves.toBeUndefined()
  })
})

describe('a broker that refuses a topic', () => {
  it('is reported once for each topic, and does not hold up the rest', async () => {
    const { broker, publisher, refused } = setUp()
    broker.forbidden.add('a')
    publisher.want(wanted({ a: '1', b: '1' }))
    broker.up()
    await settle()
    publisher.want(wanted({ a: '2', b: '2' }))
    await expect(publisher.flush(1_000)).resolves.toBe(true)
    expect(refused.map(error => error.message)).toEqual(['not allowed: a'])
    expect(broker.store.get('b')).toBe('2')
  })
})

describe('whatever happens', () => {
  const topic = fc.nat(2)
  const anyStep = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constantFrom('want' as const, 'instead' as const),
        topic,
        payload: fc.constantFrom('a', 'b'),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('clear' as const), topic }) },
    { weight: 3, arbitrary: fc.constantFrom({ do: 'up' as const }, { do: 'ack' as const }) },
    { weight: 1, arbitrary: fc.constantFrom({ do: 'down' as const }, { do: 'forget' as const }) },
  )

  it('the broker holds in the end what is wanted, and the window is kept', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 40 }), fc.integer({ min: 1, max: 4 }), async (steps, window) => {
        const { broker, publisher } = setUp()
        broker.autoAcknowledge = false
        broker.inFlightLimit = window
        let now: Record<string, string> = {}
        for (const step of steps) {
          if (step.do === 'want') {
            now = { ...now, [`t${step.topic}`]: step.payload }
            publisher.want(wanted(now))
          } else if (step.do === 'instead') {
            // Of a topic that is wanted already.
            if (!(`t${step.topic}` in now)) continue
            const change = { [`t${step.topic}`]: step.payload }
            now = { ...now, ...change }
            publisher.wantInstead(wanted(change))
          } else if (step.do === 'clear') {
            const { [`t${step.topic}`]: _gone, ...rest } = now
            now = rest
            publisher.clear([`t${step.topic}`])
          } else if (step.do === 'up' && !broker.connected) broker.up()
          else if (step.do === 'down' && broker.connected) broker.down()
          else if (step.do === 'forget' && !broker.connected) broker.store.clear()
          else if (step.do === 'ack') await broker.acknowledge(1)
          expect(broker.unacknowledged).toBeLessThanOrEqual(window)
        }
        publisher.want(wanted(now))
        if (!broker.connected) broker.up()
        const flushed = publisher.flush(1_000)
        for (let rounds = 0; broker.unacknowledged > 0; rounds++) {
          expect(rounds).toBeLessThan(100)
          await broker.acknowledge()
        }
        expect(await flushed).toBe(true)
        expect(Object.fromEntries(broker.store)).toEqual({ ...now, [STATE]: 'online' })
      }),
      { numRuns: 150 },
    )
  })
})
