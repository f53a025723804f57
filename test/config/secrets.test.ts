import { describe, expect, it } from '@jest/globals'
import { secretsOf } from '../../src/config/config.ts'
import { maskAccount, publicConfig } from '../../src/config/public.ts'
import { KEY, MINIMAL, read, refused, said } from './support.ts'

const FILES = { '/run/key': `  ${KEY}\n\n`, '/run/password': 'two words\n', '/run/empty': ' \n', '/run/folder': null }

describe('secrets', () => {
  it('come from their files, trimmed', () => {
    const config = read(
      'octopus: {api_key_file: /run/key}\nmqtt: {url: mqtt://b, username: u, password_file: /run/password}',
      {},
      FILES,
    )
    expect(config.octopus.apiKey).toBe(KEY)
    expect(config.mqtt.password).toBe('two words')
    expect(secretsOf(config)).toEqual([KEY, 'two words'])
    expect(config.octopus).not.toHaveProperty('apiKeyFile')
  })

  it('are not given twice, wherever each comes from', () => {
    expect(
      said(refused(`${MINIMAL}  username: u\n  password: p\n  password_file: /run/password\n`, {}, FILES)),
    ).toEqual(['mqtt.password_file: give either password or password_file, not both'])
    expect(said(refused(MINIMAL, { OCTOPUS2MQTT_OCTOPUS_API_KEY_FILE: '/run/key' }, FILES))).toEqual([
      'octopus.api_key_file: give either api_key or api_key_file, not both',
    ])
  })

  it('in files that are missing, empty or no files are asked for by path', () => {
    const text = (file: string) => `octopus: {api_key_file: ${file}}\nmqtt: {url: mqtt://b}\n`
    expect(said(refused(text('/run/gone'), {}, FILES))).toEqual(['octopus.api_key_file: there is no such file'])
    expect(said(refused(text('/run/empty'), {}, FILES))).toEqual(['octopus.api_key_file: the file is empty'])
    expect(said(refused(text('/run/folder'), {}, FILES))[0]).toContain('directory')
    expect(refused(text(KEY), {}, FILES).message).not.toContain(KEY)
    expect(said(refused('octopus: {api_key: two words}\nmqtt: {url: mqtt://b}'))[0]).toContain('one word')
  })

  it('leave the URL of the broker', () => {
    const config = read(`octopus: {api_key: k}\nmqtt: {url: "mqtts://me:p%40ss%2Fw@broker:8883"}\n`)
    expect(config.mqtt).toMatchObject({ url: 'mqtts://broker:8883', username: 'me', password: 'p@ss/w' })
    expect(read('octopus: {api_key: k}\nmqtt: {url: "ws://me:secret@broker/mqtt"}').mqtt.url).toBe('ws://broker/mqtt')
    const twice = refused('octopus: {api_key: k}\nmqtt: {url: "mqtt://me:hidden-one@b", username: u, password: other}')
    expect(said(twice)).toHaveLength(2)
    expect(twice.message).not.toContain('hidden-one')
    expect(said(refused(`${MINIMAL}  password: x\n`))).toEqual(['mqtt.username: required where there is a password'])
  })

  it('that end a URL too early are refused, not shown', () => {
    for (const password of ['12#rest-of-it', '12/rest-of-it', '12?rest-of-it', '100%rest-of-it']) {
      const { message } = refused(`octopus: {api_key: k}\nmqtt: {url: "mqtt://me:${password}@broker"}`)
      expect(message).not.toContain('rest-of-it')
    }
  })

  it('are shown to nobody, and neither are files and the account number', () => {
    const config = read(
      'octopus: {api_key: secret-key, account: a-12ab34cd}\n' +
        'mqtt: {url: "wss://u:secret-password@b/mqtt?token=secret-token", ca_file: /run/password}\n' +
        'status: {listen: "[::1]:0"}\nev: {plugged: {topic: a, stale_after: 90m}}\n',
      {},
      FILES,
    )
    const shown = publicConfig(config)
    expect(JSON.stringify(shown)).not.toMatch(/secret-|\/run\/|data\/|A-12AB34CD/)
    expect(shown).toMatchObject({
      octopus: { api_key: '***', account: 'A-12****CD', timeout: '20s' },
      mqtt: { url: 'wss://b/mqtt', username: 'u', password: '***', protocol_version: 4 },
      intelligent: { trust_plan_for: '30m', refresh: { boundary_after: ['20s', '1m20s'] } },
      ev: [{ plugged: { sources: [{ topic: 'a' }], stale_after: '1h30m', debounce_on: '5s' } }],
      status: { listen: '[::1]:0' },
    })
    expect(maskAccount('A-1')).toBe('***')
  })
})
