import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { type Clock, fastClock } from '../../src/clock.ts'
import type { BridgeError } from '../../src/errors.ts'
import { MqttConnection } from '../../src/mqtt/connection.ts'
import type { Wanted } from '../../src/mqtt/outbox.ts'
import { Publisher } from '../../src/mqtt/publisher.ts'
import type { BrokerSettings } from '../../src/mqtt/settings.ts'

export const BASE = 'base'
export const STATE = `${BASE}/bridge/state`

/** Waits that are seconds for us are a fraction of that in real time. */
export const quickClock = (): Clock => fastClock(25, Date.now())

/** A connection and a publisher as the daemon puts them together. */
export function daemon(settings: Partial<BrokerSettings> & { url: string }, clock: Clock = quickClock()) {
  const connection = new MqttConnection(
    { protocolVersion: 4, clientId: 'octopus2mqtt', will: { topic: STATE, payload: 'offline' }, ...settings },
    clock,
  )
  const publisher = new Publisher(connection, clock, STATE, error => troubles.push(error))
  const troubles: BridgeError[] = []
  connection.onTrouble(error => troubles.push(error))
  publisher.start()
  opened.add(connection)
  return { connection, publisher, troubles, clock }
}

const opened = new Set<MqttConnection>()

export async function closeDaemons(): Promise<void> {
  await Promise.all([...opened].map(connection => connection.close()))
  opened.clear()
}

/** Resolves at the next call of a listener, with what it was told. */
export const next = <T>(subscribe: (listener: (value: T) => void) => () => void): Promise<T> =>
  new Promise(resolve => {
    const cancel = subscribe(value => {
      cancel()
      resolve(value)
    })
  })

export const wanted = (values: Record<string, string>): Map<string, Wanted> =>
  new Map(Object.entries(values).map(([topic, payload]) => [topic, { payload, retain: true }]))

/** A server that is no broker: `talk` does with each client what it likes. */
export async function strangeServer(talk: (socket: Socket) => void): Promise<{ url: string; close(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    talk(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `mqtt://127.0.0.1:${port}`,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
