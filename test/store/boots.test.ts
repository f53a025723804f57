/** A power cut: the calls of the last hour are those of another boot, and are counted once however often the store is opened. */
import { describe, expect, it } from '@jest/globals'
import { HOUR, MINUTE } from '../../src/clock.ts'
import { backupStore } from '../../src/store/backup.ts'
import { openStore } from '../../src/store/open.ts'
import { restoreStore } from '../../src/store/restore.ts'
import { collectGarbage } from './support/collect.ts'
import { temporaryFile } from './support/files.ts'
import { StillClock } from './support/virtual-clock.ts'

const NOON = Date.parse('2026-11-23T12:00:00Z')

/** Three calls at noon, 12:01 and 12:02 in one boot. */
function withCalls(): string {
  const path = temporaryFile()
  for (const offset of [0, MINUTE, 2 * MINUTE]) {
    const store = openStore({ path, clock: new StillClock(NOON + offset, 5 * HOUR + offset), bootId: 'before' })
    const admission = store.ledger.admit({
      ...{ kind: 'dispatch', callClass: 'event', operation: 'Poll' },
      firstAllowed: (_, now) => now,
    })
    if (admission.admitted) store.ledger.finish(admission.id, 'ok')
    store.close()
  }
  return path
}

/** The machine came up at 12:05, from where its monotonic clock counts. */
function countAfter(path: string, minutes: number): number {
  const clock = new StillClock(NOON + minutes * MINUTE, (minutes - 5) * MINUTE)
  const store = openStore({ path, clock, bootId: 'after' })
  try {
    return store.ledger.effectiveStarts('dispatch', clock.now()).length
  } finally {
    store.close()
  }
}

describe('calls from before a power cut', () => {
  it('are counted once, however often the store is opened before the next call', () => {
    const path = withCalls()
    expect([6, 7, 8, 9, 10, 11, 12].map(minutes => countAfter(path, minutes))).toEqual([3, 3, 3, 3, 3, 3, 3])
  })

  it('are counted once after a restore of a backup from before it', async () => {
    const path = withCalls()
    const backup = temporaryFile('backup.db')
    backupStore(path, backup)
    expect(countAfter(path, 6)).toBe(3)
    await collectGarbage()
    const { callsKept } = restoreStore(path, backup, NOON + 10 * MINUTE)
    expect([callsKept, countAfter(path, 11)]).toEqual([0, 3])
  })
})
