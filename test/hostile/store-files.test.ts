import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { MINUTE } from '../../src/clock.ts'
import { Database } from '../../src/store/database.ts'
import { temporaryFile } from '../store/support/files.ts'
import { type Answers, NOON, realAnswers } from './answers.ts'
import { hostileLeaf, hostileText } from './hostile-values.ts'
import { type House, openHouse } from './house.ts'
import { byteMutations, mutations } from './mutate.ts'
import { holds, PATIENCE } from './runs.ts'

let real: Answers
/** A store that a bridge left behind, and the same one with a log that was not taken in yet, as after `kill -9`. */
const left = temporaryFile('left.db')
const killed = temporaryFile('killed.db')

const SUFFIXES = ['', '-wal', '-shm']

const copy = (from: string, to: string) => {
  for (const suffix of SUFFIXES) {
    rmSync(to + suffix, { force: true })
    if (existsSync(from + suffix)) copyFileSync(from + suffix, to + suffix)
  }
}

beforeAll(async () => {
  real = await realAnswers()
  const house = await openHouse({ answers: real, storePath: left })
  await house.poll()
  copy(left, killed)
  await house.close()
})

/** A bridge that starts on this file an instant later works as it should, whatever is in it, and asks no sooner than it may. */
async function startsOn(path: string, story: (house: House) => Promise<void> = async () => {}): Promise<House> {
  const house = await openHouse({ answers: real, storePath: path, startsAt: NOON + 2 * MINUTE })
  try {
    await house.poll()
    await house.poll()
    expect(house.newest('/bridge/state')).toBe('online')
    expect(house.newest('/family_car/planned_dispatch_count')).toBe('3')
    expect(house.newest('/account/api_status')).toBe('ok')
    await story(house)
  } finally {
    await house.close()
  }
  expect(house.broken(8)).toEqual([])
  return house
}

const warnings = (house: House) => house.lines.filter(line => line.includes('"level":40'))

