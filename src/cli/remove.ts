/** `octopus2mqtt remove`: takes everything back that is retained at the broker because of us. Needs no API key. */
import { existsSync } from 'node:fs'
import { carBindings } from '../account/configured-cars.ts'
import { type Clock, MINUTE, SECOND } from '../clock.ts'
import type { Config } from '../config/config.ts'
import { bridgeStateTopic } from '../entities/topics.ts'
import { BridgeError, isBridgeError } from '../errors.ts'
import { removals } from '../home-assistant/removal.ts'
import type { Broker } from '../mqtt/broker.ts'
import { brokerPlace } from '../mqtt/settings.ts'
import { openStore, type Store } from '../store/open.ts'
import { topicsOf } from '../vehicle/spec.ts'
import { progress } from './bar.ts'
import { dial, roundTrip } from './dial.ts'
import { EXIT, fail } from './exit.ts'
import { type Here, hereAndNow } from './here.ts'
import { load } from './load.ts'
import { filtersOf, type Ours, ours, placesOf } from './retained.ts'
import { within } from './within.ts'

/** Everything together, once the broker has let us in. */
const DONE_WITHIN = 2 * MINUTE

/**
 * Home Assistant stops listening to a state a moment after its entity went; clearing the attributes before that would be a
 * warning in its log for each of them.
 */
const FORGETS_WITHIN = SECOND

export interface RemoveOptions {
  readonly config?: string
  /** Also where a daemon seems to run. */
  readonly evenOnline?: boolean
}

/**
 * 1 where the broker is not there, or does not let us, 3 where a daemon runs; the line on stderr says why. Throws what is
 * wrong with the configuration.
 */
export async function remove(options: RemoveOptions, here: Here = hereAndNow()): Promise<number> {
  const { config } = await load(options.config, { octopus: false })
  const foreign = [config.homeassistant.statusTopic, ...carBindings(config.ev).flatMap(({ spec }) => topicsOf(spec))]
  const { clock } = here
  const evenOnline = options.evenOnline === true
  try {
    const store = existsSync(config.storage.path)
      ? openStore({ path: config.storage.path, clock, setsAside: false })
      : null
    try {
      const broker = await dial(config, clock, 'remove')
      const late = () =>
        new BridgeError('MQTT_UNREACHABLE', 'the broker takes longer than two minutes: run remove again')
      try {
        return await within(clock, DONE_WITHIN, removeAll({ broker, config, store, here, foreign, evenOnline }), late)
      } finally {
        await broker.close()
      }
    } finally {
      store?.close()
    }
  } catch (error) {
    here.live.clear()
    const code = fail(error)
    return isBridgeError(error, 'REMOVE_REFUSED') ? code : EXIT.checkFailed
  }
}

interface Removing {
  readonly broker: Broker
  readonly config: Config
  readonly store: Store | null
  readonly here: Here
  readonly foreign: readonly string[]
  readonly evenOnline: boolean
}

async function removeAll({ broker, config, store, here, foreign, evenOnline }: Removing): Promise<number> {
  const { baseTopic: base, url } = config.mqtt
  const known = store?.published.topics() ?? []
  const places = placesOf({ base, prefix: config.homeassistant.discoveryPrefix }, known)
  here.live.show('  reading what is retained')
  const retained = await readBack(broker, here.clock, base, filtersOf(places))
  const online = places.bases.map(bridgeStateTopic).find(topic => retained.get(topic) === 'online')
  if (online !== undefined && !evenOnline) throw stillRuns(online)
  const found = ours(retained, places, { known, foreign })
  const left = await clear(broker, here, base, found)
  if (left.length > 0) {
    const topics = left.length === 1 ? '1 topic is' : `${left.length} topics are`
    const message = `${topics} still there (${left[0]}): allow this user to write there, then run remove again`
    throw new BridgeError('MQTT_REFUSED', message)
  }
  if (store !== null) forget(store)
  here.print(`${brokerPlace(url)}: ${describe(found)}`)
  return EXIT.done
}

/** It would publish again, and Home Assistant lose its devices meanwhile. The broker says `offline` for one that died. */
const stillRuns = (topic: string): BridgeError =>
  new BridgeError(
    'REMOVE_REFUSED',
    `a daemon runs (${topic} says online), so nothing was removed: stop octopus2mqtt first; if none runs, add --even-online`,
  )

function describe({ documents, topics }: Ours): string {
  const all = Object.values(documents)
  if (all.length + topics.length === 0) return 'nothing of ours is retained there'
  const entities = all.reduce((sum, { components }) => sum + Object.keys(components).length, 0)
  return `removed ${all.length} discovery documents with ${entities} entities, and ${topics.length} other retained topics`
}

/**
 * What is retained under these filters. The first message of ours that comes back closes what a broker sends in one go; one
 * that sends in several goes is listened to until nothing new came between two.
 */
async function readBack(
  broker: Broker,
  clock: Clock,
  base: string,
  filters: readonly string[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  const forget = broker.onMessage((topic, payload, isRetained) => {
    if (isRetained) found.set(topic, payload.toString())
  })
  broker.subscribe(filters)
  let before: number
  do {
    before = found.size
    await roundTrip(broker, clock, base)
  } while (found.size > before)
  forget()
  return found
}

/** Gives the topics whose end did not come back to us: a broker may take a message and drop it. */
async function clear(
  broker: Broker,
  { clock, live }: Here,
  base: string,
  { documents, topics }: Ours,
): Promise<string[]> {
  const left = new Set([...Object.keys(documents), ...topics])
  const forget = broker.onMessage((topic, payload) => {
    if (payload.length === 0) left.delete(topic)
  })
  const publish = (topic: string, payload: string) => broker.publish(topic, payload, { retain: true, qos: 1 })
  const { publishes } = removals(documents, [])
  for (const { topic, payload } of publishes) await publish(topic, payload)
  if (publishes.length > 0) live.show('  removing entities from Home Assistant')
  if (publishes.length > 0) await new Promise<void>(resolve => void clock.after(FORGETS_WITHIN, resolve))
  for (const [index, topic] of topics.entries()) {
    live.show(`  removing topics ${progress(index / topics.length, null, 20)}`)
    await publish(topic, '')
  }
  await roundTrip(broker, clock, base)
  forget()
  return [...left]
}

function forget({ published }: Store): void {
  published.removeTopics(published.topics())
  for (const id of published.documents().keys()) published.removeDocument(id)
}
