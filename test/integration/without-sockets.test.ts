/** The whole daemon in front of Octopus and a broker in its own process: no socket, and no name that differs by the run. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { duplexPair } from 'node:stream'
import { afterEach, expect, it } from '@jest/globals'
import { Aedes } from 'aedes'
import { startBridge } from '../../src/bridge.ts'
import { redactorFor } from '../../src/cli/load.ts'
import { fastClock } from '../../src/clock.ts'
import { readConfig } from '../../src/config/load.ts'
import { createLog } from '../../src/log.ts'
import { startSimulator } from '../../src/simulator/index.ts'
import { Database } from '../../src/store/database.ts'
import { PRESETS } from '../../src/vehicle/presets.ts'
import { configText } from './house-config.ts'
import { MONDAY, pluggedIn } from './scenes.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

it('the daemon runs without a socket, under the names that it is given', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'without-sockets-'))
  ends.push(() => rmSync(folder, { recursive: true }))
  const storePath = join(folder, 'store.db')
  const clock = fastClock(600, MONDAY)
  const simulator = await startSimulator({ clock, scenario: pluggedIn(), listen: false })
  ends.push(() => simulator.stop())
  const broker = await Aedes.createBroker()
  ends.push(() => new Promise<void>(resolve => broker.close(resolve)))
  const published = new Map<string, string>()
  const settled = new Promise<void>(resolve => {
    broker.on('publish', ({ topic, payload }) => {
      published.set(topic, String(payload))
      const shown = [...published.keys()].some(known => known.endsWith('/account/data_last_retrieved'))
      if (shown && published.get('base/bridge/state') === 'online') resolve()
    })
  })

  const topics = { plugged: 'ev/plugged', charging: 'ev/charging', power: 'ev/power' }
  const places = { simulator, brokerUrl: 'mqtt://broker.invalid', base: 'base', storePath, topics }
  const text = configText(places, { status: { enabled: false } })
  const config = readConfig(text, 'house', { env: {}, cwd: folder, presets: PRESETS })
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
    instance: 'the-instance',
    bootId: 'the-boot',
  })
  ends.push(() => bridge.stop())
  await settled
  expect(JSON.parse(published.get('base/bridge/info') ?? '{}')).toMatchObject({ instance: 'the-instance' })
  expect(simulator.requests.map(({ names }) => names[0])).toEqual(expect.arrayContaining(['Token', 'Devices']))
  expect(simulator.audit.report().violations).toEqual([])

  const store = new Database(storePath)
  ends.push(() => store.close())
  expect(store.all('SELECT DISTINCT boot_id FROM calls')).toEqual([{ boot_id: 'the-boot' }])
})
