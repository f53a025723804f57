/** What holds whatever happens to the house and whatever Octopus answers. */
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { HALF_HOUR, HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import { advance, nextEdge, nextMinute, shiftClock } from '../../src/intelligent/advance.ts'
import { onAnswer } from '../../src/intelligent/answers.ts'
import { countedDown, houseCheap } from '../../src/intelligent/cheap.ts'
import { isOffPeak, type Rules, rulesFor, smartNow } from '../../src/intelligent/dispatching.ts'
import { onFailure } from '../../src/intelligent/events.ts'
import { carNotices, nextNoticeEdge } from '../../src/intelligent/notices.ts'
import { outsideOffPeak } from '../../src/intelligent/off-peak.ts'
import { windowsOf } from '../../src/intelligent/rows.ts'
import { onSignals } from '../../src/intelligent/signals.ts'
import { type AccountState, emptyAccount, newCar } from '../../src/intelligent/state.ts'
import { CAR_STATES, type CarAnswer, type DispatchRow } from '../../src/intelligent/types.ts'
import { carView } from '../../src/intelligent/view.ts'
import { isNight } from '../../src/time/london.ts'
import { type CarSignals, NO_SIGNALS } from '../../src/vehicle/types.ts'
import { SETTINGS } from './story.ts'

/** 21:00 in London on the evening before the clocks go back, so that nights and noons of every kind are met. */
const BEGIN = Date.parse('2026-10-24T20:00:00Z')
const SPAN = 20 * HOUR

type Happening =
  | { kind: 'answer'; state: string; suspended: boolean; rows: readonly DispatchRow[] | null; took: number }
  | { kind: 'fails' }
  | { kind: 'plug'; value: boolean }
  | { kind: 'stale' }
  | { kind: 'charging'; value: boolean }
  | { kind: 'power'; watts: number }

interface Timed {
  readonly at: number
  readonly car: number
  readonly what: Happening
}

const row: fc.Arbitrary<DispatchRow> = fc
  .record({
    start: fc.nat(SPAN / MINUTE),
    length: fc.oneof(fc.constantFrom(3, 30, 60, 90), fc.integer({ min: 1, max: 400 })),
    type: fc.constantFrom('SMART', 'SMART', 'SMART', null, 'BOOST', 'TEST', 'WHATEVER'),
    energyKwh: fc.constantFrom(-3.5, -0.367, 0, null, 7),
  })
  .map(({ start, length, type, energyKwh }) => ({
    start: BEGIN + start * MINUTE,
    end: BEGIN + (start + length) * MINUTE,
    type,
    energyKwh,
  }))

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('answer' as const),
      state: fc.oneof(
        { weight: 4, arbitrary: fc.constant('SMART_CONTROL_IN_PROGRESS') },
        { weight: 2, arbitrary: fc.constantFrom('SMART_CONTROL_CAPABLE', 'SMART_CONTROL_NOT_AVAILABLE', 'BOOSTING') },
        { weight: 1, arbitrary: fc.constantFrom(...CAR_STATES, 'A_NEW_STATE') },
      ),
      suspended: fc.constantFrom(false, false, false, true),
      rows: fc.option(fc.array(row, { maxLength: 5 }), { freq: 8 }),
      took: fc.integer({ min: 0, max: 20 * SECOND }),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Happening>({ kind: 'fails' }) },
  { weight: 2, arbitrary: fc.boolean().map((value): Happening => ({ kind: 'plug', value })) },
  { weight: 1, arbitrary: fc.constant<Happening>({ kind: 'stale' }) },
  { weight: 2, arbitrary: fc.boolean().map((value): Happening => ({ kind: 'charging', value })) },
  { weight: 2, arbitrary: fc.constantFrom(0, 160, 3000, 7200).map((watts): Happening => ({ kind: 'power', watts })) },
)

const story: fc.Arbitrary<readonly Timed[]> = fc
  .array(fc.record({ at: fc.nat(SPAN), car: fc.constantFrom(0, 0, 0, 1), what: happening }), { maxLength: 25 })
  .map(steps => [...steps].sort((a, b) => a.at - b.at))

const rulesOf = (policy: 'whole_slot' | 'charge_cap', evidence: 'required' | 'plan'): Rules =>
  rulesFor({ ...SETTINGS, tariffPolicy: policy, evidence }, null)

const anyRules = fc
  .tuple(
    fc.constantFrom('whole_slot' as const, 'charge_cap' as const),
    fc.constantFrom('required' as const, 'plan' as const),
  )
  .map(([policy, evidence]) => rulesOf(policy, evidence))

