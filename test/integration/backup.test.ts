/** `backup` and `restore` as commands of their own, beside a daemon that runs and without it. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { systemClock } from '../../src/clock.ts'
import { startSimulator } from '../../src/simulator/index.ts'
import { collectGarbage } from '../store/support/collect.ts'
import { closeEverything, startBroker, watch } from '../support/broker.ts'
import { build, Daemon, endDaemons } from '../support/daemon.ts'
import { callsIn } from './promises.ts'
import { secretsIn } from './secrets.ts'

const PATIENCE = 15_000

beforeAll(build)
afterAll(async () => {
  await endDaemons()
  await closeEverything()
})

it('a daemon is backed up while it runs, restored only once it is stopped, and asks Octopus no sooner for it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'octopus2mqtt-backup-'))
  const broker = await startBroker()
  const watcher = await watch(broker.url, '#')
  const simulator = await startSimulator({ clock: systemClock, scenario: 'now' })
  const store = join(folder, 'store.db')
  const file = join(folder, 'backup.db')
  const config = join(folder, 'house.yaml')
  writeFileSync(
    config,
    JSON.stringify({
      octopus: { api_key: simulator.apiKey, graphql_url: simulator.graphqlUrl, rest_url: simulator.restUrl },
      mqtt: { url: broker.url },
      storage: { path: store },
      status: { listen: '127.0.0.1:0' },
      energy: { history_days: 0, bill: false },
    }),
  )
  const command = async (...args: string[]) => {
    const process = Daemon.start(['dist/main.js', ...args, '--config', config])
    const { code } = await process.ended
    return { code, output: process.output }
  }
  const heard = (ending: string, pattern: RegExp) =>
    watcher.waitFor(({ topic, payload }) => topic.endsWith(ending) && pattern.test(payload), PATIENCE)
  try {
    const first = Daemon.start(['dist/main.js', 'run', '--config', config])
    await heard('/account/data_last_retrieved', /^2/)
    await heard('/bridge/state', /^online$/)

    const made = await command('backup', file)
    expect(made).toMatchObject({ code: 0, output: expect.stringContaining(`is backed up as ${file}`) })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const bytes = readFileSync(file, 'latin1')
    expect(secretsIn([bytes], [simulator.apiKey])).toEqual([])
    expect(await command('backup', file)).toMatchObject({ code: 3, output: expect.stringContaining('BACKUP_NOT_MADE') })

    expect(await command('restore', file)).toMatchObject({
      code: 3,
      output: expect.stringContaining('stop octopus2mqtt first [RESTORE_REFUSED]'),
    })
    first.kill('SIGTERM')
    expect((await first.ended).code).toBe(0)
    const calls = callsIn(store)
    await collectGarbage()
    expect(calls.filter(({ kind }) => kind === 'dispatch').length).toBeGreaterThanOrEqual(1)

    expect(await command('restore', file)).toMatchObject({ code: 0, output: expect.stringContaining('is now what') })
    expect(existsSync(`${store}-calls`)).toBe(true)
    expect(callsIn(store)).toHaveLength(calls.length)

    watcher.clear()
    const second = Daemon.start(['dist/main.js', 'run', '--config', config])
    await heard('/bridge/state', /^online$/)
    const next = await heard('/account/next_refresh', /^2/)
    const newest = Math.max(...calls.filter(({ kind }) => kind === 'dispatch').map(({ at }) => at))
    expect(Date.parse(next.payload)).toBeGreaterThanOrEqual(Math.floor((newest + 59_000) / 1000) * 1000)
    expect(second.output).not.toContain('damaged')
    second.kill('SIGTERM')
    expect((await second.ended).code).toBe(0)
    expect(simulator.audit.report().violations).toEqual([])
    // The token was taken over: no second one was asked for.
    expect(callsIn(store).filter(({ kind }) => kind === 'token')).toHaveLength(1)
  } finally {
    await endDaemons()
    await simulator.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})
