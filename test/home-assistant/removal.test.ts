import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { discoveryDocuments } from '../../src/home-assistant/discovery.ts'
import type { DiscoveryDocument } from '../../src/home-assistant/document.ts'
import { publishedByUs } from '../../src/home-assistant/ours.ts'
import { indexOf, type RetainedPublish, removals } from '../../src/home-assistant/removal.ts'
import type { Snapshot } from '../../src/snapshot.ts'
import { anySnapshot, everythingKnown, knownAccount, knownCar, twoCars } from '../entities/snapshots.ts'
import { rules } from './rules.ts'
import { settings } from './settings.ts'
import { validateDocuments } from './validator.ts'

const documentsOf = (snapshot: Snapshot) => discoveryDocuments(snapshot, settings)

const parse = ({ payload }: RetainedPublish) => JSON.parse(payload || 'null')

/** What Home Assistant holds after these messages: entities by platform, document and key. */
function homeAssistant() {
  const entities = new Map<string, string>()
  return {
    entities,
    receive({ topic, payload }: RetainedPublish) {
      if (payload === '') {
        for (const name of [...entities.keys()].filter(key => key.endsWith(` ${topic}`))) entities.delete(name)
        return
      }
      const components: Record<string, { platform: string; unique_id?: string }> = JSON.parse(payload).components
      for (const [key, { platform, unique_id }] of Object.entries(components)) {
        const name = `${platform} ${key} ${topic}`
        if (unique_id === undefined) entities.delete(name)
        // A changed unique_id of a living entity is not taken.
        else if (!entities.has(name)) entities.set(name, unique_id)
      }
    },
  }
}

const asMessage = ({ topic, payload }: DiscoveryDocument): RetainedPublish => ({
  topic,
  payload: JSON.stringify(payload),
})

