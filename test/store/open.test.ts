import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it, jest } from '@jest/globals'
import { MINUTE } from '../../src/clock.ts'
import { isBridgeError } from '../../src/errors.ts'
import { anything } from '../../src/shape.ts'
import { Database } from '../../src/store/database.ts'
import { SqliteLedger } from '../../src/store/ledger.ts'
import { migrate, STEPS, STORE_VERSION } from '../../src/store/migrations.ts'
import { openStore } from '../../src/store/open.ts'
import { type Degraded, ResilientDatabase } from '../../src/store/resilient.ts'
import { SqliteValues } from '../../src/store/values.ts'
import { temporaryFile, temporaryFolder } from './support/files.ts'
import { StillClock } from './support/virtual-clock.ts'

const clock = new StillClock(Date.parse('2026-11-23T12:00:00Z'))

const codeOf = (work: () => unknown): string | null => {
  try {
    work()
    return null
  } catch (error) {
    return isBridgeError(error) ? error.code : String(error)
  }
}

describe('opening the store', () => {
  it('makes the folder and the file, and finds everything again', () => {
    const path = join(temporaryFolder(), 'a', 'b', 'store.db')
    const first = openStore({ path, clock })
    expect(first.degraded).toBeNull()
    first.values.set('plan', { rows: [1, 2] })
    first.close()
    const second = openStore({ path, clock })
    expect(second.values.get('plan', anything)).toEqual({ rows: [1, 2] })
    second.close()
  })

  it('uses the write-ahead log, flushed with each commit', () => {
    const database = new Database(temporaryFile())
    database.prepare()
    expect(database.get('PRAGMA journal_mode')).toEqual({ journal_mode: 'wal' })
    expect(database.get('PRAGMA synchronous')).toEqual({ synchronous: 2 })
    expect(database.get('PRAGMA foreign_keys')).toEqual({ foreign_keys: 1 })
    database.close()
  })

  it('refuses a store that a newer version wrote, and leaves it alone', () => {
    const path = temporaryFile()
    openStore({ path, clock }).close()
    const database = new Database(path)
    database.exec(`PRAGMA user_version = ${STORE_VERSION + 1}`)
    database.close()
    expect(codeOf(() => openStore({ path, clock }))).toBe('STORE_UNAVAILABLE')
    expect(readdirSync(dirname(path)).filter(name => name.includes('corrupt'))).toEqual([])
  })

  it('keeps the readings of a store of the first version', () => {
    const path = temporaryFile()
    const at = clock.now()
    const first = new Database(path)
    first.prepare()
    migrate(first, STEPS.slice(0, 1))
    first.run("INSERT INTO readings (mpan, serial, start, kwh) VALUES ('1', 'S', ?, 0.25)", at)
    first.close()
    const store = openStore({ path, clock })
    expect(store.degraded).toBeNull()
    expect(store.readings.range({ point: '1', serial: 'S' }, at, at + 1)).toEqual([{ start: at, amount: 0.25 }])
    store.close()
  })

  it('keeps nothing of a migration that fails halfway', () => {
    const database = new Database(':memory:')
    const steps = ['CREATE TABLE a (x)', 'CREATE TABLE b (x); CREATE TABLE a (x)']
    expect(() => migrate(database, steps)).toThrow()
    expect(database.all('SELECT name FROM sqlite_master')).toEqual([{ name: 'a' }])
    expect(database.get('PRAGMA user_version')).toEqual({ user_version: 1 })
    database.close()
  })

  it('sets a file that is no database aside, with a new one in its place', () => {
    const path = temporaryFile()
    writeFileSync(path, 'no database at all '.repeat(500))
    const log = { warn: jest.fn() }
    const store = openStore({ path, clock, log })
    expect(store.degraded?.reason).toBe('corrupt')
    expect(log.warn).toHaveBeenCalledTimes(1)
    expect(readFileSync(`${path}.corrupt-2026-11-23T12-00-00Z`, 'utf8')).toContain('no database at all')
    store.values.set('kept', 1)
    store.close()
    const again = openStore({ path, clock })
    expect(again.degraded).toBeNull()
    expect(again.values.get('kept', anything)).toBe(1)
    again.close()
  })

  it('sets a file with damaged pages aside', () => {
    const path = temporaryFile()
    const store = openStore({ path, clock })
    for (let number = 0; number < 300; number += 1) store.values.set(`key ${number}`, 'x'.repeat(200))
    store.close()
    const bytes = readFileSync(path)
    bytes.fill(0x5a, 4096 * 2, bytes.length - 4096)
    writeFileSync(path, bytes)
    const again = openStore({ path, clock })
    expect(again.degraded?.reason).toBe('corrupt')
    expect(existsSync(`${path}.corrupt-2026-11-23T12-00-00Z`)).toBe(true)
    again.close()
  })

  it.each([
    ['its folder cannot be made', () => join(fileInTheWay(), 'store.db')],
    ['its path is a folder', () => temporaryFolder()],
  ])('runs from memory where %s, and waits a minute as it cannot know of earlier calls', (_, path) => {
    const store = openStore({ path: path(), clock })
    expect(store.degraded?.reason).toBe('unwritable')
    expect(store.degraded?.action).toMatch(/storage\.path/)
    store.values.set('still', 'works')
    expect(store.values.get('still', anything)).toBe('works')
    expect(store.ledger.effectiveStarts('dispatch', clock.now())).toEqual([clock.now()])
    store.close()
  })

  const asUser = process.getuid?.() === 0 ? it.skip : it
  asUser('runs from memory in a folder that is read-only (skipped for root, who may write anywhere)', () => {
    const path = temporaryFile()
    openStore({ path, clock }).close()
    chmodSync(path, 0o400)
    chmodSync(dirname(path), 0o500)
    const store = openStore({ path, clock })
    expect(store.degraded?.reason).toBe('unwritable')
    store.values.set('still', 'works')
    store.close()
    chmodSync(dirname(path), 0o700)
  })

  function fileInTheWay(): string {
    const path = temporaryFile('file')
    writeFileSync(path, '')
    return path
  }
})

