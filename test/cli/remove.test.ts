import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { remove } from '../../src/cli/remove.ts'
import { filtersOf, ours, placesOf } from '../../src/cli/retained.ts'
import { fastClock, systemClock } from '../../src/clock.ts'
import { renderStates } from '../../src/entities/render.ts'
import { discoveryDocuments } from '../../src/home-assistant/discovery.ts'
import { indexOf } from '../../src/home-assistant/removal.ts'
import type { Snapshot } from '../../src/snapshot.ts'
import { openStore } from '../../src/store/open.ts'
import { everythingKnown, twoCars } from '../entities/snapshots.ts'
import { settings } from '../home-assistant/settings.ts'
import { strangeServer } from '../mqtt/daemon.ts'
import {
  closeEverything,
  freePort,
  haveMosquitto,
  PROTOCOL_VERSIONS,
  retained,
  startBroker,
  type TestBroker,
  USERNAME,
  type Watcher,
  watch,
} from '../support/broker.ts'
import { cleanUp, folder, PASSWORD, run } from './support.ts'

afterEach(async () => {
  await closeEverything()
  await cleanUp()
})

const clock = () => fastClock(5, Date.now())

/** Everything that a daemon leaves at a broker. */
function leftBehind(
  base = 'octopus2mqtt',
  prefix = 'homeassistant',
  snapshot: Snapshot = twoCars,
): Map<string, string> {
  const documents = discoveryDocuments(snapshot, { ...settings, base, prefix })
  const states = [...renderStates(snapshot, base, { docsUrl: 'https://example.org' })].filter(
    ([, { retain }]) => retain,
  )
  return new Map([
    ...documents.map(({ topic, payload }) => [topic, JSON.stringify(payload)] as const),
    ...states.map(([topic, { payload }]) => [topic, payload] as const),
    [`${base}/bridge/state`, 'offline'],
    [`${base}/bridge/info`, '{"version":"1.2.3"}'],
  ])
}

/** The house of somebody else who shares the broker. */
const neighbours: Snapshot = {
  ...twoCars,
  account: { ...twoCars.account, id: 'account_9z' },
  meters: twoCars.meters.map((meter, index) => ({ ...meter, id: `meter_9${index}` })),
  cars: twoCars.cars.map((car, index) => ({ ...car, id: `car_9${index}` })),
}

async function publishAll(person: Watcher, messages: Iterable<readonly [string, string]>): Promise<void> {
  for (const [topic, payload] of messages) await person.publish(topic, payload, { retain: true })
}

async function brokerWith(
  messages: Iterable<readonly [string, string]>,
  options: Parameters<typeof startBroker>[0] = {},
) {
  const broker = await startBroker(options)
  const person = await watch(broker.url, 'nothing')
  await publishAll(person, messages)
  await person.close()
  return broker
}

const FOREIGN = new Map([
  ['ev/plugged', 'true'],
  ['homeassistant/status', 'online'],
  [
    'homeassistant/device/another/config',
    '{"device":{"identifiers":["x"]},"origin":{"name":"zigbee2mqtt"},"components":{}}',
  ],
  ['homeassistant/sensor/a/b/config', '{"name":"somebody"}'],
  ['octopus2mqtt-2/bridge/state', 'online'],
])

const left = (broker: TestBroker) => retained(broker.url, '#')

const kinds = haveMosquitto ? (['mosquitto', 'aedes'] as const) : (['aedes'] as const)