describe('removals', () => {
  it('is nothing where nothing is gone', () => {
    const documents = documentsOf(twoCars)
    expect(removals({}, documents)).toEqual({ publishes: [], index: indexOf(documents) })
    expect(removals(indexOf(documents), documents).publishes).toEqual([])
    expect(removals(indexOf(documentsOf(everythingKnown)), documents).publishes).toEqual([])
  })

  it('sends the platform-only form before it leaves a component out', () => {
    const before = documentsOf(everythingKnown)
    const after = documentsOf({ ...everythingKnown, cars: [knownCar({ hasCharging: false })] })
    const { publishes, index } = removals(indexOf(before), after)
    expect(publishes.map(({ topic }) => topic)).toEqual(Array(2).fill('homeassistant/device/car_1f/config'))
    const [between, clean] = publishes.map(parse)
    expect(between.components.charging).toEqual({ platform: 'binary_sensor' })
    expect(between.components.boosting).toEqual(clean.components.boosting)
    expect(clean.components).not.toHaveProperty('charging')
    expect(clean).toEqual(JSON.parse(JSON.stringify(after[3]?.payload)))
    expect(index).toEqual(indexOf(after))
  })

  it('clears a document that is gone, after its components', () => {
    const { publishes } = removals(indexOf(documentsOf(twoCars)), documentsOf(everythingKnown))
    expect(publishes.map(({ topic, payload }) => [topic.split('/')[2], payload === ''])).toEqual([
      ['car_2f', false],
      ['car_2f', true],
      ['meter_2m', false],
      ['meter_2m', true],
    ])
    const [first] = publishes.map(parse)
    expect(first.components.dispatch_active).toEqual({ platform: 'binary_sensor' })
    expect(Object.values(first.components).every(component => Object.keys(component as object).length === 1)).toBe(true)
  })

  it('takes an entity away before it comes back as another', () => {
    const documents = documentsOf(everythingKnown)
    const index = structuredClone(indexOf(documents)) as Record<string, { components: Record<string, object> }>
    const car = index['homeassistant/device/car_1f/config']
    Object.assign(car?.components ?? {}, {
      charging: { platform: 'sensor', unique_id: 'octopus2mqtt_car_1f_charging' },
      boosting: { platform: 'binary_sensor', unique_id: 'of_old' },
    })
    const { publishes } = removals(index as unknown as ReturnType<typeof indexOf>, documents)
    const [between, clean] = publishes.map(parse)
    expect(publishes).toHaveLength(2)
    expect(between.components.charging).toEqual({ platform: 'sensor' })
    expect(between.components.boosting).toEqual({ platform: 'binary_sensor' })
    expect(clean.components.charging.platform).toBe('binary_sensor')
  })

  it('follows a changed discovery prefix', () => {
    const next = discoveryDocuments(everythingKnown, { ...settings, prefix: 'ha' })
    const { publishes } = removals(indexOf(documentsOf(everythingKnown)), next)
    expect(publishes.filter(({ payload }) => payload === '').map(({ topic }) => topic)).toEqual([
      'homeassistant/device/car_1f/config',
      'homeassistant/device/meter_1m/config',
      'homeassistant/device/account_1a/config',
      'homeassistant/device/octopus2mqtt_bridge/config',
    ])
  })

  it('leaves Home Assistant with the new entities and no ghost, also when it is cut short and done again', () => {
    fc.assert(
      fc.property(anySnapshot, anySnapshot, fc.nat({ max: 8 }), (before, after, cut) => {
        const old = documentsOf(before)
        const next = documentsOf(after)
        const { publishes } = removals(JSON.parse(JSON.stringify(indexOf(old))), next)
        const house = homeAssistant()
        for (const message of [...old.map(asMessage), ...publishes.slice(0, cut), ...publishes]) house.receive(message)
        for (const message of next.map(asMessage)) house.receive(message)
        const fresh = homeAssistant()
        for (const message of next.map(asMessage)) fresh.receive(message)
        expect(new Map([...house.entities].sort())).toEqual(new Map([...fresh.entities].sort()))
      }),
      { numRuns: 60 },
    )
  })

  it('sends only documents that Home Assistant takes', () => {
    const after = documentsOf({
      ...everythingKnown,
      account: knownAccount({ hasNight: false }),
      cars: [knownCar({ hasCharging: false })],
    })
    const { publishes } = removals(indexOf(documentsOf(twoCars)), after)
    expect(publishes.length).toBeGreaterThan(6)
    const parents = documentsOf(everythingKnown).map(({ topic, payload }) => ({ topic: `x/${topic}`, payload }))
    for (const message of publishes.filter(({ payload }) => payload !== '')) {
      const alone = { topic: message.topic, payload: parse(message) }
      const bare = parents.map(({ topic, payload }) => ({ topic, payload: { ...payload, components: {} } }))
      expect(validateDocuments([...bare, alone], rules)).toEqual([])
    }
  })
})

describe('publishedByUs', () => {
  const [, account] = documentsOf(everythingKnown)
  const text = JSON.stringify(account?.payload)

  it('knows our own documents, as the index keeps them', () => {
    for (const document of documentsOf(twoCars)) {
      expect(publishedByUs(JSON.stringify(document.payload), 'octopus2mqtt')).toEqual(
        indexOf([document])[document.topic],
      )
    }
  })

  it('passes over everything else', () => {
    expect(publishedByUs('', 'octopus2mqtt')).toBeNull()
    expect(publishedByUs('{', 'octopus2mqtt')).toBeNull()
    expect(publishedByUs('[]', 'octopus2mqtt')).toBeNull()
    expect(publishedByUs('{"origin":{"name":"octopus2mqtt"}}', 'octopus2mqtt')).toBeNull()
    expect(publishedByUs(text.replace('"name":"octopus2mqtt"', '"name":"other"'), 'octopus2mqtt')).toBeNull()
    expect(publishedByUs(text, 'octopus')).toBeNull()
    expect(publishedByUs(text, 'octopus2mqtt/second')).toBeNull()
  })
})
