/** There is no engine to build the image with, so its recipe is read: what it copies, who it runs as, what it asks. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { DEFAULT_PATHS, readConfig } from '../../src/config/load.ts'
import { PRESETS } from '../../src/vehicle/presets.ts'
import { pageText, ROOT, tableRows } from '../docs/pages.ts'

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')

interface Step {
  readonly word: string
  readonly rest: string
}

/** The Dockerfile as stages of steps, continued lines joined. */
function stagesOf(text: string): { from: string; steps: Step[] }[] {
  const lines = text
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter(line => line.trim() !== '')
  const stages: { from: string; steps: Step[] }[] = []
  for (const line of lines) {
    const [, word = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? []
    if (word === 'FROM') stages.push({ from: rest, steps: [] })
    else stages.at(-1)?.steps.push({ word, rest })
  }
  return stages
}

const stages = stagesOf(read('Dockerfile'))
const [build, libraries, image] = stages
const rest = (stage: typeof build, word: string) =>
  (stage?.steps ?? []).filter(step => step.word === word).map(step => step.rest)
const environment = Object.fromEntries(
  rest(image, 'ENV').flatMap(line =>
    [...line.matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]),
  ),
)

describe('the Dockerfile', () => {
  it('has three stages: one compiles, one installs the libraries of the daemon alone, one is the image', () => {
    expect(stages.map(({ from }) => from)).toEqual([
      '--platform=$BUILDPLATFORM node:lts-slim AS build',
      'node:lts-alpine AS libraries',
      'node:lts-alpine',
    ])
    expect(rest(build, 'RUN')).toEqual([
      'npm ci',
      'node node_modules/typescript/bin/tsc -p tsconfig.build.json --sourceMap false',
      'cp -r src/status/assets dist/status/assets',
      'chmod +x dist/main.js',
    ])
    expect(rest(libraries, 'RUN')).toEqual([
      'npm ci --omit=dev --ignore-scripts',
      'rm -rf node_modules/@libsql/linux-*-gnu*',
    ])
    expect(rest(image, 'COPY').filter(line => line.startsWith('--from='))).toHaveLength(2)
  })

  it('copies only what is there, and what .dockerignore lets through', () => {
    const [all, ...kept] = read('.dockerignore')
      .split('\n')
      .filter(line => line !== '' && !line.startsWith('#'))
    const allowed = kept.map(line => line.slice(1))
    expect(all).toBe('*')
    expect(kept.every(line => line.startsWith('!'))).toBe(true)
    const copied = stages.flatMap(stage =>
      rest(stage, 'COPY')
        .filter(line => !line.startsWith('--from='))
        .flatMap(line => line.split(' ').slice(0, -1)),
    )
    const names = copied.map(path => path.replace('./', ''))
    expect(new Set(names)).toEqual(new Set(allowed))
    for (const name of names) expect(existsSync(join(ROOT, name))).toBe(true)
  })

  it('does what scripts/try-image-stages.sh and try-musl.sh tried without an engine', () => {
    const script = read('scripts/try-image-stages.sh') + read('scripts/try-musl.sh')
    for (const command of [...rest(build, 'RUN'), ...rest(libraries, 'RUN')]) expect(script).toContain(command)
    for (const name of Object.keys(environment)) expect(script).toContain(name)
  })

  it('needs no script of a library of the daemon, since it runs none', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { dev?: boolean; hasInstallScript?: boolean }>
    }
    const scripted = Object.entries(packages).filter(
      ([, { dev, hasInstallScript }]) => hasInstallScript === true && dev !== true,
    )
    expect(scripted.map(([name]) => name)).toEqual([])
    const prebuilt = Object.keys(packages).filter(name => name.startsWith('node_modules/@libsql/linux-'))
    for (const platform of ['x64-musl', 'arm64-musl', 'x64-gnu', 'arm64-gnu']) {
      expect(prebuilt).toContain(`node_modules/@libsql/linux-${platform}`)
    }
  })

  it('ends as a user without rights that owns /data and nothing else', () => {
    const words = image?.steps.map(({ word, rest: what }) => `${word} ${what}`) ?? []
    expect(rest(image, 'USER')).toEqual(['node'])
    expect(words.indexOf('USER node')).toBeGreaterThan(words.findLastIndex(word => /^(RUN|COPY)/.test(word)))
    expect(rest(image, 'RUN')).toEqual([
      'mkdir /data && chown node:node /data && ln -s /app/dist/main.js /usr/local/bin/octopus2mqtt',
    ])
    expect(rest(image, 'COPY').some(line => line.includes('--chown'))).toBe(false)
    expect(rest(image, 'VOLUME')).toEqual(['/data'])
    expect(rest(image, 'STOPSIGNAL')).toEqual(['SIGTERM'])
    expect(rest(image, 'WORKDIR')).toEqual(['/app'])
  })

  it('says what it is', () => {
    const labels = rest(image, 'LABEL').join(' ')
    const { homepage, license } = JSON.parse(read('package.json')) as Record<string, string>
    for (const name of ['title', 'description', 'documentation'])
      expect(labels).toContain(`org.opencontainers.image.${name}=`)
    expect(labels).toContain(`org.opencontainers.image.source="${homepage}"`)
    expect(labels).toContain(`org.opencontainers.image.licenses="${license}"`)
  })

  it('has an environment that is a configuration, and beats a mounted file', () => {
    const { NODE_ENV, ...env } = environment
    expect(NODE_ENV).toBe('production')
    const file =
      'octopus: {api_key: sk_live_x}\nmqtt: {url: mqtt://b}\nstatus: {listen: "127.0.0.1:1"}\nstorage: {path: x}\n'
    const config = readConfig(file, 'mounted', { env, cwd: '/app', presets: PRESETS })
    expect(config.status).toEqual({ enabled: true, listen: { host: '0.0.0.0', port: 8099 }, names: [], allow: [] })
    expect(config.storage.path).toBe('/data/octopus2mqtt.db')
    expect(rest(image, 'EXPOSE')).toEqual(['8099'])
    expect(DEFAULT_PATHS).toContain('/config/config.yaml')
    expect(Object.fromEntries(tableRows(pageText('docs/container.md'), 'variable'))).toEqual(env)
  })

  it('starts the file that the build makes, with the flags of npm start', () => {
    const { bin, scripts } = JSON.parse(read('package.json')) as Record<'bin' | 'scripts', Record<string, string>>
    const flags = scripts.start?.split(' ').filter(word => word.startsWith('--') && word.includes('=')) ?? []
    expect(flags).toHaveLength(2)
    expect(rest(image, 'ENTRYPOINT').map(line => JSON.parse(line) as string[])).toEqual([
      ['node', ...flags, bin.octopus2mqtt],
    ])
  })
})

