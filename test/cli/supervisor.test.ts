/** The app's way to its configuration, with a real HTTP server in the Supervisor's place. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { appEnvironment, isApp } from '../../src/cli/supervisor.ts'
import { fastClock } from '../../src/clock.ts'
import { loadConfig, treeInFile } from '../../src/config/load.ts'
import { fetchOverHttp } from '../../src/fetch.ts'
import { PRESETS } from '../../src/vehicle/presets.ts'
import { serveEachTest } from '../support/http.ts'

const TOKEN = 'the-supervisors-token'
const SERVICE = {
  result: 'ok',
  data: {
    addon: 'core_mosquitto',
    host: 'core-mosquitto',
    port: 1883,
    ssl: false,
    username: 'addons',
    password: 'p?ss',
    protocol: '3.1.1',
  },
}
/** What the image says. */
const IMAGE = {
  SUPERVISOR_TOKEN: TOKEN,
  OCTOPUS2MQTT_STATUS_LISTEN: '0.0.0.0:8099',
  OCTOPUS2MQTT_STORAGE_PATH: '/data/x.db',
}

let folder = ''
let asked: IncomingMessage[] = []
let answer: (response: ServerResponse, count: number) => void = () => {}
const server = serveEachTest((request, response) => {
  asked.push(request)
  answer(response, asked.length)
})

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'octopus2mqtt-app-'))
  asked = []
  answer = response => response.end(JSON.stringify(SERVICE))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** The configuration of an app with these options, and a file in its folder. */
async function start(options: unknown, { file, env = IMAGE }: { file?: string; env?: object } = {}) {
  const optionsFile = join(folder, 'options.json')
  writeFileSync(optionsFile, typeof options === 'string' ? options : JSON.stringify(options))
  if (file !== undefined) writeFileSync(join(folder, 'config.yaml'), file)
  const said: string[] = []
  const place = { cwd: folder, presets: PRESETS }
  const made = await appEnvironment({
    env: { ...env },
    // Two minutes of waiting take a moment.
    clock: fastClock(40, 0),
    fetch: fetchOverHttp,
    say: line => said.push(line),
    optionsFile,
    url: server.url,
    inFile: treeInFile({ ...place, env: IMAGE }),
  })
  return { config: () => loadConfig({ ...place, env: made }).config, said }
}

const KEY = { octopus: { api_key: 'sk_live_of_a_test' } }

