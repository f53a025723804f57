/** Whose plug is whose. */
import { describe, expect, it } from '@jest/globals'
import { boundCars } from '../../src/account/bindings.ts'
import { carBindings } from '../../src/account/configured-cars.ts'
import { readConfig } from '../../src/config/load.ts'
import { newCar } from '../../src/intelligent/state.ts'
import { PRESETS } from '../../src/vehicle/presets.ts'
import { topicsOf } from '../../src/vehicle/spec.ts'

const configured = (ev: string) =>
  carBindings(
    readConfig(`octopus: {api_key: k}\nmqtt: {url: mqtt://b}\nev: ${ev}\n`, 'a file', {
      env: {},
      cwd: '.',
      presets: PRESETS,
    }).ev,
  )

/** Which topics each car listens to, by its device id. */
function heardBy(cars: readonly [deviceId: string, slug: string, name: string][], ev: string) {
  const states = cars.map(([deviceId, slug, name]) => ({
    ...newCar(deviceId, slug, deviceId, {
      ...{ deviceId, name, typename: 'SmartFlexVehicle', make: null, model: null, provider: null },
      ...{ lifeCycle: 'LIVE', batteryKwh: null, chargerKw: null },
    }),
  }))
  const bound = boundCars(states, configured(ev))
  return Object.fromEntries([...bound].map(([id, { spec }]) => [id, topicsOf(spec).join(' ')]))
}

const TWINS = [
  ['id-1', 'tesla', 'Tesla'],
  ['id-2', 'tesla_2', 'Tesla'],
] as const satisfies Parameters<typeof heardBy>[0]

describe('the topics of a car', () => {
  it('are found by id, slug and name, whatever their case', () => {
    const list = (device: string) => `[{device: ${device}, plugged: a}, {device: other, plugged: b}]`
    for (const device of ['ID-2', 'Tesla_2']) expect(heardBy([TWINS[1]], list(device))).toEqual({ 'id-2': 'a' })
    expect(heardBy([['id-3', 'my_car', 'My Car']], list('my car'))).toEqual({ 'id-3': 'a' })
    expect(heardBy([['id-3', 'my_car', 'My Car']], list('nobody'))).toEqual({})
  })

  it('are those of its id before those of its name, in whatever order they are listed', () => {
    for (const ev of [
      '[{device: Tesla, plugged: p/one}, {device: id-2, plugged: p/two}]',
      '[{device: id-2, plugged: p/two}, {device: tesla, plugged: p/one}]',
    ])
      for (const cars of [TWINS, TWINS.toReversed()])
        expect(heardBy(cars, ev)).toEqual({ 'id-1': 'p/one', 'id-2': 'p/two' })
  })

  it('are never those of another car of the same name', () => {
    expect(heardBy([...TWINS], '[{device: Tesla, plugged: a}, {device: other, plugged: b}]')).toEqual({ 'id-1': 'a' })
  })

  it('belong to the only car, where no car is named', () => {
    expect(heardBy([TWINS[0]], '{plugged: a, charging: c}')).toEqual({ 'id-1': 'a c' })
    expect(heardBy([...TWINS], '{plugged: a}')).toEqual({})
  })

  it('are not those that are heard without being told, where several are listed', () => {
    const twins = configured(
      '[{device: a, preset: carconnectivity, vin: V1}, {device: b, preset: carconnectivity, vin: V2}]',
    ).map(({ spec }) => topicsOf(spec))
    expect(twins.map(topics => topics.length > 0)).toEqual([true, true])
    expect(twins[0]?.filter(topic => twins[1]?.includes(topic))).toEqual([])
    expect(topicsOf(configured('{preset: twcmanager, charger: c1}')[0]?.spec ?? { plugged: 'none' })).toContain(
      'ev/plugged',
    )
    expect(() => configured('[{device: a, preset: twcmanager, charger: c1}, {device: b, plugged: p}]')).toThrow(
      'ev.0.plugged: required where several cars are listed',
    )
    const [one] = configured('[{device: a, preset: twcmanager, charger: c1, plugged: none}, {device: b, plugged: p}]')
    expect(one?.spec.plugged).toBe('none')
  })

  it('may hold the name of a place with a # in it', () => {
    const [binding] = configured('{preset: teslamate, geofence: "Home #2"}')
    expect(binding?.spec.atHome?.[0]?.trueValues).toEqual(['home #2'])
    expect(() => configured('{preset: teslamate, base: "a/#"}')).toThrow('ev.base')
  })
})
