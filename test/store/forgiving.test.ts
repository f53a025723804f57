import { describe, expect, it } from '@jest/globals'
import { afterSending, HALF_HOUR } from '../../src/clock.ts'
import { forgiving } from '../../src/store/forgiving.ts'
import { openStore } from '../../src/store/open.ts'
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
