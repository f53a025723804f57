import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  formatDuration,
  readCount,
  readDuration,
  readEnergy,
  readFlag,
  readNumber,
  readTimeOfDay,
} from '../../src/config/values.ts'
import { MINIMAL, read, refused, said } from './support.ts'

const readAs = <T>(result: { value: T } | { refused: string }): T | string =>
  'value' in result ? result.value : `refused: ${result.refused}`

describe('values', () => {
  it.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['1h30m', 5_400_000],
    ['1h 30m', 5_400_000],
    ['1.5h', 5_400_000],
    [' 10 S ', 10_000],
    ['0', 0],
    ['0s', 0],
  ])('reads %j as a duration', (text, expected) => expect(readAs(readDuration(text))).toBe(expected))

  it.each(['', '5', '-5s', '5x', 's', '5 minutes', '1e3s', '99999999999999h'])('refuses %j as a duration', text =>
    expect(readAs(readDuration(text))).toMatch(/^refused: /),
  )

  it('writes durations so that they read the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e12 }), time => {
        expect(readDuration(formatDuration(time))).toEqual({ value: time })
      }),
    )
    expect(formatDuration(5_400_000)).toBe('1h30m')
    expect(formatDuration(0)).toBe('0s')
  })

  it.each([
    ['23:30', '23:30'],
    ['5:30', '05:30'],
    ['00:00', '00:00'],
    ['23:30:00', '23:30'],
    ['1410', '23:30'],
    ['330', '05:30'],
    ['0', '00:00'],
  ])('reads %j as a time of day', (text, expected) => expect(readAs(readTimeOfDay(text))).toBe(expected))

  it.each(['24:00', '12:60', '1440', 'noon', '12.30', ''])('refuses %j as a time of day', text =>
    expect(readAs(readTimeOfDay(text))).toMatch(/^refused: /),
  )

  it('reads energies, numbers, flags and counts', () => {
    expect(['0.5', '0.5 kWh', '0.5kwh', '500 Wh'].map(text => readAs(readEnergy(text)))).toEqual([0.5, 0.5, 0.5, 0.5])
    expect(readAs(readEnergy('much'))).toMatch(/^refused/)
    expect(['1', '-1.5', '1,5', '0x10'].map(text => 'value' in readNumber(text))).toEqual([true, true, false, false])
    expect(['true', 'Yes', 'on', '1', 'FALSE', 'no', 'off', '0'].map(text => readAs(readFlag(text)))).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
      false,
      false,
    ])
    expect(readAs(readFlag('maybe'))).toMatch(/^refused/)
    expect(['5', '0', '11', '1.5', '-1', ''].map(text => 'value' in readCount(text, 1, 10))).toEqual([
      true,
      false,
      false,
      false,
      false,
      false,
    ])
  })
})

describe('single keys', () => {
  const with_ = (text: string) => read(`octopus: {api_key: k}\nmqtt: {url: mqtt://b}\n${text}`)

  it('take what they should', () => {
    expect(with_('status: {listen: "[::]:8099"}').status.listen).toEqual({ host: '::', port: 8099 })
    expect(with_('status: {listen: localhost:0}').status.listen).toEqual({ host: 'localhost', port: 0 })
    expect(with_('homeassistant: {discovery: no}').homeassistant.discovery).toBe(false)
    expect(with_('log: {level: WARN, format: pretty}').log).toEqual({ level: 'warn', format: 'pretty' })
    expect(with_('intelligent: {off_peak: {start: 00:30}}').intelligent.offPeak).toEqual({
      start: '00:30',
      end: '05:30',
      configured: true,
    })
    expect(with_('intelligent: {off_peak: }').intelligent.offPeak.configured).toBe(false)
    expect(with_('intelligent: {min_dispatch_energy: 0.25 kWh}').intelligent.minDispatchEnergy).toBe(0.25)
    expect(
      read(
        'octopus: {api_key: k, name: My_Home, account: a-1234abcd, rest_url: "http://localhost:1/v1"}\nmqtt: {url: mqtt://b, protocol_version: 5, password: 007, username: 0x1}',
      ),
    ).toMatchObject({
      octopus: { name: 'my_home', account: 'A-1234ABCD', restUrl: 'http://localhost:1/v1/' },
      mqtt: { protocolVersion: 5, password: '007', username: '0x1' },
    })
    expect(read('octopus: {api_key: k}\nmqtt: {url: mqtt://b, username: "", password: ""}').mqtt).not.toHaveProperty(
      'username',
    )
  })

  it.each([
    ['mqtt: {url: tcp://b}', 'mqtt.url'],
    ['mqtt: {url: "mqtt://"}', 'mqtt.url'],
    ['mqtt: {url: mqtt://b, base_topic: a/+/b}', 'mqtt.base_topic'],
    ['mqtt: {url: mqtt://b, base_topic: /a}', 'mqtt.base_topic'],
    ['mqtt: {url: mqtt://b, base_topic: a/}', 'mqtt.base_topic'],
    ['mqtt: {url: mqtt://b, cert_file: /c}', 'mqtt.cert_file'],
    ['octopus: {name: "a b"}', 'octopus.name'],
    ['octopus: {account: "a b"}', 'octopus.account'],
    ['octopus: {graphql_url: "https://me:pw@host/"}', 'octopus.graphql_url'],
    ['octopus: {timeout: 1h}', 'octopus.timeout'],
    ['homeassistant: {entity_id_prefix: a-b}', 'homeassistant.entity_id_prefix'],
    ['status: {listen: "::1:8099"}', 'status.listen'],
    ['status: {listen: "host:99999"}', 'status.listen'],
    ['status: {allow: [999.1.1.1]}', 'status.allow.0'],
    ['status: {allow: ["192.168.1.0/24"]}', 'status.allow.0'],
    ['intelligent: {off_peak: {start: 05:30}}', 'intelligent.off_peak'],
    ['intelligent: {refresh: {steady: 0s}}', 'intelligent.refresh.steady'],
    ['limits: {requests_per_hour: many}', 'limits.requests_per_hour'],
  ])('refuse %s', (text, path) => {
    const env = { OCTOPUS_API_KEY: 'k', MQTT_URL: 'mqtt://b' }
    expect(refused(text, env).problems[0]?.path).toBe(path)
  })

  it('let nobody ask Octopus too often, but a simulator', () => {
    const more = 'limits: {dispatch_requests_per_hour: 100, dispatch_min_gap: 1s}\n'
    expect(said(refused(`${MINIMAL}${more}`))).toEqual([
      'limits.dispatch_requests_per_hour: towards Octopus itself at most 20',
      'limits.dispatch_min_gap: towards Octopus itself at least 60s',
    ])
    const dotted =
      'octopus: {api_key: k, graphql_url: "https://api.octopus.energy./v1/graphql/"}\nmqtt: {url: mqtt://b}\n'
    expect(said(refused(`${dotted}${more}`))).toHaveLength(2)
    const simulated = `octopus: {api_key: k, graphql_url: "http://localhost:8080/v1/graphql/"}\nmqtt: {url: mqtt://b}\n`
    expect(read(`${simulated}${more}`).limits).toMatchObject({ dispatchRequestsPerHour: 100, dispatchMinGap: 1_000 })
  })
})