describe.each(kinds)('remove, on %s', kind => {
  it('clears what is ours, and nothing else, without an API key', async () => {
    const mine = leftBehind()
    const neighbour = leftBehind('other', 'homeassistant', neighbours)
    const broker = await brokerWith([...mine, ...neighbour, ...FOREIGN], { kind })
    expect((await left(broker)).size).toBe(mine.size + neighbour.size + FOREIGN.size)
    const outcome = await run(remove, { mqtt: { url: broker.url } }, { clock: clock() })
    expect(outcome.errors).toBe('')
    expect(outcome.code).toBe(0)
    expect(new Map([...(await left(broker))].sort())).toEqual(new Map([...neighbour, ...FOREIGN].sort()))
  })

  it('says how many there were, and finds nothing the second time', async () => {
    const mine = leftBehind()
    const broker = await brokerWith(mine, { kind })
    const mqtt = { url: broker.url }
    const first = await run(remove, { mqtt }, { clock: clock() })
    const documents = [...mine.keys()].filter(topic => topic.endsWith('/config')).length
    expect(documents).toBeGreaterThan(3)
    expect(first.lines).toEqual([expect.stringContaining(`removed ${documents} discovery documents with `)])
    expect(first.lines[0]).toContain(`and ${mine.size - documents} other retained topics`)
    expect(await left(broker)).toEqual(new Map())
    const second = await run(remove, { mqtt }, { clock: clock() })
    expect(second.lines).toEqual([expect.stringContaining('nothing of ours is retained there')])
    expect([first.code, second.code]).toEqual([0, 0])
  })
})