const empty = (): AccountState => ({
  ...emptyAccount(BEGIN),
  cars: [newCar('a', 'car_a', 'device-0', null), newCar('b', 'car_b', 'device-1', null)],
})

function heard(signals: CarSignals, what: Happening, at: number): CarSignals {
  if (what.kind === 'plug') {
    if (signals.plugged.value === what.value && signals.plugged.source === 'live') return signals
    return { ...signals, plugged: { source: 'live', value: what.value, since: at, repeated: false, staleSince: null } }
  }
  if (what.kind === 'stale' && signals.plugged.source === 'live') {
    return { ...signals, plugged: { ...signals.plugged, source: 'stale', staleSince: at } }
  }
  if (what.kind === 'charging') {
    const since = signals.charging.value === what.value ? signals.charging.since : at
    return { ...signals, charging: { ...NO_SIGNALS.charging, exists: true, lastHeardAt: at, value: what.value, since } }
  }
  if (what.kind === 'power') {
    const on = what.watts > 1000
    const since = signals.power.value === on ? signals.power.since : at
    const power = {
      ...NO_SIGNALS.power,
      exists: true,
      lastHeardAt: at,
      value: on,
      since,
      watts: what.watts,
      wattsAt: at,
    }
    return { ...signals, power }
  }
  return signals
}

function happen(state: AccountState, rules: Rules, { car, what, at }: Timed): AccountState {
  const now = BEGIN + at
  if (what.kind === 'fails')
    return onFailure(state, rules, { askedAt: now, kind: 'failed', notBefore: null, jitter: 0 }, now)
  if (what.kind !== 'answer') {
    const target = state.cars[car]
    return target ? onSignals(state, rules, target.id, heard(target.signals, what, now), now) : state
  }
  const said: CarAnswer = {
    deviceId: `device-${car}`,
    facts: null,
    currentState: what.state,
    isSuspended: what.suspended,
    planned: what.rows,
    stateOfCharge: null,
    chargeTarget: null,
    readyBy: null,
  }
  const answer = { askedAt: now - what.took, fetchedAt: now, cars: [said], completed: null, errorCodes: [] }
  return onAnswer(state, rules, answer)
}

const play = (steps: readonly Timed[], rules: Rules): AccountState =>
  steps.reduce((state, step) => happen(state, rules, step), empty())

/** Everything that is shown, without what counts minutes. */
function shown(state: AccountState, rules: Rules, at: number) {
  const { minutesLeft, ...cheap } = houseCheap(state, rules, at)
  return { cars: state.cars.map(car => carView(car, state, rules, at)), cheap }
}

