import { afterEach, describe, expect, it } from '@jest/globals'
import { MINUTE } from '../../src/clock.ts'
import type { BridgeError } from '../../src/errors.ts'
import { brokerPlace } from '../../src/mqtt/settings.ts'
import {
  closeEverything,
  freePort,
  haveMosquitto,
  haveOpenssl,
  PROTOCOL_VERSIONS,
  startBroker,
  USERNAME,
  watch,
} from '../support/broker.ts'
import { closeDaemons, daemon, next, strangeServer, wanted } from './daemon.ts'
import { ManualClock } from './manual-clock.ts'

afterEach(async () => {
  await closeDaemons()
  await closeEverything()
})

const PASSWORD = 'p@ss/w:rd'

/** The first thing that is said when connecting so. */
async function firstTrouble(settings: Parameters<typeof daemon>[0]) {
  const { connection } = daemon(settings)
  const told = next<BridgeError>(listener => connection.onTrouble(listener))
  connection.connect()
  const error = await told
  await connection.close()
  return error
}

async function connects(settings: Parameters<typeof daemon>[0]): Promise<boolean> {
  const { connection, publisher } = daemon(settings)
  publisher.want(wanted({ a: '1' }))
  connection.connect()
  return publisher.flush(5_000)
}

describe.each(PROTOCOL_VERSIONS)('the password, with MQTT version %d', protocolVersion => {
  it('that is right lets us in, from the settings or from the address', async () => {
    const { url, port } = await startBroker({ password: PASSWORD })
    expect(await connects({ url, protocolVersion, username: USERNAME, password: PASSWORD })).toBe(true)
    const withUser = `mqtt://${USERNAME}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}`
    expect(await connects({ url: withUser, protocolVersion })).toBe(true)
  })

  it('that is wrong is said, with what to do and without the password', async () => {
    const { url, port } = await startBroker({ password: PASSWORD })
    const error = await firstTrouble({ url: `mqtt://${USERNAME}:sesame@127.0.0.1:${port}`, protocolVersion })
    expect(error.code).toBe('MQTT_REFUSED')
    expect(error.message).toContain(`${url} does not accept the user name or the password: check mqtt.username`)
    expect(JSON.stringify([error.message, error.details, error.stack])).not.toContain('sesame')
    const none = await firstTrouble({ url, protocolVersion })
    expect(none.message).toBe(`${url} wants a user name and a password: set mqtt.username and mqtt.password`)
  })

  it('is tried again with growing waits, and the trouble said once', async () => {
    const { url } = await startBroker({ password: PASSWORD })
    const clock = new ManualClock()
    const { connection, troubles } = daemon({ url, protocolVersion, username: USERNAME, password: 'no' }, clock)
    const waits: number[] = []
    connection.connect()
    for (let round = 0; round < 4; round++) {
      while (clock.waits.length === 0) await new Promise(resolve => setImmediate(resolve))
      waits.push(...clock.waits)
      clock.advance(MINUTE)
    }
    expect(waits).toHaveLength(4)
    waits.forEach((wait, index) => {
      expect(wait).toBeGreaterThanOrEqual(500 * 2 ** index)
      expect(wait).toBeLessThanOrEqual(1_000 * 2 ** index)
    })
    expect(troubles).toHaveLength(1)
  })
})

const withTls = haveOpenssl ? describe : describe.skip
withTls.each(PROTOCOL_VERSIONS)('TLS, with MQTT version %d', protocolVersion => {
  it('with a CA of one’s own connects with its file, and says what is missing without', async () => {
    const { url, files } = await startBroker({ tls: true })
    expect(await connects({ url, protocolVersion, caFile: files?.ca })).toBe(true)
    const error = await firstTrouble({ url, protocolVersion })
    expect(error.code).toBe('MQTT_UNREACHABLE')
    expect(error.message).toContain('set mqtt.ca_file')
  })

  it('refuses a certificate that was made for another name', async () => {
    const { port, files } = await startBroker({ tls: true })
    const error = await firstTrouble({ url: `mqtts://127.0.0.1:${port}`, protocolVersion, caFile: files?.ca })
    expect(error.message).toContain('made for another name')
  })

  it('with client certificates lets us in with ours only', async () => {
    const { url, files } = await startBroker({ tls: true, clientCertificates: true })
    const ours = { certFile: files?.clientCert, keyFile: files?.clientKey }
    expect(await connects({ url, protocolVersion, caFile: files?.ca, ...ours })).toBe(true)
    const error = await firstTrouble({ url, protocolVersion, caFile: files?.ca })
    expect(error.message).toContain('client certificate')
  })

  it('that the other side does not speak, or that is not spoken to it, is said', async () => {
    const plain = await startBroker()
    const notTls = await firstTrouble({ url: `mqtts://127.0.0.1:${plain.port}`, protocolVersion })
    expect(notTls.message).toMatch(/TLS/)
    const tls = await startBroker({ tls: true })
    const noTls = await firstTrouble({ url: `mqtt://127.0.0.1:${tls.port}`, protocolVersion })
    expect(noTls.message).toContain('mqtts://')
  })

  it('with files that cannot be used says which', async () => {
    const { url, files } = await startBroker({ tls: true })
    const missing = await firstTrouble({ url, protocolVersion, caFile: '/nowhere/ca.pem' })
    expect(missing.message).toBe('cannot read mqtt.ca_file /nowhere/ca.pem: check the path and its permissions')
    const swapped = { caFile: files?.ca, certFile: files?.clientKey, keyFile: files?.clientCert }
    expect((await firstTrouble({ url, protocolVersion, ...swapped })).message).toContain('no PEM')
  })
})

