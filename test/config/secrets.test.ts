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

  it('of Home Assistant come from the file or a variable, and stand beside its URL', () => {
    const text = (keys: string) => `${MINIMAL}homeassistant: {${keys}}\n`
    const files = { ...FILES, '/run/token': 'llat.of.an-administrator\n', '/run/ca': 'PEM' }
    const config = read(text('url: https://ha.local:8123, token_file: /run/token, ca_file: /run/ca'), {}, files)
    expect(config.homeassistant).toMatchObject({ url: 'https://ha.local:8123', token: 'llat.of.an-administrator' })
    expect(config.homeassistant).not.toHaveProperty('tokenFile')
    expect(secretsOf(config)).toContain('llat.of.an-administrator')
    const shown = publicConfig(config)
    expect(shown).toMatchObject({ homeassistant: { url: 'https://ha.local:8123', token: '***' } })
    expect(JSON.stringify(shown)).not.toMatch(/llat|\/run\//)
    const inApp = text(`url: http://supervisor/core, token: "\${SUPERVISOR_TOKEN}"`)
    expect(read(inApp, { SUPERVISOR_TOKEN: 'of-the-supervisor' }).homeassistant.token).toBe('of-the-supervisor')
    expect(read(MINIMAL).homeassistant).not.toHaveProperty('url')

    const refusals: [string, string[]][] = [
      ['url: http://ha:8123', ['homeassistant.token: required where there is a url; give it here or in token_file']],
      ['token: hidden-one', ['homeassistant.token: needs url beside it']],
      ['token_file: /run/token', ['homeassistant.token_file: needs url beside it']],
      ['ca_file: /run/ca', ['homeassistant.ca_file: needs url beside it']],
      ['url: http://ha, token: hidden-one, ca_file: /run/none', ['homeassistant.ca_file: there is no such file']],
      [
        'url: http://ha, token: hidden-one, token_file: /run/token',
        ['homeassistant.token_file: give either token or token_file, not both'],
      ],
      [
        'url: http://ha, token: "hidden-one and more"',
        ['homeassistant.token: the token must be one word, without spaces or line breaks'],
      ],
    ]
    for (const [keys, problems] of refusals) {
      const refusal = refused(text(keys), {}, files)
      expect(said(refusal)).toEqual(problems)
      expect(refusal.message).not.toMatch(/hidden-one|llat/)
    }
    for (const url of ['mqtt://ha', 'ha:8123', 'http://', 'http://me:hidden-one@ha', 'http://ha?token=hidden-one']) {
      const refusal = refused(text(`url: "${url}", token: t`))
      expect(said(refusal)).toHaveLength(1)
      expect(refusal.message).not.toContain('hidden-one')
    }
    for (const url of ['http://ha', 'wss://[2001:db8::1]:8123/ha/', 'ws://supervisor/core/websocket'])
      expect(read(text(`url: "${url}", token: t`)).homeassistant.url).toBe(url)
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
