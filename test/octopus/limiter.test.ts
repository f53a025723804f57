import { afterEach, describe, expect, it } from '@jest/globals'
import { type Clock, fastClock, HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import { BridgeError } from '../../src/errors.ts'
import type { CallClass } from '../../src/intelligent/admission.ts'
import { octopusError } from '../../src/octopus/errors.ts'
import { Gate } from '../../src/octopus/gate.ts'
import { Limiter } from '../../src/octopus/limiter.ts'
import type { CallKind } from '../../src/store/calls.ts'
import { openStore, type Store } from '../../src/store/open.ts'
import { ManualClock, until } from './support/manual-clock.ts'

const NOON = Date.parse('2026-11-23T12:00:00Z')
const SETTINGS = { dispatchPerHour: 20, dispatchMinGap: MINUTE, reserveForEvents: 4, requestsPerHour: 60 }

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

function setUp(clock: Clock, store: Store = openStore({ path: ':memory:', clock })) {
  const limiter = new Limiter(SETTINGS, store.ledger, clock)
  closers.push(() => limiter.stop())
  const run = <T>(task: () => Promise<T>, kind: CallKind = 'dispatch', callClass: CallClass = 'event') =>
    limiter.run({ kind, callClass, operation: 'Test' }, task)
  return { limiter, store, run }
}

const done = async () => 'done'

async function refusal(attempt: Promise<unknown>): Promise<BridgeError> {
  const error = await attempt.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof BridgeError)) throw new Error(`Expected a refusal, got ${String(error)}`)
  return error
}

