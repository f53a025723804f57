/** The binary as a user meets it: how it begins, how it ends, and with which code. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { systemClock } from '../../src/clock.ts'
import { SIMULATOR_API_KEY, type Simulator, startSimulator } from '../../src/simulator/index.ts'
import { closeEverything, retained, startBroker, type TestBroker, type Watcher, watch } from '../support/broker.ts'
import { build, Daemon, endDaemons } from '../support/daemon.ts'
import { secretsIn } from './secrets.ts'

const MAIN = 'dist/main.js'
/** Several processes start at once on two cores. */
const PATIENCE = 15_000

interface Place {
  readonly folder: string
  readonly broker: TestBroker
  readonly watcher: Watcher
  readonly simulator: Simulator
}

beforeAll(build)
afterAll(async () => {
  await endDaemons()
  await closeEverything()
})

/** A test with a folder, a broker and a simulated Octopus of its own. */
const inPlace = (story: (place: Place) => Promise<void>) => async () => {
  const folder = mkdtempSync(join(tmpdir(), 'octopus2mqtt-process-'))
  const broker = await startBroker()
  const watcher = await watch(broker.url, '#')
  const simulator = await startSimulator({ clock: systemClock, scenario: 'now' })
  try {
    await story({ folder, broker, watcher, simulator })
    expect(simulator.audit.report().violations).toEqual([])
  } finally {
    await simulator.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

const STATE = 'octopus2mqtt/bridge/state'

const file = (folder: string, name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

/** The smallest configuration there is, but for the places where things are. */
const config = ({ folder, simulator, broker }: Place): string =>
  file(
    folder,
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

const run = (place: Place): Daemon =>
  Daemon.start([MAIN, 'run', '--config', config(place)], { OCTOPUS_API_KEY: place.simulator.apiKey })

/** The same, saying at its end which heavy parts of Node.js it took. */
const runWeighed = (place: Place): Daemon =>
  Daemon.start(['--import', './test/support/watch-weight.mjs', MAIN, 'run', '--config', config(place)], {
    OCTOPUS_API_KEY: place.simulator.apiKey,
  })

const heard = ({ watcher }: Place, ending: string, pattern = /./) =>
  watcher.waitFor(({ topic, payload }) => topic.endsWith(ending) && pattern.test(payload), PATIENCE)

const stateKept = async ({ broker }: Place) => (await retained(broker.url, STATE)).get(STATE)

function expectNoSecrets({ watcher, simulator }: Place, ...daemons: Daemon[]): void {
  const said = daemons.map(({ output }) => output)
  const texts = [...watcher.messages.map(({ topic, payload }) => `${topic} ${payload}`), ...said]
  expect(secretsIn(texts, [simulator.apiKey])).toEqual([])
  expect(said.join('')).not.toContain(simulator.account.number)
}

describe('octopus2mqtt', () => {
  it.concurrent(
    'lives on the real clock, is killed, and goes on where it was; asked to stop it says offline and ends with 0',
    inPlace(async place => {
      const { watcher, simulator } = place
      const first = run(place)
      await heard(place, '/bridge/state', /^online$/)
      await heard(place, '/account/data_last_retrieved', /^2/)
      watcher.clear()
      first.kill('SIGKILL')
      await heard(place, '/bridge/state', /^offline$/)
      expect(await stateKept(place)).toBe('offline')

      watcher.clear()
      const second = run(place)
      await heard(place, '/bridge/state', /^online$/)
      await heard(place, '/account/requests_last_hour', /^1$/)
      const asked = () => simulator.requests.filter(({ names }) => names.includes('Poll'))
      // Payloads are in whole seconds; the call arrived a moment after it began.
      const soonest = Math.floor(((asked()[0]?.at ?? 0) + 59_000) / 1000) * 1000
      expect(Date.parse((await heard(place, '/account/next_refresh', /^2/)).payload)).toBeGreaterThanOrEqual(soonest)
      await watcher.publish('octopus2mqtt/bridge/request/refresh', '{"transaction":"soon"}')
      const answer = JSON.parse((await heard(place, '/bridge/response/refresh')).payload)
      expect(answer).toMatchObject({ status: 'ok', transaction: 'soon' })
      expect(Date.parse(answer.data.next_refresh)).toBeGreaterThanOrEqual(soonest)

      const begun = performance.now()
      second.kill('SIGTERM')
      expect(await second.ended).toEqual({ code: 0, signal: null })
      expect(performance.now() - begun).toBeLessThan(5_000)
      expect(await stateKept(place)).toBe('offline')
      expect(asked()).toHaveLength(1)
      expectNoSecrets(place, first, second)
    }),
  )

  it.concurrent(
    'ends within five seconds while Octopus leaves it waiting',
    inPlace(async place => {
      place.simulator.faults.inject({ kind: 'timeout', operation: 'Poll' })
      const patient = run(place)
      await heard(place, '/account/api_status')
      const begun = performance.now()
      patient.kill('SIGTERM')
      expect(await patient.ended).toEqual({ code: 0, signal: null })
      expect(performance.now() - begun).toBeLessThan(5_000)
      expect(await stateKept(place)).toBe('offline')
      expectNoSecrets(place, patient)
    }),
  )

  it.concurrent(
    'ends at once when it is asked twice',
    inPlace(async place => {
      place.simulator.faults.inject({ kind: 'timeout', operation: 'Poll' })
      const hasty = run(place)
      await heard(place, '/account/api_status')
      hasty.kill('SIGTERM')
      await hasty.writes(/"stopping"/)
      const asked = performance.now()
      hasty.kill('SIGINT')
      expect((await hasty.ended).code).toBe(130)
      expect(performance.now() - asked).toBeLessThan(1_000)
      await heard(place, '/bridge/state', /^offline$/)
    }),
  )

  it.concurrent(
    'goes on where nobody takes its log any more, and still ends when it is asked to',
    inPlace(async place => {
      const unread = run(place)
      unread.closeOutput()
      await heard(place, '/account/data_last_retrieved', /^2/)
      expect(unread.errors).toMatch(/the log cannot be written any more \(EPIPE\)/)
      unread.kill('SIGTERM')
      expect(await unread.ended).toEqual({ code: 0, signal: null })
      expect(await stateKept(place)).toBe('offline')
    }),
  )

  it.concurrent.each([['--help'], ['schema']])('ends without a stack where nobody takes what %s prints', async word => {
    const unread = Daemon.start([MAIN, word])
    unread.closeOutput()
    expect(await unread.ended).toEqual({ code: 141, signal: null })
    expect(unread.errors).toBe('')
  })

  it.concurrent(
    'takes neither fetch nor the tables of time zones, which would be a seventh of its memory',
    inPlace(async place => {
      const daemon = runWeighed(place)
      await heard(place, '/account/data_last_retrieved', /^2/)
      await heard(place, '/current_rate')
      daemon.kill('SIGTERM')
      await daemon.ended
      expect(daemon.errors).toContain('heavy parts taken: none')
      // And it would be seen.
      const other = Daemon.start([
        ...['--import', './test/support/watch-weight.mjs', '--input-type=module', '--eval'],
        "new Headers(); new Intl.DateTimeFormat('en-GB')",
      ])
      await other.ended
      expect(other.errors).toContain('heavy parts taken: Intl.DateTimeFormat WebAssembly fetch')
    }),
  )

  it.concurrent('says everything that is wrong with its configuration, each with its line, and ends with 2', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'octopus2mqtt-process-'))
    const wrong = file(
      folder,
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
    rmSync(folder, { recursive: true })
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

  it.concurrent('that names a file that is not there, or nothing at all, ends with 2 as well', async () => {
    const missing = Daemon.start([MAIN, '--config', '/nowhere/none.yaml'])
    const nothing = Daemon.start([MAIN], { OCTOPUS2MQTT_CONFIG: '/dev/null' })
    expect(await missing.ended).toEqual({ code: 2, signal: null })
    expect(missing.errors).toContain('CONFIG_NOT_FOUND')
    expect(await nothing.ended).toEqual({ code: 2, signal: null })
    expect(nothing.errors).toMatch(/octopus\.api_key/)
    expect(nothing.errors).toMatch(/mqtt\.url/)
  })

  it.concurrent('ends with npm where that is asked to stop, and with its own code', async () => {
    const npm = Daemon.npm(['start', '--', 'setup', '--listen', '127.0.0.1:0'])
    await npm.writes(/http:\S+\/\n/, PATIENCE)
    const [page = ''] = /http:\S+/.exec(npm.output) ?? []
    expect((await fetch(page)).status).toBe(200)
    npm.kill('SIGTERM')
    expect(await npm.ended).toEqual({ code: 0, signal: null })
    await expect(fetch(page)).rejects.toThrow()
  })

  it.concurrent('ends with 2 as well where an option has a value that there is not', async () => {
    const mistyped = Daemon.start([MAIN, 'demo', '--scenario', 'dmeo'])
    expect(await mistyped.ended).toEqual({ code: 2, signal: null })
    expect(mistyped.errors).toContain('there is no scenario "dmeo", did you mean "demo"?')
  })

  it.concurrent(
    'whose status port is taken could not start, and ends with 3',
    inPlace(async place => {
      const taken = new URL(place.simulator.url).port
      const daemon = Daemon.start([MAIN, 'run', '-c', config(place)], {
        OCTOPUS_API_KEY: place.simulator.apiKey,
        OCTOPUS2MQTT_STATUS_LISTEN: `127.0.0.1:${taken}`,
      })
      expect(await daemon.ended).toEqual({ code: 3, signal: null })
      expect(daemon.errors).toContain('STATUS_LISTEN_FAILED')
    }),
  )

  it.concurrent('demo leaves no folder behind where nobody reads on', async () => {
    const temporary = mkdtempSync(join(tmpdir(), 'octopus2mqtt-process-'))
    const demo = Daemon.start([MAIN, 'demo', '--mqtt-port', '0', '--http-port', '0'], { TMPDIR: temporary })
    demo.closeOutput()
    expect(await demo.ended).toEqual({ code: 141, signal: null })
    expect(readdirSync(temporary).filter(name => name.startsWith('octopus2mqtt-demo'))).toEqual([])
    rmSync(temporary, { recursive: true })
  })

  it.concurrent('demo plays an evening with nothing installed, and ends with 0', async () => {
    const args = ['demo', '--speed', '900', '--for', '2', '--mqtt-port', '0', '--http-port', '0']
    const daemon = Daemon.start([MAIN, ...args])
    expect(await daemon.ended).toEqual({ code: 0, signal: null })
    expect(daemon.output).toContain('Home Assistant discovery')
    expect(daemon.output).toMatch(/plugged in\s+ON/)
    expect(daemon.output).toMatch(/Octopus says\s+SMART_CONTROL_IN_PROGRESS/)
    expect(daemon.output).toContain('Every promise to Octopus was kept.')
    expect(daemon.errors).toBe('')
    expect(secretsIn([daemon.output], [SIMULATOR_API_KEY])).toEqual([])
  })
})
