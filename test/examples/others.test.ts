/** Node-RED, openHAB, evcc and Predbat: their files name topics and entities that there are, and read what is really there. */
import { describe, expect, it } from '@jest/globals'
import { MINUTE, SECOND } from '../../src/clock.ts'
import { PRESS } from '../../src/entities/payload.ts'
import { renderStates } from '../../src/entities/render.ts'
import { filesBelow } from '../docs/pages.ts'
import { NOW } from '../entities/snapshots.ts'
import { entities, heard, house, mentionedEntities, statesOf, topics } from './house.ts'
import { readText, readYaml } from './yaml.ts'

const payloadOf = (topic: string): string => renderStates(house, 'octopus2mqtt').get(topic)?.payload ?? 'not there'

it('every topic in the examples is one that there is', () => {
  const files = ['.yaml', '.json', '.things', '.items', '.rules', '.md', '.conf'].flatMap(ending =>
    filesBelow('examples', ending),
  )
  const named = files.flatMap(file =>
    [...readText(file).matchAll(/\boctopus2mqtt\/[\w+#-]+\/[\w+#/-]+/g)].map(([topic]) => [file, topic] as const),
  )
  const wanted = named.filter(([, topic]) => !topic.startsWith('octopus2mqtt/octopus2mqtt/'))
  expect(wanted.length).toBeGreaterThan(25)
  expect(wanted.filter(([, topic]) => !heard(topic))).toEqual([])
  expect(heard('octopus2mqtt/+/account/house_cheep')).toBe(false)
})

describe('node-red/flow.json', () => {
  interface Node {
    readonly id: string
    readonly type: string
    readonly z?: string
    readonly topic?: string
    readonly broker?: string
    readonly func?: string
    readonly retain?: string
    readonly payload?: string
    readonly datatype?: string
    readonly wires?: readonly (readonly string[])[]
  }
  const flow = JSON.parse(readText('examples/node-red/flow.json')) as readonly Node[]
  const node = (id: string): Node => {
    const found = flow.find(one => one.id === id)
    if (found === undefined) throw new Error(`there is no node ${id}`)
    return found
  }

  it('is whole: ids are its own, every wire and broker leads to a node, all in one tab', () => {
    const ids = flow.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const tab = flow.find(({ type }) => type === 'tab')?.id
    for (const { type, z, wires = [], broker } of flow) {
      if (type !== 'tab' && type !== 'mqtt-broker') expect(z).toBe(tab)
      for (const target of wires.flat()) expect(ids).toContain(target)
      if (type.startsWith('mqtt ')) expect(node(broker ?? '').type).toBe('mqtt-broker')
    }
  })

  it('has nodes that Node-RED brings along', () => {
    const types = ['tab', 'mqtt-broker', 'mqtt in', 'mqtt out', 'function', 'inject', 'debug', 'rbe']
    expect(flow.map(({ type }) => type).filter(type => !types.includes(type))).toEqual([])
  })

  it('retains the plug, and never the press of a button', () => {
    expect(node('o2m-plug')).toMatchObject({ topic: 'ev/plugged', retain: 'true' })
    expect(node('o2m-refresh').retain).toBe('false')
    expect(topics.has(node('o2m-refresh').topic ?? '')).toBe(true)
    expect(node('o2m-press').payload).toBe(PRESS)
  })

  /** The function of a node, with a memory of its own, on a clock that stands. */
  function functionOf(id: string) {
    const memory = new Map<string, unknown>()
    const context = {
      get: (key: string) => memory.get(key),
      set: (key: string, value: unknown) => memory.set(key, value),
    }
    const code = new Function('msg', 'context', 'Date', node(id).func ?? '')
    return (msg: object, now: number) => {
      const clock = { now: () => now, parse: Date.parse }
      return (code(msg, context, clock) as { payload: unknown } | null)?.payload ?? null
    }
  }

  it('is certain of cheap time only while it is ON and its end is ahead', () => {
    const sure = functionOf('o2m-sure')
    const on = { topic: 'octopus2mqtt/a/account/house_cheap', payload: 'ON' }
    const end = { topic: 'octopus2mqtt/a/account/house_cheap_until', payload: '2026-11-23T22:30:00Z' }
    expect(sure({ topic: 'tick', payload: NOW }, NOW)).toBe(false)
    expect(sure(on, NOW)).toBe(false)
    expect(sure(end, NOW)).toBe(true)
    expect(sure({ topic: 'tick' }, NOW + 20 * MINUTE + 4 * SECOND)).toBe(true)
    expect(sure({ topic: 'tick' }, NOW + 20 * MINUTE + 5 * SECOND)).toBe(false)
    expect(sure({ ...end, payload: '2026-11-23T23:00:00Z' }, NOW + 21 * MINUTE)).toBe(true)
    expect(sure({ ...on, payload: 'None' }, NOW)).toBe(false)
    expect(sure(on, NOW)).toBe(true)
    expect(sure({ ...end, payload: 'None' }, NOW)).toBe(false)
  })

  it('finds the next row that counts, and the price of now', () => {
    const next = functionOf('o2m-next')
    const plan = JSON.parse(payloadOf('octopus2mqtt/a-12345678/car/plan')) as object
    const of = (car: string, payload: object) => ({ topic: `octopus2mqtt/a-12345678/${car}/plan`, payload })
    const tick = { topic: 'tick', payload: NOW }
    const heardAt = (at: number) => ({ ...plan, fetched_at: new Date(at).toISOString() })
    expect(next(tick, NOW)).toBeNull()
    expect(next(of('car', plan), NOW)).toMatchObject({ start: '2026-11-23T22:00:00Z', stands: true })
    expect(next(of('other', { ...plan, rows: [] }), NOW)).toMatchObject({ start: '2026-11-23T22:00:00Z' })
    expect(next(of('car', heardAt(NOW + 60 * MINUTE)), NOW + 60 * MINUTE)).toMatchObject({
      start: '2026-11-24T01:10:00Z',
    })
    // Nothing more is heard: what is retained says nothing any more, although its row is still ahead.
    expect(next(tick, NOW + 90 * MINUTE)).toMatchObject({ start: '2026-11-24T01:10:00Z' })
    expect(next(tick, NOW + 90 * MINUTE + SECOND)).toBeNull()
    expect(next(of('car', { ...plan, rows: [] }), NOW)).toBeNull()
    expect(node('o2m-tick').wires?.flat()).toEqual(['o2m-sure', 'o2m-next'])
    const price = functionOf('o2m-price')
    expect(price({ payload: payloadOf(node('o2m-rates').topic?.replace('+', 'a-12345678') ?? '') }, NOW)).toBe(0.2769)
    expect(['None', ''].map(payload => price({ payload }, NOW))).toEqual([null, null])
  })
})

describe('openhab', () => {
  const channels = [
    ...readText('examples/openhab/octopus2mqtt.things').matchAll(/Type (\w+) +: (\w+) +".*" +\[ (.*) \]$/gm),
  ].map(([, type = '', name = '', settings = '']) => ({ type, name, settings }))
  const items = [
    ...readText('examples/openhab/octopus2mqtt.items').matchAll(
      /^(\w+) +(Octopus_\w+).*?(?:channel="([\w:]+)")?(?: })?$/gm,
    ),
  ]

  it('has an item for each channel, of the same kind, and one that the rule makes', () => {
    expect(channels.length).toBeGreaterThan(10)
    const kinds: Readonly<Record<string, string>> = { string: 'String', datetime: 'DateTime', number: 'Number' }
    const linked = items.filter(([, , , channel]) => channel !== undefined)
    expect(linked.map(([, kind, , channel]) => [kind, channel])).toEqual(
      channels.map(({ type, name }) => [kinds[type], `mqtt:topic:home:octopus:${name}`]),
    )
    const made = items.filter(([, , , channel]) => channel === undefined).map(([, kind, name]) => `${kind} ${name}`)
    expect(made).toEqual(['Switch Octopus_Cheap'])
  })

  it('reads times as times, numbers as numbers, JSON by its path', () => {
    for (const { type, settings } of channels) {
      const topic = /stateTopic="([^"]+)"/.exec(settings)?.[1]
      if (topic === undefined) continue
      const payload = payloadOf(topic)
      const value = settings.includes('JSONPATH:$.value')
        ? String((JSON.parse(payload) as { value: number }).value)
        : payload
      const kind = /^\d{4}-\d\d-\d\dT/.test(value) ? 'datetime' : /^-?[\d.]+$/.test(value) ? 'number' : 'string'
      // A channel of numbers keeps the last where the next is `None`: that is no price to go on with.
      expect([topic, topic.endsWith('_rate') ? 'string' : kind]).toEqual([topic, type])
    }
  })

  it('has a rule of items that there are', () => {
    const names = items.map(([, , name]) => name)
    const used = [...readText('examples/openhab/octopus2mqtt.rules').matchAll(/\bOctopus_\w+/g)].map(([name]) => name)
    expect(used.filter(name => !names.includes(name))).toEqual([])
    expect(used).toContain('Octopus_Cheap')
  })
})