describe('a store file', () => {
  it('is good as it was left, with or without a log', async () => {
    const path = temporaryFile()
    for (const whole of [left, killed]) {
      copy(whole, path)
      expect(warnings(await startsOn(path))).toEqual([])
    }
  })

  it(
    'is read again whatever happened before it was closed',
    async () => {
      const topic = fc.constantFrom('ev/plugged', 'ev/charging', 'ev/power')
      const payload = fc.constantFrom('true', 'false', '7200', 'nonsense', '{"a":1}')
      const happening = fc.oneof(
        fc.record({ topic, payload, retained: fc.boolean() }),
        fc.record({ status: fc.constantFrom(200, 429, 403, 503) }),
        fc.record({ pass: fc.constantFrom(MINUTE, 10 * MINUTE, 90 * MINUTE) }),
      )
      const config = { ev: { plugged: 'ev/plugged', charging: 'ev/charging', power: 'ev/power' } }
      await holds(
        fc.asyncProperty(fc.array(happening, { minLength: 3, maxLength: 15 }), async happenings => {
          const storePath = temporaryFile()
          const first = await openHouse({ answers: real, storePath, config })
          for (const one of happenings) {
            if ('topic' in one) first.broker.message(one.topic, one.payload, one.retained)
            else if ('status' in one) first.answers = { ...real, Poll: { ...real.Poll, status: one.status } }
            else for (let at = 0; at < one.pass; at += MINUTE) await first.pass(MINUTE)
          }
          const startsAt = first.clock.now() + MINUTE
          await first.close()
          const second = await openHouse({ answers: real, storePath, config, startsAt })
          await second.close()
          expect(second.lines.filter(line => line.includes('cannot be used'))).toEqual([])
        }),
        4,
      )
    },
    PATIENCE,
  )

  it(
    'may have any bytes changed, or its end missing',
    async () => {
      const path = temporaryFile()
      await holds(
        fc.asyncProperty(fc.constantFrom('', '-wal', '-shm'), byteMutations(6), async (suffix, mutate) => {
          copy(killed, path)
          writeFileSync(path + suffix, mutate(readFileSync(path + suffix)))
          await startsOn(path)
        }),
        8,
      )
    },
    PATIENCE,
  )

  it(
    'may end anywhere, and may have lost its log or have another one',
    async () => {
      const path = temporaryFile()
      const size = readFileSync(left).length
      await holds(
        fc.asyncProperty(fc.constantFrom('cut', 'no log', 'log of another', 'text'), fc.nat(size), async (what, at) => {
          copy(killed, path)
          if (what === 'cut') truncateSync(path, at)
          if (what === 'no log') rmSync(`${path}-wal`)
          if (what === 'log of another') copyFileSync(left, `${path}-wal`)
          if (what === 'text') writeFileSync(path, 'x'.repeat(at))
          await startsOn(path)
        }),
        6,
      )
    },
    PATIENCE,
  )

  it.each([
    ['a folder', (path: string) => mkdirSync(path)],
    ['empty', (path: string) => writeFileSync(path, '')],
    ['the database of another program', (path: string) => other(path, 'CREATE TABLE states (id INTEGER, state TEXT)')],
    [
      'the database of another program with a number like ours',
      (path: string) => other(path, 'CREATE TABLE states (id INTEGER); PRAGMA user_version = 1'),
    ],
    ['one without its tables', (path: string) => damage(path, 'DROP TABLE stored_values')],
    ['one without its ledger', (path: string) => damage(path, 'DROP TABLE calls')],
    [
      'one whose tables have other columns',
      (path: string) => damage(path, 'DROP TABLE stored_values; CREATE TABLE stored_values (key TEXT, value TEXT)'),
    ],
    [
      'one whose tables take anything',
      (path: string) =>
        damage(path, 'ALTER TABLE calls RENAME TO old; CREATE TABLE calls AS SELECT * FROM old; DROP TABLE old'),
    ],
  ])('may be %s', async (_, make) => {
    const path = temporaryFile()
    rmSync(path, { force: true, recursive: true })
    make(path)
    const house = await startsOn(path)
    // What cannot be read might have had a call in it: one is taken to have begun just now.
    expect(warnings(house).length).toBeLessThanOrEqual(1)
    expect(house.askedAt('Poll')[0]).toBeGreaterThanOrEqual(NOON + 3 * MINUTE)
  })

  it(
    'may hold any value under any of its keys',
    async () => {
      const path = temporaryFile()
      copy(left, path)
      const keys = new Database(path)
      const rows = keys.all('SELECT key, json FROM stored_values')
      keys.close()
      expect(rows.length).toBeGreaterThan(5)
      const text = fc.oneof(
        hostileText,
        fc.constantFrom('', '{', 'null', '[]', '{}', '"x"', '1e999', '['.repeat(30_000)),
      )
      const json = fc.oneof(
        {
          weight: 3,
          arbitrary: mutations.map(mutate => (old: string) => JSON.stringify(mutate(JSON.parse(old))) ?? 'null'),
        },
        { weight: 1, arbitrary: text.map(one => () => one.replaceAll(/[\0\p{Cs}]/gu, '')) },
        { weight: 1, arbitrary: hostileLeaf.map(leaf => () => JSON.stringify(leaf)) },
      )
      await holds(
        fc.asyncProperty(fc.constantFrom(...rows), json, async (row, change) => {
          copy(left, path)
          const database = new Database(path)
          database.run('UPDATE stored_values SET json = ? WHERE key = ?', change(String(row.json)), String(row.key))
          database.close()
          await startsOn(path)
        }),
        12,
      )
    },
    PATIENCE,
  )

  it(
    'may hold anything in any row of any table',
    async () => {
      const path = temporaryFile()
      const columns: readonly (readonly [string, string, 'number' | 'text'])[] = [
        ...(['started_wall', 'started_mono', 'finished_wall', 'blocked_for'] as const).map(
          name => ['calls', name, 'number'] as const,
        ),
        ...(['kind', 'class', 'operation', 'boot_id', 'outcome'] as const).map(
          name => ['calls', name, 'text'] as const,
        ),
        ...(['kind', 'account', 'slug', 'octopus_id', 'name', 'make', 'model'] as const).map(
          name => ['devices', name, 'text'] as const,
        ),
        ['devices', 'seen_at', 'number'],
        ['readings', 'amount', 'number'],
        ['readings', 'start', 'number'],
        ['published_documents', 'json', 'text'],
        ['published_topics', 'topic', 'text'],
        ['journal', 'json', 'text'],
        ['journal', 'at', 'number'],
      ]
      const number = fc.oneof(fc.constantFrom(0, -1, 8.64e15, 9e15, -9e15, 2 ** 53, NOON, NOON + 1e9), fc.integer())
      await holds(
        fc.asyncProperty(
          fc.constantFrom(...columns),
          number,
          hostileText,
          async ([table, column, kind], many, text) => {
            copy(left, path)
            const database = new Database(path)
            const put = kind === 'number' ? many : text.replaceAll(/[\0\p{Cs}]/gu, '')
            const one = `rowid = (SELECT min(rowid) FROM ${table})`
            const where = ['readings', 'published_topics'].includes(table)
              ? `${column} = (SELECT max(${column}) FROM ${table})`
              : one
            database.run(`UPDATE ${table} SET ${column} = ? WHERE ${where}`, put)
            database.close()
            await startsOn(path)
          },
        ),
        12,
      )
    },
    PATIENCE,
  )
})

function other(path: string, sql: string): void {
  mkdirSync(dirname(path), { recursive: true })
  const database = new Database(path)
  database.exec(sql)
  database.close()
}

function damage(path: string, sql: string): void {
  copy(left, path)
  other(path, sql)
}