describe('the limiter', () => {
  it('makes an admissible call at once and refuses the next, with the instant at which it may begin', async () => {
    const clock = new ManualClock(NOON)
    const { run, limiter } = setUp(clock)
    expect(await run(done)).toBe('done')
    clock.advance(10 * SECOND)
    const error = await refusal(run(done))
    expect(error.code).toBe('OCTOPUS_NOT_ADMITTED')
    expect(error.details.at).toBe(NOON + MINUTE + 1_000)
    expect(limiter.starts(clock.now())).toEqual([NOON])
    clock.advance(50 * SECOND + 1_000)
    expect(await run(done)).toBe('done')
  })

  it('never lets more than 20 begin in any hour, nor two within a minute, though it is asked all the time', async () => {
    const clock = new ManualClock(NOON)
    const { run } = setUp(clock)
    const began: number[] = []
    for (let second = 0; second < 3 * 3_600; second += 45) {
      const callClass = second % 4 === 0 ? 'ordinary' : 'event'
      await run(async () => began.push(clock.monotonic()), 'dispatch', callClass).catch(() => null)
      clock.advance(45 * SECOND)
    }
    expect(began.length).toBeGreaterThanOrEqual(55)
    for (const start of began) {
      expect(began.filter(other => other >= start && other < start + HOUR).length).toBeLessThanOrEqual(20)
      expect(began.some(other => other > start && other < start + MINUTE)).toBe(false)
    }
  })

  it('keeps the promise on a clock that runs 3600 times as fast, through Bottleneck', async () => {
    const clock = fastClock(3_600, NOON)
    const { run, limiter } = setUp(clock)
    const began: number[] = []
    while (clock.now() < NOON + 75 * MINUTE) {
      const at = limiter.firstAllowed({ kind: 'dispatch', callClass: 'event', operation: 'Test' }, clock.now())
      await new Promise<void>(resolve => {
        clock.after(Math.min(at - clock.now(), 5 * MINUTE), resolve)
      })
      await run(async () => began.push(clock.monotonic())).catch(() => null)
    }
    const starts = limiter.starts(clock.now()).sort((a, b) => a - b)
    expect(starts.length).toBeGreaterThanOrEqual(10)
    expect(starts.length).toBeLessThanOrEqual(20)
    for (const [index, start] of starts.slice(1).entries())
      expect(start - (starts[index] ?? 0)).toBeGreaterThanOrEqual(MINUTE)
    // When a task really begins is up to a busy machine, by real milliseconds of which each is 3.6 s here.
    const slack = 50 * 3_600
    for (const start of began)
      expect(began.filter(other => other >= start && other < start + HOUR - slack).length).toBeLessThanOrEqual(20)
  })

  it('remembers across a restart', async () => {
    const clock = new ManualClock(NOON)
    const { run, limiter, store } = setUp(clock)
    for (let call = 0; call < 20; call += 1) {
      await run(done)
      clock.advance(MINUTE + SECOND)
    }
    limiter.stop()
    const restarted = setUp(clock, store)
    expect((await refusal(restarted.run(done))).details.at).toBe(NOON + HOUR + 1_000)
    clock.advance(HOUR)
    expect(await restarted.run(done)).toBe('done')
  })

  it('runs one dispatch request at a time', async () => {
    const clock = new ManualClock(NOON)
    const { run } = setUp(clock)
    let finish: (() => void) | null = null
    const first = run(
      () =>
        new Promise<void>(resolve => {
          finish = resolve
        }),
    )
    await until(() => finish !== null)
    clock.advance(5 * MINUTE)
    expect((await refusal(run(done))).code).toBe('OCTOPUS_NOT_ADMITTED')
    ;(finish as (() => void) | null)?.()
    await first
    expect(await run(done)).toBe('done')
  })

  it('keeps tokens to four an hour and tells them apart', async () => {
    const clock = new ManualClock(NOON)
    const { run } = setUp(clock)
    for (let call = 0; call < 4; call += 1) await run(done, 'token')
    expect((await refusal(run(done, 'token'))).code).toBe('OCTOPUS_TOKENS_SPENT')
    expect(await run(done, 'background')).toBe('done')
    expect(await run(done)).toBe('done')
  })

  it('counts a call that failed, and allows less for an hour after one that was throttled', async () => {
    const clock = new ManualClock(NOON)
    const { run, limiter, store } = setUp(clock)
    const throttled = () => Promise.reject(octopusError('OCTOPUS_THROTTLED', { retryAfterMs: 5 * MINUTE }))
    expect((await refusal(run(throttled))).code).toBe('OCTOPUS_THROTTLED')
    expect(store.ledger.history(clock.now())).toMatchObject([{ outcome: 'OCTOPUS_THROTTLED', blockedFor: 5 * MINUTE }])
    expect(limiter.limits(clock.now())).toEqual({ perHour: 10, reserveForEvents: 2, minGap: 2 * MINUTE })
    expect(limiter.throttled(clock.now())).toBe(true)
    clock.advance(4 * MINUTE)
    expect((await refusal(run(done, 'background'))).details.at).toBe(NOON + 5 * MINUTE)
    clock.advance(MINUTE)
    expect(await run(done)).toBe('done')
    clock.advance(MINUTE + SECOND)
    expect((await refusal(run(done))).details.at).toBe(NOON + 7 * MINUTE + 1_000)
    clock.advance(HOUR)
    expect(limiter.limits(clock.now()).perHour).toBe(20)
  })

  it('is not kept shut by Bottleneck, which takes a wall clock that was set back for one that must be waited for', async () => {
    // At speed 1 Bottleneck waits a real minute while this clock has long moved on: just as after a clock was set back.
    const clock = new ManualClock(NOON, 1)
    const { run } = setUp(clock)
    await run(done)
    clock.advance(2 * MINUTE)
    const before = clock.waiting
    const second = run(done)
    await until(() => clock.waiting > before)
    clock.advance(2 * SECOND)
    expect(await second).toBe('done')
  })

  it('gives a place back an hour after it was taken, also to one that waits for it', async () => {
    const clock = new ManualClock(NOON)
    const gate = new Gate({ dispatchPerHour: 2, dispatchMinGap: MINUTE, requestsPerHour: 3 }, clock)
    closers.push(() => gate.stop())
    const begun: number[] = []
    const run = (kind: CallKind) => gate.run(kind, [], async () => begun.push((clock.now() - NOON) / MINUTE))
    await run('background')
    for (const kind of ['dispatch', 'dispatch'] as const) {
      clock.advance(10 * MINUTE)
      await run(kind)
    }
    expect(clock.waiting).toBe(0)
    clock.advance(40 * MINUTE - 1)
    // Neither has the time that an admitted call may wait passed when the place comes back, on a clock as fast as this.
    const waits = run('background')
    await until(() => clock.waiting === 2)
    clock.advance(1)
    expect(await waits).not.toBeNull()
    clock.advance(10 * MINUTE)
    await run('dispatch')
    expect(begun).toEqual([0, 10, 20, 60, 70])
  })

  it('leaves no timer behind', async () => {
    const clock = new ManualClock(NOON, 1)
    const { run, limiter } = setUp(clock)
    await run(done, 'background')
    await run(done)
    expect(clock.waiting).toBe(0)
    clock.advance(2 * MINUTE)
    const waits = refusal(run(done))
    await until(() => clock.waiting > 0)
    limiter.stop()
    expect((await waits).code).toBe('OCTOPUS_NOT_ADMITTED')
    expect(clock.waiting).toBe(0)
    clock.advance(2 * MINUTE)
    expect((await refusal(run(done))).code).toBe('OCTOPUS_NOT_ADMITTED')
  })
})