describe('remove', () => {
  it('takes every entity away before its document, children first, and the states last', async () => {
    const mine = leftBehind()
    const broker = await brokerWith(mine)
    const witness = await watch(broker.url, ['homeassistant/#', 'octopus2mqtt/#'])
    await witness.waitFor(({ topic }) => topic === 'octopus2mqtt/bridge/info')
    witness.clear()
    await run(remove, { mqtt: { url: broker.url } }, { clock: clock() })
    const heard = witness.messages.filter(({ retained: old, topic }) => !old && topic !== 'octopus2mqtt/bridge/echo')
    const documents = discoveryDocuments(twoCars, settings)
    const removed = heard.slice(0, 2 * documents.length)
    expect(
      removed
        .map(({ topic }) => topic)
        .filter((_, index) => index % 2 === 0)
        .sort(),
    ).toEqual(documents.map(({ topic }) => topic).sort())
    for (const [index, { topic, payload }] of removed.entries()) {
      if (index % 2 === 1) expect([payload, topic]).toEqual(['', removed[index - 1]?.topic])
      else
        for (const component of Object.values(JSON.parse(payload).components))
          expect(Object.keys(component as object)).toEqual(['platform'])
    }
    expect(removed.at(-1)?.topic).toBe('homeassistant/device/octopus2mqtt_bridge/config')
    const states = heard.slice(2 * documents.length)
    expect(states).toHaveLength(mine.size - documents.length)
    expect(states.every(({ payload, topic }) => payload === '' && topic.startsWith('octopus2mqtt/'))).toBe(true)
  })

  it('reads back more than a broker has in flight at once', async () => {
    const many = new Map(
      Array.from({ length: 400 }, (_, index) => [`octopus2mqtt/a/car/entity_${index}`, 'ON'] as const),
    )
    const broker = await brokerWith(many)
    const mqtt = { url: broker.url, protocol_version: PROTOCOL_VERSIONS.at(-1) }
    const outcome = await run(remove, { mqtt }, { clock: clock() })
    expect(outcome.lines).toEqual([expect.stringContaining('and 400 other retained topics')])
    expect(await left(broker)).toEqual(new Map())
  })

  it('leaves a topic that is only listened to, though it stands under the base topic', async () => {
    const broker = await brokerWith([
      ['octopus2mqtt/ev/plugged', 'ON'],
      ['octopus2mqtt/a/car/plugged_in', 'ON'],
    ])
    await run(remove, { mqtt: { url: broker.url }, ev: { plugged: 'octopus2mqtt/ev/plugged' } }, { clock: clock() })
    expect([...(await left(broker)).keys()]).toEqual(['octopus2mqtt/ev/plugged'])
  })

  it('forgets in the store, and clears what the store knows of an earlier base topic and prefix', async () => {
    const old = leftBehind('old/base', 'ha')
    const broker = await brokerWith(old)
    const path = join(folder(), 'store.db')
    const store = openStore({ path, clock: systemClock })
    store.published.addTopics(old.keys())
    store.published.setDocument(
      'discovery-index',
      indexOf(discoveryDocuments(twoCars, { ...settings, base: 'old/base', prefix: 'ha' })),
    )
    store.close()
    const outcome = await run(remove, { mqtt: { url: broker.url } }, { clock: clock() }, path)
    expect(outcome.code).toBe(0)
    expect(await left(broker)).toEqual(new Map())
    const again = openStore({ path, clock: systemClock })
    expect([again.published.topics(), [...again.published.documents()]]).toEqual([[], []])
    again.close()
  })

  it('makes no store where there is none', async () => {
    const broker = await brokerWith([])
    const path = join(folder(), 'store.db')
    const outcome = await run(remove, { mqtt: { url: broker.url } }, { clock: clock() }, path)
    expect([outcome.code, existsSync(path)]).toEqual([0, false])
  })

  it('refuses where a daemon still runs, removes nothing, and forgets nothing, except where it is told to', async () => {
    const broker = await brokerWith([...leftBehind(), ['octopus2mqtt/bridge/state', 'online']])
    const before = await left(broker)
    const path = join(folder(), 'store.db')
    const store = openStore({ path, clock: systemClock })
    store.published.addTopics(['octopus2mqtt/bridge/info'])
    store.close()
    const mqtt = { url: broker.url }
    const refused = await run(remove, { mqtt }, { clock: clock() }, path)
    expect([refused.code, refused.lines]).toEqual([3, []])
    expect(refused.errors).toMatch(
      /bridge\/state says online.*stop octopus2mqtt first.*--even-online.*\[REMOVE_REFUSED\]/,
    )
    expect(await left(broker)).toEqual(before)
    const again = openStore({ path, clock: systemClock })
    expect(again.published.topics()).toEqual(['octopus2mqtt/bridge/info'])
    again.close()
    const told: typeof remove = (options, here) => remove({ ...options, evenOnline: true }, here)
    expect((await run(told, { mqtt }, { clock: clock() }, path)).code).toBe(0)
    expect(await left(broker)).toEqual(new Map())
  })

  it('does not throw the daemon out, whose client id it could take', async () => {
    const broker = await startBroker()
    const daemon = await watch(broker.url, 'octopus2mqtt/bridge/state', {
      clientId: 'octopus2mqtt',
      reconnectPeriod: 0,
    })
    await run(remove, { mqtt: { url: broker.url, client_id: 'octopus2mqtt' } }, { clock: clock() })
    await daemon.publish('octopus2mqtt/bridge/state', 'still here')
    await daemon.waitFor(({ payload }) => payload === 'still here')
  })

  it('ends with 1 where the broker is not there, or says nothing', async () => {
    const dead = await run(remove, { mqtt: { url: `mqtt://127.0.0.1:${await freePort()}` } })
    expect(dead.code).toBe(1)
    expect(dead.errors).toMatch(/refuses connections.*\[MQTT_UNREACHABLE\]/)
    const silent = await strangeServer(() => {})
    const late = await run(remove, { mqtt: { url: silent.url } }, { clock: fastClock(20, Date.now()) })
    await silent.close()
    expect(late.code).toBe(1)
    expect(late.errors).toContain('did not let us in within 10 s')
  })

  const withAcl = haveMosquitto ? it : it.skip
  withAcl('ends with 1 where the broker takes what we say and drops it', async () => {
    const acl = ['topic read #', 'topic write octopus2mqtt/bridge/echo', 'user owner', 'topic readwrite #']
    const broker = await startBroker({ acl })
    const owner = await watch(broker.url, 'nothing', { username: 'owner' })
    await publishAll(owner, [['octopus2mqtt/a/car/plugged_in', 'ON']])
    const path = join(folder(), 'store.db')
    const store = openStore({ path, clock: systemClock })
    store.published.addTopics(['octopus2mqtt/a/car/plugged_in'])
    store.close()
    const outcome = await run(remove, { mqtt: { url: broker.url } }, { clock: clock() }, path)
    expect(outcome.code).toBe(1)
    expect(outcome.errors).toMatch(
      /1 topics? .*octopus2mqtt\/a\/car\/plugged_in.*allow this user to write.*\[MQTT_REFUSED\]/,
    )
    const there = await retained(broker.url, '#', { username: 'owner' })
    expect([...there.keys()]).toEqual(['octopus2mqtt/a/car/plugged_in'])
    const again = openStore({ path, clock: systemClock })
    expect(again.published.topics()).toEqual(['octopus2mqtt/a/car/plugged_in'])
    again.close()
  })

  withAcl('says that what it publishes does not come back', async () => {
    const broker = await startBroker({ password: PASSWORD, acl: [`user ${USERNAME}`, 'topic read #'] })
    const mqtt = { url: broker.url, username: USERNAME, password: PASSWORD }
    const outcome = await run(remove, { mqtt }, { clock: fastClock(20, Date.now()) })
    expect(outcome.code).toBe(1)
    expect(outcome.errors).toMatch(
      /does not come back: allow this user to read and write octopus2mqtt\/#.*\[MQTT_REFUSED\]/,
    )
    expect(outcome.everything).not.toContain(PASSWORD)
  })
})

