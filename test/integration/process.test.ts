/** The binary as a user meets it: how it begins, how it ends, and with which code. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { systemClock } from '../../src/clock.ts'
import { type Simulator, startSimulator } from '../../src/simulator/index.ts'
import { closeEverything, retained, startBroker, type TestBroker, type Watcher, watch } from '../support/broker.ts'
import { build, Daemon, endDaemons } from '../support/daemon.ts'
import { secretsIn } from './secrets.ts'

const MAIN = 'dist/main.js'

let folder: string
let broker: TestBroker
let watcher: Watcher
let simulator: Simulator

beforeAll(build)
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'octopus2mqtt-process-'))
  broker = await startBroker()
  watcher = await watch(broker.url, '#')
  simulator = await startSimulator({ clock: systemClock, scenario: 'now' })
})
afterEach(async () => {
  await endDaemons()
  await simulator.stop()
  await closeEverything()
  rmSync(folder, { recursive: true, force: true })
})
afterAll(endDaemons)

const file = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

/** The smallest configuration there is, but for the places where things are. */
const config = (): string =>
  file(
    'config.yaml',
    `octopus:
  api_key: \${OCTOPUS_API_KEY}
  graphql_url: ${simulator.graphqlUrl}
  rest_url: ${simulator.restUrl}
mqtt:
  url: ${broker.url}
storage:
  path: ${join(folder, 'store.db')}
status:
  listen: 127.0.0.1:0
`,
  )

const run = (): Daemon => Daemon.start([MAIN, 'run', '--config', config()], { OCTOPUS_API_KEY: simulator.apiKey })

const state = (payload: string) =>
  watcher.waitFor(({ topic, payload: said }) => topic === 'octopus2mqtt/bridge/state' && said === payload)
const heard = (ending: string, pattern = /./) =>
  watcher.waitFor(({ topic, payload }) => topic.endsWith(ending) && pattern.test(payload))

const expectNoSecrets = (...daemons: Daemon[]) => {
  const texts = [
    ...watcher.messages.map(({ topic, payload }) => `${topic} ${payload}`),
    ...daemons.map(({ output }) => output),
  ]
  expect(secretsIn(texts, [simulator.apiKey])).toEqual([])
  expect(daemons.map(({ output }) => output).join('')).not.toContain(simulator.account.number)
}

