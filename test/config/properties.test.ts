import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parse, stringify } from 'yaml'
import { publicConfig } from '../../src/config/public.ts'
import { FIELDS } from '../../src/config/walk.ts'
import { isBridgeError } from '../../src/errors.ts'
import { KEY, read } from './support.ts'

const PASSWORD = 'correct horse battery staple'

const VALID = `octopus:
  api_key: ${KEY}
  account: A-12AB34CD
  timeout: 10s
mqtt:
  url: mqtt://mosquitto:1883
  username: me
  password: ${PASSWORD}
ev:
  preset: evcc
  loadpoint: 1
  plugged: {topic: a, json: b.c, true_values: [on, 1], debounce_on: 1s}
  charging: [c, {topic: d, below: 1}]
intelligent:
  off_peak: {start: 23:30, end: 05:30}
  refresh: {boundary_after: [20s, 80s], steady: 5m}
  standing_states: [BOOSTING]
limits: {requests_per_hour: 60}
status: {listen: "127.0.0.1:0"}
log: {level: info}
`

/** Loads; anything but a configuration or a plain refusal is a failure. Returns all that anybody may see. */
function seen(text: string, env: Record<string, string> = {}): { shown: string; accepted: boolean } {
  try {
    return { shown: JSON.stringify(publicConfig(read(text, env))), accepted: true }
  } catch (error) {
    if (!isBridgeError(error, 'CONFIG_INVALID')) throw error
    expect(error.cause).toBeUndefined()
    return { shown: `${error.message}\n${JSON.stringify(error.details)}\n${error.stack}`, accepted: false }
  }
}

const showsNoSecret = (shown: string): void => {
  expect(shown).not.toContain(KEY)
  expect(shown).not.toContain(PASSWORD)
}

describe('any change of a valid configuration', () => {
  it('starts from one that is accepted', () => {
    const { shown, accepted } = seen(VALID)
    expect(accepted).toBe(true)
    showsNoSecret(shown)
  })

  it('to its text is accepted or refused, and shows no secret', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '',
        '\n',
        ' ',
        '  ',
        ':',
        ': ',
        '#',
        '- ',
        '{',
        '}',
        '[',
        ']',
        '"',
        "'",
        '*a',
        '&a ',
        '!!int ',
        '---\n',
      ),
      fc.constantFrom('\t', '|', '>', '%', '@', '`', ',', '? ', '<<: ', `\${`, `\${A}`, `$\${A}`, '\0', '\ufeff', '🚗'),
      fc.string({ maxLength: 4 }),
    )
    const edit = fc.record({ at: fc.nat(VALID.length), cut: fc.nat(12), put: piece })
    let refusals = 0
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), edits => {
        let text = VALID
        for (const { at, cut, put } of edits) {
          // The secrets themselves stay whole: a piece of one cannot be recognised.
          const end = at + cut
          const isInside = [KEY, PASSWORD].some(secret => {
            const begin = text.indexOf(secret)
            return begin >= 0 && at < begin + secret.length && end > begin
          })
          if (!isInside) text = text.slice(0, at) + put + text.slice(end)
        }
        const { shown, accepted } = seen(text, { A: 'x' })
        showsNoSecret(shown)
        if (!accepted) refusals += 1
      }),
      { numRuns: 250 },
    )
    expect(refusals).toBeGreaterThan(50)
  })

  it('to its tree is accepted or refused, and shows no secret wherever one is put', () => {
    const paths = FIELDS.map(({ path }) => path)
    const value = fc.oneof(
      fc.constantFrom<unknown>(
        KEY,
        PASSWORD,
        `mqtt://u:${KEY}@h`,
        [KEY],
        { [KEY]: PASSWORD },
        { topic: KEY, x: PASSWORD },
      ),
      fc.jsonValue({ maxDepth: 3 }),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...paths), value), { minLength: 1, maxLength: 3 }), changes => {
        const tree = parse(VALID) as Record<string, unknown>
        for (const [path, put] of changes) set(tree, path, put)
        const { shown, accepted } = seen(stringify(tree))
        // What is accepted in a place that is no secret's (a topic, a name) may be shown there.
        if (!accepted) showsNoSecret(shown)
      }),
      { numRuns: 250 },
    )
  })

  it('by the environment is accepted or refused, and shows no secret', () => {
    const names = FIELDS.map(({ path }) => `OCTOPUS2MQTT_${path.join('_').toUpperCase()}`)
    const value = fc.oneof(fc.constantFrom(KEY, PASSWORD, `["${KEY}"]`, `{"a":"${KEY}"}`), fc.string(), fc.json())
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 3 }), env => {
        const { shown, accepted } = seen(VALID, env)
        if (!accepted) showsNoSecret(shown)
      }),
      { numRuns: 250 },
    )
  })
})

function set(tree: Record<string, unknown>, [key = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) tree[key] = value
  else {
    const below = tree[key]
    if (typeof below !== 'object' || below === null || Array.isArray(below)) tree[key] = {}
    set(tree[key] as Record<string, unknown>, rest, value)
  }
}