describe('an app', () => {
  it('is known by the token of the Supervisor', () => {
    expect([isApp({}), isApp({ SUPERVISOR_TOKEN: '' }), isApp(IMAGE)]).toEqual([false, false, true])
  })

  it('takes the broker that the Supervisor names, and asks for it with the token', async () => {
    const { config } = await start({ ...KEY, mqtt: {}, ev: {}, energy_dashboard: false, status: {} })
    const { octopus, mqtt, status, storage, homeassistant } = config()
    expect(octopus.apiKey).toBe('sk_live_of_a_test')
    expect(mqtt).toMatchObject({ url: 'mqtt://core-mosquitto:1883', username: 'addons', password: 'p?ss' })
    expect(status).toMatchObject({ listen: { host: '0.0.0.0', port: 8099 }, allow: ['172.30.32.2', '127.0.0.1'] })
    expect(storage.path).toBe('/data/x.db')
    expect(homeassistant.url).toBeUndefined()
    expect(asked.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ['/services/mqtt', `Bearer ${TOKEN}`],
    ])
  })

  it.each([
    ['a local one', { host: 'localhost' }, 'mqtt://core-mosquitto:1883'],
    ['an encrypted one', { host: 'broker.lan', port: 8883, ssl: true }, 'mqtts://broker.lan:8883'],
    ['one without a user', { username: null, password: '' }, 'mqtt://core-mosquitto:1883'],
    ['an address of IPv6', { host: 'fd00::1' }, 'mqtt://[fd00::1]:1883'],
  ])('understands %s', async (_, change, url) => {
    answer = response => response.end(JSON.stringify({ ...SERVICE, data: { ...SERVICE.data, ...change } }))
    const { mqtt } = (await start(KEY)).config()
    expect(mqtt.url).toBe(url)
    if ('username' in change) expect([mqtt.username, mqtt.password]).toEqual([undefined, undefined])
  })

  it('waits while the Supervisor is slow, busy or has no broker yet', async () => {
    answer = (response, count) => {
      if (count === 1) response.socket?.destroy()
      else if (count === 2) response.writeHead(502).end('starting')
      else if (count === 3) response.end('<html>')
      else if (count === 4) response.writeHead(400).end('{"result":"error","message":"Service not enabled"}')
      // Not one byte in time: given up, and asked again.
      else if (count > 5) response.end(JSON.stringify(SERVICE))
    }
    const { config, said } = await start(KEY)
    expect(config().mqtt.url).toBe('mqtt://core-mosquitto:1883')
    expect(asked).toHaveLength(6)
    expect(said).toHaveLength(5)
    expect(said.join('\n')).toMatch(/cannot be reached.*\n.*HTTP 502.*\n.*\n.*HTTP 400.*\n.*no answer in time/)
  })

  it('gives up after two minutes, and says what to do without a word of what it was told', async () => {
    answer = response => response.writeHead(400).end('{"message":"the-broker-password"}')
    await expect(start(KEY)).rejects.toMatchObject({
      code: 'SUPERVISOR_UNREACHABLE',
      message: expect.stringMatching(/^(?!.*the-broker-password).*HTTP 400.*mqtt\.url/),
    })
    expect(asked.length).toBeGreaterThan(10)
  })

  it.each([
    ['in an option', { ...KEY, mqtt: { url: 'mqtt://mine:1884' } }, {}],
    ['in its file', KEY, { file: 'mqtt: {url: "mqtt://mine:1884"}' }],
    ['in the environment', KEY, { env: { ...IMAGE, MQTT_URL: 'mqtt://mine:1884' } }],
  ])('does not ask for a broker that is named %s', async (_, options, more) => {
    const { mqtt } = (await start(options, more)).config()
    expect([mqtt.url, mqtt.username, asked.length]).toEqual(['mqtt://mine:1884', undefined, 0])
  })

  it("mixes nothing: a user name alone is not filled up with the Supervisor's broker", async () => {
    const { config } = await start({ ...KEY, mqtt: { username: 'me' } })
    expect(config).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(/mqtt\.url/) }),
    )
    expect(asked).toEqual([])
  })

  it('lets options beat its file, and leaves at the default what is empty', async () => {
    const file = 'log: {level: warn, format: pretty}\nenergy: {gas: {calorific_value: 39}, history_days: 3}\n'
    const options = {
      ...KEY,
      log: { level: 'debug', format: null },
      energy: { history_days: 30, bill: false, payment_method: '' },
      ev: { preset: 'evcc', loadpoint: '2' },
      intelligent: { standing_states: [] },
      limits: { dispatch_requests_per_hour: 12 },
    }
    const { log, energy, ev, limits, intelligent } = (await start(options, { file })).config()
    expect(log).toEqual({ level: 'debug', format: 'pretty' })
    expect(energy).toMatchObject({
      historyDays: 30,
      bill: false,
      paymentMethod: 'direct_debit',
      gas: { calorificValue: 39 },
    })
    expect(ev).toMatchObject([{ preset: 'evcc', params: { loadpoint: '2' } }])
    expect([limits.dispatchRequestsPerHour, intelligent.standingStates]).toEqual([12, ['SMART_CONTROL_IN_PROGRESS']])
  })

  it('writes to the Energy dashboard through the Supervisor where that is wanted, or where the user says', async () => {
    const wanted = { ...KEY, energy_dashboard: true }
    expect((await start(wanted)).config().homeassistant).toMatchObject({ url: 'http://supervisor/core', token: TOKEN })
    const own = { url: 'http://ha.lan:8123', token: 'long-lived' }
    expect((await start({ ...wanted, homeassistant: own })).config().homeassistant).toMatchObject(own)
  })

  it('leaves Home Assistant to its file where that names one, token and all', async () => {
    const file = `homeassistant: {url: "https://ha.lan", token_file: ${join(folder, 'token')}}`
    writeFileSync(join(folder, 'token'), 'of-the-file')
    const { homeassistant } = (await start({ ...KEY, energy_dashboard: true }, { file })).config()
    expect(homeassistant).toMatchObject({ url: 'https://ha.lan', token: 'of-the-file' })
  })

  it.each([
    ['in an option', { status: { allow: ['192.168.1.9', ''] } }, {}],
    ['in its file', { status: { allow: [] } }, { file: 'status: {allow: [192.168.1.9]}' }],
  ])('lets in more than the ingress where addresses are given %s', async (_, options, more) => {
    const { status } = (await start({ ...KEY, ...options }, more)).config()
    expect(status.allow).toEqual(['172.30.32.2', '127.0.0.1', '192.168.1.9'])
  })

  it.each(['true', '007', '{"a":1}', '[x]', '#a: b', '$' + '{HOME}', 'ünï"\'\\', '!secret', 'null'])(
    'takes %s for a password, letter by letter',
    async password => {
      const mine = { url: 'mqtt://b', username: 'u', password }
      expect((await start({ ...KEY, mqtt: mine })).config().mqtt.password).toBe(password)
      answer = response => response.end(JSON.stringify({ ...SERVICE, data: { ...SERVICE.data, password } }))
      expect((await start(KEY)).config().mqtt.password).toBe(password)
    },
  )

  it.each([['{"octopus": {"api_key": "sk_live_secr'], ['[1]'], ['null']])('refuses %s for options', async text => {
    await expect(start(text)).rejects.toMatchObject({
      code: 'CONFIG_UNREADABLE',
      message: expect.not.stringContaining('sk_live'),
    })
  })
})
