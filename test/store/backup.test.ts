import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { HOUR, type Instant, MINUTE } from '../../src/clock.ts'
import { aText } from '../../src/shape.ts'
import { backupStore } from '../../src/store/backup.ts'
import type { CallRequest } from '../../src/store/calls.ts'
import { Database } from '../../src/store/database.ts'
import { keptTokens } from '../../src/store/kept-tokens.ts'
import { STORE_VERSION } from '../../src/store/migrations.ts'
import { openStore, type Store } from '../../src/store/open.ts'
import { restoreStore } from '../../src/store/restore.ts'
import { collectGarbage } from './support/collect.ts'
import { temporaryFile, temporaryFolder } from './support/files.ts'
import { StillClock } from './support/virtual-clock.ts'

const NOW = Date.parse('2026-11-23T12:00:00Z')
const clock = new StillClock(NOW)
const TOKEN = { keyDigest: 'digest', text: 'eyJ.a-token-of-an-hour', goodUntil: NOW + HOUR }
const ASIDE = '.before-restore-2026-11-23T12-00-00Z'

const call: CallRequest = { kind: 'dispatch', callClass: 'event', operation: 'Poll', firstAllowed: (_, now) => now }

/** Something is done with a store that is open, and it is closed again. */
function withStore<T>(path: string, work: (store: Store) => T): T {
  const store = openStore({ path, clock, bootId: 'boot' })
  try {
    return work(store)
  } finally {
    store.close()
  }
}

/** Restores as if every process that had the store open had ended. */
async function restore(path: string, file: string) {
  await collectGarbage()
  return restoreStore(path, file, NOW)
}

const fill = (store: Store) => {
  store.values.set('what', 'was backed up')
  keptTokens<typeof TOKEN>(store.values).set(TOKEN)
  store.ledger.admit(call)
}
const what = (store: Store) => store.values.get<string>('what', aText)
const starts = (store: Store): Instant[] => store.ledger.effectiveStarts('dispatch', clock.now())
const rows = (path: string, sql: string) => {
  const database = new Database(path)
  const all = database.all(sql)
  database.close()
  return all
}

/** A backup of a small store, and the store itself, which has gone on since. */
function backedUp(): { path: string; file: string } {
  const path = temporaryFile()
  const file = join(dirname(path), 'backup.db')
  withStore(path, store => {
    fill(store)
    backupStore(path, file)
  })
  return { path, file }
}

/** Copies of a store as a kill leaves it: one with its write-ahead log, one in the middle of a transaction with its journal. */
async function leftBehind(path: string): Promise<[wal: string, journal: string]> {
  const [wal, journal] = [`${path}.in-wal`, `${path}.in-journal`]
  const copy = (to: string, ...suffixes: string[]) => {
    for (const suffix of ['', ...suffixes]) copyFileSync(path + suffix, to + suffix)
  }
  withStore(path, store => {
    store.values.set('what', 'is of another file')
    copy(wal, '-wal')
  })
  await collectGarbage()
  const database = new Database(path)
  database.exec('PRAGMA journal_mode = DELETE; PRAGMA cache_size = 1; BEGIN')
  for (let row = 0; row < 2_000; row += 1)
    database.run('INSERT INTO journal (at, kind, json) VALUES (?, ?, ?)', row, 'x', 'y'.repeat(100))
  copy(journal, '-journal')
  database.exec('ROLLBACK')
  database.close()
  return [wal, journal]
}

