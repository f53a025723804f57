/** The doctor's way to the broker, and what the plug topics say. */
import type { CarBinding } from '../account/bindings.ts'
import { type Clock, SECOND } from '../clock.ts'
import type { Config } from '../config/config.ts'
import type { BridgeError } from '../errors.ts'
import type { Broker } from '../mqtt/broker.ts'
import { brokerPlace } from '../mqtt/settings.ts'
import { understandYesNo } from '../vehicle/payload.ts'
import { plugSources, type SourceSpec } from '../vehicle/spec.ts'
import { PLUGGED_WORDS } from '../vehicle/words.ts'
import { dial, echoTopic, roundTrip } from './dial.ts'
import { type Doctor, type Finding, good, type Said } from './doctor.ts'

export interface BrokerCheck {
  readonly doctor: Doctor
  readonly config: Config
  readonly clock: Clock
  readonly cars: readonly CarBinding[]
}

/** How long a plug topic has to say something; a retained message is there at once. Milliseconds. */
const SPEAKS_WITHIN = 3 * SECOND

export async function checkBroker({ doctor, config, clock, cars }: BrokerCheck): Promise<void> {
  const start = { name: 'configuration', ok: true, value: config } as const
  const broker = await doctor.look('broker', start, () => lookAtBroker(config, clock))
  await doctor.look('plug topic', broker, async connected => {
    const sources = cars.flatMap(({ spec }) => plugSources(spec))
    const { payloads, trouble } = await listen(connected, clock, sources)
    if (trouble !== null) throw trouble
    return { lines: cars.flatMap(car => describePlug(car, cars.length, payloads)), value: null }
  })
  if (broker.ok) await broker.value.close()
}

/** Connected is not yet allowed to do anything: a message of ours goes there and back. The caller closes it. */
async function lookAtBroker(config: Config, clock: Clock): Promise<Finding<Broker>> {
  const { mqtt } = config
  const broker = await dial(config, clock, 'check')
  try {
    broker.subscribe([echoTopic(mqtt.baseTopic)])
    await roundTrip(broker, clock, mqtt.baseTopic)
  } catch (error) {
    await broker.close()
    throw error
  }
  const who = mqtt.username === undefined ? 'without a user name' : `as ${mqtt.username}`
  const how = /^(mqtts|wss):/.test(mqtt.url) ? ', TLS' : ''
  const version = mqtt.protocolVersion === 5 ? 'MQTT 5' : 'MQTT 3.1.1'
  return good(`${brokerPlace(mqtt.url)} ${who}${how}, ${version}; we may read and write ${mqtt.baseTopic}/#`, broker)
}

interface Heard {
  /** By topic, the newest. */
  readonly payloads: ReadonlyMap<string, Buffer>
  readonly trouble: BridgeError | null
}

/** Resolves as soon as every source was heard, or the broker complained, or time is up. */
function listen(broker: Broker, clock: Clock, sources: readonly SourceSpec[]): Promise<Heard> {
  const topics = new Set(sources.map(({ topic }) => topic))
  const payloads = new Map<string, Buffer>()
  if (topics.size === 0) return Promise.resolve({ payloads, trouble: null })
  return new Promise(resolve => {
    const end = (trouble: BridgeError | null) => {
      for (const forget of forgets) forget()
      resolve({ payloads, trouble })
    }
    const forgets = [
      clock.after(SPEAKS_WITHIN, () => end(null)),
      broker.onTrouble(end),
      broker.onMessage((topic, payload) => {
        if (!topics.has(topic)) return
        payloads.set(topic, payload)
        if (payloads.size === topics.size) end(null)
      }),
    ]
    broker.subscribe([...topics])
  })
}

function describePlug(
  { device, spec, explicit }: CarBinding,
  cars: number,
  payloads: ReadonlyMap<string, Buffer>,
): Said[] {
  const car = cars > 1 ? `${device}: ` : ''
  if (spec.plugged === 'none') {
    return [{ mark: 'ok', text: `${car}none configured: Octopus alone says whether the car is plugged in` }]
  }
  return spec.plugged.sources.map(source => {
    const payload = payloads.get(source.topic)
    const said = payload === undefined ? describeSilence(source, explicit) : describePayload(source, payload)
    return { mark: said.mark, text: `${car}${source.topic} ${said.text}` }
  })
}

/** The default topic is an offer: nobody needs to publish there, and Octopus's own state stands in for it. */
function describeSilence(source: SourceSpec, explicit: boolean): Said {
  const example = source.trueValues?.[0] ?? 'ON'
  const advice =
    source.json !== undefined
      ? `publish JSON with ${source.json} there, retained`
      : `publish ${example} there when the car is plugged in and ${source.falseValues?.[0] ?? 'OFF'} when it is not, retained`
  if (explicit) return { mark: 'warn', text: `said nothing in 3 s: ${advice}, or correct ev.plugged` }
  return {
    mark: 'ok',
    text: `(the default) says nothing, so Octopus alone tells; to tell sooner ${advice}, or set ev.plugged`,
  }
}

function describePayload(source: SourceSpec, payload: Buffer): Said {
  const understood = understandYesNo(payload, source, PLUGGED_WORDS, null)
  if (understood.kind === 'value') {
    const meaning =
      understood.value === null ? 'between below and above' : understood.value ? 'plugged in' : 'not plugged in'
    return { mark: 'ok', text: `says ${meaning}` }
  }
  const { kind, sample } = understood
  if (kind === 'unknown') return { mark: 'warn', text: `says "${sample}", so its sender does not know` }
  return {
    mark: 'fail',
    text: `says "${sample}", which is not understood: set true_values and false_values of ev.plugged, or json`,
  }
}
