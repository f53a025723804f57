import { describe, expect, it } from '@jest/globals'
import { measure, realityOf, spread, worstHourOf } from '../../bench/measure.ts'
import { everyThreeMinutes, shownBy } from '../../bench/others.ts'
import { configFor, TOPICS } from '../../bench/ours.ts'
import { recordings, runPolicies } from '../../bench/policy.ts'
import { REFERENCE_AUTOMATIC, REFERENCE_MANUAL } from '../../bench/requests.ts'
import { addStep, complement, intersection, type Step, stretches } from '../../bench/steps.ts'
import { World } from '../../bench/world.ts'
import { MINUTE } from '../../src/clock.ts'

const TWO_DAYS = { seed: 1, days: 2 }

describe('the policy bench', () => {
  const report = runPolicies(TWO_DAYS)

  it('gives every figure of every policy', () => {
    expect(Object.keys(report.policies)).toEqual([
      'ours',
      'oursWithoutSchedule',
      'oursPlugAndCharging',
      'oursPlugAlone',
      'oursNoPlugTopic',
      'everyThreeMinutes',
      'blueprint',
      'seedAuthor',
    ])
    for (const figures of Object.values(report.policies)) {
      expect(figures).toMatchObject({
        dispatchRequestsPerDay: expect.any(Number),
        requestsPerDay: expect.any(Number),
        wrongMinutesPerDay: expect.any(Number),
        knownEdgeLagP95Seconds: expect.any(Number),
        lateEdgeLagP95Seconds: expect.any(Number),
        plugToPlanP95Seconds: expect.any(Number),
        worstHour: expect.any(Number),
      })
      expect(figures.dispatchRequestsPerDay).toBeGreaterThan(20)
      expect(figures.requestsPerDay).toBeGreaterThan(figures.dispatchRequestsPerDay)
      expect(figures.knownEdges.count + figures.lateEdges.count).toBeGreaterThan(5)
      expect(figures.plugToPlan.count).toBeGreaterThan(0)
    }
    expect(report.goals.ours.lateEdgeLagP95BelowHalfOfEveryThreeMinutes.reached).toEqual(expect.any(Boolean))
  })

  it('comes out the same for the same seed, and otherwise for another', () => {
    const again = runPolicies(TWO_DAYS)
    expect(JSON.stringify(again)).toBe(JSON.stringify(report))
    expect(recordings({ seed: 2, days: 2 })).not.toEqual(recordings(TWO_DAYS))
  })

  it('counts as the reference counts, and keeps our promise', () => {
    expect([REFERENCE_AUTOMATIC, REFERENCE_MANUAL]).toEqual([1222, 984])
    expect(report.policies.everyThreeMinutes.dispatchRequestsPerDay).toBe(480)
    expect(report.policies.everyThreeMinutes.requestsPerDay).toBe(REFERENCE_AUTOMATIC)
    for (const name of ['ours', 'oursWithoutSchedule', 'oursPlugAlone', 'oursNoPlugTopic'] as const) {
      expect(report.policies[name].worstHour).toBeLessThanOrEqual(20)
    }
  })

  it('takes the defaults of the configuration, and other intervals where they are given', () => {
    expect(configFor(TOPICS.none).intelligent.refresh.steady).toBe(4 * MINUTE)
    expect(configFor(TOPICS.charger, '{steady: 10m}').intelligent.refresh.steady).toBe(10 * MINUTE)
    expect(() => runPolicies({ ...TWO_DAYS, refresh: '{steadi: 10m}' })).toThrow(/steadi/)
  })

  it('finds nothing wrong with a reader that shows the truth, and everything with its opposite', () => {
    const [recording] = recordings(TWO_DAYS)
    if (recording === undefined) throw new Error('no recording')
    const reality = realityOf(recording)
    const world = new World(recording)
    everyThreeMinutes(world)
    world.run()
    const exact = measure(reality, world, { active: [...reality.truth], cheap: [] }, 0)
    expect(exact).toMatchObject({ wrong: 0, unknown: 0, missedEdges: 0, falselyCheap: 0 })
    expect(spread([...exact.knownLags, ...exact.lateLags]).maxSeconds).toBe(0)
    const opposite = reality.truth.map(({ at, value }) => ({ at, value: !value }))
    expect(measure(reality, world, { active: opposite, cheap: [] }, 0).wrong).toBe(recording.end - recording.begin)
    const polled = measure(reality, world, shownBy(world), 0)
    expect(polled.wrong).toBeGreaterThan(0)
    expect(polled.wrong).toBeLessThan(60 * MINUTE)
  })
})

describe('its arithmetic', () => {
  it('of steps and stretches', () => {
    const steps: Step<boolean>[] = []
    for (const [at, value] of [
      [0, false],
      [5, true],
      [5, false],
      [7, true],
      [9, true],
      [12, false],
    ] as const) {
      addStep(steps, at, value)
    }
    expect(steps).toEqual([
      { at: 0, value: false },
      { at: 7, value: true },
      { at: 12, value: false },
    ])
    const on = stretches(steps, 20, is => is)
    expect(on).toEqual([{ start: 7, end: 12 }])
    expect(complement(on, { start: 0, end: 20 })).toEqual([
      { start: 0, end: 7 },
      { start: 12, end: 20 },
    ])
    expect(
      intersection(on, [
        { start: 0, end: 8 },
        { start: 11, end: 30 },
      ]),
    ).toEqual([
      { start: 7, end: 8 },
      { start: 11, end: 12 },
    ])
  })

  it('of percentiles and hours', () => {
    expect(spread(Array.from({ length: 100 }, (_, n) => (n + 1) * 1000))).toEqual({
      count: 100,
      meanSeconds: 50.5,
      p95Seconds: 95,
      maxSeconds: 100,
    })
    expect(spread([])).toEqual({ count: 0, meanSeconds: 0, p95Seconds: 0, maxSeconds: 0 })
    expect(worstHourOf([0, 59 * MINUTE, 60 * MINUTE, 61 * MINUTE, 200 * MINUTE])).toBe(3)
  })
})
