import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import { CallCopy, type CopiedCall } from '../../src/store/call-copy.ts'
import { openStore, type Store } from '../../src/store/open.ts'
import { temporaryFile } from './support/files.ts'
import { StillClock } from './support/virtual-clock.ts'

const NOON = Date.parse('2026-11-23T12:00:00Z')
/** By the monotonic clock at noon. */
const BOOTED = 5 * HOUR
const at = (offset: number) => new StillClock(NOON + offset, BOOTED + offset)

const call = (store: Store, outcome = 'ok', stayAway?: number): void => {
  const request = { kind: 'dispatch', callClass: 'event', operation: 'Poll' } as const
  const admission = store.ledger.admit({ ...request, firstAllowed: (_, now) => now })
  if (admission.admitted) store.ledger.finish(admission.id, outcome, stayAway)
}

/** A store in which three calls began, closed again. */
function withCalls(): string {
  const path = temporaryFile()
  for (const offset of [0, MINUTE, 2 * MINUTE]) {
    const store = openStore({ path, clock: at(offset), bootId: 'boot' })
    call(store)
    store.close()
  }
  return path
}

const starts = (path: string, bootId: string): number[] => {
  const clock = at(10 * MINUTE)
  const store = openStore({ path, clock, bootId })
  try {
    return store.ledger.effectiveStarts('dispatch', clock.now()).map(start => start - NOON)
  } finally {
    store.close()
  }
}

const THREE = [0, MINUTE, 2 * MINUTE]

describe('the calls beside the store', () => {
  it.each([
    ['damaged', (path: string) => writeFileSync(path, 'This is no database. '.repeat(500))],
    [
      'emptied',
      (path: string) => {
        rmSync(path)
        writeFileSync(path, '')
      },
    ],
    ['deleted', (path: string) => rmSync(path)],
  ])('are not lost with a store that was %s', (_, spoil) => {
    const path = withCalls()
    spoil(path)
    expect(starts(path, 'boot')).toEqual(THREE)
    // And once: a further start does not count them again.
    expect(starts(path, 'another boot')).toEqual(THREE)
  })

  it('remember what was called while the store was in memory', () => {
    const path = withCalls()
    const clock = at(3 * MINUTE)
    const store = openStore({ path, clock, bootId: 'boot' })
    // As on a disk that is full: no page more.
    rmSync(path)
    call(store, 'OCTOPUS_THROTTLED', 5 * MINUTE)
    store.close()
    rmSync(path, { force: true })
    rmSync(`${path}-wal`, { force: true })
    expect(starts(path, 'boot')).toEqual([...THREE, 3 * MINUTE])
    const again = openStore({ path, clock: at(4 * MINUTE), bootId: 'boot' })
    const [newest] = again.ledger.history(NOON + 4 * MINUTE).slice(-1)
    expect(newest).toMatchObject({ outcome: 'OCTOPUS_THROTTLED', blockedFor: 5 * MINUTE })
    again.close()
  })

  it('count by wall time after a restart of the machine, and not when they are old', () => {
    const path = withCalls()
    rmSync(path)
    const clock = at(HOUR + 90 * SECOND)
    const store = openStore({ path, clock, bootId: 'after a restart' })
    expect(store.ledger.effectiveStarts(null, clock.now()).map(start => start - NOON)).toEqual([2 * MINUTE])
    store.close()
  })

  it('change nothing where the store knows them', () => {
    const path = withCalls()
    expect(starts(path, 'boot')).toEqual(THREE)
    expect(starts(path, 'another boot')).toEqual(THREE)
  })

  it('are written over in place, so that a full disk takes them', () => {
    const path = withCalls()
    const before = statSync(`${path}-calls`)
    const store = openStore({ path, clock: at(5 * MINUTE), bootId: 'boot' })
    for (let count = 0; count < 50; count += 1) call(store)
    store.close()
    const after = statSync(`${path}-calls`)
    expect([after.size, after.ino]).toEqual([before.size, before.ino])
    expect(after.mode & 0o777).toBe(0o600)
  })

  it('hold no secret: nothing but kinds, times, the boot and codes', () => {
    const text = readFileSync(`${withCalls()}-calls`, 'utf8').trim()
    // That the newest ended well is written with the next.
    const outcomes = ['ok', 'ok', null]
    expect(JSON.parse(text)).toEqual([
      ['boot'],
      THREE.map((offset, index) => [0, NOON + offset, BOOTED + offset, 0, outcomes[index], null]),
    ])
  })

  it('come back as they were kept, whatever stood in the file before', () => {
    const aCall: fc.Arbitrary<CopiedCall> = fc.record({
      kind: fc.constantFrom('dispatch', 'token', 'background'),
      wall: fc.integer({ min: 0, max: 4e12 }),
      mono: fc.integer({ min: 0, max: 1e12 }),
      boot: fc.constantFrom('one', 'two', '8c6b4b1c-0c6e-4d5c-9b52-3b2d1f0e9a77'),
      outcome: fc.option(fc.constantFrom('ok', 'partial', 'OCTOPUS_SERVER_ERROR')),
      blockedFor: fc.option(fc.integer({ min: 0, max: HOUR })),
    })
    fc.assert(
      fc.property(fc.array(aCall, { maxLength: 64 }), fc.uint8Array({ maxLength: 9_000 }), (calls, before) => {
        const path = temporaryFile()
        writeFileSync(path, before)
        const copy = new CallCopy(path)
        expect(copy.read() ?? []).toBeInstanceOf(Array)
        copy.keep(calls)
        expect(copy.read()).toEqual(calls)
        copy.close()
      }),
      { numRuns: 100 },
    )
  })
})