describe('a backup', () => {
  it('is one file of the moment, for its owner alone, though somebody has the store open and goes on writing', () => {
    const path = temporaryFile()
    const file = join(dirname(path), 'backup.db')
    withStore(path, store => {
      fill(store)
      const { bytes, version } = backupStore(path, file)
      store.values.set('what', 'came later')
      expect(version).toBe(STORE_VERSION)
      expect(statSync(file)).toMatchObject({ size: bytes })
      expect(statSync(file).mode & 0o777).toBe(0o600)
      expect(what(store)).toBe('came later')
    })
    expect(rows(file, "SELECT json FROM stored_values WHERE key = 'what'")).toEqual([{ json: '"was backed up"' }])
    expect(rows(file, 'SELECT kind FROM calls')).toEqual([{ kind: 'dispatch' }])
    expect(readdirSync(dirname(path)).filter(name => name.startsWith('backup'))).toEqual(['backup.db'])
  })

  it('holds no token, not even as bytes, and the store keeps its own', () => {
    const { path, file } = backedUp()
    expect(readFileSync(file).includes(TOKEN.text)).toBe(false)
    expect(readFileSync(path).includes(TOKEN.text)).toBe(true)
    expect(withStore(path, store => keptTokens(store.values).get())).toEqual(TOKEN)
  })

  it.each([
    ['there is a file already', (path: string) => path, /none is overwritten/],
    ['its folder is not there', (path: string) => join(dirname(path), 'no', 'backup.db'), /cannot be written/],
  ])('is not made where %s, and leaves nothing behind', (_, target, message) => {
    const { path } = backedUp()
    const before = readdirSync(dirname(path)).sort()
    expect(() => backupStore(path, target(path))).toThrow(
      expect.objectContaining({ code: 'BACKUP_NOT_MADE', message: expect.stringMatching(message) }),
    )
    expect(readdirSync(dirname(path)).sort()).toEqual(before)
  })

  it('is not made of what is no store of ours', () => {
    const folder = temporaryFolder()
    const target = join(folder, 'backup.db')
    const refuses = (path: string, message: RegExp) =>
      expect(() => backupStore(path, target)).toThrow(
        expect.objectContaining({ code: 'BACKUP_NOT_MADE', message: expect.stringMatching(message) }),
      )
    refuses(join(folder, 'none.db'), /no store/)
    writeFileSync(join(folder, 'text.db'), 'this is no database, and long enough to be taken for none'.repeat(40))
    refuses(join(folder, 'text.db'), /damaged/)
    const foreign = new Database(join(folder, 'foreign.db'))
    foreign.exec('CREATE TABLE theirs (x TEXT)')
    refuses(join(folder, 'foreign.db'), /another program/)
    foreign.close()
    writeFileSync(join(folder, 'empty.db'), '')
    refuses(join(folder, 'empty.db'), /empty/)
    expect(existsSync(target)).toBe(false)
  })
})

