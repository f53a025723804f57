/** There is no Supervisor here: the app's folder is held against what is known of its rules, and against the real schema. */

import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parse, stringify } from 'yaml'
import { DEFAULT_PATHS } from '../../src/config/load.ts'
import { allParams } from '../../src/config/presets.ts'
import { FIELDS, type Field } from '../../src/config/walk.ts'
import { PRESETS } from '../../src/vehicle/presets.ts'
import { ROOT } from '../docs/pages.ts'

const FOLDER = 'packaging/home-assistant-app'
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')
const { version, homepage } = JSON.parse(read('package.json')) as { version: string; homepage: string }

type Keys = Readonly<Record<string, unknown>>
interface App {
  readonly version: string
  readonly slug: string
  readonly options: Keys
  readonly schema: Keys
  readonly [key: string]: unknown
}
const app = parse(read(`${FOLDER}/config.yaml`)) as App

const isKeys = (value: unknown): value is Keys => typeof value === 'object' && value !== null && !Array.isArray(value)
/** `mqtt.url` → `str?`; a list as `[str?]`. */
const flat = (keys: Keys, before = ''): [string, unknown][] =>
  Object.entries(keys).flatMap(([key, value]): [string, unknown][] =>
    isKeys(value) && Object.keys(value).length > 0 ? flat(value, `${before}${key}.`) : [[`${before}${key}`, value]],
  )
const schema = new Map(flat(app.schema))

/** What is no option, and why. */
const NO_OPTION: readonly (readonly [RegExp, string])[] = [
  [/_file$/, 'a secret has an option of its own'],
  [/^octopus\.(graphql_url|backend_graphql_url|rest_url)$/, 'points at a simulator'],
  [/^(storage\.path|status\.(enabled|listen))$/, 'the image says it'],
  [/^ev\.device$/, 'of several cars, which are a list, and so in the file'],
  [/^\w+\.\w+\.\w+$/, 'deeper than the Supervisor goes: in the file'],
]
const TWINS = ['octopus.api_key_file', 'mqtt.password_file', 'homeassistant.token_file']
const isExcluded = (key: string) =>
  NO_OPTION.some(([pattern]) => pattern.test(key)) && (!key.endsWith('_file') || TWINS.includes(key))

