/** What the pages show to be typed or copied: commands, variables, configuration and topics are such as there are. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { readConfig } from '../../src/config/load.ts'
import { allParams } from '../../src/config/presets.ts'
import { FIELDS, variableOf } from '../../src/config/walk.ts'
import { PRESETS } from '../../src/vehicle/presets.ts'
import { commandsOn, type Project, problemOf, variablesOn } from './commands.ts'
import { fences, filesBelow, PAGES, pageText, ROOT } from './pages.ts'
import { topicProblem, topicsOn } from './topics.ts'

const source = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
/** A page with what is wrong on it, where something is. */
const wrongOn = (find: (text: string) => readonly string[]): Record<string, readonly string[]> =>
  Object.fromEntries(PAGES.map(page => [page, find(pageText(page))] as const).filter(([, wrong]) => wrong.length > 0))
const onPages = (find: (text: string) => readonly string[]): string[] => PAGES.flatMap(page => find(pageText(page)))

const said = (problem: (one: string) => string | null) => (one: string) => {
  const wrong = problem(one)
  return wrong === null ? [] : [`${one}: ${wrong}`]
}

describe('commands', () => {
  const OF_SCRIPT: Readonly<Record<string, string>> = { 'simulate:years': 'test/simulation', torture: 'test/torture' }
  const texts = new Map(
    Object.entries(OF_SCRIPT).map(([script, folder]) => [script, filesBelow(folder, '.ts').map(source).join('\n')]),
  )
  const project: Project = {
    scripts: { ...(JSON.parse(source('package.json')) as { scripts: Record<string, string> }).scripts },
    hasOption: (script, option) =>
      new RegExp(`^\\s*'?${option}'?: \\{.*type: '(?:string|boolean)'`, 'm').test(texts.get(script) ?? ''),
    isFile: path => existsSync(join(ROOT, path)),
  }
  const problem = (command: string) => problemOf(command, project)

  it('are found', () => {
    expect(onPages(commandsOn).length).toBeGreaterThan(80)
    expect(
      commandsOn('```sh\nA=b octopus2mqtt check --json | jq .x  # all\nsudo npm ci && sudo npm run build\n```\n'),
    ).toEqual(['octopus2mqtt check --json', 'npm run build'])
  })

  it('are commands that there are, with options that they have', () => {
    expect(wrongOn(text => commandsOn(text).flatMap(said(problem)))).toEqual({})
  })

  it.each([
    ['octopus2mqtt chekc'],
    ['npm start -- demo --sped 3'],
    ['npm start check --jsno'],
    ['npm run nothing'],
    ['npm run bench -- policy --nothing 3'],
    ['npm run torture -- kill --nothing 3'],
    ['node dist/main.js run --nothing'],
  ])('would show %s', command => {
    expect(problem(command)).not.toBeNull()
  })
})

describe('variables of the environment', () => {
  const known = new Set([
    'OCTOPUS2MQTT_CONFIG',
    ...FIELDS.flatMap(({ path }) => [variableOf(path), `${variableOf(path)}_FILE`]),
    ...allParams(PRESETS).map(param => variableOf(['ev', param])),
  ])
  const texts = [
    ...filesBelow('examples', '.yaml'),
    ...filesBelow('packaging', '.yaml'),
    ...filesBelow('packaging', '.service'),
  ]
  const files = [...texts, 'compose.yaml', 'Dockerfile', 'config.example.yaml', '.ci/run']

  /** `OCTOPUS2MQTT_…`: a whole name, or one that ends with `_` where several are meant. */
  const named = (text: string): string[] => [...text.matchAll(/\bOCTOPUS2MQTT_[A-Z0-9_]+/g)].map(([name]) => name)
  const isKnown = (name: string) =>
    name.endsWith('_') ? [...known].some(one => one.startsWith(name)) : known.has(name)

  it('of ours are keys of the configuration', () => {
    expect(onPages(named).length).toBeGreaterThan(50)
    expect(wrongOn(text => named(text).filter(name => !isKnown(name)))).toEqual({})
    expect(files.flatMap(file => named(source(file))).filter(name => !isKnown(name))).toEqual([])
  })

  it('that stand before a command are read somewhere', () => {
    const code = ['src', 'test', 'bench'].flatMap(folder => filesBelow(folder, '.ts')).map(source)
    const all = [
      ...code,
      ...filesBelow('scripts', '.mjs').map(source),
      ...filesBelow('examples', '.yaml').map(source),
    ].join('\n')
    // Of the shell alone: a page sets them for its own next lines.
    const shells = new Set(['ACCOUNT', 'DEVICE', 'TOKEN'])
    const wrong = (text: string) => variablesOn(text).filter(name => !all.includes(name) && !shells.has(name))
    expect(wrongOn(wrong)).toEqual({})
  })
})

