import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parse, stringify } from 'yaml'
import { carBindings } from '../../src/account/configured-cars.ts'
import type { Config } from '../../src/config/config.ts'
import { readConfig } from '../../src/config/load.ts'
import { publicConfig } from '../../src/config/public.ts'
import { FIELDS, variableOf } from '../../src/config/walk.ts'
import { isBridgeError } from '../../src/errors.ts'
import { PRESETS } from '../../src/vehicle/presets.ts'
import { topicsOf } from '../../src/vehicle/spec.ts'
import { hostileLeaf, hostileText } from './hostile-values.ts'
import { byteMutations, mutations } from './mutate.ts'
import { holds, PATIENCE, quickly } from './runs.ts'

const KEY = 'sk_live_Zq7mNeverShowThis0042'
const ENV = { OCTOPUS_API_KEY: KEY, MQTT_PASSWORD: 'correct horse battery staple' }

/** The example with every section switched on. */
const EXAMPLE = readFileSync('config.example.yaml', 'utf8')
const WHOLE = `${EXAMPLE.split('# --- 3.')[0]}
ev: {preset: evcc, loadpoint: 1, power: {topic: a, unit: kW, availability: b}, at_home: [c, {topic: d, json: e.f, true_values: [on]}]}
intelligent: {tariff_policy: auto, off_peak: {start: 23:30, end: 05:30}, refresh: {steady: 5m, boundary_after: [20s, 80s]}}
homeassistant: {discovery: true, status_topic: homeassistant/status, entity_id_prefix: octopus_energy}
limits: {requests_per_hour: 60}
status: {listen: 127.0.0.1:8099}
log: {level: info}
`

/** Milliseconds of real time. */
const QUICK = 3_000
const LONGEST_REFUSAL = 100_000