describe('predbat/apps.yaml', () => {
  const { pred_bat: apps } = readYaml('examples/predbat/apps.yaml') as { pred_bat: Record<string, unknown> }
  const states = statesOf(house)

  it('names entities that octopus2mqtt makes', () => {
    const ids = mentionedEntities(readText('examples/predbat/apps.yaml'))
    expect(ids.length).toBeGreaterThan(7)
    expect(ids.filter(id => !entities.has(id))).toEqual([])
  })

  it('finds the prices where Predbat looks for them: sensor to event, current_rate to the lists of days', () => {
    for (const id of [apps.metric_octopus_import, apps.metric_octopus_export] as string[]) {
      for (const list of ['_current_day_rates', '_next_day_rates']) {
        const { rates } = states[id.replace('_current_rate', list).replace('sensor.', 'event.')]?.attributes ?? {}
        expect((rates as object[]).length).toBe(48)
        expect((rates as object[])[0]).toEqual({ start: SECONDS_AND_ZONE, end: SECONDS_AND_ZONE, value_inc_vat: 0.07 })
      }
    }
  })

  /** What Python's `%Y-%m-%dT%H:%M:%S%z` reads: no fractions, and a zone. */
  const SECONDS_AND_ZONE = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/)

  it('finds rows in the form that Predbat reads, none of them a boost', () => {
    const { planned_dispatches, completed_dispatches } = states[String(apps.octopus_intelligent_slot)]?.attributes ?? {}
    const rows = [planned_dispatches, completed_dispatches].flat() as Record<string, unknown>[]
    expect(rows.length).toBeGreaterThan(3)
    for (const row of rows) {
      expect(row).toMatchObject({ start: SECONDS_AND_ZONE, end: SECONDS_AND_ZONE })
      expect(row.charge_in_kwh === null || typeof row.charge_in_kwh === 'number').toBe(true)
      expect([null, 'AT_HOME']).toContain(row.location)
      expect(row.source).not.toBe('BOOST')
    }
  })

  it('finds the time as HH:MM and the target as a number', () => {
    expect(states[String(apps.octopus_ready_time)]?.state).toMatch(/^\d\d:\d\d$/)
    expect(Number(states[String(apps.octopus_charge_limit)]?.state)).toBe(80)
    const { vehicle_battery_size_in_kwh, charge_point_power_in_kw } =
      states[String(apps.octopus_intelligent_slot)]?.attributes ?? {}
    expect([vehicle_battery_size_in_kwh, charge_point_power_in_kw]).toEqual([77.4, 7])
  })
})
