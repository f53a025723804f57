/** What fuzzing found in damaged store files (test/hostile): each of these once ended the process or was believed. */
import { existsSync, lstatSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, it, jest } from '@jest/globals'
import { HOUR, MINUTE } from '../../src/clock.ts'
import { aNumber, anything, fields } from '../../src/shape.ts'
import { Database } from '../../src/store/database.ts'
import { openStore } from '../../src/store/open.ts'
import { temporaryFile } from './support/files.ts'
import { StillClock } from './support/virtual-clock.ts'

const NOON = Date.parse('2026-11-23T12:00:00Z')
const clock = new StillClock(NOON)

/** A store with something of everything, closed, and changed by `sql` since. */
function damagedBy(sql: string): string {
  const path = temporaryFile()
  const store = openStore({ path, clock })
  store.values.set('a', { n: 1 })
  store.devices.identify({ kind: 'car', account: 'A-1', octopusId: 'x', name: 'Tess' }, ['tess'], ['x'])
  store.readings.upsert({ point: '1', serial: 'S' }, [{ start: NOON - HOUR, amount: 1 }])
  store.ledger.admit({ kind: 'dispatch', callClass: 'event', operation: 'Poll', firstAllowed: () => 0 })
  store.published.setDocument('d', { a: 1 })
  store.close()
  const database = new Database(path)
  database.exec(sql)
  database.close()
  return path
}

const opened = (path: string) => {
  const log = { warn: jest.fn() }
  return { store: openStore({ path, clock, log }), log }
}

const asides = (path: string) => readdirSync(dirname(path)).filter(name => /\.corrupt-[^Z]*Z$/.test(name))

describe('a store', () => {
  it.each([
    'DROP TABLE calls',
    'DROP TABLE stored_values',
    'DROP INDEX calls_by_wall',
    'DROP TABLE stored_values; CREATE TABLE stored_values (key TEXT, value TEXT)',
    'ALTER TABLE calls RENAME TO old; CREATE TABLE calls AS SELECT * FROM old; DROP TABLE old',
  ])('whose tables are not ours any more is set aside, and a call assumed: %s', sql => {
    const path = damagedBy(sql)
    const { store, log } = opened(path)
    expect(store.degraded?.reason).toBe('corrupt')
    expect(log.warn).toHaveBeenCalledTimes(1)
    expect(asides(path)).toHaveLength(1)
    expect(store.ledger.effectiveStarts('dispatch', NOON)).toEqual([NOON])
    store.close()
  })

  it.each(['', 'PRAGMA user_version = 1', 'PRAGMA user_version = 42'])(
    'of another program is left alone, and we run from memory: %s',
    pragma => {
      const path = temporaryFile()
      const other = new Database(path)
      other.exec(`CREATE TABLE states (id INTEGER); ${pragma}`)
      other.close()
      const before = readFileSync(path)
      const { store, log } = opened(path)
      expect(store.degraded?.reason).toBe('foreign')
      expect(log.warn).toHaveBeenCalledTimes(1)
      expect(asides(path)).toEqual([])
      expect(store.ledger.effectiveStarts('dispatch', NOON)).toEqual([NOON])
      store.close()
      expect(readFileSync(path)).toEqual(before)
    },
  )

  it('that was emptied has lost its calls, so one is assumed; one that was never there has not', () => {
    const path = temporaryFile()
    writeFileSync(path, '')
    const { store, log } = opened(path)
    expect(store.ledger.effectiveStarts('dispatch', NOON)).toEqual([NOON])
    expect(log.warn).toHaveBeenCalledTimes(1)
    store.close()
    const fresh = opened(temporaryFile())
    expect(fresh.store.ledger.effectiveStarts('dispatch', NOON)).toEqual([])
    expect(fresh.log.warn).not.toHaveBeenCalled()
    fresh.store.close()
  })

  it.each(["'{'", "''", '\'{"n":"1"}\'', '\'{"n":1e999}\'', "'null'", "'[]'"])(
    'does not give out a value of another shape, and says so once: %s',
    json => {
      const { store, log } = opened(damagedBy(`UPDATE stored_values SET json = ${json}`))
      const shape = fields<{ n: number }>({ n: aNumber(0, 10) })
      expect([store.values.get('a', shape), store.values.get('a', shape)]).toEqual([null, null])
      expect(log.warn.mock.calls).toEqual([[{ key: 'a' }, expect.stringContaining('cannot be used')]])
      store.values.set('a', { n: 2 })
      expect(store.values.get('a', shape)).toEqual({ n: 2 })
      expect(store.values.get('a', anything)).toEqual({ n: 2 })
      store.close()
    },
  )

  it('counts a call of no known kind as a dispatch request', () => {
    const { store } = opened(damagedBy("UPDATE calls SET kind = 'dispatcI'"))
    expect(store.ledger.effectiveStarts('dispatch', NOON)).toEqual([NOON])
    store.close()
  })

  it('is sent away for a day at most, whatever it remembers', () => {
    const { store } = opened(damagedBy('UPDATE calls SET blocked_for = 9000000000000000'))
    expect(store.ledger.history(NOON).map(call => call.blockedFor)).toEqual([24 * HOUR])
    store.close()
  })

  it.each(["slug = 'a/#'", "slug = ''", "id = 'a+b'", "account = 'B'", "kind = 'x'", "octopus_id = 'y'"])(
    'gives a car whose row is damaged an identity that can be a topic: %s',
    change => {
      const { store } = opened(damagedBy(`UPDATE devices SET ${change}`))
      const seen = { kind: 'car', account: 'A-1', octopusId: 'x', name: 'Tess' } as const
      const first = store.devices.identify(seen, ['tess'], ['x'])
      expect(`${first.id} ${first.slug}`).toMatch(/^[a-z0-9_]+ tess(_2)?$/)
      expect(store.devices.identify(seen, ['tess'], ['x'])).toEqual(first)
      store.close()
    },
  )

  it.each([-1, 9e15])('does not give out a reading of %d kWh', kwh => {
    const { store } = opened(damagedBy(`UPDATE readings SET amount = ${kwh}`))
    expect(store.readings.range({ point: '1', serial: 'S' }, NOON - 2 * HOUR, NOON + MINUTE)).toEqual([])
    store.close()
  })

  it('has no document where its words are no JSON', () => {
    const { store } = opened(damagedBy("UPDATE published_documents SET json = '{'"))
    expect([store.published.document('d'), store.published.documents().get('d')]).toEqual([null, null])
    store.close()
  })
})

describe('a damaged store', () => {
  const noDatabase = (path: string) => writeFileSync(path, 'This is no database. '.repeat(500))

  it('stays where it is for a command: a daemon may have it open', () => {
    const path = temporaryFile()
    noDatabase(path)
    const before = readFileSync(path)
    const store = openStore({ path, clock, setsAside: false })
    expect(store.degraded?.reason).toBe('corrupt')
    store.close()
    expect(readFileSync(path)).toEqual(before)
    expect(readdirSync(dirname(path)).filter(name => name.includes('corrupt'))).toEqual([])
  })

  it('behind a link is set aside where it is, and begins anew there', () => {
    const real = temporaryFile()
    const path = temporaryFile('link.db')
    noDatabase(real)
    symlinkSync(real, path)
    openStore({ path, clock }).close()
    expect(lstatSync(path).isSymbolicLink()).toBe(true)
    expect(readdirSync(dirname(real)).filter(name => name.includes('corrupt'))).toHaveLength(1)
    expect(existsSync(real)).toBe(true)
  })
})
