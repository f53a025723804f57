/** A connection to the broker for a moment, beside the daemon's own. */
import { type Clock, SECOND } from '../clock.ts'
import type { Config } from '../config/config.ts'
import { BridgeError } from '../errors.ts'
import type { Broker } from '../mqtt/broker.ts'
import { MqttConnection } from '../mqtt/connection.ts'
import { brokerPlace } from '../mqtt/settings.ts'
import { within } from './within.ts'

const CONNECTS_WITHIN = 10 * SECOND
const COMES_BACK_WITHIN = 10 * SECOND

/** Told apart from what others are called; no secret. */
const aName = (): string => Math.random().toString(36).slice(2, 12)

/** Connected, or MQTT_UNREACHABLE or MQTT_REFUSED after the first try. The caller closes it. */
export async function dial({ mqtt }: Config, clock: Clock, command: string): Promise<Broker> {
  const broker = new MqttConnection(
    {
      ...mqtt,
      // The daemon's own id would throw the daemon out, and its will would say that it is gone.
      clientId: `octopus2mqtt-${command}-${aName()}`,
      will: { topic: echoTopic(mqtt.baseTopic), payload: '' },
    },
    clock,
  )
  const connected = new Promise<void>((resolve, reject) => {
    broker.onConnect(resolve)
    broker.onTrouble(reject)
  })
  broker.connect()
  const place = brokerPlace(mqtt.url)
  const late = () =>
    new BridgeError(
      'MQTT_UNREACHABLE',
      `${place} did not let us in within 10 s: check mqtt.url, and that this is an MQTT port`,
    )
  try {
    await within(clock, CONNECTS_WITHIN, connected, late)
    return broker
  } catch (error) {
    await broker.close()
    throw error
  }
}

/** What is said here comes back to ourselves; nobody else listens. */
export const echoTopic = (base: string): string => `${base}/bridge/echo`

/**
 * Resolves when a message of ours came back, so that what the broker sent us before it is here: the messages of one
 * connection keep their order, those that it held retained when we subscribed included. Needs a subscription to the echo
 * topic. Throws MQTT_REFUSED where it does not come back, or what the broker complains of.
 */
export async function roundTrip(broker: Broker, clock: Clock, base: string): Promise<void> {
  const topic = echoTopic(base)
  const mark = aName()
  const forget: (() => void)[] = []
  const back = new Promise<void>((resolve, reject) => {
    forget.push(broker.onTrouble(reject))
    forget.push(
      broker.onMessage((heard, payload) => void (heard === topic && payload.toString() === mark && resolve())),
    )
  })
  const late = () =>
    new BridgeError(
      'MQTT_REFUSED',
      `the broker let us in, but what we publish on ${topic} does not come back: allow this user to read and write ${base}/#`,
    )
  try {
    const published = broker.publish(topic, mark, { retain: false, qos: 1 })
    await within(clock, COMES_BACK_WITHIN, Promise.all([back, published]), late)
  } finally {
    for (const cancel of forget) cancel()
  }
}
