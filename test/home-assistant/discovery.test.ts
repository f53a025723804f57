import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { catalogue } from '../../src/entities/catalogue.ts'
import { renderStates } from '../../src/entities/render.ts'
import { discoveryDocuments, shapeOf } from '../../src/home-assistant/discovery.ts'
import type { DiscoveryDocument, DiscoverySettings } from '../../src/home-assistant/document.ts'
import type { Snapshot } from '../../src/snapshot.ts'
import { exportMeter, gasMeter, knownMeter } from '../entities/meters.ts'
import {
  anySnapshot,
  everythingKnown,
  handMade,
  knownAccount,
  knownCar,
  nothingKnown,
  twoCars,
} from '../entities/snapshots.ts'
import { rules } from './rules.ts'
import { settings } from './settings.ts'
import { validateStates } from './state-rules.ts'
import { validateDocuments } from './validator.ts'

const GOLDEN = 'test/home-assistant/golden/two-cars.json'

const findings = (snapshot: Snapshot, given: DiscoverySettings): string[] => {
  const documents = discoveryDocuments(snapshot, given)
  return [
    ...validateDocuments(documents, rules),
    ...validateStates(documents, renderStates(snapshot, given.base), given.base),
  ]
}

const entityIds = (documents: readonly DiscoveryDocument[]): string[] =>
  documents.flatMap(({ payload }) => Object.values(payload.components).map(component => component.default_entity_id))

