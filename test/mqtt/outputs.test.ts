/** What Outputs keeps from one snapshot to the next: what stands is not made again, and what is gone is not forgotten. */
import { describe, expect, it } from '@jest/globals'
import { systemClock } from '../../src/clock.ts'
import { discoveryDocuments } from '../../src/home-assistant/discovery.ts'
import { indexOf, type PublishedIndex } from '../../src/home-assistant/removal.ts'
import { Publisher } from '../../src/mqtt/publisher.ts'
import { Outputs } from '../../src/outputs.ts'
import type { MeterView, Snapshot } from '../../src/snapshot.ts'
import { openStore } from '../../src/store/open.ts'
import { knownMeter } from '../entities/meters.ts'
import { twoCars } from '../entities/snapshots.ts'
import { settings } from '../home-assistant/settings.ts'
import { FakeBroker, settle } from './fake-broker.ts'

function outputs(store = openStore({ path: ':memory:', clock: systemClock }), base = settings.base) {
  const broker = new FakeBroker()
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

  it('tell the prices of a day when they change, and at midnight that those of tomorrow are not there yet', async () => {
    const meter = knownMeter()
    const { today, tomorrow } = meter.rates
    const none = { ...tomorrow, date: '2026-11-25', rates: [], isComplete: false, min: null, max: null, average: null }
    const showing = (rates: Partial<MeterView['rates']>): Snapshot => ({
      ...twoCars,
      meters: [{ ...meter, rates: { ...meter.rates, ...rates } }],
    })
    const { broker, show } = outputs()
    const told = async () => {
      await settle()
      const events = broker.sent.filter(({ topic }) => topic.endsWith('_day_rates'))
      broker.sent.length = 0
      return events.map(({ topic, payload }) => {
        const { date, rates } = JSON.parse(payload) as { date: string; rates: unknown[] }
        return [topic.split('/').at(-1), date, rates.length]
      })
    }
    show(showing({ today: { ...none, date: today.date }, tomorrow: { ...none, date: tomorrow.date } }))
    expect(await told()).toEqual([])
    show(showing({}))
    expect(await told()).toEqual([
      ['current_day_rates', today.date, 48],
      ['next_day_rates', tomorrow.date, tomorrow.rates.length],
    ])
    show(showing({ today: structuredClone(today) }))
    expect(await told()).toEqual([])
    // Tomorrow's were known first.
    show(showing({ today: { ...none, date: today.date } }))
    expect(await told()).toEqual([])
    show(showing({}))
    expect((await told()).map(([key]) => key)).toContain('current_day_rates')
    show(showing({ today: tomorrow, tomorrow: none }))
    expect(await told()).toEqual([
      ['current_day_rates', tomorrow.date, tomorrow.rates.length],
      ['next_day_rates', '2026-11-25', 0],
    ])
    broker.down()
    broker.up()
    expect((await told()).map(([key]) => key)).toEqual(['current_day_rates', 'next_day_rates'])
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

  it('leave nothing behind under another base topic, nor there where it came back', async () => {
    const first = outputs()
    first.show(twoCars)
    await settle()
    const left = [...first.broker.store.keys(), `${settings.base}/bridge/state`].filter(topic =>
      topic.startsWith(`${settings.base}/`),
    )
    const second = outputs(first.store, 'another')
    for (const topic of left) second.broker.store.set(topic, 'x')
    second.show(twoCars)
    await settle()
    expect([...second.broker.store.keys()].filter(topic => topic.startsWith(`${settings.base}/`))).toEqual([])
    expect(second.broker.store.get('another/bridge/state')).toBe('online')
  })

  it('take entities away no faster than the broker takes messages, and before the rest', async () => {
    const store = openStore({ path: ':memory:', clock: systemClock })
    store.published.setDocument('discovery-index', indexOf(discoveryDocuments(twoCars, settings)))
    const { broker, index, show } = outputs(store)
    const document = `${settings.prefix}/device/${second?.id}/config`
    broker.inFlightLimit = 1
    broker.autoAcknowledge = false
    show(oneCar)
    expect(broker.sent.at(0)).toMatchObject({ topic: document })
    while (broker.unacknowledged > 0) {
      expect([broker.unacknowledged, index().includes(document)]).toEqual([1, broker.sent.at(-1)?.topic === document])
      await broker.acknowledge()
    }
    expect(broker.sent.length).toBeGreaterThan(100)
    expect(index()).not.toContain(document)
  })

  const noNight: Snapshot = { ...twoCars, account: { ...twoCars.account, hasNight: false } }
  it.each([
    [1, oneCar],
    [1, noNight],
    [64, noNight],
  ])('bring back what was to be taken away, with %s messages on their way at once', async (limit, less) => {
    const { broker, show } = outputs()
    show(twoCars)
    await settle()
    const before = new Map(broker.store)
    broker.inFlightLimit = limit
    broker.autoAcknowledge = false
    show(less)
    show(twoCars)
    while (broker.unacknowledged > 0) await broker.acknowledge()
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
