import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { HALF_HOUR, HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import { firstAdmission } from '../../src/intelligent/admission.ts'
import { type Call, type Doing, LIMITS, type Reply, runDay } from './day.ts'

/** 17:50 in London, well away from a mark. */
const BEGIN = Date.parse('2026-11-23T17:50:00Z')
const at = (iso: string) => Date.parse(`2026-11-23T${iso}Z`)

const CAPABLE: Reply = { state: 'SMART_CONTROL_CAPABLE', rows: [] }
const CAPABLE_REPLY = () => CAPABLE
const AWAY: Reply = { state: 'SMART_CONTROL_NOT_AVAILABLE', rows: [] }
const plan = (from: string, to: string): Reply => ({
  state: 'SMART_CONTROL_IN_PROGRESS',
  rows: [{ start: at(from), end: at(to), type: 'SMART', energyKwh: -3 }],
})

const seconds = (calls: readonly Call[], from = BEGIN) => calls.map(call => Math.round((call.madeAt - from) / SECOND))
/** As many calls as instants (seconds), each at its own or, where the gap pushes it, a little later. */
function expectAbout(calls: readonly Call[], from: number, instants: readonly number[]): void {
  const made = seconds(calls, from)
  expect(made.map((second, i) => (Math.abs(second - (instants[i] ?? Number.NaN)) <= 5 ? instants[i] : second))).toEqual(
    instants,
  )
  expect(made.every((second, i) => second >= (instants[i] ?? 0))).toBe(true)
}

const gapsHold = (calls: readonly Call[], gap = MINUTE) =>
  calls.every((call, i) => i === 0 || call.madeAt - (calls[i - 1]?.madeAt ?? 0) >= gap)
const mostInAnHour = (calls: readonly Call[]) =>
  Math.max(
    0,
    ...calls.map(
      call => calls.filter(other => other.madeAt >= call.madeAt && other.madeAt <= call.madeAt + HOUR).length,
    ),
  )

describe('settling', () => {
  const plugged: Doing[] = [{ at: 5 * MINUTE, plug: true }]
  const from = BEGIN + 5 * MINUTE

  it('asks 30 s after the plug and each minute while there is no plan, at most six times', () => {
    const { calls } = runDay({
      begin: BEGIN,
      hours: 0.25,
      doings: [{ at: 0, plug: false }, ...plugged],
      reply: () => CAPABLE,
    })
    const settling = calls.filter(call => call.mode === 'settling')
    expectAbout(settling, from, [30, 90, 150, 211, 271, 331])
  })

  it('ends with the first plan', () => {
    const reply = (_: number, nth: number) => (nth < 3 ? CAPABLE : plan('23:30:00', '23:59:00'))
    const { calls } = runDay({ begin: BEGIN, hours: 0.25, doings: [{ at: 0, plug: false }, ...plugged], reply })
    expect(calls.filter(call => call.mode === 'settling')).toHaveLength(3)
  })

  it('is patient while Octopus has not noticed the plug', () => {
    const { calls } = runDay({
      begin: BEGIN,
      hours: 0.3,
      doings: [{ at: 0, plug: false }, ...plugged],
      reply: () => AWAY,
    })
    const settling = calls.filter(call => call.mode === 'settling')
    expectAbout(settling, from, [30, 90, 150, 240, 480, 720])
  })

  it('ends with a state that plans nothing', () => {
    const reply = (): Reply => ({ state: 'SMART_CONTROL_OFF', rows: [] })
    const { calls } = runDay({ begin: BEGIN, hours: 0.2, doings: [{ at: 0, plug: false }, ...plugged], reply })
    expect(calls.filter(call => call.mode === 'settling')).toHaveLength(1)
  })
})

describe('settling that found no plan', () => {
  it('does not begin again hours later', () => {
    const doings: Doing[] = [
      { at: 0, plug: false },
      { at: 5 * MINUTE, plug: true },
    ]
    const { calls } = runDay({ begin: BEGIN, hours: 8, doings, reply: () => CAPABLE })
    expect(calls.filter(call => call.mode === 'settling')).toHaveLength(6)
  })

  it('counts the answer that saw the plug as the first of the six', () => {
    const reply = (since: number): Reply => (since < 20 * MINUTE ? AWAY : CAPABLE)
    const { calls } = runDay({ begin: BEGIN, hours: 2, doings: [], reply })
    expect(calls.filter(call => call.mode === 'settling')).toHaveLength(5)
  })
})

describe('a full hour', () => {
  it('leaves out a steady call for those around marks, but never so often that the plan grows too old', () => {
    const aDay = fc.record({
      wishes: fc.array(fc.integer({ min: 3, max: 60 }), { minLength: 4, maxLength: 16 }),
      rows: fc.array(fc.tuple(fc.integer({ min: 20, max: 110 }), fc.integer({ min: 2, max: 9 })), { maxLength: 6 }),
    })
    fc.assert(
      fc.property(aDay, ({ wishes, rows }) => {
        const doings: Doing[] = [
          { at: 0, plug: true },
          { at: MINUTE, charging: false },
          ...[...wishes].sort((a, b) => a - b).map(minute => ({ at: minute * MINUTE, wish: 'manual' as const })),
        ]
        const planned = rows.map(([from, length]) => ({
          start: BEGIN + from * MINUTE,
          end: BEGIN + (from + length) * MINUTE,
          type: 'SMART',
          energyKwh: -1,
        }))
        runDay({
          begin: BEGIN,
          hours: 2,
          doings,
          reply: () => ({ state: 'SMART_CONTROL_IN_PROGRESS', rows: planned }),
          onDecision: (decision, now, _, starts) => {
            const last = Math.max(...starts, BEGIN)
            const latest = Math.max(now, firstAdmission(starts, 'ordinary', LIMITS, last + 15 * MINUTE))
            expect(decision.at).toBeLessThanOrEqual(latest + 8 * MINUTE)
          },
        })
      }),
      { numRuns: 300 },
    )
  })

  // Found by a simulated storm: `--stretch st/8 --days 25 --level storm`, three cars plugged in within half an hour.
  it.each([8, 9, 10, 11, 12, 13])(
    'that filled up early, by %d wishes, keeps its last places for when the plan would grow too old to be trusted',
    many => {
      const wishes = Array.from({ length: many }, (_, nth) => ({ at: (nth + 2) * MINUTE, wish: 'manual' as const }))
      const { calls } = runDay({
        begin: BEGIN,
        hours: 3,
        doings: [{ at: 0, plug: true }, ...wishes],
        reply: () => ({ state: 'SMART_CONTROL_IN_PROGRESS', rows: [] }),
      })
      const gaps = calls.slice(1).map(({ madeAt }, index) => (madeAt - (calls[index]?.madeAt ?? 0)) / MINUTE)
      expect(Math.max(...gaps)).toBeLessThanOrEqual(26)
    },
  )
})

describe('around a mark', () => {
  const doings: Doing[] = [{ at: 0, plug: true }]

  it('asks 20 and 80 s after it, and leaves the two minutes before it alone', () => {
    const reply = () => plan('18:30:00', '19:30:00')
    const { calls } = runDay({ begin: BEGIN, hours: 1.5, doings, reply })
    const near = calls.filter(call => Math.abs(call.madeAt - at('18:30:00')) < 2 * MINUTE)
    expectAbout(near, at('18:30:00'), [20, 80])
    expect(near.every(call => call.mode === 'boundary')).toBe(true)
  })

  it('asks 40 s before it too where a charging topic is alive', () => {
    const { calls } = runDay({
      begin: BEGIN,
      hours: 1,
      doings: [...doings, { at: MINUTE, charging: false }],
      reply: () => plan('18:30:00', '19:30:00'),
    })
    const near = calls.filter(call => Math.abs(call.madeAt - at('18:30:00')) < 2 * MINUTE)
    expectAbout(near, at('18:30:00'), [-40, 20, 80])
  })

  it('comes at this installation’s own seconds', () => {
    const phases = { mark: 7 * SECOND, steady: 41 * SECOND }
    const { calls } = runDay({ begin: BEGIN, hours: 1.2, doings, phases, reply: () => plan('18:30:00', '19:30:00') })
    const near = calls.filter(call => call.madeAt > at('18:29:00') && call.madeAt < at('18:40:00'))
    expectAbout(near, at('18:30:00'), [27, 87, 87 + 240 + 41])
  })

  it('does not ask where no row and no charging is near', () => {
    const { calls } = runDay({ begin: BEGIN, hours: 1, doings, reply: () => plan('23:30:00', '23:59:00') })
    expect(calls.filter(call => call.mode === 'boundary')).toHaveLength(0)
  })
})

describe('unplugging', () => {
  it('leads to the final state: after 60 s, 3 min, then every 5 min until Octopus says so', () => {
    const gone = BEGIN + 40 * MINUTE
    const reply = (since: number): Reply => (since > 52 * MINUTE ? AWAY : plan('23:30:00', '23:59:00'))
    const doings: Doing[] = [
      { at: 0, plug: true },
      { at: 40 * MINUTE, plug: false },
    ]
    const { calls, state } = runDay({ begin: BEGIN, hours: 2, doings, reply })
    expect(
      seconds(
        calls.filter(call => call.mode === 'unplugged'),
        gone,
      ),
    ).toEqual([60, 180, 480, 780])
    expect(state.cars[0]?.status?.state).toBe('SMART_CONTROL_NOT_AVAILABLE')
    expect(calls.at(-1)?.mode).toBe('idle')
  })

  it('gives up after an hour where Octopus never notices', () => {
    const doings: Doing[] = [
      { at: 0, plug: true },
      { at: 10 * MINUTE, plug: false },
    ]
    const { calls } = runDay({ begin: BEGIN, hours: 4, doings, reply: () => plan('23:30:00', '23:59:00') })
    const late = calls.filter(call => call.madeAt > BEGIN + 80 * MINUTE)
    expect(late.every(call => call.mode === 'idle')).toBe(true)
  })
})

describe('idle', () => {
  it('hardly looks: once an hour with a plug topic that says OFF', () => {
    const { calls } = runDay({ begin: BEGIN, hours: 12, doings: [{ at: 0, plug: false }], reply: () => AWAY })
    expect(calls.length).toBeLessThanOrEqual(13)
  })

  it('looks every 25 min where the topic went stale, every 15 min where there is none', () => {
    const stale: Doing[] = [
      { at: 0, plug: false },
      { at: 1000, stale: true },
    ]
    expect(runDay({ begin: BEGIN, hours: 10, doings: stale, reply: () => AWAY }).calls.length).toBeLessThanOrEqual(25)
    expect(runDay({ begin: BEGIN, hours: 10, doings: [], reply: () => AWAY }).calls.length).toBeLessThanOrEqual(41)
  })
})

describe('when Octopus fails', () => {
  it('comes back after 1, 2, 3 … minutes', () => {
    const { calls } = runDay({
      begin: BEGIN,
      hours: 1,
      doings: [{ at: 0, plug: false }],
      reply: () => ({ fails: 'failed' }),
    })
    const gaps = calls.slice(1).map((call, i) => Math.round((call.madeAt - (calls[i]?.madeAt ?? 0)) / MINUTE))
    expect(gaps.slice(0, 6)).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('stays away 5, 10, 20, 40, 60 min from an edge that blocks, plug-in or not', () => {
    const doings: Doing[] = [
      { at: 0, plug: false },
      { at: 2 * MINUTE, plug: true },
    ]
    const { calls } = runDay({ begin: BEGIN, hours: 3, doings, reply: () => ({ fails: 'blocked' }) })
    const gaps = calls.slice(1).map((call, i) => (call.madeAt - (calls[i]?.madeAt ?? 0)) / MINUTE / 1.05)
    expect(gaps.map(gap => Math.round(gap)).slice(0, 5)).toEqual([5, 10, 20, 40, 60])
  })

  it('goes on growing while the kinds of failure alternate', () => {
    const reply = (_: number, nth: number): Reply => ({ fails: nth % 2 === 0 ? 'failed' : 'throttled' })
    const { calls } = runDay({ begin: BEGIN, hours: 1, doings: [{ at: 0, plug: false }], reply })
    expect(calls.length).toBeLessThanOrEqual(11)
  })

  it('tries a rejected key at once when a person asks', () => {
    const doings: Doing[] = [
      { at: 0, plug: false },
      { at: 3 * HOUR, wish: 'manual' },
    ]
    const { calls } = runDay({ begin: BEGIN, hours: 4, doings, reply: () => ({ fails: 'rejected' }) })
    expect(seconds(calls, BEGIN + 3 * HOUR)).toContain(0)
  })

  it('honours Retry-After', () => {
    const reply = (_: number, nth: number): Reply =>
      nth === 0 ? { fails: 'throttled', retryAfter: 17 * MINUTE } : AWAY
    const { calls } = runDay({ begin: BEGIN, hours: 1, doings: [{ at: 0, plug: false }], reply })
    expect((calls[1]?.madeAt ?? 0) - (calls[0]?.madeAt ?? 0)).toBeGreaterThanOrEqual(17 * MINUTE)
  })

  it('still asks at once when the car is plugged in during an ordinary outage', () => {
    const reply = (since: number): Reply => (since < 30 * MINUTE ? { fails: 'failed' } : CAPABLE)
    const doings: Doing[] = [
      { at: 0, plug: false },
      { at: 24 * MINUTE, plug: true },
    ]
    const { calls } = runDay({ begin: BEGIN, hours: 1, doings, reply })
    expect(seconds(calls, BEGIN + 24 * MINUTE).some(s => s === 30)).toBe(true)
  })
})

describe('an event', () => {
  it('that comes while a call is under way is not lost with it', () => {
    const doings: Doing[] = [
      { at: 0, plug: true },
      { at: MINUTE, charging: false },
      { at: 17 * MINUTE, charging: true },
      { at: 17 * MINUTE + 200, charging: false },
    ]
    const { calls } = runDay({ begin: BEGIN, hours: 0.4, doings, reply: () => plan('23:30:00', '23:59:00') })
    const events = calls.filter(call => call.mode === 'event')
    expectAbout(events, BEGIN + 17 * MINUTE, [0, 60])
  })

  it('asks at once, and once more a minute later if the answer disagrees with the charging', () => {
    const doings: Doing[] = [
      { at: 0, plug: true },
      { at: MINUTE, charging: false },
      { at: 17 * MINUTE, charging: true },
    ]
    const { calls } = runDay({ begin: BEGIN, hours: 0.4, doings, reply: () => plan('23:30:00', '23:59:00') })
    const events = calls.filter(call => call.mode === 'event')
    expectAbout(events, BEGIN + 17 * MINUTE, [0, 60])
  })

  it('asks once where the answer agrees', () => {
    const doings: Doing[] = [
      { at: 0, plug: true },
      { at: MINUTE, charging: false },
      { at: 17 * MINUTE, charging: true },
    ]
    const { calls } = runDay({ begin: BEGIN, hours: 0.4, doings, reply: () => plan('18:05:00', '18:25:00') })
    expect(calls.filter(call => call.mode === 'event')).toHaveLength(1)
  })
})

describe('charging that seems to turn', () => {
  const begins: Doing[] = [
    { at: 0, plug: true },
    { at: MINUTE, charging: false },
  ]
  const events = (doings: readonly Doing[], reply: () => Reply) =>
    runDay({ begin: BEGIN, hours: 0.9, doings: [...begins, ...doings], reply }).calls.filter(
      call => call.mode === 'event' && call.madeAt > BEGIN + 10 * MINUTE,
    )
  const turns: Doing[] = [
    { at: 17 * MINUTE, seems: true },
    { at: 17 * MINUTE + 20 * SECOND, charging: true },
  ]

  it('is asked about at its first message, and not again where the answer agrees', () => {
    const calls = events(turns, () => plan('18:05:00', '18:55:00'))
    expectAbout(calls, BEGIN + 17 * MINUTE, [0])
    expect(calls[0]?.callClass).toBe('ordinary')
  })

  it('is asked about a minute later where the answer knew nothing of it', () => {
    expectAbout(
      events(turns, () => plan('23:30:00', '23:59:00')),
      BEGIN + 17 * MINUTE,
      [0, 61],
    )
  })

  it('is asked about when it has turned, where the first look failed', () => {
    const calls = events(turns, () => ({ fails: 'failed' }))
    expect(seconds(calls, BEGIN + 17 * MINUTE)).toEqual([0, 61])
    expect(calls[1]?.callClass).toBe('event')
  })

  it('is not asked about any more when it did not last', () => {
    // The gap after a wish holds the look back until the flicker is over.
    const flicker: Doing[] = [
      { at: 17 * MINUTE - 10 * SECOND, wish: 'manual' },
      { at: 17 * MINUTE, seems: true },
      { at: 17 * MINUTE + 8 * SECOND, seems: false },
    ]
    expect(seconds(events(flicker, CAPABLE_REPLY), BEGIN + 17 * MINUTE)).toEqual([-10])
  })

  it('is asked about once in ten minutes where it only flickers', () => {
    const flickers = Array.from(
      { length: 60 },
      (_, i): Doing => ({ at: 20 * MINUTE + i * 15 * SECOND, seems: i % 2 === 0 }),
    )
    expect(events(flickers, CAPABLE_REPLY)).toHaveLength(2)
  })
})

describe('a plan in which a row begins off the marks', () => {
  it('is looked at before and after that, where a charging topic is alive', () => {
    const doings: Doing[] = [
      { at: 0, plug: true },
      { at: MINUTE, charging: false },
    ]
    const { calls } = runDay({ begin: BEGIN, hours: 0.7, doings, reply: () => plan('18:17:00', '19:30:00') })
    const near = calls.filter(call => Math.abs(call.madeAt - at('18:17:00')) < 2 * MINUTE)
    expectAbout(near, at('18:17:00'), [-40, 20])
    expect(near.every(call => call.mode === 'boundary')).toBe(true)
  })
})

describe('in the steady mode', () => {
  const gapsOf = (doings: readonly Doing[]) => {
    const { calls } = runDay({
      begin: BEGIN,
      hours: 1.5,
      doings: [{ at: 0, plug: true }, ...doings],
      reply: () => plan('23:00:00', '23:30:00'),
    })
    const steady = calls.filter(call => call.mode === 'steady' && call.madeAt > BEGIN + 10 * MINUTE)
    return new Set(steady.slice(1).map((call, i) => Math.round((call.madeAt - (steady[i]?.madeAt ?? 0)) / MINUTE)))
  }

  it('asks the less often, the sooner the house itself would tell', () => {
    expect(gapsOf([])).toEqual(new Set([4]))
    expect(gapsOf([{ at: MINUTE, charging: false }])).toEqual(new Set([6]))
    expect(
      gapsOf([
        { at: MINUTE, charging: false },
        { at: 2 * MINUTE, schedule: true },
      ]),
    ).toEqual(new Set([10]))
  })
})

const anyReply: fc.Arbitrary<Reply> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom<Reply>(
      CAPABLE,
      AWAY,
      { state: 'BOOSTING', rows: [] },
      { state: 'LOST_CONNECTION', rows: [] },
    ),
  },
  {
    weight: 5,
    arbitrary: fc.tuple(fc.nat(8 * 60), fc.integer({ min: 1, max: 180 })).map(
      ([from, length]): Reply => ({
        state: 'SMART_CONTROL_IN_PROGRESS',
        rows: [{ start: BEGIN + from * MINUTE, end: BEGIN + (from + length) * MINUTE, type: 'SMART', energyKwh: -3 }],
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      fails: fc.constantFrom('failed' as const, 'throttled' as const, 'blocked' as const),
      retryAfter: fc.nat(HOUR),
    }),
  },
)

const anyDoing: fc.Arbitrary<Doing> = fc.nat(6 * HOUR).chain(moment =>
  fc.oneof(
    fc.boolean().map((plug): Doing => ({ at: moment, plug })),
    fc.boolean().map((charging): Doing => ({ at: moment, charging })),
    fc
      .constantFrom('manual' as const, 'schedule' as const, 'token' as const)
      .map((wish): Doing => ({ at: moment, wish })),
    fc.constant<Doing>({ at: moment, stale: true }),
  ),
)

const anyDay = fc.record({
  doings: fc.array(anyDoing, { maxLength: 60 }),
  replies: fc.array(anyReply, { minLength: 1, maxLength: 30 }),
  phases: fc.record({ steady: fc.nat(60_000), mark: fc.nat(10_000) }),
})

describe('whatever happens, in whatever order', () => {
  it('never more than 20 calls in any hour, never two within a minute, never the reserve for an ordinary call', () => {
    fc.assert(
      fc.property(anyDay, ({ doings, replies, phases }) => {
        const reply = (_: number, nth: number) => replies[nth % replies.length] ?? CAPABLE
        const { calls } = runDay({ begin: BEGIN, hours: 6, doings, phases, reply })
        expect(gapsHold(calls)).toBe(true)
        expect(mostInAnHour(calls)).toBeLessThanOrEqual(20)
        for (const call of calls.filter(({ callClass }) => callClass === 'ordinary')) {
          const before = calls.filter(other => other.madeAt < call.madeAt && other.madeAt > call.madeAt - HOUR)
          expect(before.length).toBeLessThan(16)
        }
      }),
      { numRuns: 120 },
    )
  })

  it('there is always a next refresh, never in the past, and never further away than an hour or what Octopus asked for', () => {
    fc.assert(
      fc.property(anyDay, ({ doings, replies }) => {
        const reply = (_: number, nth: number) => replies[nth % replies.length] ?? CAPABLE
        runDay({
          begin: BEGIN,
          hours: 6,
          doings,
          reply,
          onDecision: (decision, now, state) => {
            expect(decision.at).toBeGreaterThanOrEqual(now)
            const blockedFor = state.failures === null ? 0 : 1.1 * HOUR
            expect(decision.at - now).toBeLessThanOrEqual(HOUR + blockedFor + SECOND)
            expect(decision.reason).not.toBe('')
          },
        })
      }),
      { numRuns: 60 },
    )
  })

  it('a plug-in leads to a call 30 s later, or at the first instant that the limits allow', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: HOUR, max: 5 * HOUR }), ({ doings, phases }, moment) => {
        // A car that draws is plugged in already, whatever its topic says.
        const before = doings.filter(doing => doing.at < moment - MINUTE && !('charging' in doing))
        const all: Doing[] = [...before, { at: moment - MINUTE, plug: false }, { at: moment, plug: true }]
        const { calls } = runDay({ begin: BEGIN, hours: 6, doings: all, phases, reply: () => AWAY })
        const since = BEGIN + moment + 30 * SECOND
        const made = calls.find(call => call.madeAt >= since)
        const starts = calls.map(call => call.madeAt).filter(start => start < since)
        const events = before.filter(doing => 'wish' in doing).length
        expect(made).toBeDefined()
        expect(made?.madeAt).toBeLessThanOrEqual(
          firstAdmission(starts, 'event', LIMITS, since) + (events > 0 ? 2 * MINUTE : 0),
        )
      }),
      { numRuns: 100 },
    )
  })

  it('an unplugging is followed until Octopus says so', () => {
    fc.assert(
      fc.property(anyDay, ({ doings, phases }) => {
        const leaving = 6 * HOUR
        const all: Doing[] = [
          ...doings.filter(({ at: moment }) => moment < leaving),
          { at: leaving - 1, plug: true },
          { at: leaving, plug: false },
        ]
        const reply = (since: number): Reply => (since < leaving + 20 * MINUTE ? CAPABLE : AWAY)
        const { state } = runDay({ begin: BEGIN, hours: 8, doings: all, phases, reply })
        expect(state.cars[0]?.status?.state).toBe('SMART_CONTROL_NOT_AVAILABLE')
        expect(state.cars[0]?.leavingSince).toBeNull()
      }),
      { numRuns: 60 },
    )
  })
})

