import { describe, expect, it } from '@jest/globals'
import { afterSending, HALF_HOUR } from '../../src/clock.ts'
import { aNumber } from '../../src/shape.ts'
import { forgiving } from '../../src/store/forgiving.ts'
import { openStore, type Store } from '../../src/store/open.ts'
import { temporaryFile } from './support/files.ts'
import { StillClock } from './support/virtual-clock.ts'

const AT = Date.parse('2026-11-24T18:00:00Z')

describe('what was said of half hours', () => {
  it('is there to be read before it is on the disk, and only where it belongs', async () => {
    const disk = openStore({ path: ':memory:', clock: new StillClock(AT) })
    const store = forgiving(disk, { warn: () => {} })
    disk.believed.note('A-1', { start: AT - HALF_HOUR, cheap: false, reason: 'day' })
    const earlier = { start: AT - HALF_HOUR, cheap: true, reason: 'dispatch' }
    const later = { start: AT, cheap: true, reason: 'dispatch' }
    store.believed.note('A-1', later)
    store.believed.note('A-1', earlier)
    store.believed.note('A-2', later)
    expect(disk.believed.range('A-1', AT, AT + 1)).toEqual([])
    expect(store.believed.range('A-1', 0, AT + 1)).toEqual([earlier, later])
    expect(store.believed.range('A-1', 0, AT)).toEqual([earlier])
    await new Promise<void>(resolve => afterSending(resolve))
    expect(disk.believed.range('A-1', 0, AT + 1)).toEqual([earlier, later])
    expect(store.believed.range('A-1', 0, AT + 1)).toEqual([earlier, later])
    store.close()
  })
})

describe('what is only told', () => {
  const call = { kind: 'dispatch', callClass: 'event', operation: 'Poll' } as const
  const started = () => {
    const disk = openStore({ path: ':memory:', clock: new StillClock(AT) })
    const store = forgiving(disk, { warn: () => {} })
    const begin = (): number => {
      const admission = store.ledger.admit({ ...call, firstAllowed: (_, now) => now })
      return admission.admitted ? admission.id : -1
    }
    return { disk, store, begin }
  }
  const outcomes = (store: Store) => store.ledger.since(0).map(({ outcome }) => outcome)
  const sent = () => new Promise<void>(resolve => afterSending(resolve))

  it('is written when the tick has sent what it sends', async () => {
    const { disk, store, begin } = started()
    store.ledger.finish(begin(), 'ok')
    let value = 1
    store.values.setSoon('a', () => value)
    store.values.setSoon('b', () => undefined)
    value = 2
    expect(outcomes(disk)).toEqual([null])
    expect(disk.values.updatedAt('a')).toBeNull()
    await sent()
    expect(outcomes(disk)).toEqual(['ok'])
    expect(disk.values.get('a', aNumber(0, 9))).toBe(2)
    expect(disk.values.updatedAt('b')).toBeNull()
  })

  it('goes along with a value that is set', () => {
    const { disk, store, begin } = started()
    store.ledger.finish(begin(), 'partial')
    store.journal.append('start', null)
    store.values.setSoon('a', () => 1)
    store.values.set('b', 2)
    expect(outcomes(disk)).toEqual(['partial'])
    expect(disk.journal.newest(1)).toHaveLength(1)
    expect(disk.values.updatedAt('a')).toBe(AT)
    expect(disk.values.updatedAt('b')).toBe(AT)
  })

  it('is not how a call ended after which fewer may be made', () => {
    const { disk, store, begin } = started()
    store.ledger.finish(begin(), 'OCTOPUS_THROTTLED')
    store.ledger.finish(begin(), 'ok', HALF_HOUR)
    expect(outcomes(disk)).toEqual(['OCTOPUS_THROTTLED', 'ok'])
    expect(disk.ledger.history(AT)).toMatchObject([{ blockedFor: null }, { blockedFor: HALF_HOUR }])
  })

  it('is on the disk once the store is closed, and is nothing to it afterwards', async () => {
    const path = temporaryFile()
    const store = forgiving(openStore({ path, clock: new StillClock(AT) }), { warn: () => {} })
    store.values.setSoon('a', () => 1)
    store.close()
    store.values.setSoon('a', () => 2)
    await sent()
    const again = openStore({ path, clock: new StillClock(AT) })
    expect(again.values.get('a', aNumber(0, 9))).toBe(1)
    again.close()
  })
})