describe('octopus2mqtt run', () => {
  it('lives on the real clock, is killed, and goes on where it was; asked to stop it says offline and ends with 0', async () => {
    const first = run()
    await state('online')
    await heard('/account/data_last_retrieved', /^2/)
    watcher.clear()
    first.kill('SIGKILL')
    expect((await state('offline')).retained).toBe(false)
    expect((await retained(broker.url, 'octopus2mqtt/bridge/state')).get('octopus2mqtt/bridge/state')).toBe('offline')

    watcher.clear()
    const second = run()
    await state('online')
    await heard('/account/requests_last_hour', /^1$/)
    const asked = () => simulator.requests.filter(({ names }) => names.includes('Poll'))
    // Payloads are in whole seconds; the call arrived a moment after it began.
    const soonest = Math.floor(((asked()[0]?.at ?? 0) + 59_900) / 1000) * 1000
    expect(Date.parse((await heard('/account/next_refresh', /^2/)).payload)).toBeGreaterThanOrEqual(soonest)
    await watcher.publish('octopus2mqtt/bridge/request/refresh', '{"transaction":"soon"}')
    const answer = JSON.parse((await heard('/bridge/response/refresh')).payload)
    expect(answer).toMatchObject({ status: 'ok', transaction: 'soon' })
    expect(Date.parse(answer.data.next_refresh)).toBeGreaterThanOrEqual(soonest)

    const begun = performance.now()
    second.kill('SIGTERM')
    expect(await second.ended).toEqual({ code: 0, signal: null })
    expect(performance.now() - begun).toBeLessThan(5_000)
    expect((await retained(broker.url, 'octopus2mqtt/bridge/state')).get('octopus2mqtt/bridge/state')).toBe('offline')
    expect(asked()).toHaveLength(1)
    expect(simulator.audit.report().violations).toEqual([])
    expectNoSecrets(first, second)
  })

  it('ends within five seconds while Octopus leaves it waiting, and at once when it is asked twice', async () => {
    simulator.faults.inject({ kind: 'timeout', operation: 'Poll' })
    const patient = run()
    await heard('/account/api_status')
    const begun = performance.now()
    patient.kill('SIGTERM')
    expect(await patient.ended).toEqual({ code: 0, signal: null })
    expect(performance.now() - begun).toBeLessThan(5_000)
    expect((await retained(broker.url, 'octopus2mqtt/bridge/state')).get('octopus2mqtt/bridge/state')).toBe('offline')

    simulator.faults.clear()
    simulator.faults.inject({ kind: 'timeout' })
    rmSync(join(folder, 'store.db'))
    watcher.clear()
    const hasty = run()
    await state('online')
    hasty.kill('SIGTERM')
    await hasty.writes(/"stopping"/)
    const asked = performance.now()
    hasty.kill('SIGINT')
    expect((await hasty.ended).code).toBe(130)
    expect(performance.now() - asked).toBeLessThan(1_000)
    await state('offline')
    expectNoSecrets(patient, hasty)
  })

  it('says everything that is wrong with its configuration at once, each with its line, and ends with 2', async () => {
    const wrong = file(
      'wrong.yaml',
      `octopus:
  api_kee: sk_live_1234567890
mqtt:
  url: http://mosquitto
  protocol_version: 3
ev:
  plugged:
    debounce_on: soon
log:
  level: loud
storage:
  path: \${NO_SUCH_VARIABLE}
`,
    )
    const daemon = Daemon.start([MAIN, 'run', '--config', wrong])
    expect(await daemon.ended).toEqual({ code: 2, signal: null })
    for (const [line, path] of [
      [2, 'octopus.api_kee'],
      [4, 'mqtt.url'],
      [5, 'mqtt.protocol_version'],
      [8, 'ev.plugged.debounce_on'],
      [10, 'log.level'],
      [12, 'storage.path'],
    ]) {
      expect(daemon.errors).toMatch(new RegExp(`wrong.yaml:${line} ${path}`))
    }
    expect(daemon.errors).toContain('api_key')
    expect(daemon.errors).toContain('NO_SUCH_VARIABLE')
    expect(daemon.errors).not.toContain('1234567890')
    expect(daemon.errors).not.toMatch(/\n\s+at /)
  })

  it('that names a file that is not there, or nothing at all, ends with 2 as well', async () => {
    const missing = Daemon.start([MAIN, '--config', join(folder, 'none.yaml')])
    const nothing = Daemon.start([join(process.cwd(), MAIN)], { PWD: folder })
    expect(await missing.ended).toEqual({ code: 2, signal: null })
    expect(missing.errors).toContain('CONFIG_NOT_FOUND')
    expect((await nothing.ended).code).toBe(2)
    expect(nothing.errors).toMatch(/octopus\.api_key/)
    expect(nothing.errors).toMatch(/mqtt\.url/)
  })

  it('whose status port is taken could not start, and ends with 3', async () => {
    const path = config()
    const taken = new URL(simulator.url).port
    const daemon = Daemon.start([MAIN, 'run', '-c', path], {
      OCTOPUS_API_KEY: simulator.apiKey,
      OCTOPUS2MQTT_STATUS_LISTEN: `127.0.0.1:${taken}`,
    })
    expect(await daemon.ended).toEqual({ code: 3, signal: null })
    expect(daemon.errors).toContain('STATUS_LISTEN_FAILED')
  })
})

describe('octopus2mqtt demo', () => {
  it('plays an evening with nothing installed, and ends with 0', async () => {
    const args = ['demo', '--speed', '900', '--for', '1.5', '--mqtt-port', '0', '--http-port', '0']
    const daemon = Daemon.start([MAIN, ...args])
    expect(await daemon.ended).toEqual({ code: 0, signal: null })
    expect(daemon.output).toContain('Home Assistant discovery')
    expect(daemon.output).toMatch(/plugged in\s+ON/)
    expect(daemon.output).toMatch(/Octopus says\s+SMART_CONTROL_IN_PROGRESS/)
    expect(daemon.output).toContain('Every promise to Octopus was kept.')
    expect(daemon.errors).toBe('')
    expect(secretsIn([daemon.output], [simulator.apiKey])).toEqual([])
  })
})