describe('time', () => {
  it('may be walked in any steps: sleeping through edges makes no difference', () => {
    fc.assert(
      fc.property(story, anyRules, fc.array(fc.nat(SPAN), { maxLength: 15 }), (steps, rules, looks) => {
        const stopped = [...steps.map(step => ({ step, at: step.at })), ...looks.map(at => ({ step: null, at }))]
          .sort((a, b) => a.at - b.at)
          .reduce(
            (state, { step, at }) => (step ? happen(state, rules, step) : advance(state, rules, BEGIN + at)),
            empty(),
          )
        const end = BEGIN + SPAN
        expect(shown(advance(stopped, rules, end), rules, end)).toEqual(
          shown(advance(play(steps, rules), rules, end), rules, end),
        )
      }),
      { numRuns: 150 },
    )
  })

  it('gives back the very car of which nothing has changed', () => {
    fc.assert(
      fc.property(story, anyRules, fc.nat(SPAN), (steps, rules, later) => {
        const before = play(steps, rules)
        const after = advance(before, rules, before.evaluatedAt + later)
        for (const [index, car] of after.cars.entries()) {
          const was = before.cars[index]
          if (was?.drawn === null && isDeepStrictEqual(car, was)) expect(car).toBe(was)
        }
      }),
      { numRuns: 100 },
    )
  })

  it('leaves no trace in what is shown of a row that was looked at before', () => {
    fc.assert(
      fc.property(story, anyRules, fc.array(fc.nat(SPAN), { maxLength: 10 }), (steps, rules, looks) => {
        const state = play(steps, rules)
        for (const at of looks) shown(state, rules, BEGIN + at)
        const end = BEGIN + SPAN
        expect(shown(state, rules, end)).toEqual(shown(structuredClone(state), rules, end))
      }),
      { numRuns: 100 },
    )
  })

  it('is the same for whoever remembers the look before and for whoever has forgotten it', () => {
    const all = (state: AccountState, rules: Rules, at: number) => ({
      ...shown(state, rules, at),
      edge: nextEdge(state, rules, at),
      smart: smartNow(state.cars, rules, at),
      notices: state.cars.map(car => [carNotices(car, rules, at), nextNoticeEdge(car, rules, at)]),
    })
    fc.assert(
      fc.property(story, anyRules, fc.array(fc.nat(4 * HOUR), { maxLength: 10 }), (steps, rules, looks) => {
        const state = play(steps, rules)
        const at = looks.map(later => state.evaluatedAt + later).sort((a, b) => a - b)
        const remembered = at.map(instant => all(state, rules, instant))
        expect(remembered).toEqual(at.map(instant => all(structuredClone(state), rules, instant)))
      }),
      { numRuns: 100 },
    )
  })

  it('comes to the same for cars that were evaluated before and for cars that nobody knows', () => {
    fc.assert(
      fc.property(story, anyRules, fc.array(fc.nat(SPAN), { maxLength: 15 }), (steps, rules, looks) => {
        const stops = [...steps.map(step => ({ step, at: step.at })), ...looks.map(at => ({ step: null, at }))].sort(
          (a, b) => a.at - b.at,
        )
        const walk = (begin: (state: AccountState) => AccountState) =>
          stops.reduce(
            (state, { step, at }) =>
              step ? happen(begin(state), rules, step) : advance(begin(state), rules, BEGIN + at),
            empty(),
          )
        expect(walk(state => state)).toEqual(walk(state => structuredClone(state)))
      }),
      { numRuns: 100 },
    )
  })

  it('changes nothing between two edges', () => {
    fc.assert(
      fc.property(story, anyRules, fc.double({ min: 0, max: 1, noNaN: true }), (steps, rules, share) => {
        const state = play(steps, rules)
        const now = state.evaluatedAt
        const edge = nextEdge(state, rules, now)
        expect(edge).toBeGreaterThan(now)
        const between = now + Math.floor((edge - 1 - now) * share)
        expect(shown(advance(state, rules, between), rules, between)).toEqual(shown(state, rules, now))
        // Nor need the state be walked there: so the minutes that are left are all that is counted on the way.
        expect(shown(state, rules, between)).toEqual(shown(state, rules, now))
        expect(countedDown(houseCheap(state, rules, now), between)).toEqual(houseCheap(state, rules, between))
      }),
      { numRuns: 300 },
    )
  })

  it('never crawls: few edges lie in a day', () => {
    fc.assert(
      fc.property(story, anyRules, (steps, rules) => {
        let state = play(steps, rules)
        const end = state.evaluatedAt + 24 * HOUR
        let edges = 0
        while (state.evaluatedAt < end) {
          state = advance(state, rules, nextEdge(state, rules, state.evaluatedAt))
          edges += 1
        }
        expect(edges).toBeLessThan(250)
      }),
      { numRuns: 60 },
    )
  })

  it('counts minutes down one by one', () => {
    fc.assert(
      fc.property(story, anyRules, (steps, rules) => {
        const state = play(steps, rules)
        const now = state.evaluatedAt
        const { minutesLeft } = houseCheap(state, rules, now)
        const next = nextMinute(state, rules, now)
        if (next === null) return
        expect(next).toBeGreaterThan(now)
        expect(houseCheap(state, rules, next - 1).minutesLeft).toBe(minutesLeft)
      }),
    )
  })
})

describe('a restart', () => {
  it('goes on where it was: the state is plain JSON', () => {
    fc.assert(
      fc.property(story, anyRules, fc.nat(25), (steps, rules, cut) => {
        const before = play(steps.slice(0, cut), rules)
        const restored = JSON.parse(JSON.stringify(before)) as AccountState
        const go = (state: AccountState) => steps.slice(cut).reduce((told, step) => happen(told, rules, step), state)
        expect(go(restored)).toEqual(go(before))
      }),
      { numRuns: 100 },
    )
  })
})

