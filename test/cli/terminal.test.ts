/** The program in a real terminal (a pseudo-terminal of util-linux's `script`), and beside it in a pipe. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { displayWidth } from '../../src/cli/width.ts'
import { freePort } from '../support/broker.ts'
import { build } from '../support/daemon.ts'
import { cleanUp, octopusOf, simulate } from './support.ts'

const MAIN = 'dist/main.js'
const haveScript = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0
if (!haveScript) process.stderr.write('no `script` here: tests of a real terminal are skipped\n')
const inTerminal = haveScript ? it : it.skip

interface Shown {
  readonly code: number | null
  readonly raw: string
  /** As they stand on the screen at the end: what was written over is gone. No colours. */
  readonly lines: readonly string[]
}

interface Where {
  readonly columns?: number
  readonly env?: Readonly<Record<string, string>>
  readonly terminal?: boolean
}

function start(args: string, { columns = 80, env = {}, terminal = true }: Where = {}): Promise<Shown> {
  const { PATH, HOME } = process.env
  const command = `${JSON.stringify(process.execPath)} ${MAIN} ${args}`
  const inside = ['-qec', `stty cols ${columns}; exec ${command}`, '/dev/null']
  const child = spawn(terminal ? 'script' : 'sh', terminal ? inside : ['-c', command], {
    env: { PATH, HOME, TERM: 'xterm', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let raw = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (raw += data))
  return new Promise(resolve =>
    child.once('close', code => {
      const lines = raw.split(/\r?\n/).map(line => stripVTControlCharacters(line.split('\r\u001b[K').at(-1) ?? ''))
      resolve({ code, raw, lines })
    }),
  )
}

const COLOUR = '\u001b[3'

let folder = ''
beforeAll(build)
afterEach(async () => {
  await cleanUp()
  if (folder !== '') rmSync(folder, { recursive: true, force: true })
  folder = ''
})

/** A configuration whose broker is not there. */
async function configured(log: object = {}): Promise<string> {
  const simulator = await simulate()
  folder = mkdtempSync(join(tmpdir(), 'octopus2mqtt-terminal-'))
  const file = join(folder, 'config.yaml')
  const config = {
    octopus: octopusOf(simulator),
    mqtt: { url: `mqtt://127.0.0.1:${await freePort()}` },
    storage: { path: join(folder, 'store.db') },
    status: { enabled: false },
    log,
  }
  writeFileSync(file, JSON.stringify(config))
  return file
}

describe('in a terminal', () => {
  inTerminal('check is a list that fits, with colours, and the line at the bottom is gone at the end', async () => {
    const { code, raw, lines } = await start(`check -c ${await configured()}`, { columns: 60 })
    expect(code).toBe(1)
    expect(raw).toContain('looking at: Octopus API')
    expect(lines.join('\n')).not.toContain('looking at')
    expect(raw).toContain(`${COLOUR}2m✓`)
    expect(lines).toContainEqual(expect.stringMatching(/^✗ broker {10}\S/))
    expect(lines.filter(line => displayWidth(line) > 60 && !line.includes('://') && !line.includes('/tmp/'))).toEqual(
      [],
    )
    expect(lines).toContainEqual(expect.stringMatching(/^Of 11: 1 failed \(broker\), 1 not looked at/))
  })

  inTerminal('check has no colours for whom wants none', async () => {
    const { raw, lines } = await start(`check -c ${await configured()}`, { env: { NO_COLOR: '1' } })
    expect(raw).not.toContain(COLOUR)
    expect(lines).toContainEqual(expect.stringMatching(/^✓ key/))
  })

  inTerminal('the demo moves below, and ends with a picture', async () => {
    const { code, raw, lines } = await start('demo --speed 600 --for 3 --mqtt-port 0 --http-port 0', { columns: 70 })
    expect(code).toBe(0)
    expect(raw).toContain('\r\u001b[K')
    expect(raw).toMatch(/\d\d:\d\d (GMT|BST) {2}(history [█▏▎▍▌▋▊▉░]{20}|nothing is on|plugged in)/)
    expect(lines).toContainEqual(expect.stringMatching(/^\d\d:\d\d:\d\d {2}plugged in {15}ON {2}so Octopus/))
    expect(lines).toContainEqual(expect.stringMatching(/^plugged in {7}.*█/))
    // A busy machine may have a line of the log in it, which is as long as it is.
    expect(lines.filter(line => displayWidth(line) > 70 && !/^\[\d\d:/.test(line))).toEqual([])
  })

  inTerminal('help is coloured, and as wide as the terminal', async () => {
    const { code, raw, lines } = await start('demo --help', { columns: 100 })
    expect(code).toBe(0)
    expect(raw).toContain('\u001b[1mExamples:')
    expect(lines.some(line => displayWidth(line) > 80)).toBe(true)
  })
})

describe('in a pipe', () => {
  it('nothing moves and nothing is coloured, unless somebody asks for colours', async () => {
    const file = await configured()
    const plain = await start(`check -c ${file}`, { terminal: false })
    expect(plain.raw).not.toContain('\u001b')
    expect(plain.lines).toContainEqual(expect.stringMatching(/^ok {4}key {13}\S/))
    expect(plain.lines).toContainEqual(expect.stringMatching(/^fail {2}broker .*\[MQTT_UNREACHABLE\]$/))
    const forced = await start(`check -c ${file}`, { terminal: false, env: { FORCE_COLOR: '1' } })
    expect(forced.raw).toContain(`${COLOUR}2mok`)
    expect(forced.raw).not.toContain('\u001b[K')
    expect(forced.lines.length).toBe(plain.lines.length)
  })

  it('a mistake on the command line is met with the nearest word, and 2', async () => {
    const { code, raw } = await start('chekc', { terminal: false })
    expect(code).toBe(2)
    expect(raw).toBe(
      'error: unknown command "chekc", did you mean "check"?; there are run, demo, setup, check, discover, simulate, backup, restore, remove, schema\n(octopus2mqtt --help shows more)\n',
    )
  })

  it('an error is a line with what to do and where it is explained, and a stack only for whom asks', async () => {
    const brief = await start('check -c /nowhere/none.yaml', { terminal: false })
    expect(brief.code).toBe(2)
    expect(brief.lines).toEqual([
      expect.stringMatching(/^octopus2mqtt: .*\/nowhere\/none\.yaml.* \[CONFIG_NOT_FOUND\]$/),
      'See https://github.com/octopus2mqtt/octopus2mqtt/blob/main/docs/errors.md#config_not_found',
      '',
    ])
    const long = await start('check --debug -c /nowhere/none.yaml', { terminal: false })
    expect(long.lines.slice(0, 2)).toEqual(brief.lines.slice(0, 2))
    expect(long.raw).toMatch(/\n\s+at .*config/)
  })

  it('a log at debug is asking too', async () => {
    const file = await configured({ level: 'debug', format: 'pretty' })
    const { code, raw } = await start(`remove -c ${file}`, { terminal: false })
    expect(code).toBe(1)
    expect(raw).toMatch(/\[MQTT_UNREACHABLE\]\nSee https:.*\n[\s\S]*\n\s+at /)
  })
})
