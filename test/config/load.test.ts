import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { loadConfig } from '../../src/config/load.ts'
import { BridgeError } from '../../src/errors.ts'
import type { RefreshSettings } from '../../src/intelligent/settings.ts'
import type { EvConfig } from '../../src/vehicle/config.ts'
import { filesOf, KEY, MINIMAL, PRESETS, read, refusalOf } from './support.ts'

const load = (files: Record<string, string | null | undefined>, env: Record<string, string> = {}, path?: string) =>
  loadConfig({ path, env, cwd: '/somewhere', presets: PRESETS, files: filesOf(files) })

const codeOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (error instanceof BridgeError) return error.code
    throw error
  }
  throw new Error('nothing was thrown')
}

const withTopic = (topic: string) => `${MINIMAL}  base_topic: ${topic}\n`

describe('where a configuration is found', () => {
  const all = { 'a.yaml': withTopic('a'), 'b.yaml': withTopic('b'), './config.yaml': withTopic('c') }

  it('looks at --config, then the variable, then the two usual places', () => {
    const env = { OCTOPUS2MQTT_CONFIG: 'b.yaml' }
    expect(load(all, env, 'a.yaml')).toMatchObject({ file: 'a.yaml', config: { mqtt: { baseTopic: 'a' } } })
    expect(load(all, env)).toMatchObject({ file: 'b.yaml', config: { mqtt: { baseTopic: 'b' } } })
    expect(load(all)).toMatchObject({ file: 'config.yaml', config: { mqtt: { baseTopic: 'c' } } })
    expect(load({ '/config/config.yaml': MINIMAL }).file).toBe('/config/config.yaml')
    expect(load(all, { OCTOPUS2MQTT_CONFIG: '' }).file).toBe('config.yaml')
  })

  it('takes the environment alone where there is no file', () => {
    const { config, file } = load({}, { OCTOPUS_API_KEY: KEY, MQTT_URL: 'mqtt://broker' })
    expect(file).toBeNull()
    expect(config.octopus.apiKey).toBe(KEY)
    expect(config.mqtt.url).toBe('mqtt://broker')
  })

  it('says what the environment lacks', () => {
    const { message, problems } = refusalOf(() => load({}))
    expect(message).toMatch(/^environment: 2 problems\n/)
    expect(problems.map(({ path }) => path).sort()).toEqual(['mqtt.url', 'octopus.api_key'])
  })

  it('does not fall back from a file that was named', () => {
    expect(codeOf(() => load(all, {}, 'gone.yaml'))).toBe('CONFIG_NOT_FOUND')
    expect(codeOf(() => load(all, { OCTOPUS2MQTT_CONFIG: 'gone.yaml' }))).toBe('CONFIG_NOT_FOUND')
    expect(codeOf(() => load({ './config.yaml': null }))).toBe('CONFIG_UNREADABLE')
    expect(codeOf(() => load({ 'a.yaml': undefined }, {}, 'a.yaml'))).toBe('CONFIG_UNREADABLE')
  })

  it('does without what a command does not need', () => {
    const options = { env: { OCTOPUS_API_KEY: KEY }, cwd: '/', presets: PRESETS, files: filesOf({}) }
    expect(loadConfig({ ...options, needs: { broker: false } }).config.mqtt.url).toBe('mqtt://localhost:1883')
    expect(codeOf(() => loadConfig(options))).toBe('CONFIG_INVALID')
  })
})

describe('on a real disk', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'config-'))
    mkdirSync(join(folder, 'directory'))
    writeFileSync(
      join(folder, 'config.yaml'),
      'octopus:\n  api_key_file: key\nmqtt:\n  url: mqtt://b\n  ca_file: ca.crt\n',
    )
    writeFileSync(join(folder, 'key'), `\n ${KEY}\n`)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('reads files relative to the working directory, and says which is missing', () => {
    const options = { env: {}, cwd: folder, presets: PRESETS }
    const { problems } = refusalOf(() => loadConfig(options))
    expect(problems).toEqual([{ path: 'mqtt.ca_file', line: 5, message: 'there is no such file' }])
    writeFileSync(join(folder, 'ca.crt'), 'PEM')
    const { config } = loadConfig(options)
    expect(config.octopus.apiKey).toBe(KEY)
    expect(config.mqtt.caFile).toBe('ca.crt')
    expect(codeOf(() => loadConfig({ ...options, path: 'directory' }))).toBe('CONFIG_UNREADABLE')
    expect(codeOf(() => loadConfig({ ...options, path: '/dev/zero' }))).toBe('CONFIG_UNREADABLE')
  })
})