const MINIMAL = { octopus: { api_key: 'sk_live_of_a_test' }, mqtt: { url: 'mqtt://broker' } }

/** A piece may leave out what is needed of a section. */
function withBroker(value: object): object {
  const { mqtt } = value as { mqtt?: object }
  return { ...MINIMAL, ...value, mqtt: { ...MINIMAL.mqtt, ...mqtt } }
}

describe('configuration', () => {
  const env = { OCTOPUS_API_KEY: 'sk_live_of_a_test', MQTT_PASSWORD: 'a password', HOMEASSISTANT_TOKEN: 'a_token' }
  const files = { read: () => ({ text: 'a_secret_of_a_file' }) }
  /** Blocks that belong into a file of another program: the page, and a key at their top. */
  const OF_OTHERS: readonly (readonly [page: string, key: string])[] = [
    ['docs/home-assistant.md', 'alias'],
    ['docs/home-assistant.md', 'condition'],
    ['docs/operations.md', 'groups'],
    ['docs/operations.md', 'scrape_configs'],
    ['docs/predbat.md', 'octopus_intelligent_slot'],
  ]
  const blocks = PAGES.flatMap(page =>
    fences(pageText(page))
      .filter(({ language }) => language === 'yaml')
      .map(({ body }) => ({ page, body, value: parse(body) as object })),
  )
  const isOfOthers = ({ page, value }: (typeof blocks)[number]) =>
    OF_OTHERS.some(([there, key]) => there === page && Object.hasOwn(value, key))
  const ours = blocks.filter(block => !isOfOthers(block))

  it('is found, in lists too, and every block of another program is still there', () => {
    expect(ours.length).toBeGreaterThan(12)
    expect(blocks.length - ours.length).toBe(OF_OTHERS.length)
  })

  it.each(ours.map(({ page, body, value }) => [page, body, value] as const))('%s: it loads', (page, _, value) => {
    const options = { env, cwd: ROOT, presets: PRESETS, files }
    expect(() => readConfig(JSON.stringify(withBroker(value)), page, options)).not.toThrow()
  })
})

describe('topics', () => {
  it('are found', () => {
    expect(onPages(topicsOn).length).toBeGreaterThan(30)
  })

  it('are topics that there are', () => {
    expect(wrongOn(text => topicsOn(text).flatMap(said(topicProblem)))).toEqual({})
    const files = filesBelow('examples', '').filter(file => !file.endsWith('.md'))
    const topics = files.flatMap(file => topicsOn(source(file)))
    expect(topics.length).toBeGreaterThan(5)
    expect(topics.flatMap(said(topicProblem))).toEqual([])
  })

  it.each([
    ['octopus2mqtt/+/account/house_chep'],
    ['octopus2mqtt/+/gas/house_cheap'],
    ['octopus2mqtt/bridge/request/nothing'],
    ['octopus2mqtt/a-12345678/account/house_cheap/set'],
    ['<base>/<account>/<car>/rates'],
  ])('would show %s', topic => {
    expect(topicProblem(topic)).not.toBeNull()
  })
})
