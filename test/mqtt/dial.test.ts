/** A broker that is reached without a socket: the caller hands in the stream. */
import { duplexPair } from 'node:stream'
import { afterEach, describe, expect, it } from '@jest/globals'
import { Aedes } from 'aedes'
import type { BridgeError } from '../../src/errors.ts'
import type { MqttConnection } from '../../src/mqtt/connection.ts'
import { BASE, closeDaemons, daemon, next, STATE, wanted } from './daemon.ts'

/** Nobody listens there, and nobody needs to. */
const url = 'mqtt://broker.invalid'

const brokers: Aedes[] = []
afterEach(async () => {
  await closeDaemons()
  for (const broker of brokers.splice(0)) await new Promise<void>(resolve => broker.close(resolve))
})

async function setUp() {
  const broker = await Aedes.createBroker()
  brokers.push(broker)
  const streams: ReturnType<typeof duplexPair>[0][] = []
  const dial = () => {
    const [ours, theirs] = duplexPair()
    streams.push(ours)
    broker.handle(theirs)
    return ours
  }
  const heard: string[] = []
  const heardOf = (most: number) =>
    new Promise<string[]>(resolve => {
      broker.on('publish', ({ topic, payload }) => {
        if (topic.startsWith(BASE)) heard.push(`${topic}=${payload}`)
        if (heard.length === most) resolve(heard)
      })
    })
  return { dial, streams, heardOf }
}

const connected = (connection: MqttConnection) => next<void>(listener => connection.onConnect(() => listener()))

describe('a stream that is handed in', () => {
  it('carries everything, and a goodbye ends it', async () => {
    const { dial, streams, heardOf } = await setUp()
    const messages = heardOf(3)
    const { connection, publisher } = daemon({ url, dial })
    publisher.want(wanted({ [`${BASE}/a`]: '1' }))
    connection.connect()
    await connected(connection)
    await connection.publish(`${BASE}/b`, '2', { retain: false, qos: 1 })
    expect((await messages).sort()).toEqual([`${BASE}/a=1`, `${BASE}/b=2`, `${STATE}=online`])
    await connection.close()
    expect(streams.map(({ destroyed }) => destroyed)).toEqual([true])
  })

  it('is asked for anew when it broke', async () => {
    const { dial, streams } = await setUp()
    const { connection } = daemon({ url, dial })
    connection.connect()
    await connected(connection)
    streams[0]?.destroy()
    await connected(connection)
    expect(streams).toHaveLength(2)
    expect(connection.connected).toBe(true)
  })

  it('that cannot be had is a broker that cannot be reached', async () => {
    const { connection } = daemon({
      url,
      dial: () => {
        throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
      },
    })
    const trouble = next<BridgeError>(listener => connection.onTrouble(listener))
    connection.connect()
    expect(await trouble).toMatchObject({ code: 'MQTT_UNREACHABLE' })
  })
})