describe('discoveryDocuments', () => {
  it.each(Object.entries(handMade))('are clean with %s', (_name, snapshot) => {
    expect(findings(snapshot, settings)).toEqual([])
  })

  it('are clean whatever a snapshot holds and however it is set up', () => {
    const setup = fc.record({
      base: fc.constantFrom('octopus2mqtt', 'home/octopus', 'Octopus-2'),
      prefix: fc.constantFrom('homeassistant', 'ha/discovery'),
      entityIdPrefix: fc.constantFrom(undefined, 'octopus_energy_a_1234abcd', 'My House!', '___'),
    })
    fc.assert(
      fc.property(anySnapshot, setup, (snapshot, more) => {
        expect(findings(snapshot, { ...settings, ...more })).toEqual([])
      }),
      { numRuns: 150 },
    )
  })

  it('are the same for snapshots of one shape, and a shape is the same whatever the values are', () => {
    const documentsOf = (snapshot: Snapshot) => JSON.stringify(discoveryDocuments(snapshot, settings))
    fc.assert(
      fc.property(anySnapshot, anySnapshot, (snapshot, other) => {
        expect(shapeOf(snapshot, settings.base) === shapeOf(other, settings.base)).toBe(
          documentsOf(snapshot) === documentsOf(other),
        )
        const later = {
          ...snapshot,
          at: other.at,
          account: { ...snapshot.account, refreshReason: 'another', notices: other.account.notices },
          cars: snapshot.cars.map(car => ({
            ...car,
            pluggedIn: null,
            plan: { rows: [], fetchedAt: null, state: null },
          })),
        }
        expect(shapeOf(later, settings.base)).toBe(shapeOf(snapshot, settings.base))
        expect(documentsOf(later)).toBe(documentsOf(snapshot))
      }),
      { numRuns: 100 },
    )
  })

  it('have the same shape whether their parts were seen before, under another account or base, or not', () => {
    fc.assert(
      fc.property(anySnapshot, anySnapshot, fc.constantFrom(settings.base, 'other'), (before, next, base) => {
        shapeOf(before, settings.base)
        const mixed = { ...before, account: next.account }
        const unseen = shapeOf(structuredClone(mixed), base)
        expect(shapeOf(mixed, base)).toBe(unseen)
        expect(shapeOf(mixed, base)).toBe(unseen)
      }),
      { numRuns: 60 },
    )
  })

  it('are what they were (UPDATE_GOLDEN=1 writes them anew)', () => {
    const documents = discoveryDocuments(twoCars, settings)
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(GOLDEN, `${JSON.stringify(documents, null, 2)}\n`)
    expect(JSON.parse(JSON.stringify(documents))).toEqual(JSON.parse(readFileSync(GOLDEN, 'utf8')))
  })

  it('come parents first, chained to each other', () => {
    const documents = discoveryDocuments(twoCars, settings)
    expect(documents.map(({ id, payload }) => [id, payload.device.via_device])).toEqual([
      ['octopus2mqtt_bridge', undefined],
      ['account_1a', 'octopus2mqtt_octopus2mqtt_bridge'],
      ['meter_1m', 'octopus2mqtt_account_1a'],
      ['meter_2m', 'octopus2mqtt_account_1a'],
      ['car_1f', 'octopus2mqtt_account_1a'],
      ['car_2f', 'octopus2mqtt_account_1a'],
    ])
    expect(documents[4]?.topic).toBe('homeassistant/device/car_1f/config')
  })

  it('hold every entity of the catalogue', () => {
    const snapshot = { ...everythingKnown, meters: [knownMeter(), exportMeter(), gasMeter()] }
    const documents = discoveryDocuments(snapshot, settings)
    const keys = documents.flatMap(({ payload }) => Object.keys(payload.components))
    expect(keys.sort()).toEqual(
      Object.values(catalogue)
        .flat()
        .map(row => row.key)
        .sort(),
    )
  })

  it('do not depend on what is known, only on what exists', () => {
    const bare = { ...nothingKnown, cars: [knownCar()] }
    expect(discoveryDocuments(bare, settings)).toEqual(discoveryDocuments(everythingKnown, settings))
  })

  it('make what needs Octopus depend on the account too, and nothing else', () => {
    const components = discoveryDocuments(everythingKnown, settings).flatMap(({ payload }) =>
      Object.entries(payload.components),
    )
    const both = components.filter(([, component]) => component.availability_mode === 'all').map(([key]) => key)
    const none = components.filter(([, component]) => component.availability === undefined).map(([key]) => key)
    expect(both.sort()).toEqual([
      'boosting',
      'charge_target',
      'intelligent_state',
      'ready_by',
      'smart_charging_suspended',
      'state_of_charge',
    ])
    expect(none).toEqual(['bridge_state'])
  })

  it('propose short entity ids for one car, and name the car where there are two', () => {
    const one = entityIds(discoveryDocuments(everythingKnown, settings))
    const two = entityIds(discoveryDocuments(twoCars, settings))
    expect(one).toContain('binary_sensor.octopus_house_cheap')
    expect(one).toContain('binary_sensor.octopus_intelligent_dispatching')
    expect(one).toContain('sensor.octopus_previous_accumulative_consumption')
    expect(two).toContain('binary_sensor.octopus_ioniq_intelligent_dispatching')
    expect(two).toContain('binary_sensor.octopus_zappi_intelligent_dispatching')
    expect(two).toContain('sensor.octopus_electricity_import_9999_previous_accumulative_consumption')
  })

  it('can take the entity ids of another integration', () => {
    const prefixed = { ...settings, entityIdPrefix: 'octopus_energy_a_1234abcd' }
    const ids = entityIds(discoveryDocuments(everythingKnown, prefixed))
    expect(ids).toContain('binary_sensor.octopus_energy_a_1234abcd_intelligent_dispatching')
  })

  it('name devices as people would', () => {
    const cars = [
      knownCar({ name: 'Charge' }),
      knownCar({ id: 'car_2', slug: 'two', name: ' ' }),
      knownCar({ id: 'car_3', slug: 'three', name: '', make: null, model: null }),
    ]
    const documents = discoveryDocuments(
      { ...everythingKnown, account: knownAccount({ slug: 'home' }), cars },
      settings,
    )
    expect(documents.map(({ payload }) => payload.device.name)).toEqual([
      'Octopus bridge',
      'Octopus home',
      'Electricity import',
      'Charge car',
      'Hyundai Ioniq 5',
      'Car',
    ])
    expect(discoveryDocuments(everythingKnown, settings)[1]?.payload.device.name).toBe('Octopus account')
  })
})
