/** A broker inside this process (MQTT 3.1.1), for the demo: nothing to install. Loopback only. */

import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { Aedes, type AedesPublishPacket } from 'aedes'

export interface EmbeddedBroker {
  readonly url: string
  readonly port: number
  publish(topic: string, payload: string, retain: boolean): void
  /** Every message that any client publishes. */
  onPublish(listener: (topic: string, payload: string, retain: boolean) => void): void
  close(): Promise<void>
}

/** Listens on `port`, or on any free one where that cannot be had: it is taken, or not for this user. */
export async function startEmbeddedBroker(port: number): Promise<EmbeddedBroker> {
  const aedes = await Aedes.createBroker()
  const server = createServer(aedes.handle)
  const listen = (wanted: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(wanted, '127.0.0.1', () => {
        server.removeListener('error', reject)
        resolve()
      })
    })
  await listen(port).catch(() => listen(0))
  const { port: bound } = server.address() as AddressInfo
  return {
    url: `mqtt://127.0.0.1:${bound}`,
    port: bound,
    publish: (topic, payload, retain) =>
      aedes.publish({ cmd: 'publish', topic, payload: Buffer.from(payload), retain, qos: 1, dup: false }, () => {}),
    onPublish: listener => {
      aedes.on('publish', (packet: AedesPublishPacket) => {
        if (!packet.topic.startsWith('$SYS')) listener(packet.topic, packet.payload.toString(), packet.retain)
      })
    },
    close: () =>
      new Promise(resolve => {
        aedes.close(() => server.close(() => resolve()))
      }),
  }
}