describe('a clock that is set back', () => {
  it('moves our own stamps with it, so that no age changes', () => {
    fc.assert(
      fc.property(story, anyRules, fc.integer({ min: 1, max: 5 * HOUR }), (steps, rules, back) => {
        const state = play(steps, rules)
        const shifted = shiftClock(state, -back)
        for (const [index, car] of state.cars.entries()) {
          const moved = shifted.cars[index]
          const age = (at: number | null | undefined, now: number) => (at == null ? null : now - at)
          expect(age(moved?.plan?.fetchedAt, shifted.evaluatedAt)).toBe(age(car.plan?.fetchedAt, state.evaluatedAt))
          expect(moved?.plan?.rows).toEqual(car.plan?.rows)
          // What had not begun by the right clock never did: it must not make its half hour cheap when that comes.
          const begun = (start: number) => start <= shifted.evaluatedAt
          expect(moved?.cheap).toEqual(car.cheap.filter(({ start }) => begun(start)))
          expect([moved?.started, moved?.smart]).toEqual([car.started.filter(begun), car.smart.filter(begun)])
        }
      }),
    )
  })
})

describe('house cheap', () => {
  it('outside the night is ON only in a half hour that was begun, or held after one', () => {
    fc.assert(
      fc.property(story, anyRules, (steps, rules) => {
        let state = empty()
        for (const step of steps) {
          state = happen(state, rules, step)
          const now = state.evaluatedAt
          const { value, reason, until } = houseCheap(state, rules, now)
          if (value !== true || isOffPeak(rules, now)) continue
          const begun = state.cars.some(car =>
            car.cheap.some(half => half.start <= now && now < half.start + HALF_HOUR),
          )
          expect(begun || (reason === 'held' && state.held !== null)).toBe(true)
          expect(until).toBeGreaterThan(now)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('never begins by a boost or a test, nor by a row that does not stand', () => {
    const noSmartRow = story.map(steps =>
      steps.map(step =>
        step.what.kind === 'answer'
          ? {
              ...step,
              what: {
                ...step.what,
                rows: step.what.rows?.filter(({ type }) => type === 'BOOST' || type === 'TEST') ?? null,
              },
            }
          : step,
      ),
    )
    fc.assert(
      fc.property(noSmartRow, anyRules, (steps, rules) => {
        const state = advance(play(steps, rules), rules, BEGIN + SPAN)
        for (const car of state.cars) {
          expect(car.cheap).toEqual([])
          expect(car.smart).toEqual([])
          expect(car.started).toEqual([])
        }
      }),
      { numRuns: 150 },
    )
  })

  it('is ON all night, whatever Octopus says or does not say', () => {
    fc.assert(
      fc.property(story, anyRules, (steps, rules) => {
        let state = empty()
        for (const step of steps) {
          state = happen(state, rules, step)
          if (isNight(state.evaluatedAt, SETTINGS.night))
            expect(houseCheap(state, rules, state.evaluatedAt).value).toBe(true)
        }
      }),
    )
  })

  it('under the allowance begins at most twelve half hours of a car from noon to noon', () => {
    const busy = fc.array(fc.nat(600), { minLength: 30, maxLength: 60 })
    fc.assert(
      fc.property(busy, minutes => {
        const rules = rulesOf('charge_cap', 'plan')
        const noon = Date.parse('2026-11-23T12:00:00Z')
        const rows = [{ start: noon, end: noon + 11 * HOUR, type: 'SMART', energyKwh: -70 }]
        const said = {
          deviceId: 'device-0',
          facts: null,
          currentState: 'SMART_CONTROL_IN_PROGRESS',
          isSuspended: false,
          planned: rows,
          stateOfCharge: null,
          chargeTarget: null,
          readyBy: null,
        }
        let state: AccountState = { ...empty(), evaluatedAt: noon - 1 }
        for (const minute of [...minutes].sort((a, b) => a - b)) {
          const at = noon + minute * MINUTE
          state = onAnswer(state, rules, { askedAt: at, fetchedAt: at, cars: [said], completed: null, errorCodes: [] })
        }
        expect(state.cars[0]?.cheap.length).toBeLessThanOrEqual(12)
      }),
      { numRuns: 30 },
    )
  })
})

describe('windows', () => {
  it('are disjoint, in order, and cover just what the rows cover', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), fc.nat(SPAN), (rows, offset) => {
        const windows = windowsOf(rows)
        for (const [index, window] of windows.entries()) {
          const next = windows[index + 1]
          if (next) expect(window.end).toBeLessThan(next.start)
        }
        const at = BEGIN + offset
        const inRows = rows.some(({ start, end }) => start <= at && at < end)
        expect(windows.some(({ start, end }) => start <= at && at < end)).toBe(inRows)
        const outside = outsideOffPeak(windows, { kind: 'clock', night: SETTINGS.night }).some(
          ({ start, end }) => start <= at && at < end,
        )
        expect(outside).toBe(inRows && !isNight(at, SETTINGS.night))
      }),
      { numRuns: 300 },
    )
  })
})
