import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { carSpec } from '../../src/vehicle/mapping.ts'
import {
  advance,
  initialState,
  nextEdge,
  onMessage,
  type SignalsState,
  toStore,
  view,
} from '../../src/vehicle/signals.ts'
import { topicsOf } from '../../src/vehicle/spec.ts'

const T0 = Date.parse('2026-03-28T23:00:00Z')

const SPEC = carSpec({
  plugged: {
    sources: [{ topic: 'a', availability: 'sa' }, { topic: 'b' }],
    debounceOn: 5_000,
    debounceOff: 60_000,
    staleAfter: 90_000,
  },
  atHome: { sources: [{ topic: 'h' }] },
  charging: { sources: [{ topic: 'c' }, { topic: 'a' }], debounce: 20_000, explicit: false },
  power: { sources: [{ topic: 'w' }], debounce: 20_000, explicit: true },
  scheduleChanged: { sources: [{ topic: 'x' }] },
})

interface Step {
  readonly wait: number
  readonly topic: string
  readonly payload: string
  readonly retained: boolean
}

const aStep: fc.Arbitrary<Step> = fc.record({
  wait: fc.oneof(fc.constantFrom(0, 4_999, 5_000, 20_000, 59_999, 60_000, 90_000), fc.nat(120_000)),
  topic: fc.constantFrom(...topicsOf(SPEC), 'elsewhere'),
  payload: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom('on', 'off', 'online', 'offline', 'home', 'away', '3000', '500', '0') },
    { weight: 2, arbitrary: fc.constantFrom('', 'unknown', 'banana') },
    fc.string({ unit: 'binary' }),
  ),
  retained: fc.boolean(),
})
const story = fc.array(aStep, { maxLength: 40 })

/** Plays a story; `between` may let time pass as often as it likes. */
function play(steps: readonly Step[], between: (state: SignalsState, from: number, to: number) => SignalsState) {
  let state = initialState(SPEC, undefined, T0)
  let now = T0
  for (const { wait, topic, payload, retained } of steps) {
    state = between(state, now, now + wait)
    now += wait
    state = onMessage(SPEC, state, topic, payload, retained, now)
  }
  return { state, now }
}
const straight = (steps: readonly Step[]) => play(steps, state => state)

describe('any story', () => {
  it('ends the same however often time is looked at', () => {
    fc.assert(
      fc.property(story, fc.array(fc.nat(130_000), { maxLength: 5 }), (steps, stops) => {
        const often = play(steps, (state, from, to) =>
          stops
            .map(stop => Math.min(from + stop, to))
            .sort((a, b) => a - b)
            .reduce((next, at) => advance(SPEC, next, at), state),
        )
        const once = straight(steps)
        expect(often.state).toEqual(once.state)
        const [a, b] = [once.now + (stops[0] ?? 0), once.now + 300_000]
        expect(advance(SPEC, advance(SPEC, once.state, a), b)).toEqual(advance(SPEC, once.state, b))
      }),
    )
  })

  it('has an exact next edge: nothing before it, something at it', () => {
    fc.assert(
      fc.property(story, steps => {
        const { state, now } = straight(steps)
        let at = now
        for (let edges = 0; edges < 20; edges += 1) {
          const edge = nextEdge(SPEC, state, at)
          const here = advance(SPEC, state, at)
          if (edge === null) {
            expect(advance(SPEC, state, at + 1e9)).toEqual(here)
            return
          }
          expect(edge).toBeGreaterThan(at)
          expect(advance(SPEC, state, edge - 1)).toEqual(here)
          expect(advance(SPEC, state, edge)).not.toEqual(here)
          at = edge
        }
        throw new Error('edges without end')
      }),
    )
  })

  it('survives the store, and says the same again', () => {
    fc.assert(
      fc.property(story, steps => {
        const { state, now } = straight(steps)
        const stored = JSON.parse(JSON.stringify(toStore(SPEC, state)))
        const again = initialState(SPEC, stored, now)
        const [before, after] = [view(SPEC, state, now).plugged, view(SPEC, again, now).plugged]
        expect([after.value, after.since]).toEqual([before.value, before.since])
        expect(after.source).toBe(before.source === 'none' ? 'none' : 'stale')
        expect(after.repeated).toBe(before.value !== null)
        expect(toStore(SPEC, again)).toEqual({ ...stored, pluggedStaleSince: after.staleSince })
      }),
    )
  })

  it('is plain JSON, agrees with itself and never grows beyond its topics', () => {
    fc.assert(
      fc.property(story, steps => {
        const { state, now } = straight(steps)
        expect(JSON.parse(JSON.stringify(state))).toEqual(state)
        expect(state.remarks.length).toBeLessThanOrEqual(2 * (topicsOf(SPEC).length + 1))
        const { plugged, charging, power } = view(SPEC, state, now)
        expect(plugged.source === 'stale').toBe(plugged.staleSince !== null)
        for (const signal of [plugged, charging, power]) expect(signal.since === null).toBe(signal.value === null)
      }),
    )
  })
})

describe('debounce', () => {
  const ONE = carSpec({
    plugged: { sources: [{ topic: 'p' }], debounceOn: 5_000, debounceOff: 60_000, staleAfter: null },
  })

  it('asks of a first yes, said just now, that it lasts; a first no counts at once', () => {
    const hear = (payload: string) => onMessage(ONE, initialState(ONE, undefined, T0), 'p', payload, false, T0)
    expect(view(ONE, hear('on'), T0 + 4_999).plugged.value).toBeNull()
    expect(view(ONE, hear('on'), T0 + 5_000).plugged).toMatchObject({ value: true, since: T0 })
    expect(view(ONE, hear('off'), T0).plugged).toMatchObject({ value: false, since: T0 })
    const bounced = onMessage(ONE, hear('on'), 'p', 'off', false, T0 + 1_000)
    expect(view(ONE, bounced, T0 + 10_000).plugged.value).toBe(false)
  })

  it('reports exactly the runs that last long enough, from their first message', () => {
    const runs = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 120_000 })), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(runs, list => {
        const first = { value: list[0]?.[0] ?? false, since: T0 }
        let state = initialState(ONE, undefined, T0)
        let now = T0
        let run = first
        let expected = first
        for (const [index, [value, lasts]] of list.entries()) {
          // The first one was kept by the broker, and is adopted at once.
          state = onMessage(ONE, state, 'p', value ? 'on' : 'off', index === 0, now)
          if (run.value !== value) run = { value, since: now }
          now += lasts
          if (value !== expected.value && now - run.since >= (value ? 5_000 : 60_000)) expected = run
          const seen = view(ONE, state, now).plugged
          expect([seen.value, seen.since]).toEqual([expected.value, expected.since])
        }
      }),
    )
  })
})
