import { describe, expect, it } from '@jest/globals'
import { nearest } from '../../src/config/nearest.ts'
import { KEY, MINIMAL, refused, said } from './support.ts'

describe('what is wrong is said', () => {
  it('with file, line, path and the key that was meant', () => {
    const { message, problems } = refused(`${MINIMAL}  usernmae: me\n`)
    expect(message).toBe('config.yaml: 1 problem\n  config.yaml:5 mqtt.usernmae: unknown key; did you mean "username"?')
    expect(problems).toEqual([{ path: 'mqtt.usernmae', line: 5, message: 'unknown key; did you mean "username"?' }])
  })

  it('with the section of a key whose indentation was lost, where only one has it', () => {
    const { problems } = refused('octopus:\napi_key: x\nmqtt:\n  url: mqtt://broker\nurl: mqtt://b\n')
    const messageOf = (path: string) => problems.find(each => each.path === path)?.message
    expect(messageOf('api_key')).toBe('unknown key; it belongs under octopus: indent it by two spaces')
    // Both `mqtt` and `homeassistant` have one.
    expect(messageOf('url')).not.toContain('belongs')
  })

  it('where the account number stands for the key, or lacks its beginning', () => {
    const text = (octopus: string) => `octopus: ${octopus}\nmqtt: {url: "mqtt://broker"}\n`
    expect(said(refused(text('{api_key: A-12AB34CD}')))).toEqual([
      'octopus.api_key: this is the account number; the API key is the long one that begins with sk_live_',
    ])
    expect(said(refused(text(`{api_key: "${KEY}", account: 12345678}`)))).toEqual([
      'octopus.account: the A- in front is missing: A-12AB34CD',
    ])
  })

  it('all at once, in the order of the file', () => {
    const { problems } = refused(`octopus:
  timeout: 20
  acount: A-12345678
mqtt:
  url: http://broker
  protocol_version: 3
intelligent:
  off_peak: {start: "25:00"}
  refresh:
    steady: soon
    boundary_after: [80s, 20s]
  standing_states: [SMART_CONTROL_CAPABEL]
limits:
  reserve_for_events: 20
status: {listen: 8099}
logs: {level: debug}
`)
    expect(problems.map(({ line, path }) => `${line} ${path}`)).toEqual([
      '1 octopus.api_key',
      '2 octopus.timeout',
      '3 octopus.acount',
      '5 mqtt.url',
      '6 mqtt.protocol_version',
      '8 intelligent.off_peak.start',
      '10 intelligent.refresh.steady',
      '11 intelligent.refresh.boundary_after',
      '12 intelligent.standing_states.0',
      '14 limits.reserve_for_events',
      '15 status.listen',
      '16 logs',
    ])
    const messages = problems.map(({ message }) => message)
    expect(messages[1]).toContain('needs its unit')
    expect(messages[2]).toContain('did you mean "account"')
    expect(messages[8]).toContain('did you mean "SMART_CONTROL_CAPABLE"')
    expect(messages[11]).toContain('did you mean "log"')
  })

  it('where a section is no mapping, a value is a list, or a list a value', () => {
    expect(
      said(refused('octopus: x\nmqtt: [a]\nlog: {level: [info]}\nintelligent: {standing_states: {a: b}}')),
    ).toEqual([
      'octopus: expected a mapping ("key: value" lines below it)',
      'mqtt: expected a mapping ("key: value" lines below it)',
      'log.level: expected a single value, not a list or a mapping',
      'intelligent.standing_states: expected a list',
    ])
  })

  it('where the file is no YAML, without quoting it', () => {
    for (const [text, line] of [
      [`octopus:\n  api_key ${KEY}\nmqtt: {}`, 1],
      [`octopus:\n  api_key ${KEY}\n  account: A-1\n`, 2],
      [`octopus: {api_key: "${KEY}\n`, 2],
      [`octopus:\n\tapi_key: ${KEY}\n`, 2],
      [`octopus:\n  api_key: @${KEY}\n`, 2],
      ['mqtt: {}\n---\noctopus: {}\n', 2],
    ] as const) {
      const { message, problems } = refused(text)
      expect(problems[0]?.line).toBe(line)
      expect(message).not.toContain(KEY)
    }
  })

  it('where the YAML is broken in two places', () => {
    const { problems } = refused('octopus:\n  api_key: @a\nmqtt:\n  url: %b\n')
    expect(problems.map(({ path, line }) => [path, line])).toEqual([
      ['', 2],
      ['', 4],
    ])
  })

  it('where the file is no mapping, and not where it is empty', () => {
    expect(said(refused('- octopus\n'))).toEqual([': expected sections such as "octopus:" and "mqtt:" at the top'])
    expect(said(refused('just words'))).toHaveLength(1)
    expect(refused('# nothing\n').problems.map(({ path }) => path)).toEqual(['octopus.api_key', 'mqtt.url'])
  })

  it('where a key is given twice, also deep down', () => {
    expect(said(refused(`${MINIMAL}  url: mqtt://other\n`))).toEqual(['mqtt.url: given twice; the first is on line 4'])
    expect(said(refused(`${MINIMAL}mqtt:\n  url: mqtt://other\n`))).toEqual([
      'mqtt: given twice; the first is on line 3',
    ])
  })

  it('where aliases lead nowhere, into themselves, or into too much', () => {
    expect(said(refused(`${MINIMAL}log: *nothing\n`))).toEqual(['log: there is no anchor (&) for this alias (*)'])
    expect(said(refused(`${MINIMAL}ev: &a\n  plugged: *a\n`)).join()).toContain('too many or too deep')
    const bomb = Array.from(
      { length: 9 },
      (_, i) =>
        `  - &x${i} [${Array(9)
          .fill(i === 0 ? 'a' : `*x${i - 1}`)
          .join(',')}]`,
    )
    expect(said(refused(`${MINIMAL}ev:\n${bomb.join('\n')}\n`)).join()).toContain('too many or too deep')
  })

  it('where a key is that of an object and not ours', () => {
    expect(said(refused(`${MINIMAL}__proto__: {a: 1}\nev: {constructor: x, toString: y}\n`)).length).toBe(3)
  })
})