describe('what gives way', () => {
  it('a busy hour drops steady calls and late mark calls before it would cost the first look at a mark', () => {
    const doings: Doing[] = [
      { at: 0, plug: true },
      ...Array.from({ length: 12 }, (_, i): Doing => ({ at: (20 + i * 2) * MINUTE, wish: 'manual' })),
    ]
    const { calls } = runDay({ begin: BEGIN, hours: 3, doings, reply: () => plan('18:00:00', '20:30:00') })
    for (const mark of [at('18:30:00'), at('19:00:00'), at('19:30:00')]) {
      expect(calls.some(call => Math.abs(call.madeAt - mark - 20 * SECOND) < 61 * SECOND)).toBe(true)
    }
    expect(mostInAnHour(calls)).toBeLessThanOrEqual(20)
  })

  it('stays within what contract section 5 says of a charging night', () => {
    const doings: Doing[] = [
      { at: 0, plug: true },
      { at: 1, charging: true },
    ]
    const { calls } = runDay({ begin: BEGIN, hours: 3, doings, reply: () => plan('17:00:00', '23:59:00') })
    const hour = calls.filter(call => call.madeAt >= BEGIN + HOUR && call.madeAt < BEGIN + 2 * HOUR)
    expect(hour.length).toBeGreaterThanOrEqual(10)
    expect(hour.length).toBeLessThanOrEqual(13)
  })
})

