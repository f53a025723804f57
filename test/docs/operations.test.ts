import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { LOG_LEVELS } from '../../src/config/section-daemon.ts'
import { READ_METRICS, TOLD_METRICS } from '../../src/status/metrics-catalogue.ts'
import { build } from '../support/daemon.ts'
import { fences, pageText, ROOT } from './pages.ts'

const page = pageText('docs/operations.md')
const updating = pageText('docs/updating.md')

/** Every metric, and what a histogram has in its place. */
const NAMES = [...READ_METRICS, ...TOLD_METRICS].flatMap(({ name, type }) =>
  type === 'histogram' ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
)

describe('docs/operations.md', () => {
  it('asks for metrics that there are', () => {
    const named = [...page.matchAll(/\boctopus2mqtt_[a-z_]+\b/g)].map(([name]) => name)
    // Names of credentials and the like are none.
    const asked = named.filter(name => !/api_key/.test(name))
    expect(asked.length).toBeGreaterThan(5)
    expect(asked.filter(name => !NAMES.includes(name))).toEqual([])
    const [, alternatives = '', parts = ''] = /\^octopus2mqtt_\(([a-z_|]+)_\(([a-z|]+)\)\)/.exec(page) ?? []
    const last = alternatives.split('|').pop() ?? ''
    const wanted = [...alternatives.split('|').slice(0, -1), ...parts.split('|').map(part => `${last}_${part}`)]
    expect(wanted).toHaveLength(4)
    for (const name of wanted) expect(NAMES).toContain(`octopus2mqtt_${name}`)
  })

  it('has alerts that Prometheus could read', () => {
    const files = fences(page)
      .filter(({ language }) => language === 'yaml')
      .map(({ body }) => parse(body) as Record<string, unknown>)
    expect(files.map(file => Object.keys(file))).toEqual([['scrape_configs'], ['groups']])
    const groups = (files[1]?.groups ?? []) as { rules: { alert: string; expr: string }[] }[]
    const rules = groups.flatMap(group => group.rules)
    expect(rules.length).toBeGreaterThan(3)
    for (const { alert, expr } of rules) {
      expect(alert).toMatch(/^[A-Z][A-Za-z0-9]+$/)
      expect(expr).toMatch(/octopus2mqtt/)
    }
  })

  it('names every level of the log', () => {
    const listed = /The levels are (.+)\./.exec(page)?.[1] ?? ''
    expect([...listed.matchAll(/`(\w+)`/g)].map(([, level]) => level)).toEqual([...LOG_LEVELS])
  })
})

describe('the pages on operations and updating', () => {
  build()
  const help = spawnSync(process.execPath, ['dist/main.js', '--help'], { cwd: ROOT, encoding: 'utf8' }).stdout
  const commands = [
    ...`${page}${updating}`.matchAll(/(?:octopus2mqtt|main\.js) (backup|restore|check|remove|run)\b/g),
  ].map(([, name = '']) => name)

  it('name commands that there are', () => {
    expect(new Set(commands).size).toBeGreaterThanOrEqual(4)
    for (const name of commands) expect(help).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'))
  })

  it('name files that there are', () => {
    const files = [...`${page}${updating}`.matchAll(/\b(?:packaging|scripts)\/[\w./-]+\.\w+/g)].map(([file]) => file)
    expect(files.length).toBeGreaterThan(2)
    for (const file of files) expect([file, existsSync(join(ROOT, file))]).toEqual([file, true])
  })
})
