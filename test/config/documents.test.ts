import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { referencePage } from '../../src/config/reference-page.ts'
import { jsonSchema } from '../../src/config/schema.ts'
import { FIELDS, variableOf } from '../../src/config/walk.ts'
import { KEY, read } from './support.ts'

const atRoot = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

describe('docs/configuration.md', () => {
  const page = referencePage()

  it('is what the schema says', () => {
    expect(readFileSync(atRoot('docs/configuration.md'), 'utf8')).toBe(page)
  })

  it('names every key with its variable, its type and what it is for', () => {
    for (const { path, form, description } of FIELDS) {
      expect(`${path.join('.')}: ${description}`).toMatch(/: \S.+\.$/)
      if (form === undefined) expect(page).toContain(`# \`${path.join('.')}\``)
      else {
        const row = page.split('\n').find(line => line.includes(`| \`${variableOf(path)}\` |`))
        expect(row).toContain(`| \`${path.at(-1)}\` | ${form.type} |`)
      }
    }
    expect(page).not.toContain('undefined')
  })
})

describe('the JSON Schema', () => {
  const schema = jsonSchema()
  const at = (...path: string[]) =>
    path.reduce<unknown>((node, step) => (node as Record<string, Record<string, unknown>>).properties?.[step], schema)

  it('has every section, refuses unknown keys and carries descriptions and defaults', () => {
    expect(Object.keys(schema.properties as object)).toEqual([
      'octopus',
      'mqtt',
      'homeassistant',
      'ev',
      'intelligent',
      'limits',
      'energy',
      'storage',
      'status',
      'log',
    ])
    expect(schema).toMatchObject({ additionalProperties: false })
    expect(schema).not.toHaveProperty('required')
    expect(at('log', 'level')).toMatchObject({
      anyOf: [{ enum: expect.arrayContaining(['info', 'silent']) }, { type: 'string' }],
      default: 'info',
      description: expect.any(String),
    })
    expect(at('intelligent', 'off_peak', 'start')).toMatchObject({ default: '23:30' })
    expect(at('intelligent', 'refresh', 'boundary_after')).toMatchObject({
      type: 'array',
      default: ['20s', '80s'],
    })
    expect(at('limits', 'reserve_for_events')).toMatchObject({ minimum: 0, default: 4 })
    expect(JSON.stringify(at('ev'))).toContain('debounce_off')
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema)
  })
})

describe('config.example.yaml', () => {
  const text = readFileSync(atRoot('config.example.yaml'), 'utf8')
  const env = { OCTOPUS_API_KEY: KEY, MQTT_PASSWORD: 'x', HOMEASSISTANT_TOKEN: 'y' }
  const files = { '/config/ca.crt': 'PEM', '/run/secrets/octopus_api_key': KEY }

  /** Paragraphs that are a section in comments. */
  const examples = text
    .split('\n\n')
    .filter(paragraph => /^# [a-z]+:$/m.test(paragraph))
    .map(paragraph => paragraph.slice(paragraph.search(/^# [a-z]+:$/m)).replace(/^# ?/gm, ''))

  it('works as it stands', () => {
    expect(existsSync(atRoot('config.example.yaml'))).toBe(true)
    expect(read(text, env).mqtt.url).toBe('mqtt://mosquitto:1883')
  })

  it('shows every section', () => {
    const sections = new Set([...text.matchAll(/^(?:# )?([a-z]+):/gm)].map(match => match[1]))
    expect([...sections].sort()).toEqual(
      FIELDS.filter(({ path }) => path.length === 1)
        .map(({ path }) => path[0])
        .sort(),
    )
    expect(examples.length).toBeGreaterThanOrEqual(11)
  })

  it.each(examples.map(example => [example.split('\n', 2).join(' '), example]))('%s … works', (_, example) => {
    const config = read(`${text}\n${example}\n`, env, files)
    expect(config.octopus.apiKey).toBe(KEY)
    const plain = example.split('\n').filter(line => !/^\s*#/.test(line)).length
    expect(plain).toBeGreaterThan(1)
  })

  it('has commented keys inside its sections that work as well', () => {
    const inner = text
      .split('\n')
      .map(line => line.replace(/^ {2}# ([a-z_]+: \S.*)$/, '  $1'))
      .filter(line => !line.startsWith('  api_key:'))
      .join('\n')
    expect(inner).not.toBe(text)
    const config = read(inner, env, files)
    expect(config.octopus).toMatchObject({ apiKey: KEY, account: 'A-12AB34CD', name: 'home' })
    expect(config.mqtt).toMatchObject({ username: 'octopus2mqtt', password: 'x', caFile: '/config/ca.crt' })
  })
})