describe('admission', () => {
  it('is a true sliding window: 20 calls at the end of one hour leave none for the beginning of the next', () => {
    const starts = Array.from({ length: 20 }, (_, i) => BEGIN - i * MINUTE)
    const free = firstAdmission(starts, 'event', LIMITS, BEGIN + 2 * MINUTE)
    expect(free).toBeGreaterThan(BEGIN - 19 * MINUTE + HOUR)
    expect(free).toBeLessThanOrEqual(BEGIN - 19 * MINUTE + HOUR + SECOND)
  })

  it('admits nothing where the limit is nothing', () => {
    expect(firstAdmission([], 'ordinary', { ...LIMITS, reserveForEvents: 20 }, BEGIN)).toBe(Number.POSITIVE_INFINITY)
  })

  it('filled greedily never passes its limits', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5 * MINUTE), fc.boolean()), { maxLength: 120 }), wishes => {
        const starts: number[] = []
        let now = BEGIN
        for (const [wait, event] of wishes) {
          now = firstAdmission(starts, event ? 'event' : 'ordinary', LIMITS, now + wait)
          starts.push(now)
        }
        for (const start of starts) {
          expect(starts.filter(other => other >= start && other <= start + HOUR).length).toBeLessThanOrEqual(20)
        }
        expect(starts.every((start, i) => i === 0 || start - (starts[i - 1] ?? 0) >= MINUTE)).toBe(true)
        expect(HALF_HOUR).toBe(30 * MINUTE)
      }),
    )
  })
})
