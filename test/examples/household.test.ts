/** The simulated household with the whole daemon in front of it: what the examples name is what it really announces and publishes. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { duplexPair } from 'node:stream'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { Aedes } from 'aedes'
import { startBridge } from '../../src/bridge.ts'
import { redactorFor } from '../../src/cli/load.ts'
import { fastClock } from '../../src/clock.ts'
import { readConfig } from '../../src/config/load.ts'
import type { Component } from '../../src/home-assistant/document.ts'
import { createLog } from '../../src/log.ts'
import { startSimulator } from '../../src/simulator/index.ts'
import { PRESETS } from '../../src/vehicle/presets.ts'
import { filesBelow } from '../docs/pages.ts'
import { configText } from '../integration/house-config.ts'
import { MONDAY, pluggedIn } from '../integration/scenes.ts'
import { entities, mentionedEntities } from './house.ts'
import { readText } from './yaml.ts'

const ends: (() => unknown)[] = []
const published = new Map<string, string>()
const announced = new Map<string, Component>()

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'household-'))
  ends.push(() => rmSync(folder, { recursive: true }))
  const clock = fastClock(600, MONDAY)
  const supply = { export: 'outgoing', gas: 'gas_flexible', gasUnit: 'm3', historyDays: 1 } as const
  const simulator = await startSimulator({ clock, scenario: pluggedIn(), supply, listen: false })
  ends.push(() => simulator.stop())
  const broker = await Aedes.createBroker()
  ends.push(() => new Promise<void>(resolve => broker.close(resolve)))
  const settled = new Promise<void>(resolve => {
    broker.on('publish', ({ topic, payload }) => {
      published.set(topic, String(payload))
      const shown = [...published].some(([of, text]) => of.endsWith('/planned_dispatch_count') && Number(text) > 0)
      if (shown && published.get('octopus2mqtt/bridge/state') === 'online') resolve()
    })
  })
  const topics = { plugged: 'ev/plugged', charging: 'ev/charging', power: 'ev/power' }
  const places = {
    ...{ simulator, brokerUrl: 'mqtt://broker.invalid', base: 'octopus2mqtt', topics },
    storePath: join(folder, 'store.db'),
  }
  const text = configText(places, { status: { enabled: false }, homeassistant: { discovery_prefix: 'homeassistant' } })
  const config = readConfig(text, 'household', { env: {}, cwd: folder, presets: PRESETS })
  const bridge = await startBridge({
    config,
    clock,
    log: await createLog({ level: 'silent', format: 'json' }, redactorFor(config)),
    fetch: simulator.fetch,
    dial: () => {
      const [ours, theirs] = duplexPair()
      broker.handle(theirs)
      return ours
    },
  })
  ends.push(() => bridge.stop())
  await settled
  for (const [topic, payload] of published) {
    if (!/^homeassistant\/device\/[^/]+\/config$/.test(topic)) continue
    const { components } = JSON.parse(payload) as { components: Readonly<Record<string, Component>> }
    for (const component of Object.values(components)) announced.set(component.default_entity_id, component)
  }
})

afterAll(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

it('announces every entity that an example names', () => {
  const files = ['.yaml', '.md'].flatMap(ending => filesBelow('examples', ending))
  const named = new Set(files.flatMap(file => mentionedEntities(readText(file))))
  expect(named.size).toBeGreaterThan(30)
  expect([...named].filter(id => !announced.has(id))).toEqual([])
})

it('announces what the other tests hold the examples against', () => {
  const summary = (all: ReadonlyMap<string, Component>) =>
    [...all].map(([id, { device_class, options, event_types }]) => [id, device_class, options, event_types])
  // The household's tariff has no prices of its own for the car.
  const ofTheCar = /_(previous_ev_consumption|previous_ev_cost|ev_rate_now)$/
  const expected = summary(new Map([...entities].filter(([id]) => !ofTheCar.test(id))))
  expect(summary(announced).sort()).toEqual(expected.sort())
})

it('publishes a plan that the examples can read', () => {
  const attributes = [...published].find(([topic]) => topic.endsWith('/intelligent_dispatching/attributes'))?.[1]
  const { planned_dispatches } = JSON.parse(attributes ?? '{}') as { planned_dispatches: object[] }
  const time = expect.stringMatching(/^2026-11-23T2\d:\d\d:\d\dZ$/)
  const row = { start: time, end: time, charge_in_kwh: -6.984, energy: 6.984, source: 'SMART', location: null }
  expect(planned_dispatches).toEqual([row, row])
})
