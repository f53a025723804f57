/** What Outputs keeps from one snapshot to the next: what stands is not made again, and what is gone is not forgotten. */
import { describe, expect, it } from '@jest/globals'
import { systemClock } from '../../src/clock.ts'
import type { PublishedIndex } from '../../src/home-assistant/removal.ts'
import { Publisher } from '../../src/mqtt/publisher.ts'
import { Outputs } from '../../src/outputs.ts'
import type { Snapshot } from '../../src/snapshot.ts'
import { openStore } from '../../src/store/open.ts'
import { twoCars } from '../entities/snapshots.ts'
import { settings } from '../home-assistant/settings.ts'
import { FakeBroker, settle } from './fake-broker.ts'

function outputs() {
  const broker = new FakeBroker()
  const store = openStore({ path: ':memory:', clock: systemClock })
  const { base } = settings
  const publisher = new Publisher(broker, systemClock, `${base}/bridge/state`, () => {})
  const made = new Outputs({
    broker,
    publisher,
    store,
    base,
    discovery: settings,
    info: '{}',
    instance: 'test',
    docsUrl: 'docs',
  })
  made.start()
  publisher.start()
  broker.up()
  const index = () => Object.keys(store.published.document('discovery-index') as PublishedIndex)
  return { broker, store, index, show: (snapshot: Snapshot) => made.show(snapshot) }
}

const [first, second] = twoCars.cars
const oneCar: Snapshot = { ...twoCars, cars: twoCars.cars.slice(0, 1) }

describe('outputs', () => {
  it('send nothing twice, and a change of one value as one message', async () => {
    const { broker, show } = outputs()
    show(twoCars)
    await settle()
    broker.sent.length = 0
    show(structuredClone(twoCars))
    show({ ...twoCars, account: { ...twoCars.account, requestsLeft: 1234 } })
    await settle()
    expect(broker.sent.map(({ payload }) => payload)).toEqual(['1234'])
  })

  it('take everything of a car away that is gone, and bring it back with the car', async () => {
    const { broker, store, show } = outputs()
    const ofSecond = () => [...broker.store].filter(([topic]) => topic.includes(`/${second?.slug}/`))
    const document = `${settings.prefix}/device/${second?.id}/config`
    show(twoCars)
    await settle()
    const before = new Map(broker.store)
    expect(ofSecond().length).toBeGreaterThan(5)
    show(oneCar)
    await settle()
    expect(ofSecond()).toEqual([])
    expect(broker.store.has(document)).toBe(false)
    expect(store.published.topics().some(topic => topic.includes(`/${second?.slug}/`))).toBe(false)
    show(twoCars)
    await settle()
    expect(new Map(broker.store)).toEqual(before)
  })

  it('know of a car that came back before its removal was acknowledged', async () => {
    const { broker, index, show } = outputs()
    const documents = [first, second].map(car => `${settings.prefix}/device/${car?.id}/config`)
    show(twoCars)
    await settle()
    broker.autoAcknowledge = false
    show(oneCar)
    show(twoCars)
    expect(index()).toEqual(expect.arrayContaining(documents))
    while (broker.unacknowledged > 0) await broker.acknowledge()
    expect(index()).toEqual(expect.arrayContaining(documents))
  })
})
