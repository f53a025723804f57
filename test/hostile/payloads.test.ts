import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { MINUTE } from '../../src/clock.ts'
import { carSpec } from '../../src/vehicle/mapping.ts'
import { PRESETS } from '../../src/vehicle/presets.ts'
import { advance, initialState, onMessage, type SignalsState, toStore, view } from '../../src/vehicle/signals.ts'
import { type CarSpec, plugSources, type SourceSpec, topicsOf } from '../../src/vehicle/spec.ts'
import { NOON } from './answers.ts'
import { hostileBytes } from './hostile-values.ts'
import { holds, PATIENCE, quickly } from './runs.ts'

const fromPreset = (name: string): CarSpec => {
  const params = PRESETS.get(name)?.params ?? []
  return carSpec({ preset: name, params: Object.fromEntries(params.map(param => [param, 'x.y'])) })
}

const jsonSource = (topic: string) => ({ topic, json: 'a.b', availability: `${topic}/online` })

/** Every kind of source, with paths, thresholds and words of its own. */
const everything: CarSpec = carSpec({
  plugged: {
    sources: [jsonSource('plug'), { topic: 'plug2', trueValues: ['on', null], falseValues: [0, ''] }],
    explicit: true,
    debounceOn: 5_000,
    debounceOff: MINUTE,
    staleAfter: 10 * MINUTE,
  },
  charging: {
    sources: [jsonSource('charging'), { topic: 'amps', above: 1, below: 0.5 }],
    debounce: 20_000,
    explicit: true,
  },
  power: {
    sources: [
      { topic: 'power', unit: 'kW' },
      { topic: 'watts', json: 'a' },
    ],
    debounce: 20_000,
    explicit: true,
  },
  atHome: { sources: [jsonSource('home')] },
  scheduleChanged: { sources: [{ topic: 'schedule' }, { topic: 'schedule2', json: 'a' }] },
})

const SPECS = new Map<string, CarSpec>([
  ['everything', everything],
  ...[...PRESETS.keys()].map(name => [name, fromPreset(name)] as const),
])

/** Each number in it, however deep, is one that JSON and a person can say. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : []
}

/** Milliseconds of real time on a busy machine; what is quadratic takes many times as long. */
const QUICK = 1_000

/** How many sources read this topic. */
const listeners = (sources: readonly SourceSpec[], topic: string): number =>
  sources.filter(source => source.topic === topic).length

const message = fc.record({ topic: fc.nat(), payload: hostileBytes, retained: fc.boolean(), wait: fc.nat(3 * MINUTE) })

describe('what anybody may publish on a topic of the house', () => {
  it(
    'is understood or not, at once, for every preset, and a payload that is not understood changes no value',
    async () => {
      await holds(
        fc.property(fc.constantFrom(...SPECS.keys()), fc.array(message, { maxLength: 6 }), (name, messages) => {
          const spec = SPECS.get(name) ?? everything
          const topics = topicsOf(spec)
          let now = NOON
          let state: SignalsState = initialState(spec, undefined, now)
          for (const { topic, payload, retained, wait } of messages) {
            now += wait
            state = advance(spec, state, now)
            const before = view(spec, state, now)
            const remarks = state.remarks.length
            const heard = topics[topic % topics.length] ?? ''
            state = quickly(() => onMessage(spec, state, heard, payload, retained, now), QUICK)
            const after = view(spec, state, now)
            for (const { signal } of state.remarks.slice(remarks)) {
              if (signal === 'plugged' && listeners(plugSources(spec), heard) === 1)
                expect(after.plugged.value).toBe(before.plugged.value)
              if (signal === 'charging' && listeners(spec.charging?.sources ?? [], heard) === 1)
                expect(after.charging.value).toBe(before.charging.value ?? null)
            }
            for (const number of numbersIn({ state, after })) expect(Math.abs(number)).toBeLessThan(1e14)
            const kept = JSON.stringify(state)
            expect(JSON.stringify(JSON.parse(kept))).toBe(kept)
            expect(JSON.stringify(toStore(spec, state)).length).toBeLessThan(20_000)
          }
          expect(state.remarks.length).toBeLessThanOrEqual(4 * topics.length)
          for (const { sample } of state.remarks) expect(sample).toMatch(/^[\x20-\x7e]{0,120}$/)
        }),
        200,
      )
    },
    PATIENCE,
  )

  it('is not read in quadratic time, however long its digits or blanks', () => {
    for (const text of [
      '1'.repeat(65_000),
      `${'1'.repeat(65_000)}x`,
      `${'1.'.repeat(32_000)}`,
      `${' '.repeat(65_000)}x`,
    ]) {
      for (const topic of topicsOf(everything)) {
        quickly(
          () => onMessage(everything, initialState(everything, undefined, NOON), topic, Buffer.from(text), false, NOON),
          QUICK,
        )
      }
    }
  })
})
