/** The broker of a bench: a real Mosquitto where there is one, as in the tests. */
import { connect, type MqttClient } from 'mqtt'
import type { Clock } from '../src/clock.ts'
import { MqttConnection } from '../src/mqtt/connection.ts'
import { closeEverything, startBroker, type TestBroker } from '../test/support/broker.ts'

/** Runs `work` with a broker of its own, which is gone afterwards. */
export async function withBroker<T>(work: (broker: TestBroker) => Promise<T>): Promise<T> {
  const broker = await startBroker()
  try {
    return await work(broker)
  } finally {
    await closeEverything()
  }
}

/** Connected. */
export function connected(url: string, clock: Clock): Promise<MqttConnection> {
  const will = { topic: 'octopus2mqtt/bridge/state', payload: 'offline' }
  const connection = new MqttConnection({ url, protocolVersion: 4, clientId: 'octopus2mqtt', will }, clock)
  return new Promise(resolve => {
    const cancel = connection.onConnect(() => {
      cancel()
      resolve(connection)
    })
    connection.connect()
  })
}

/** The library alone, with the options that the bridge gives it. */
export const bareClient = (url: string): Promise<MqttClient> =>
  new Promise((resolve, reject) => {
    const client = connect(url, { protocolVersion: 4, reconnectPeriod: 0, resubscribe: false, timerVariant: 'native' })
    client.once('connect', () => resolve(client))
    client.once('error', reject)
  })