describe('ours', () => {
  const places = placesOf({ base: 'octopus2mqtt', prefix: 'homeassistant' }, [])
  const nothing = { known: [], foreign: [] }

  it('puts parents first, in whatever order the broker tells them', () => {
    const documents = discoveryDocuments(everythingKnown, settings)
    const told = new Map([...documents].reverse().map(({ topic, payload }) => [topic, JSON.stringify(payload)]))
    const order = Object.keys(ours(told, places, nothing).documents)
    expect(order).toHaveLength(documents.length)
    const place = (identifier: string) =>
      documents.findIndex(({ payload }) => payload.device.identifiers.includes(identifier))
    for (const { topic, payload } of documents) {
      const parent = payload.device.via_device
      if (parent === undefined) continue
      expect(order.indexOf(documents[place(parent)]?.topic ?? '')).toBeLessThan(order.indexOf(topic))
    }
  })

  it('leaves the documents of others alone where the base topic stands above them', () => {
    const within = placesOf({ base: 'homeassistant', prefix: 'homeassistant' }, [])
    const told = new Map([...FOREIGN, ['homeassistant/a-1/car/plugged_in', 'ON']])
    const found = ours(told, within, { known: [], foreign: ['homeassistant/status'] })
    expect(found).toEqual({ documents: {}, topics: ['homeassistant/a-1/car/plugged_in'] })
  })

  it('finishes what an interrupted removal left: a document without components that says whose it was', () => {
    const topic = 'homeassistant/device/octopus2mqtt_bridge/config'
    const told = new Map([
      [topic, '{"device":{},"origin":{"name":"octopus2mqtt"},"components":{"a":{"platform":"sensor"}}}'],
    ])
    expect(ours(told, places, nothing).topics).toEqual([])
    expect(ours(told, places, { known: [topic], foreign: [] }).topics).toEqual([topic])
  })

  it('asks for the places of an earlier configuration too, each once', () => {
    const known = ['a/b/bridge/info', 'ha/device/x/config', 'octopus2mqtt/bridge/info', 'a/b/acc/car/plan']
    expect(filtersOf(placesOf({ base: 'octopus2mqtt', prefix: 'homeassistant' }, known))).toEqual([
      ...['octopus2mqtt/#', 'a/b/#', 'homeassistant/device/+/config', 'ha/device/+/config'],
    ])
  })
})
