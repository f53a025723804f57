// The demo's household on a Tuesday evening in November, a quarter of an hour into its first window, and then as still as
// it can be: fast until there, then in real time. Its Octopus needs no socket.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startBridge } from '../dist/bridge.js'
import { startEmbeddedBroker } from '../dist/cli/embedded-broker.js'
import { EXAMPLE, problemsOf } from '../dist/cli/setup.js'
import { readConfig } from '../dist/config/load.js'
import { createLog } from '../dist/log.js'
import { Redactor } from '../dist/redactor.js'
import { linkToMqtt, scenarioNamed, startSimulator } from '../dist/simulator/index.js'
import { startStatusServer } from '../dist/status/server.js'
import { PRESETS } from '../dist/vehicle/presets.js'

const BEGINS = Date.parse('2026-11-24T17:50:00Z')
const STANDS_STILL = Date.parse('2026-11-24T18:19:30Z')
const SPEED = 60

/** Runs `SPEED` times as fast as real time up to an instant, and from there as fast as real time. */
function slowingClock() {
  const began = performance.now()
  const turn = (STANDS_STILL - BEGINS) / SPEED
  const elapsed = () => {
    const real = performance.now() - began
    return real < turn ? real * SPEED : turn * SPEED + (real - turn)
  }
  return {
    get speed() {
      return performance.now() - began < turn ? SPEED : 1
    },
    now: () => Math.floor(BEGINS + elapsed()),
    monotonic: elapsed,
    after(delay, task) {
      const at = elapsed() + delay
      let timer
      const wait = () => {
        const left = at - elapsed()
        if (left <= 0) return task()
        timer = setTimeout(wait, Math.max(1, performance.now() - began < turn ? Math.min(left / SPEED, 20) : left))
      }
      timer = setTimeout(wait, 0)
      return () => clearTimeout(timer)
    },
  }
}

/** Resolves once the clock stands still and the car charges in its window. */
export async function startScene() {
  const clock = slowingClock()
  const scenario = scenarioNamed('demo')
  const folder = mkdtempSync(join(tmpdir(), 'octopus2mqtt-pictures-'))
  const broker = await startEmbeddedBroker(0, true)
  const simulator = await startSimulator({ clock, scenario, seed: '1', listen: false })
  const text = JSON.stringify({
    octopus: {
      api_key: simulator.apiKey,
      graphql_url: simulator.graphqlUrl,
      backend_graphql_url: simulator.backendUrl,
      rest_url: simulator.restUrl,
      timeout: '2m',
    },
    mqtt: { url: broker.url, protocol_version: 4 },
    energy: { history_days: 5 },
    ev: { plugged: { topic: 'ev/plugged' }, charging: { topic: 'ev/charging' }, power: { topic: 'ev/power' } },
    storage: { path: join(folder, 'octopus2mqtt.db') },
    status: { listen: '127.0.0.1:0' },
  })
  const config = readConfig(text, 'pictures', { env: {}, cwd: folder, presets: PRESETS })
  const log = await createLog({ level: 'silent', format: 'json' }, new Redactor())
  const bridge = await startBridge({ config, clock, log, fetch: simulator.fetch, bootId: 'pictures' })
  const house = { subscribe: () => {}, publish: broker.publish }
  const unlink = linkToMqtt(simulator.household, house, { plug: 'household' })
  const setup = await startStatusServer({ host: '127.0.0.1', port: 0, setup: { example: EXAMPLE, check: problemsOf } })
  await new Promise(resolve => setTimeout(resolve, (STANDS_STILL - BEGINS) / SPEED + 2_000))
  return {
    url: `${bridge.statusUrl}/`,
    setupUrl: `${setup.url}/`,
    async stop() {
      unlink()
      await setup.close()
      await bridge.stop()
      await simulator.stop()
      await broker.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
