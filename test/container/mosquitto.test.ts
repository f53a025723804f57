/** The broker of compose.yaml, tried with a real Mosquitto where there is one. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { connectAsync } from 'mqtt'
import { parse } from 'yaml'
import { ROOT } from '../docs/pages.ts'

const text = readFileSync(join(ROOT, 'examples/mosquitto/mosquitto.conf'), 'utf8')
const lines = text.split('\n').filter(line => line !== '' && !line.startsWith('#'))

const programAt = (name: string) =>
  [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'].map(folder => join(folder, name)).find(existsSync)
const broker = programAt('mosquitto')
const passwords = programAt('mosquitto_passwd')

describe('examples/mosquitto/mosquitto.conf', () => {
  it('asks for a password, keeps what is retained, and reads what compose.yaml mounts', () => {
    expect(lines).toEqual(
      expect.arrayContaining([
        'allow_anonymous false',
        'password_file /run/secrets/mosquitto_passwd',
        'persistence true',
      ]),
    )
    const compose = readFileSync(join(ROOT, 'compose.yaml'), 'utf8')
    const { services } = parse(compose) as { services: { mosquitto: { volumes: string[]; secrets: string[] } } }
    expect(services.mosquitto.secrets).toEqual(['mosquitto_passwd'])
    expect(services.mosquitto.volumes).toEqual([
      './examples/mosquitto/mosquitto.conf:/mosquitto/config/mosquitto.conf:ro',
      'mosquitto-data:/mosquitto/data',
    ])
    expect(lines).toContain('persistence_location /mosquitto/data/')
  })
})

const withBroker = broker === undefined || passwords === undefined ? describe.skip : describe

withBroker('a Mosquitto with it (skipped where none is installed)', () => {
  let running: ChildProcess | undefined
  let folder = ''

  afterEach(async () => {
    if (running?.exitCode === null) {
      running.kill()
      await once(running, 'exit')
    }
    rmSync(folder, { recursive: true, force: true })
  })

  it('lets in who has a password, and nobody else', async () => {
    folder = mkdtempSync(join(tmpdir(), 'mosquitto-'))
    chmodSync(folder, 0o777)
    const list = join(folder, 'passwd')
    writeFileSync(list, '')
    spawnSync(passwords ?? '', ['-b', list, 'octopus2mqtt', 'right'])
    chmodSync(list, 0o644)
    const port = await freePort()
    const config = join(folder, 'mosquitto.conf')
    writeFileSync(
      config,
      text
        .replace('listener 1883', `listener ${port} 127.0.0.1`)
        .replace('/run/secrets/mosquitto_passwd', list)
        .replace('/mosquitto/data/', `${folder}/`)
        // By this it says that it listens.
        .concat('log_type information\n'),
    )
    const child = spawn(broker ?? '', ['-c', config], { stdio: ['ignore', 'ignore', 'pipe'] })
    running = child
    await saidRunning(child)

    const url = `mqtt://127.0.0.1:${port}`
    const once1 = { reconnectPeriod: 0, connectTimeout: 5_000 }
    const client = await connectAsync(url, { ...once1, username: 'octopus2mqtt', password: 'right' })
    await client.publishAsync('octopus2mqtt/bridge/state', 'online', { retain: true, qos: 1 })
    await client.endAsync()
    await expect(connectAsync(url, { ...once1, username: 'octopus2mqtt', password: 'wrong' })).rejects.toThrow(
      /[Nn]ot authorized/,
    )
    await expect(connectAsync(url, once1)).rejects.toThrow(/[Nn]ot authorized/)
  })
})

/** Resolves when it says that it runs; rejects, with what it said, when it ends first. */
function saidRunning(child: ChildProcess): Promise<void> {
  let said = ''
  return new Promise((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (/mosquitto version \S+ running/.test(said)) resolve()
    })
    child.once('exit', () => reject(new Error(said)))
  })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