describe('the defaults', () => {
  const config = read(MINIMAL)

  it('are those that are promised', () => {
    expect(config).toMatchObject({
      octopus: {
        apiKey: KEY,
        graphqlUrl: 'https://api.octopus.energy/v1/graphql/',
        backendGraphqlUrl: 'https://api.backend.octopus.energy/v1/graphql/',
        restUrl: 'https://api.octopus.energy/v1/',
        timeout: 20_000,
      },
      mqtt: { url: 'mqtt://mosquitto:1883', protocolVersion: 4, baseTopic: 'octopus2mqtt' },
      homeassistant: { discovery: true, discoveryPrefix: 'homeassistant', statusTopic: 'homeassistant/status' },
      intelligent: {
        tariffPolicy: 'auto',
        evidence: 'required',
        offPeak: { start: '23:30', end: '05:30', configured: false },
        minDispatch: 0,
        minDispatchEnergy: 0.5,
        trustPlanFor: 1_800_000,
        standingStates: ['SMART_CONTROL_IN_PROGRESS'],
      },
      limits: { dispatchRequestsPerHour: 20, dispatchMinGap: 60_000, reserveForEvents: 4, requestsPerHour: 60 },
      storage: { path: './data/octopus2mqtt.db' },
      status: { enabled: true, listen: { host: '127.0.0.1', port: 8099 }, names: [] },
      log: { level: 'info' },
    })
    for (const key of ['clientId', 'username', 'password', 'caFile']) expect(config.mqtt).not.toHaveProperty(key)
    expect(config.homeassistant).not.toHaveProperty('entityIdPrefix')
    expect(config.octopus).not.toHaveProperty('account')
  })

  it('of the refresh modes are those that are promised', () => {
    const refresh: RefreshSettings = config.intelligent.refresh
    expect(refresh).toEqual({
      settlingFirst: 30_000,
      settlingWhileCapable: 60_000,
      settlingWhileNotAvailable: [90_000, 150_000, 240_000, 480_000, 720_000],
      settlingCalls: 6,
      steady: 240_000,
      steadyWithSignal: 360_000,
      steadyWithSchedule: 600_000,
      steadyAfterMarkWithSignal: 600_000,
      steadyWithoutPlan: 900_000,
      withoutPlanAfter: 7_200_000,
      boundaryAfter: [20_000, 80_000],
      boundaryBefore: 40_000,
      boundaryQuiet: 110_000,
      eventConfirm: 60_000,
      startMaxAge: 120_000,
      unpluggedFirst: 60_000,
      unpluggedSecond: 180_000,
      unpluggedEvery: 300_000,
      unpluggedGiveUp: 3_600_000,
      idle: 3_600_000,
      idleStale: 1_500_000,
      idleNoSourceActive: 360_000,
      idleNoSource: 900_000,
      backoffStep: 60_000,
      backoffMax: 1_800_000,
      blockFirst: 300_000,
      blockMax: 3_600_000,
    })
  })

  it('of the car are two topics that nobody asked for', () => {
    const cars: readonly EvConfig[] = config.ev
    expect(cars).toEqual([
      {
        device: null,
        params: {},
        plugged: {
          sources: [{ topic: 'ev/plugged' }],
          explicit: false,
          debounceOn: 5_000,
          debounceOff: 60_000,
          staleAfter: null,
        },
        charging: { sources: [{ topic: 'ev/charging' }], explicit: false, debounce: 20_000 },
        power: { sources: [], explicit: false, debounce: 20_000 },
        atHome: { sources: [], explicit: false },
        scheduleChanged: { sources: [], explicit: false },
      },
    ])
  })
})