describe('the nearest word', () => {
  it('is found through swapped, missing and wrong letters', () => {
    const known = ['url', 'username', 'password', 'base_topic']
    expect(nearest('usernmae', known)).toBe('username')
    expect(nearest('basetopic', known)).toBe('base_topic')
    expect(nearest('Base-Topic', known)).toBe('base_topic')
    expect(nearest('uri', known)).toBe('url')
    expect(nearest('x', [])).toBeUndefined()
  })
})

describe('a file that was never meant to be one', () => {
  it('is short, however much is wrong, and comes at once', () => {
    const many = Array.from({ length: 4_000 }, (_, number) => `key${number}: 1`).join('\n')
    expect(refused(many).message.split('\n')).toHaveLength(102)
    expect(refused(many).message).toMatch(/: 4002 problems\n(.*\n){100} {2}and 3902 more$/)
    expect(refused(`${'k'.repeat(90_000)}: 1`).message.length).toBeLessThan(2_000)
  })

  it.each([
    ['a log in its place', 'line\n'.repeat(30_000), /more than 100000 characters/],
    ['lists as deep as the file', '['.repeat(99_000), /deep/],
    ['mappings as deep as the file', '{a: '.repeat(24_000), /deep/],
    ['aliases without end', `a: &a x\nb: [${'*a,'.repeat(33_000)}]`, /too many aliases/],
    ['unclosed references without end', `log: {level: "${'${'.repeat(49_000)}"}`, /log.level/],
  ])('says what is wrong with %s, and takes no minute for it', (_, text, words) => {
    const began = performance.now()
    expect(refused(text).message).toMatch(words)
    expect(performance.now() - began).toBeLessThan(5_000)
  })

  it.each(['#', '+', 'a\0b', '\u0007', '\ud800'])(
    'names a parameter of a preset that no topic can hold: %j',
    loadpoint => {
      const ev = JSON.stringify({ preset: 'evcc', loadpoint })
      expect(said(refused(`${MINIMAL}ev: ${ev}\n`))).toEqual([expect.stringContaining('ev.loadpoint: ')])
    },
  )
})