describe('a restore', () => {
  it('brings back what was, sets aside what is, and keeps every call, the token and what stands at the broker', async () => {
    const { path, file } = backedUp()
    withStore(path, store => {
      store.values.set('what', 'came later')
      clock.pass(MINUTE)
      store.ledger.admit(call)
      store.published.addTopics(['base/late'])
      store.published.setDocument('late', { there: true })
    })
    const calls = withStore(path, starts)
    expect(calls).toHaveLength(2)
    expect(await restore(path, file)).toEqual({ aside: path + ASIDE, callsKept: 1 })
    expect(statSync(path).mode & 0o777).toBe(0o600)
    withStore(path, store => {
      expect(what(store)).toBe('was backed up')
      expect(starts(store)).toEqual(calls)
      expect(keptTokens(store.values).get()).toEqual(TOKEN)
      expect(store.published.topics()).toEqual(['base/late'])
      expect(store.published.document('late')).toEqual({ there: true })
      expect(store.degraded).toBeNull()
    })
    expect(withStore(path + ASIDE, what)).toBe('came later')
    expect(existsSync(`${path}.restoring`)).toBe(false)
  })

  it('keeps the calls of the last hour by the file beside the store where the store itself is damaged', async () => {
    const { path, file } = backedUp()
    clock.pass(MINUTE)
    withStore(path, store => store.ledger.admit(call))
    const calls = withStore(path, starts)
    writeFileSync(path, 'damaged'.repeat(2_000))
    expect(await restore(path, file)).toMatchObject({ aside: path + ASIDE })
    expect(withStore(path, starts)).toEqual(calls)
    expect(existsSync(`${path}-calls`)).toBe(true)
  })

  it('works on a new machine, into a folder that is not there yet', async () => {
    const { file } = backedUp()
    const path = join(temporaryFolder(), 'data', 'deep', 'store.db')
    expect(await restore(path, file)).toEqual({ aside: null, callsKept: 0 })
    expect(withStore(path, store => [what(store), starts(store).length])).toEqual(['was backed up', 1])
  })

  it('is refused while somebody has the store open, and changes nothing', () => {
    const { path, file } = backedUp()
    withStore(path, store => {
      store.values.set('what', 'came later')
      expect(() => restoreStore(path, file, NOW)).toThrow(
        expect.objectContaining({ code: 'RESTORE_REFUSED', message: expect.stringMatching(/stop octopus2mqtt/) }),
      )
      store.values.set('what', 'and goes on')
    })
    expect(withStore(path, what)).toBe('and goes on')
    expect(readdirSync(dirname(path)).filter(name => /restor/.test(name))).toEqual([])
  })

  it('is refused for what is no whole backup, and changes nothing', async () => {
    const { path, file } = backedUp()
    const folder = temporaryFolder()
    const bad = (name: string, make: (copy: string) => void) => {
      const copy = join(folder, name)
      copyFileSync(file, copy)
      make(copy)
      return copy
    }
    const sql = (text: string) => (copy: string) => {
      const database = new Database(copy)
      database.exec(text)
      database.close()
    }
    mkdirSync(join(folder, 'folder'))
    const cases: [string, RegExp][] = [
      [bad('newer.db', sql(`PRAGMA user_version = ${STORE_VERSION + 1}`)), /newer octopus2mqtt/],
      [bad('foreign.db', sql('DROP TABLE calls; DROP TABLE stored_values')), /another program/],
      [bad('lacking.db', sql('DROP TABLE readings')), /damaged/],
      [bad('short.db', copy => writeFileSync(copy, readFileSync(file).subarray(0, 9_000))), /damaged/],
      [bad('text.db', copy => writeFileSync(copy, 'no database at all '.repeat(300))), /damaged/],
      [bad('empty.db', copy => writeFileSync(copy, '')), /damaged/],
      [join(folder, 'none.db'), /no such file/],
      [join(folder, 'folder'), /no such file/],
      [path, /the store itself/],
    ]
    await collectGarbage()
    const before = readdirSync(dirname(path)).sort()
    for (const [wrong, message] of cases)
      expect(() => restoreStore(path, wrong, NOW)).toThrow(
        expect.objectContaining({ code: 'RESTORE_REFUSED', message: expect.stringMatching(message) }),
      )
    expect(readdirSync(dirname(path)).sort()).toEqual(before)
    expect(withStore(path, what)).toBe('was backed up')
  })

  it('leaves the database of another program alone', () => {
    const { file } = backedUp()
    const path = temporaryFile('theirs.db')
    const theirs = new Database(path)
    theirs.exec('CREATE TABLE theirs (x TEXT)')
    theirs.close()
    const bytes = readFileSync(path)
    expect(() => restoreStore(path, file, NOW)).toThrow(expect.objectContaining({ code: 'RESTORE_REFUSED' }))
    expect(readFileSync(path)).toEqual(bytes)
  })

  it('never takes the place of what an earlier one set aside, however soon it comes after it', async () => {
    const { path, file } = backedUp()
    withStore(path, store => store.values.set('what', 'came later'))
    const { aside: first } = await restore(path, file)
    withStore(path, store => store.values.set('what', 'came last'))
    const { aside: second } = await restore(path, file)
    expect([first, second].map(aside => withStore(aside ?? '', what))).toEqual(['came later', 'came last'])
  })

  it('takes nothing from what a killed one left behind', async () => {
    const { path, file } = backedUp()
    // The write-ahead log and the journal of other files, which SQLite would believe.
    const other = temporaryFile('other.db')
    const [wal, journal] = await leftBehind(other)
    for (const suffix of ['', '-wal']) copyFileSync(wal + suffix, `${path}.restoring${suffix}`)
    await restore(path, file)
    expect(withStore(path, what)).toBe('was backed up')
    for (const suffix of ['', '-journal']) copyFileSync(journal + suffix, `${path}.restoring${suffix}`)
    await restore(path, file)
    expect(withStore(path, what)).toBe('was backed up')
  })

  it('takes nothing from the log of a store that is gone, and keeps it', async () => {
    const { path, file } = backedUp()
    const [wal] = await leftBehind(temporaryFile('other.db'))
    rmSync(path)
    copyFileSync(`${wal}-wal`, `${path}-wal`)
    const { aside } = await restore(path, file)
    expect(withStore(path, what)).toBe('was backed up')
    expect(aside).toBe(path + ASIDE)
    expect(readFileSync(`${path}${ASIDE}-wal`)).toEqual(readFileSync(`${wal}-wal`))
  })

  it('puts the store where the link of its name leads', async () => {
    const { path, file } = backedUp()
    const real = temporaryFile('on-another-disk.db')
    copyFileSync(path, real)
    rmSync(path)
    symlinkSync(real, path)
    const { aside } = await restore(path, file)
    expect(lstatSync(path).isSymbolicLink()).toBe(true)
    expect(readlinkSync(path)).toBe(real)
    expect(aside).toBe(real + ASIDE)
    expect(lstatSync(real + ASIDE).isFile()).toBe(true)
    expect(withStore(real, what)).toBe('was backed up')
  })

  it('is refused for a copy of a store that has more in the log beside it', async () => {
    const { path } = backedUp()
    const [wal] = await leftBehind(temporaryFile('other.db'))
    expect(() => restoreStore(path, wal, NOW)).toThrow(
      expect.objectContaining({ code: 'RESTORE_REFUSED', message: expect.stringMatching(/octopus2mqtt backup/) }),
    )
    expect(withStore(path, what)).toBe('was backed up')
  })

  it('brings a backup of an older version up to date', async () => {
    const { path, file } = backedUp()
    const { STEPS, migrate } = await import('../../src/store/migrations.ts')
    const older = join(temporaryFolder(), 'older.db')
    const database = new Database(older)
    migrate(database, STEPS.slice(0, 1))
    database.run("INSERT INTO stored_values VALUES ('what', '\"is old\"', 0)")
    database.close()
    expect(file).not.toBe(older)
    await restore(path, older)
    expect(withStore(path, what)).toBe('is old')
  })
})