describe('websockets', () => {
  it('carry it too', async () => {
    const { url } = await startBroker({ websockets: true })
    expect(await connects({ url: `${url}/mqtt` })).toBe(true)
  })

  const encrypted = haveOpenssl ? it : it.skip
  encrypted('carry it encrypted', async () => {
    const { url, files } = await startBroker({ websockets: true, tls: true })
    expect(await connects({ url, caFile: files?.ca })).toBe(true)
    expect((await firstTrouble({ url })).message).toContain('set mqtt.ca_file')
  })

  it('that are none are said', async () => {
    const server = await strangeServer(socket => socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'))
    const error = await firstTrouble({ url: server.url.replace('mqtt:', 'ws:') })
    expect(error.message).toContain('check the path')
    await server.close()
  })
})

describe('what is no broker', () => {
  it.each([
    ['a server that hangs up', 'cut the connection', ''],
    ['a web server', 'does not speak MQTT', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
  ])('is said of %s', async (_, expected, answer) => {
    const server = await strangeServer(socket => (answer ? socket.write(answer) : socket.destroy()))
    const error = await firstTrouble({ url: server.url })
    expect(error.code).toBe('MQTT_UNREACHABLE')
    expect(error.message).toContain(expected)
    await server.close()
  })

  it('is said of a port where nothing listens and of a name that does not exist', async () => {
    expect((await firstTrouble({ url: `mqtt://localhost:${await freePort()}` })).message).toContain(
      'refuses connections',
    )
    expect((await firstTrouble({ url: 'mqtt://broker.invalid' })).message).toContain('cannot be found')
  })

  it.each(['', 'mqtt//x', 'http://user:secret@host', 'mqtt://:secret@'])(
    'is said of the address %p, without repeating it',
    async url => {
      const error = await firstTrouble({ url })
      expect(error.code).toBe('MQTT_UNREACHABLE')
      expect(error.message).toContain('mqtt.url is not an address')
      expect(JSON.stringify([error.message, error.stack, error.cause])).not.toContain('secret')
    },
  )
})

describe('a broker with access rules', () => {
  const rules = haveMosquitto ? it : it.skip
  rules('that refuses a topic is said once, and the rest goes on (MQTT 5)', async () => {
    const { url } = await startBroker({ acl: ['topic readwrite allowed/#', 'topic readwrite base/#'] })
    const { connection, publisher, troubles } = daemon({ url, protocolVersion: 5 })
    const watcher = await watch(url, 'allowed/#')
    connection.subscribe(['allowed/x'])
    publisher.want(wanted({ 'denied/a': '1', 'allowed/a': '1' }))
    connection.connect()
    expect(await publisher.flush(5_000)).toBe(true)
    await watcher.waitFor(({ topic }) => topic === 'allowed/a')
    expect(troubles.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'MQTT_REFUSED the broker does not let us publish to denied/a: allow it there',
    ])
  })
})

describe('a subscription that the broker refuses', () => {
  it('is said, and the others hold', async () => {
    const { url } = await startBroker({ notSubscribable: ['secret/plugged'] })
    const { connection, troubles } = daemon({ url })
    const told = next<BridgeError>(listener => connection.onTrouble(listener))
    const heard = next<string>(listener => connection.onMessage(topic => listener(topic)))
    connection.subscribe(['ev/plugged', 'secret/plugged'])
    connection.connect()
    const { code, message } = await told
    expect(`${code} ${message}`).toBe(`MQTT_REFUSED ${url} does not let us subscribe to secret/plugged: allow it there`)
    const sender = await watch(url, 'ev/x')
    await sender.publish('ev/plugged', '1')
    expect(await heard).toBe('ev/plugged')
    expect(troubles).toHaveLength(1)
  })
})

describe('the broker’s address in a text', () => {
  it.each([
    ['mqtt://user:secret@host', 'mqtt://host:1883'],
    ['mqtts://host:8884/?x=secret', 'mqtts://host:8884'],
    ['wss://[::1]/mqtt', 'wss://[::1]:443'],
    ['nonsense:secret', 'the broker'],
  ])('%s is %s', (url, expected) => {
    expect(brokerPlace(url)).toBe(expected)
  })
})
