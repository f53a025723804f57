/** The workflows were never run: they are read, and what they name has to be there. */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { ROOT } from '../docs/pages.ts'

interface Step {
  readonly id?: string
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, string>>
}
interface Workflow {
  readonly on: unknown
  readonly permissions: unknown
  readonly jobs: Readonly<
    Record<string, { readonly steps: readonly Step[]; readonly needs?: string; readonly permissions?: unknown }>
  >
}

const FOLDER = '.github/workflows'
const names = readdirSync(join(ROOT, FOLDER))
const text = (name: string) => readFileSync(join(ROOT, FOLDER, name), 'utf8')
const workflow = (name: string) => parse(text(name)) as Workflow
const stepsOf = (name: string) => Object.values(workflow(name).jobs).flatMap(({ steps }) => steps)
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }

describe('the workflows', () => {
  it('are two', () => {
    expect(names.sort()).toEqual(['ci.yml', 'release.yml'])
  })

  it.each(names.map(name => [name]))(
    '%s: pins actions by a major version, runs files that are there, may little',
    name => {
      const steps = stepsOf(name)
      expect(steps.length).toBeGreaterThan(2)
      for (const { uses, run } of steps) {
        expect([uses, run].filter(each => each !== undefined)).toHaveLength(1)
        if (uses !== undefined) expect(uses).toMatch(/^(actions|docker)\/[a-z-]+@v\d+$/)
        for (const [file] of (run ?? '').matchAll(/(?:\.ci|scripts)\/[\w.-]+/g)) {
          expect(existsSync(join(ROOT, file))).toBe(true)
          if (file.startsWith('.ci/')) expect(() => accessSync(join(ROOT, file), constants.X_OK)).not.toThrow()
        }
      }
      expect(steps.some(({ run }) => run === '.ci/run')).toBe(true)
      expect(workflow(name).permissions).toEqual({ contents: 'read' })
      for (const [, job = '', id = '', output = ''] of text(name).matchAll(
        /(needs\.\w+|steps)\.(?:outputs\.)?(\w+)(?:\.outputs\.(\w+))?/g,
      ))
        if (job === 'steps') expect([id, output, steps.some(step => step.id === id)]).toEqual([id, output, true])
    },
  )

  it('tries the oldest Node that is supported', () => {
    const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { engines: { node: string } }
    expect(text('ci.yml')).toContain(`'${engines.node.replace('>=', '')}'`)
  })

  it('builds both images for both platforms, only behind the gate, and says where they come from', () => {
    const { jobs } = workflow('release.yml')
    expect(jobs.images?.needs).toBe('gate')
    const builds = stepsOf('release.yml').filter(({ uses }) => uses?.startsWith('docker/build-push-action'))
    expect(builds.map(({ with: given }) => given?.platforms)).toEqual([
      'linux/amd64,linux/arm64',
      'linux/amd64,linux/arm64',
    ])
    for (const { with: given } of builds) {
      expect(existsSync(join(ROOT, given?.context ?? 'nowhere'))).toBe(true)
      expect(existsSync(join(ROOT, given?.file ?? 'Dockerfile'))).toBe(true)
      expect(given?.provenance).toBe('mode=max')
    }
    const app = parse(readFileSync(join(ROOT, 'packaging/home-assistant-app/config.yaml'), 'utf8')) as { image: string }
    expect(builds[1]?.with?.tags).toContain(`/${app.image.split('/').at(-1)}:`)
    const meta = stepsOf('release.yml').find(({ id }) => id === 'meta')
    expect(meta?.with?.tags?.trim().split('\n')).toEqual([
      'type=semver,pattern={{version}}',
      'type=semver,pattern={{major}}.{{minor}}',
      'type=semver,pattern={{major}}',
    ])
  })
})

describe('scripts/release-version.mjs', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['scripts/release-version.mjs', ...args], { cwd: ROOT, encoding: 'utf8' })

  it('agrees to the version that everything is of', () => {
    expect(run(`v${version}`)).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' })
  })

  it('names everything that is of another', () => {
    const { status, stdout, stderr } = run('v99.0.0')
    expect([status, stdout]).toEqual([1, ''])
    for (const file of ['package.json', 'package-lock.json', 'config.yaml', 'Dockerfile', 'CHANGELOG.md'])
      expect(stderr).toContain(file)
  })

  it.each([[], ['1.2.3'], ['v1.2'], ['latest']])('refuses %s for a tag', (...args) => {
    expect(run(...args).status).toBe(1)
  })
})