describe('the health check', () => {
  const [line = ''] = rest(image, 'HEALTHCHECK')
  const [node, ...args] = JSON.parse(/CMD (\[.*\])$/.exec(line)?.[1] ?? '[]') as string[]

  const verdict = async (listen: string): Promise<number | null> => {
    const child = spawn(process.execPath, args, { env: { OCTOPUS2MQTT_STATUS_LISTEN: listen }, stdio: 'ignore' })
    const [code] = (await once(child, 'exit')) as [number | null]
    return code
  }

  it.each([
    [200, 0],
    [503, 1],
  ])('an answer of %i ends it with %i', async (status, code) => {
    const asked: (string | undefined)[] = []
    const server = createServer((request, response) => {
      asked.push(request.url)
      response.writeHead(status).end('{}')
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    expect(await verdict(`0.0.0.0:${(server.address() as AddressInfo).port}`)).toBe(code)
    expect(asked).toEqual(['/health'])
    server.close()
    await once(server, 'close')
  })

  it('asks where it is listened, if that is not everywhere', async () => {
    const server = createServer((_request, response) => response.end('{}')).listen(0, '127.0.0.2')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    expect([await verdict(`127.0.0.2:${port}`), await verdict(`0.0.0.0:${port}`)]).toEqual([0, 1])
    server.close()
    await once(server, 'close')
  })

  it('is unhealthy where nobody listens, and asks by node itself', async () => {
    expect(node).toBe('node')
    expect(await verdict('0.0.0.0:1')).toBe(1)
    expect(line).toMatch(/--interval=\d+s --timeout=\d+s --start-period=\d+s --retries=3/)
  })
})