describe('a store that fails while it runs', () => {
  const running = (pragma: string) => {
    const database = new Database(temporaryFile())
    database.prepare()
    migrate(database)
    const degraded: Degraded[] = []
    const resilient = new ResilientDatabase(database, { degraded: null, inMemory: false }, one => degraded.push(one))
    const values = new SqliteValues(resilient, clock)
    const ledger = new SqliteLedger(resilient, clock, 'boot')
    values.set('before', 'kept')
    ledger.assumeCallNow()
    database.exec(pragma)
    return { resilient, values, ledger, degraded }
  }

  it.each([
    ['full', 'PRAGMA max_page_count = 1'],
    ['unwritable', 'PRAGMA query_only = ON'],
  ])('goes on in memory with all it held when it turns %s, and says so once', (reason, pragma) => {
    const { resilient, values, ledger, degraded } = running(pragma)
    for (let number = 0; number < 50; number += 1) values.set(`key ${number}`, 'x'.repeat(4_000))
    expect(degraded.map(one => one.reason)).toEqual([reason])
    expect(resilient.degraded?.reason).toBe(reason)
    expect(values.get('before', anything)).toBe('kept')
    expect(values.get('key 0', anything)).toBe('x'.repeat(4_000))
    expect(values.get('key 49', anything)).toBe('x'.repeat(4_000))
    expect(ledger.effectiveStarts('dispatch', clock.now())).toEqual([clock.now()])
    resilient.close()
  })

  it('admits no call while another process keeps the file locked', () => {
    const locked = {
      immediate: () => {
        throw Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' })
      },
    } as unknown as Database
    const resilient = new ResilientDatabase(locked, { degraded: null, inMemory: false }, () => {})
    const call = { kind: 'dispatch', callClass: 'event', operation: 'Poll', firstAllowed: () => 0 } as const
    expect(new SqliteLedger(resilient, clock, 'boot').admit(call)).toEqual({
      admitted: false,
      at: clock.now() + MINUTE,
    })
    expect(codeOf(() => new SqliteValues(resilient, clock).set('a', 1))).toBe('STORE_UNAVAILABLE')
  })
})

describe('the wrapper of SQLite', () => {
  it.each([true, undefined, Number.NaN, Number.POSITIVE_INFINITY, {}])('refuses to bind %p', value => {
    const database = new Database(':memory:')
    expect(() => database.get('SELECT ? AS x', value as never)).toThrow(TypeError)
    database.close()
  })

  it('binds what it may, one value alone as well, and adds nothing to a row', () => {
    const database = new Database(':memory:')
    expect(database.get('SELECT ? AS x', null)).toEqual({ x: null })
    expect(database.get('SELECT ? AS x', Buffer.from('abc'))).toEqual({ x: Buffer.from('abc') })
    expect(database.all('SELECT ? AS a, ? AS b, ? AS c', 1.5, 'two', 3n)).toEqual([{ a: 1.5, b: 'two', c: 3 }])
    expect(database.get('SELECT 1 AS x WHERE 1 = 2')).toBeNull()
    database.close()
  })

  it('returns more rows than it fetches at a time', () => {
    const database = new Database(':memory:')
    database.exec('CREATE TABLE t (x)')
    for (let x = 0; x < 250; x += 1) database.run('INSERT INTO t VALUES (?)', x)
    expect(database.all('SELECT x FROM t ORDER BY x').map(row => row.x)).toEqual(
      Array.from({ length: 250 }, (_, x) => x),
    )
    database.close()
  })
})
