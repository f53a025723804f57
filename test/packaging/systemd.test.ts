/** No systemd runs here: the unit is read, held against the configuration, and shown to systemd's own checks where they are. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { loadConfig } from '../../src/config/load.ts'
import { PRESETS } from '../../src/vehicle/presets.ts'
import { pageText, ROOT } from '../docs/pages.ts'

const UNIT = 'packaging/systemd/octopus2mqtt.service'
const text = readFileSync(join(ROOT, UNIT), 'utf8')
const values = (key: string): string[] =>
  [...text.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value = '']) => value)

const folder = mkdtempSync(join(tmpdir(), 'octopus2mqtt-unit-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** What `%d` and `%S` stand for. */
const credentials = join(folder, 'credentials')
const state = join(folder, 'lib')
const environment = Object.fromEntries(
  values('Environment').map(pair => {
    const [, name = '', value = ''] = /^(\w+)=(.*)$/.exec(pair) ?? []
    return [name, value.replaceAll('%d', credentials).replaceAll('%S', state)]
  }),
)

describe('the unit', () => {
  it('gives the daemon its configuration and its key as credentials, and a folder for its store', () => {
    mkdirSync(credentials)
    const loaded = values('LoadCredential').map(line => line.split(':'))
    expect(loaded.map(([, from]) => from)).toEqual([
      '/etc/octopus2mqtt/octopus_api_key',
      '/etc/octopus2mqtt/config.yaml',
    ])
    const contents = ['sk_live_of_a_unit\n', 'mqtt: {url: "mqtt://localhost"}\n']
    for (const [at, [name = '']] of loaded.entries()) writeFileSync(join(credentials, name), contents[at] ?? '')
    const { NODE_ENV: _, ...env } = environment
    const { config, file } = loadConfig({ env, cwd: folder, presets: PRESETS })
    expect(file).toBe(join(credentials, 'config.yaml'))
    expect(config.octopus.apiKey).toBe('sk_live_of_a_unit')
    expect(config.storage.path).toBe(join(state, 'octopus2mqtt', 'octopus2mqtt.db'))
    expect(values('StateDirectory')).toEqual(['octopus2mqtt'])
  })

  it('starts the file that the build makes, and does not start again what is configured wrongly', () => {
    const { bin, scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      bin: Record<string, string>
      scripts: Record<string, string>
    }
    const [start = ''] = values('ExecStart')
    expect(start).toMatch(new RegExp(`^/usr/bin/node (.*) /opt/octopus2mqtt/${bin.octopus2mqtt} run$`))
    const flags = / -- node (.*) dist/.exec(scripts.start ?? '')?.[1] ?? 'none'
    expect(start).toContain(` ${flags} `)
    expect(values('RestartPreventExitStatus')).toEqual(['2'])
    // A stop takes up to five seconds.
    expect(Number(values('TimeoutStopSec')[0])).toBeGreaterThan(5)
  })

  it('is installed as docs/operations.md says', () => {
    const page = pageText('docs/operations.md')
    for (const name of [
      UNIT,
      '/etc/octopus2mqtt/octopus_api_key',
      '/etc/octopus2mqtt/config.yaml',
      '/opt/octopus2mqtt',
    ])
      expect(page).toContain(name)
  })

  const analyze = (...args: string[]) => {
    const file = join(folder, 'octopus2mqtt.service')
    writeFileSync(file, text.replace('/usr/bin/node', process.execPath))
    return spawnSync('systemd-analyze', [...args, file], { encoding: 'utf8' })
  }
  const isThere = spawnSync('systemd-analyze', ['--version']).status === 0
  if (!isThere) console.warn('systemd-analyze is not installed: the unit is not shown to it')

  ;(isThere ? it : it.skip)('is understood by systemd, and left with little', () => {
    const verified = analyze('verify')
    expect([verified.status, verified.stdout + verified.stderr]).toEqual([0, ''])
    const judged = analyze('security', '--offline=true', '--threshold=20')
    expect([judged.status, judged.stdout.split('\n').at(-2)]).toEqual([0, expect.stringMatching(/OK/)])
  })
})
