import { afterEach, describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { MINUTE, SECOND } from '../../src/clock.ts'
import type { BridgeError } from '../../src/errors.ts'
import { Presence } from '../../src/mqtt/presence.ts'
import { Requests } from '../../src/mqtt/requests.ts'
import {
  closeEverything,
  type Heard,
  haveMosquitto,
  PROTOCOL_VERSIONS,
  retained,
  startBroker,
  watch,
} from '../support/broker.ts'
import { BASE, closeDaemons, daemon, next, STATE, wanted } from './daemon.ts'
import { ManualClock } from './manual-clock.ts'

afterEach(async () => {
  await closeDaemons()
  await closeEverything()
})

const onMosquitto = haveMosquitto ? it : it.skip

describe.each(PROTOCOL_VERSIONS)('a broker with MQTT version %d', protocolVersion => {
  it('gets documents, then states, and online last, all retained', async () => {
    const { url } = await startBroker()
    const watcher = await watch(url, '#')
    const { connection, publisher } = daemon({ url, protocolVersion })
    publisher.want(wanted({ 'homeassistant/device/x/config': '{"a":1}', [`${BASE}/a/car/plugged_in`]: 'ON' }))
    connection.connect()
    await watcher.waitFor(({ topic }) => topic === STATE)
    expect(watcher.messages.map(({ topic, payload }) => `${topic}=${payload}`)).toEqual([
      'homeassistant/device/x/config={"a":1}',
      `${BASE}/a/car/plugged_in=ON`,
      `${STATE}=online`,
    ])
    expect(await retained(url, `${BASE}/#`)).toEqual(
      new Map([
        [`${BASE}/a/car/plugged_in`, 'ON'],
        [STATE, 'online'],
      ]),
    )
  })

  it('says offline, retained, when the process dies', async () => {
    const { url } = await startBroker()
    const { connection, publisher } = daemon({ url, protocolVersion })
    const watcher = await watch(url, STATE)
    publisher.want(new Map())
    connection.connect()
    await watcher.waitFor(({ payload }) => payload === 'online')
    // A second client with our id makes the broker drop the first without a goodbye, as a dead process would.
    const usurper = await watch(url, 'nothing', { clientId: 'octopus2mqtt', reconnectPeriod: 0 })
    await watcher.waitFor(({ payload }) => payload === 'offline')
    await usurper.close()
  })

  it('hears offline before a clean goodbye, which fires no will', async () => {
    const { url } = await startBroker()
    const watcher = await watch(url, '#')
    const { connection, publisher } = daemon({ url, protocolVersion })
    publisher.want(wanted({ a: '1' }))
    connection.connect()
    await watcher.waitFor(({ payload }) => payload === 'online')
    publisher.want(wanted({ a: '2' }))
    await publisher.stop(2_000)
    await connection.close()
    expect(connection.connected).toBe(false)
    await watcher.publish('end', '')
    await watcher.waitFor(({ topic }) => topic === 'end')
    expect(watcher.messages.map(({ topic, payload }) => `${topic}=${payload}`)).toEqual([
      'a=1',
      `${STATE}=online`,
      'a=2',
      `${STATE}=offline`,
      'end=',
    ])
  })

  it('that comes back empty gets everything again, newest payloads only', async () => {
    const broker = await startBroker()
    const { connection, publisher } = daemon({ url: broker.url, protocolVersion })
    publisher.want(wanted({ a: '1', b: '1' }))
    connection.connect()
    expect(await publisher.flush(5_000)).toBe(true)
    expect(connection.disconnectedSince).toBeNull()
    const gone = next<void>(listener => connection.onDisconnect(listener))
    await broker.stop()
    await gone
    expect(connection.connected).toBe(false)
    expect(connection.disconnectedSince).toEqual(expect.any(Number))
    publisher.want(wanted({ a: '2', b: '1' }))
    publisher.want(wanted({ a: '3', b: '1' }))
    publisher.event('e', 'nobody hears this')
    await broker.start()
    const watcher = await watch(broker.url, '#')
    await watcher.waitFor(({ topic, payload }) => topic === STATE && payload === 'online')
    expect(await retained(broker.url, '#')).toEqual(
      new Map([
        ['a', '3'],
        ['b', '1'],
        [STATE, 'online'],
      ]),
    )
    expect(watcher.messages.map(({ topic }) => topic)).not.toContain('e')
    expect(watcher.messages.map(({ payload }) => payload)).not.toContain('2')
  })

  onMosquitto('that was killed and comes back with an old save is corrected', async () => {
    const broker = await startBroker({ persistence: true })
    const { url } = broker
    const { connection, publisher } = daemon({ url, protocolVersion })
    publisher.want(wanted({ a: 'old' }))
    connection.connect()
    expect(await publisher.flush(5_000)).toBe(true)
    await broker.restart()
    expect((await retained(url, 'a')).get('a')).toBe('old')
    expect(await publisher.flush(5_000)).toBe(true)
    publisher.want(wanted({ a: 'new' }))
    expect(await publisher.flush(5_000)).toBe(true)
    const gone = next<void>(listener => connection.onDisconnect(listener))
    await broker.restart({ kill: true })
    await gone
    const watcher = await watch(url, ['a', STATE])
    await watcher.waitFor(({ topic, payload }) => topic === 'a' && payload === 'new')
  })

  it('takes a thousand topics at once, and clears them', async () => {
    const { url } = await startBroker()
    const { connection, publisher } = daemon({ url, protocolVersion })
    const topics = Array.from({ length: 1_000 }, (_, index) => `t/${index}`)
    publisher.want(wanted(Object.fromEntries(topics.map(topic => [topic, 'x'.repeat(500)]))))
    connection.connect()
    expect(await publisher.flush(10_000)).toBe(true)
    expect((await retained(url, 't/#')).size).toBe(1_000)
    publisher.clear(topics)
    expect(await publisher.flush(10_000)).toBe(true)
    expect((await retained(url, 't/#')).size).toBe(0)
  })

  it('brings messages, told apart by whether they were retained, after each connection', async () => {
    const broker = await startBroker()
    const { url } = broker
    const sender = await watch(url, 'nothing')
    await sender.publish('ev/plugged', 'true', { retain: true })
    const { connection } = daemon({ url, protocolVersion })
    const heard: string[] = []
    connection.onMessage((topic, payload, isRetained) => heard.push(`${topic} ${payload} ${isRetained}`))
    connection.subscribe(['ev/plugged'])
    const first = next<void>(listener => connection.onMessage(() => listener()))
    connection.connect()
    await first
    connection.subscribe(['ev/plugged', 'ev/+/power'])
    const second = next<void>(listener => connection.onMessage(() => listener()))
    await sender.publish('ev/plugged', 'false', { retain: true })
    await second
    const again = next<void>(listener => connection.onConnect(listener))
    await broker.wipe()
    await again
    const third = next<void>(listener => connection.onMessage(() => listener()))
    await sender.publish('ev/leaf/power', '7')
    await third
    expect(heard).toEqual(['ev/plugged true true', 'ev/plugged false false', 'ev/leaf/power 7 false'])
  })

  it('carries requests and their answers, and a retained request is ignored', async () => {
    const { url } = await startBroker()
    const watcher = await watch(url, `${BASE}/bridge/response/+`)
    await watcher.publish(`${BASE}/bridge/request/echo`, '{"transaction":"stale"}', { retain: true })
    const { connection, publisher } = daemon({ url, protocolVersion })
    const failures: unknown[] = []
    const requests = new Requests(
      connection,
      BASE,
      (topic, payload) => publisher.event(topic, payload),
      (_, error) => failures.push(error),
    )
    requests.register('echo', z.object({}), () => 'here')
    requests.start()
    publisher.want(new Map())
    connection.connect()
    expect(await publisher.flush(5_000)).toBe(true)
    await watcher.publish(`${BASE}/bridge/request/nonsense`, '{"transaction":1}')
    await watcher.publish(`${BASE}/bridge/request/echo`, '{"transaction":2}')
    await watcher.waitFor(({ topic }) => topic.endsWith('/echo'))
    expect(watcher.messages.map(({ payload }) => JSON.parse(payload))).toEqual([
      { status: 'error', error: { code: 'REQUEST_INVALID', message: expect.any(String) }, transaction: 1 },
      { status: 'ok', data: 'here', transaction: 2 },
    ])
    expect(await retained(url, `${BASE}/bridge/response/+`)).toEqual(new Map())
    expect(failures).toEqual([])
  })

  it('is left alone for five minutes by a client whose place is taken again and again', async () => {
    const { url } = await startBroker()
    const clock = new ManualClock()
    const { connection, troubles } = daemon({ url, protocolVersion }, clock)
    const contested = next<BridgeError>(listener => connection.onContested(listener))
    for (let round = 0; round < 3; round++) {
      const up = next<void>(listener => connection.onConnect(listener))
      if (round === 0) connection.connect()
      else clock.advance(MINUTE)
      await up
      const gone = next<void>(listener => connection.onDisconnect(listener))
      const usurper = await watch(url, 'nothing', { clientId: 'octopus2mqtt', reconnectPeriod: 0 })
      await gone
      await usurper.close()
    }
    const { code, message, details } = await contested
    expect(code).toBe('MQTT_REFUSED')
    expect(message).toContain('"octopus2mqtt"')
    expect(message).toContain('stays away from the broker for five minutes')
    expect(details.until).toBe(clock.now() + 5 * MINUTE)
    expect(clock.waits).toEqual([5 * MINUTE])
    expect(troubles.map(error => error.message)).toEqual([expect.stringContaining('ended')])
    const back = next<void>(listener => connection.onConnect(listener))
    clock.advance(5 * MINUTE)
    await back
  })

  it('with two daemons on one client id ends up with one of them', async () => {
    const { url } = await startBroker()
    const first = daemon({ url, protocolVersion })
    const second = daemon({ url, protocolVersion })
    const gaveUp = Promise.race(
      [first, second].map(({ connection }) =>
        next(listener => connection.onContested(listener)).then(() => connection),
      ),
    )
    first.connection.connect()
    await next<void>(listener => first.connection.onConnect(listener))
    second.connection.connect()
    const loser = await gaveUp
    const winner = loser === first.connection ? second.connection : first.connection
    if (!winner.connected) await next<void>(listener => winner.onConnect(listener))
    expect([loser.connected, winner.connected]).toEqual([false, true])
  })

  it('shows a second daemon with another client id, and an offline of its own is corrected', async () => {
    const { url } = await startBroker()
    const watcher = await watch(url, STATE)
    const start = async (instance: string, clientId: string) => {
      const parts = daemon({ url, protocolVersion, clientId })
      const heard = next<string>(listener => {
        const own = { base: BASE, instance }
        const presence = new Presence(parts.connection, parts.clock, own, parts.publisher, listener)
        presence.start()
        return () => {}
      })
      parts.publisher.want(wanted({ [`${BASE}/bridge/info`]: JSON.stringify({ instance }) }))
      parts.connection.connect()
      expect(await parts.publisher.flush(5_000)).toBe(true)
      return { ...parts, heard }
    }
    const first = await start('one', 'client-1')
    const second = await start('two', 'client-2')
    expect(await first.heard).toBe('two')
    const published = first.publisher.stats.published
    await second.publisher.stop(1_000)
    await second.connection.close()
    const offline = await watcher.waitFor(({ payload }) => payload === 'offline')
    const after = (message: Heard) => watcher.messages.indexOf(message) > watcher.messages.indexOf(offline)
    await watcher.waitFor(message => message.payload === 'online' && after(message))
    expect(first.publisher.stats.published).toBe(published + 1)
    expect((await retained(url, STATE)).get(STATE)).toBe('online')
  })

  it('that is not there at the start gets everything when it comes', async () => {
    const broker = await startBroker()
    await broker.stop()
    const { connection, publisher, troubles } = daemon({ url: broker.url, protocolVersion })
    publisher.want(wanted({ a: '1' }))
    const told = next(listener => connection.onTrouble(listener))
    connection.connect()
    expect(connection.connected).toBe(false)
    await told
    await broker.start()
    expect(await publisher.flush(5_000)).toBe(true)
    expect((await retained(broker.url, 'a')).get('a')).toBe('1')
    expect(troubles.map(({ code, message }) => `${code} ${message}`)).toEqual([
      `MQTT_UNREACHABLE ${broker.url} refuses connections: check that it runs, and the port in mqtt.url`,
    ])
  })
})

describe('closing', () => {
  it('ends a try that is under way, and no other follows', async () => {
    const broker = await startBroker()
    const clock = new ManualClock()
    const { connection } = daemon({ url: broker.url }, clock)
    connection.connect()
    await connection.close()
    expect(clock.waits).toEqual([])
    connection.connect()
    expect(connection.connected).toBe(false)
  })

  it('ends the waiting for the next try', async () => {
    const broker = await startBroker()
    await broker.stop()
    const clock = new ManualClock()
    const { connection } = daemon({ url: broker.url }, clock)
    const told = next(listener => connection.onTrouble(listener))
    connection.connect()
    await told
    const [wait] = clock.waits
    expect(wait).toBeGreaterThanOrEqual(SECOND / 2)
    expect(wait).toBeLessThanOrEqual(SECOND)
    await connection.close()
    expect(clock.waits).toEqual([])
  })
})