const topicProblem = (topic: string): string | null =>
  /[#+\0]|\p{Surrogate}/u.test(topic) || topic === '' || Buffer.byteLength(topic) > 65_000
    ? JSON.stringify(topic.slice(0, 80))
    : null

/** Accepted, or refused in plain words: anything else is a failure. Null where it is refused. */
function read(text: string, env: Record<string, string> = ENV): Config | null {
  try {
    const config = quickly(() => readConfig(text, 'config.yaml', { env, cwd: '/nowhere', presets: PRESETS }), QUICK)
    const shown = JSON.stringify(publicConfig(config))
    expect(shown).not.toContain(KEY)
    const own = [config.mqtt.baseTopic, config.homeassistant.discoveryPrefix, config.homeassistant.statusTopic]
    const topics = [...own, ...carBindings(config.ev).flatMap(({ spec }) => topicsOf(spec))]
    expect(topics.map(topicProblem).filter(problem => problem !== null)).toEqual([])
    return config
  } catch (error) {
    if (!isBridgeError(error, 'CONFIG_INVALID')) throw error
    expect(error.message).not.toContain(KEY)
    expect(error.message.length).toBeLessThan(LONGEST_REFUSAL)
    return null
  }
}

describe('a configuration file', () => {
  it('is the example, and every section of it', () => {
    expect(read(EXAMPLE)).not.toBeNull()
    expect(read(WHOLE)).not.toBeNull()
    expect(read(`\ufeff${WHOLE}`)).not.toBeNull()
    expect(read(WHOLE.replaceAll('\n', '\r\n'))).not.toBeNull()
  })

  it(
    'may have any bytes',
    async () => {
      await holds(
        fc.property(fc.constantFrom(EXAMPLE, WHOLE), byteMutations(8), (text, mutate) => {
          read(mutate(Buffer.from(text)).toString('utf8'))
        }),
        50,
      )
      await holds(
        fc.property(
          fc.oneof(
            fc.uint8Array({ maxLength: 300 }).map(bytes => Buffer.from(bytes).toString()),
            hostileText,
          ),
          text => {
            read(text)
          },
        ),
        30,
      )
    },
    PATIENCE,
  )

  it(
    'may have any tree',
    async () => {
      await holds(
        fc.property(mutations, fc.boolean(), (mutate, asJson) => {
          const tree = mutate(parse(WHOLE))
          read((asJson ? JSON.stringify(tree) : stringify(tree, { aliasDuplicateObjects: false })) ?? '')
        }),
        40,
      )
    },
    PATIENCE,
  )

  it(
    'may have anything under any key',
    async () => {
      await holds(
        fc.property(fc.constantFrom(...FIELDS.map(({ path }) => path)), hostileLeaf, (path, leaf) => {
          const tree = parse(WHOLE) as Record<string, unknown>
          let at = tree
          for (const step of path.slice(0, -1)) {
            const below = at[step]
            at[step] = typeof below === 'object' && below !== null && !Array.isArray(below) ? below : {}
            at = at[step] as Record<string, unknown>
          }
          at[path.at(-1) ?? ''] = leaf
          read(JSON.stringify(tree))
        }),
        50,
      )
    },
    PATIENCE,
  )

  it(
    'may be contradicted by any environment',
    async () => {
      const names = [...FIELDS.map(({ path }) => variableOf(path)), 'OCTOPUS2MQTT_EV___PROTO__', 'OCTOPUS2MQTT_']
      const value = fc.oneof(
        hostileText,
        hostileLeaf.map(leaf => JSON.stringify(leaf)),
        fc.constantFrom('['.repeat(50_000), '{"a":'.repeat(9_000)),
      )
      await holds(
        fc.property(fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 3 }), env => {
          read(WHOLE, { ...ENV, ...env })
        }),
        40,
      )
    },
    PATIENCE,
  )

  it(
    'may give a preset any parameter',
    async () => {
      await holds(
        fc.property(fc.constantFrom(...PRESETS.keys()), hostileText, (preset, text) => {
          const params = Object.fromEntries((PRESETS.get(preset)?.params ?? []).map(param => [param, text]))
          read(JSON.stringify({ octopus: { api_key: KEY }, mqtt: { url: 'mqtt://a' }, ev: { preset, ...params } }))
        }),
        30,
      )
    },
    PATIENCE,
  )

  it.each([
    ['deep lists', '['.repeat(100_000)],
    ['deep mappings', '{a: '.repeat(20_000)],
    ['deep blocks', Array.from({ length: 400 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
    ['deep sequences', '- '.repeat(50_000)],
    [
      'a billion laughs',
      `${'abcdefghij'.split('').reduce((text, name, index, all) => `${text}${name}: &${name} [${Array.from({ length: 9 }, () => (index === 0 ? 'lol' : `*${all[index - 1]}`)).join(',')}]\n`, '')}`,
    ],
    ['an alias of itself', 'a: &a [*a, *a]\nb: &b {c: *b}'],
    ['a hundred thousand aliases', `a: &a x\nb: [${'*a, '.repeat(100_000)}]`],
    ['a hundred thousand keys', Array.from({ length: 100_000 }, (_, number) => `k${number}: 1`).join('\n')],
    ['a hundred thousand references', `a: "${'${'.repeat(100_000)}"`],
    ['a key of a megabyte', `${'k'.repeat(1_000_000)}: 1`],
    ['a value of ten megabytes', `a: ${'v'.repeat(10_000_000)}`],
    ['a megabyte of NUL', '\0'.repeat(1_000_000)],
    ['a megabyte of blanks', ' '.repeat(1_000_000)],
    ['a megabyte of line breaks', '\n'.repeat(1_000_000)],
    ['a megabyte of quotes', '"'.repeat(1_000_000)],
    ['a megabyte of colons', ': '.repeat(500_000)],
    ['a megabyte of question marks', '? '.repeat(500_000)],
    ['many documents', '---\n'.repeat(100_000)],
    ['many comments', '#\n'.repeat(300_000)],
    ['many tags', '!!a '.repeat(100_000)],
    ['many anchors', '&a '.repeat(100_000)],
    ['merge keys', `a: &a {b: 1}\n${'<<: *a\n'.repeat(20_000)}`],
    ['prototypes', '__proto__: {a: 1}\nconstructor: {prototype: {b: 1}}\noctopus: {__proto__: {api_key: x}}'],
  ])('with %s is refused at once', (_, text) => {
    expect(read(text)).toBeNull()
    // As much of it as the parser is given at all.
    read(text.slice(0, 99_000))
    expect(({} as Record<string, unknown>).a).toBeUndefined()
  })
})
