/** What a lost store no longer knows to be at the broker is heard there, and goes a day later where it is not shown. */
import { describe, expect, it } from '@jest/globals'
import { Inheritance } from '../src/bridge-inheritance.ts'
import { HOUR, SECOND } from '../src/clock.ts'
import { Publisher } from '../src/mqtt/publisher.ts'
import { afterRetained } from '../src/mqtt/retained.ts'
import { Outputs } from '../src/outputs.ts'
import type { Snapshot } from '../src/snapshot.ts'
import { openStore, type Store } from '../src/store/open.ts'
import { twoCars } from './entities/snapshots.ts'
import { settings } from './home-assistant/settings.ts'
import { FakeBroker, settle } from './mqtt/fake-broker.ts'
import { ManualClock } from './mqtt/manual-clock.ts'

const { base, prefix } = settings
const { slug } = twoCars.account
const [, second] = twoCars.cars
const oneCar: Snapshot = { ...twoCars, cars: twoCars.cars.slice(0, 1) }
const PLUG = `${base}/${slug}/charger/plugged`
const OTHERS = [
  [`${prefix}/device/somebody/config`, JSON.stringify({ origin: { name: 'zigbee2mqtt' }, components: {} })],
  [`${base}/a-other/car/dispatch_active`, 'ON'],
  [PLUG, 'true'],
] as const

/** A daemon on this broker, with a store that may be new. */
function daemon(broker: FakeBroker, clock: ManualClock, store: Store) {
  const publisher = new Publisher(broker, clock, `${base}/bridge/state`, () => {})
  const outputs = new Outputs({
    ...{ broker, publisher, store, base, discovery: settings },
    ...{ info: '{}', instance: 'test', docsUrl: 'docs' },
  })
  const inheritance = new Inheritance({
    ...{ broker, clock, base, discoveryPrefix: prefix, foreign: [PLUG] },
    ...{ values: store.values, published: store.published },
    afterRetained: afterRetained(broker, clock),
    onDue: left => outputs.inherit(left),
  })
  outputs.start()
  publisher.start()
  /** Connects; the broker sends what it retains, before it hears of anything that we publish. */
  const begin = (snapshot: Snapshot) => {
    const retained = [...broker.store]
    inheritance.listen(slug)
    outputs.show(snapshot)
    broker.up()
    for (const [topic, payload] of retained) broker.message(topic, payload, true)
    for (const [topic, payload] of retained) broker.message(topic, payload)
  }
  const read = async () => {
    inheritance.accountRead(clock.now())
    await settle()
  }
  return { outputs, begin, read, inheritance }
}

async function afterALostStore() {
  const broker = new FakeBroker()
  const clock = new ManualClock()
  daemon(broker, clock, openStore({ path: ':memory:', clock })).begin(twoCars)
  await settle()
  for (const [topic, payload] of OTHERS) broker.store.set(topic, payload)
  broker.down()
  const store = openStore({ path: ':memory:', clock })
  const later = daemon(broker, clock, store)
  const ofSecond = () => [...broker.store.keys()].filter(topic => topic.startsWith(`${base}/${slug}/${second?.slug}/`))
  const document = `${prefix}/device/${second?.id}/config`
  return { broker, clock, store, ofSecond, document, ...later }
}

describe('a start on a lost store', () => {
  it('takes away what it does not show, a day later and not before, and nothing of anybody else', async () => {
    const { broker, clock, store, begin, read, ofSecond, document } = await afterALostStore()
    begin(oneCar)
    await settle()
    const shown = new Map(broker.store)
    expect(ofSecond().length).toBeGreaterThan(5)
    clock.advance(2 * SECOND)
    expect(broker.subscribed).toEqual([])
    for (let hour = 0; hour < 19; hour += 1) {
      clock.advance(HOUR)
      await read()
    }
    expect(new Map(broker.store)).toEqual(shown)
    clock.advance(5 * HOUR)
    broker.sent.length = 0
    await read()
    expect(ofSecond()).toEqual([])
    expect(broker.store.has(document)).toBe(false)
    // In its platform-only form first, or Home Assistant would keep a ghost.
    const documents = broker.sent.filter(({ topic }) => topic === document).map(({ payload }) => payload)
    expect(documents[0]).toContain('"platform"')
    expect(documents[0]).not.toContain('"unique_id"')
    expect(new Set(documents.slice(1))).toEqual(new Set(['']))
    const gone = [...shown.keys()].filter(topic => !broker.store.has(topic))
    expect(gone.every(topic => topic === document || topic.includes(`/${second?.slug}/`))).toBe(true)
    expect(store.values.get('inherited', () => true)).toBe(null)
    expect(store.published.topics().some(topic => topic.includes(`/${second?.slug}/`))).toBe(false)
  })

  it('keeps what came back meanwhile', async () => {
    const { broker, clock, begin, read, outputs, ofSecond } = await afterALostStore()
    begin(oneCar)
    clock.advance(2 * SECOND)
    outputs.show(twoCars)
    await settle()
    clock.advance(24 * HOUR)
    const before = ofSecond()
    broker.sent.length = 0
    await read()
    expect(ofSecond()).toEqual(before)
    expect(broker.sent.map(({ topic }) => topic)).toEqual([])
  })

  it('knows it after another start', async () => {
    const { broker, clock, store, begin, ofSecond } = await afterALostStore()
    begin(oneCar)
    clock.advance(2 * SECOND)
    broker.down()
    const again = daemon(broker, clock, store)
    again.begin(oneCar)
    expect(broker.subscribed).toEqual([])
    clock.advance(24 * HOUR)
    await again.read()
    expect(ofSecond()).toEqual([])
  })

  it('listens on the next connection where one ended too soon', async () => {
    const { broker, clock, store, begin } = await afterALostStore()
    begin(oneCar)
    clock.advance(SECOND)
    broker.down()
    clock.advance(10 * SECOND)
    expect(store.values.get('inherited', () => true)).toBe(null)
    broker.up()
    clock.advance(2 * SECOND)
    expect(store.values.get('inherited', () => true)).not.toBe(null)
  })
})

describe('a first start', () => {
  it('finds nothing, and has nothing to take away', async () => {
    const broker = new FakeBroker()
    const clock = new ManualClock()
    const store = openStore({ path: ':memory:', clock })
    const { begin, read } = daemon(broker, clock, store)
    begin(twoCars)
    clock.advance(2 * SECOND)
    await settle()
    const shown = new Map(broker.store)
    clock.advance(24 * HOUR)
    await read()
    expect(new Map(broker.store)).toEqual(shown)
    expect(store.values.get('inherited', () => true)).toBe(null)
  })
})