/** The Supervisor's type for a key of ours. */
function typeOf({ form, path, flexible }: Field): string {
  if (path.join('.') === 'octopus.account') return 'match(^A-[0-9A-F]{8}$)'
  if (path.join('.') === 'ev.preset') return `list(${[...PRESETS.keys()].join('|')})`
  if (flexible || form === undefined) return 'str'
  if (form.secret) return 'password'
  if (form.list) return '[str]'
  if (form.type === 'true or false') return 'bool'
  const [, least, most] = /^whole number, (\d+)–(\d+)$/.exec(form.type) ?? []
  if (least !== undefined) return `int(${least},${most})`
  const words = [...form.type.matchAll(/`([^`]+)`/g)].map(([, word]) => word)
  return words.length > 1 && form.duration !== true ? `list(${words.join('|')})` : 'str'
}

const settable = FIELDS.filter(({ form, flexible, path }) => path.length === 2 && (form !== undefined || flexible))

describe('the app', () => {
  it('has what the Supervisor wants to know, and nothing that it does not', () => {
    expect(app).toMatchObject({
      name: 'Octopus2MQTT',
      slug: 'octopus2mqtt',
      url: homepage,
      arch: ['aarch64', 'amd64'],
      services: ['mqtt:need'],
      ingress: true,
      ingress_port: 8099,
      homeassistant_api: true,
      homeassistant: '2024.12.0',
      watchdog: 'http://[HOST]:[PORT:8099]/health',
      map: [{ type: 'addon_config', read_only: true }],
      startup: 'application',
      boot: 'auto',
    })
    for (const risky of ['host_network', 'privileged', 'full_access', 'hassio_api', 'hassio_role', 'docker_api'])
      expect(app).not.toHaveProperty(risky)
    expect(app.image).toMatch(/^ghcr\.io\/octopus2mqtt\/[a-z0-9-]+$/)
    // The addon_config folder is /config inside.
    expect(DEFAULT_PATHS).toContain('/config/config.yaml')
  })

  it('is of the version of the package, and so is the image that it is made of', () => {
    expect(app.version).toBe(version)
    const dockerfile = read(`${FOLDER}/Dockerfile`)
    expect([...dockerfile.matchAll(/^ARG VERSION=(.+)$/gm)].map(([, each]) => each)).toEqual([version, version])
    expect(dockerfile).toContain(`FROM ghcr.io/octopus2mqtt/octopus2mqtt:\${VERSION}`)
    expect(dockerfile).toContain('io.hass.type="app"')
    expect(dockerfile).toContain(`io.hass.arch="${(app.arch as string[]).join('|')}"`)
    expect(dockerfile).not.toMatch(/BUILD_FROM/)
  })

  it('is the only thing that the Supervisor finds in this repository', () => {
    const { stdout } = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
      cwd: ROOT,
      encoding: 'utf8',
    })
    const files = stdout.split('\n')
    expect(files).toContain('repository.yaml')
    expect(files.filter(file => /(^|\/)config\.(ya?ml|json)$/.test(file))).toEqual([`${FOLDER}/config.yaml`])
    expect(files.filter(file => /(^|\/)build\.(ya?ml|json)$/.test(file))).toEqual([])
    for (const name of ['DOCS.md', 'README.md', 'CHANGELOG.md', 'icon.png', 'logo.png', 'translations/en.yaml'])
      expect(files).toContain(`${FOLDER}/${name}`)
    expect(parse(read('repository.yaml'))).toEqual({
      name: expect.any(String),
      url: homepage,
      maintainer: expect.any(String),
    })
  })

  it('has an icon of 128 by 128', () => {
    const png = readFileSync(join(ROOT, FOLDER, 'icon.png'))
    expect(png.subarray(1, 4).toString()).toBe('PNG')
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([128, 128])
  })

  it('goes no deeper than two levels, in types that there are', () => {
    // As the Supervisor has it (supervisor/apps/options.py).
    const TYPE =
      /^(str|bool|int(\(\d*,\d*\))?|float(\([\d.]*,[\d.]*\))?|email|url|password|port|match\(.*\)|list\(.+\)|device)\??$/
    for (const [key, type] of schema) {
      expect(key.split('.').length).toBeLessThanOrEqual(2)
      for (const one of Array.isArray(type) ? type : [type])
        expect([key, one]).toEqual([key, expect.stringMatching(TYPE)])
    }
  })

  it('asks for the key before a start, and has a default for nothing that may be left out', () => {
    const options = flat(app.options).filter(([, value]) => !isKeys(value))
    expect(options).toEqual([
      ['octopus.api_key', null],
      ['energy_dashboard', false],
    ])
    expect(Object.keys(app.options).sort()).toEqual(Object.keys(app.schema).sort())
    const required = [...schema].filter(([, type]) => typeof type === 'string' && !type.endsWith('?'))
    expect(required.map(([key]) => key)).toEqual(['octopus.api_key', 'energy_dashboard'])
    // A default would beat the file, and is no longer to be left out: the Supervisor says so of optional ones.
    expect(options.filter(([key]) => !required.some(([each]) => each === key))).toEqual([])
  })
})

describe('its options', () => {
  it('cover the schema: what has none has a reason', () => {
    const keys = FIELDS.filter(({ form, flexible }) => form !== undefined || flexible).map(({ path }) => path.join('.'))
    const missing = keys.filter(key => key !== 'ev' && !schema.has(key) && !isExcluded(key))
    expect(missing).toEqual([])
    expect([...schema.keys()].filter(isExcluded)).toEqual([])
    for (const [pattern, why] of NO_OPTION) expect([why, keys.some(key => pattern.test(key))]).toEqual([why, true])
  })

  it('are of its types, and none is unknown to it', () => {
    for (const field of settable) {
      const type = schema.get(field.path.join('.'))
      if (type === undefined) continue
      const written = Array.isArray(type) ? `[${type.join()}]` : String(type)
      expect([field.path.join('.'), written.replace('?', '')]).toEqual([field.path.join('.'), typeOf(field)])
    }
    const known = [...settable.map(({ path }) => path.join('.')), ...allParams(PRESETS).map(param => `ev.${param}`)]
    expect([...schema.keys()].filter(key => !known.includes(key))).toEqual(['energy_dashboard'])
    for (const param of allParams(PRESETS)) expect(schema.get(`ev.${param}`)).toBe('str?')
  })
})

/** Markdown is not shown there. */
const plain = (text: string) => text.replaceAll('`', '').replace(/ Needs token\.| Needs url\./g, '')

const sentence = (key: string): string => {
  const field = FIELDS.find(({ path }) => path.join('.') === key)
  if (field !== undefined && field.description !== '') return plain(field.description)
  const presets = [...PRESETS]
    .filter(([, { params }]) => params.includes(key.slice('ev.'.length)))
    .map(([name]) => name)
  return `Of the presets ${presets.join(', ')}.`
}

function translations(): string {
  const sections = Object.entries(app.schema).map(([section, keys]) => {
    if (!isKeys(keys))
      return [
        section,
        {
          name: 'Energy dashboard',
          description:
            "Write each half hour into the statistics of the Energy dashboard, with the Supervisor's own token.",
        },
      ]
    const fields = Object.keys(keys).map(key => [key, { name: key, description: sentence(`${section}.${key}`) }])
    return [section, { name: section, description: sentence(section), fields: Object.fromEntries(fields) }]
  })
  const network = { '8099/tcp': 'Status page and /metrics, for the addresses in status.allow' }
  return `# Written from the schema in src/config.\n${stringify({ configuration: Object.fromEntries(sections), network }, { lineWidth: 0 })}`
}

describe('translations/en.yaml', () => {
  const FILE = join(ROOT, FOLDER, 'translations', 'en.yaml')

  it('has the words of the schema for every option (UPDATE_DOCS=1 writes it anew)', () => {
    if (process.env.UPDATE_DOCS === '1') writeFileSync(FILE, translations())
    expect(readFileSync(FILE, 'utf8')).toBe(translations())
    expect(translations()).not.toContain('undefined')
  })
})
