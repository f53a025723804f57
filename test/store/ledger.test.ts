import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import { type CallLimits, firstAdmission } from '../../src/intelligent/admission.ts'
import type { Admission } from '../../src/store/calls.ts'
import { openStore, type Store } from '../../src/store/open.ts'
import { temporaryFile } from './support/files.ts'
import { StillClock } from './support/virtual-clock.ts'

const NOON = Date.parse('2026-11-23T12:00:00Z')
const LIMITS: CallLimits = { perHour: 20, reserveForEvents: 4, minGap: MINUTE }

const admit = (store: Store, limits: CallLimits = LIMITS): Admission =>
  store.ledger.admit({
    kind: 'dispatch',
    callClass: 'event',
    operation: 'Poll',
    firstAllowed: (history, now) =>
      firstAdmission(
        history.map(call => call.start),
        'event',
        limits,
        now,
      ),
  })

describe('the ledger', () => {
  it('admits, remembers and then names the first instant that is allowed', () => {
    const clock = new StillClock(NOON)
    const store = openStore({ path: ':memory:', clock })
    expect(admit(store)).toEqual({ admitted: true, id: 1 })
    clock.pass(10 * SECOND)
    expect(admit(store)).toEqual({ admitted: false, at: NOON + MINUTE + 1_000 })
    expect(store.ledger.effectiveStarts('dispatch', clock.now())).toEqual([NOON])
    expect(store.ledger.effectiveStarts('token', clock.now())).toEqual([])
    store.close()
  })

  it('keeps what a call ended with, and how long Octopus wants to be left alone, counted from its start', () => {
    const clock = new StillClock(NOON)
    const store = openStore({ path: ':memory:', clock })
    const admission = admit(store)
    clock.pass(3 * SECOND)
    if (admission.admitted) store.ledger.finish(admission.id, 'OCTOPUS_THROTTLED', 2 * MINUTE)
    expect(store.ledger.history(clock.now())).toEqual([
      { kind: 'dispatch', start: NOON, outcome: 'OCTOPUS_THROTTLED', blockedFor: 2 * MINUTE + 3 * SECOND },
    ])
    store.close()
  })

  it('tells what began since an instant, whoever began it, with what it was and how it ended', () => {
    const clock = new StillClock(NOON)
    const store = openStore({ path: ':memory:', clock })
    admit(store)
    clock.pass(2 * MINUTE)
    const admission = admit(store)
    expect(store.ledger.since(NOON + 1)).toEqual([
      { start: NOON + 2 * MINUTE, kind: 'dispatch', operation: 'Poll', outcome: null },
    ])
    if (admission.admitted) store.ledger.finish(admission.id, 'partial')
    // Long after it counts no more.
    clock.pass(20 * HOUR)
    expect(store.ledger.since(NOON).map(({ start, outcome }) => [start, outcome])).toEqual([
      [NOON, null],
      [NOON + 2 * MINUTE, 'partial'],
    ])
    store.close()
  })

  it('sees what another process on the file has begun, though it remembers what it read', () => {
    const clock = new StillClock(NOON)
    const path = temporaryFile()
    const [daemon, check] = [openStore({ path, clock }), openStore({ path, clock })]
    expect(admit(daemon).admitted).toBe(true)
    expect(daemon.ledger.effectiveStarts('dispatch', clock.now())).toEqual([NOON])
    clock.pass(2 * MINUTE)
    expect(admit(check).admitted).toBe(true)
    // At once for whoever wants to make a call, and a moment later for whoever only looks.
    expect(admit(daemon).admitted).toBe(false)
    clock.pass(SECOND)
    const starts = [NOON, NOON + 2 * MINUTE]
    expect(daemon.ledger.effectiveStarts('dispatch', clock.now())).toEqual(starts)
    expect(check.ledger.effectiveStarts('dispatch', clock.now())).toEqual(starts)
    clock.pass(HOUR - MINUTE)
    expect(daemon.ledger.effectiveStarts('dispatch', clock.now())).toEqual([NOON + 2 * MINUTE])
    daemon.close()
    check.close()
  })

  it('is not opened by a clock that is set forward, nor closed by one that is set back', () => {
    const clock = new StillClock(NOON)
    const store = openStore({ path: ':memory:', clock })
    expect(admit(store).admitted).toBe(true)
    clock.wall += 5 * 24 * HOUR
    expect(admit(store).admitted).toBe(false)
    clock.wall -= 10 * 24 * HOUR
    clock.pass(MINUTE + SECOND)
    expect(admit(store).admitted).toBe(true)
    store.close()
  })

  it('counts the calls of an earlier boot by wall time, then by its own', () => {
    const path = temporaryFile()
    const before = new StillClock(NOON, 9_000_000)
    const first = openStore({ path, clock: before, bootId: 'one' })
    expect(admit(first).admitted).toBe(true)
    first.close()

    const after = new StillClock(NOON + 20 * SECOND, 5)
    const second = openStore({ path, clock: after, bootId: 'two' })
    expect(second.ledger.effectiveStarts('dispatch', after.now())).toEqual([NOON])
    after.wall += 3 * HOUR
    expect(admit(second)).toEqual({ admitted: false, at: after.now() - 20 * SECOND + MINUTE + 1_000 })
    second.close()
  })

  it('takes a call of an earlier boot that seems to lie ahead for one that began just now, and no longer than an hour', () => {
    const path = temporaryFile()
    const first = openStore({ path, clock: new StillClock(NOON), bootId: 'one' })
    expect(admit(first).admitted).toBe(true)
    first.close()

    const slow = new StillClock(NOON - 30 * 24 * HOUR)
    const second = openStore({ path, clock: slow, bootId: 'two' })
    expect(second.ledger.effectiveStarts('dispatch', slow.now())).toEqual([slow.now()])
    slow.wall = NOON + 5 * MINUTE
    slow.mono += 30 * SECOND
    expect(admit(second).admitted).toBe(false)
    slow.pass(HOUR)
    expect(second.ledger.effectiveStarts('dispatch', slow.now())).toEqual([])
    second.close()
  })

  it('falls back to wall time where the monotonic clock has another beginning', () => {
    const path = temporaryFile()
    const first = openStore({ path, clock: new StillClock(NOON, 9_000_000), bootId: 'same' })
    expect(admit(first).admitted).toBe(true)
    first.close()
    const other = new StillClock(NOON + 10 * MINUTE, 3)
    const second = openStore({ path, clock: other, bootId: 'same' })
    expect(second.ledger.effectiveStarts('dispatch', other.now())).toEqual([NOON])
    other.pass(HOUR)
    expect(second.ledger.effectiveStarts('dispatch', other.now())).toEqual([])
    second.close()
  })

  it('never admits more than the limit in any hour of real time, whatever is done to the wall clock', () => {
    const step = fc.record({
      pass: fc.integer({ min: 0, max: 10 * MINUTE }),
      jump: fc.oneof(
        { weight: 6, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.integer({ min: -5 * HOUR, max: 5 * HOUR }) },
      ),
    })
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 80 }), steps => {
        const clock = new StillClock(NOON)
        const store = openStore({ path: ':memory:', clock })
        const limits = { perHour: 5, reserveForEvents: 0, minGap: MINUTE }
        const began: number[] = []
        for (const { pass, jump } of steps) {
          clock.pass(pass)
          clock.wall += jump
          if (admit(store, limits).admitted) began.push(clock.mono)
        }
        store.close()
        for (const start of began) {
          expect(began.filter(other => other >= start && other < start + HOUR).length).toBeLessThanOrEqual(5)
          expect(began.some(other => other > start && other < start + MINUTE)).toBe(false)
        }
      }),
      { numRuns: 30 },
    )
  })
})
