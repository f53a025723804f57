import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parse, validate } from 'graphql'
import { HOUR, MINUTE } from '../../../src/clock.ts'
import { minimalPollDocument, pollDocument } from '../../../src/octopus/documents.ts'
import { FAULT_KINDS, isFaultKind } from '../../../src/simulator/faults.ts'
import { seededRandom } from '../../../src/simulator/random.ts'
import { schemaWithout } from '../../../src/simulator/schema.ts'
import { nightAtOrAfter } from '../../../src/time/london.ts'
import { CALM, CAUSES, calmAround, type FaultEvent, faultDays, faultsFrom, LEVELS, RATES } from './index.ts'
import { REMOVABLE_FIELDS } from './octopus.ts'

const FROM = Date.parse('2026-10-20T06:00:00Z')
const DAY = 24 * HOUR

const daysFrom = (days: number) => ({ from: FROM, until: FROM + days * DAY })

const anySchedule = fc
  .record({
    seed: fc.integer(),
    level: fc.constantFrom(...LEVELS),
    days: fc.integer({ min: 1, max: 40 }),
    cars: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ seed, days, ...options }) => ({
    options,
    span: daysFrom(days),
    random: () => seededRandom(seed),
    events: faultsFrom(seededRandom(seed), daysFrom(days), options),
  }))

const kindsOf = (events: readonly FaultEvent[]) => new Set(events.map(event => event.kind))

const octopusKinds = (events: readonly FaultEvent[]) =>
  new Set(events.flatMap(event => (event.kind === 'octopus' ? event.faults.map(fault => fault.kind) : [])))

describe('a schedule of faults', () => {
  it('is in order, within its range, in whole milliseconds, and each event ends', () => {
    fc.assert(
      fc.property(anySchedule, ({ events, span, options }) => {
        const isSound = (event: FaultEvent, before: number) =>
          event.at >= before &&
          event.until >= event.at &&
          event.until <= span.until &&
          Number.isInteger(event.at) &&
          Number.isInteger(event.until) &&
          (!('car' in event) || event.car < options.cars)
        const unsound = events.filter((event, index) => !isSound(event, events[index - 1]?.at ?? span.from))
        expect(unsound).toEqual([])
      }),
      { numRuns: 40 },
    )
  })

  it('is the same for the same seed, however much of it is asked for and how', () => {
    fc.assert(
      fc.property(anySchedule, ({ events, span, options, random }) => {
        expect(faultsFrom(random(), span, options)).toEqual(events)
        const longer = faultsFrom(random(), { ...span, until: span.until + 9 * DAY }, options)
        expect(longer.filter(event => event.until <= span.until)).toEqual(events)
        const byDay: FaultEvent[] = []
        for (const day of faultDays(random(), span.from, options)) {
          byDay.push(...day)
          if (byDay.some(event => event.at >= span.until - DAY) || byDay.length > 5000) break
        }
        expect(byDay.filter(event => event.at < span.until - DAY && event.until <= span.until)).toEqual(
          events.filter(event => event.at < span.until - DAY),
        )
      }),
      { numRuns: 20 },
    )
    const [one, two] = [1, 2].map(seed => faultsFrom(seededRandom(seed), daysFrom(20), { level: 'normal' }))
    expect(one).not.toEqual(two)
  })

  it('has a calm stretch every few days, in which nothing is left of any fault', () => {
    fc.assert(
      fc.property(anySchedule, ({ events, span, random }) => {
        for (let day = 0; span.from + (day + CALM.everyDays) * DAY <= span.until; day += CALM.everyDays) {
          const calm = calmAround(random(), span.from, day)
          expect(calm.end - calm.start).toBeGreaterThanOrEqual(CALM.leastHours * HOUR)
          expect(calm.start).toBeGreaterThanOrEqual(span.from + day * DAY)
          expect(calm.end).toBeLessThanOrEqual(span.from + (day + CALM.everyDays) * DAY)
          expect(events.filter(event => event.at < calm.end && event.until > calm.start)).toEqual([])
        }
      }),
      { numRuns: 40 },
    )
  })

  it.each([
    ['calm', 600],
    ['normal', 200],
    ['storm', 60],
  ] as const)('of level %s has every kind within %i days, and every fault of the simulator', (level, days) => {
    for (const seed of [1, 2, 3]) {
      const events = faultsFrom(seededRandom(seed), daysFrom(days), { level })
      expect([...kindsOf(events)].sort()).toEqual(
        [
          ...[
            'broker_away',
            'broker_drops',
            'clean_restart',
            'clock_jump',
            'home_assistant_restart',
            'kill',
            'octopus',
          ],
          ...['second_daemon', 'sleep', 'source_flaps', 'source_garbage', 'source_lies', 'source_offline'],
          ...['source_silent', 'store_corrupt', 'store_full', 'store_locked', 'unreachable'],
        ].sort(),
      )
      if (level !== 'calm') expect([...octopusKinds(events)].sort()).toEqual([...FAULT_KINDS].sort())
    }
  })

  it('overlaps in a storm, and leaves out the causes that it is told to', () => {
    const events = faultsFrom(seededRandom(3), daysFrom(30), {
      level: 'storm',
      without: ['kill', 'power_cut', 'sleep'],
    })
    const overlapping = events.filter((event, index) => events.slice(0, index).some(other => other.until > event.at))
    expect(overlapping.length).toBeGreaterThan(events.length / 3)
    expect(kindsOf(events)).not.toContain('kill')
    expect(kindsOf(events)).not.toContain('sleep')
  })

  it('rages the more the higher the level, by the table', () => {
    for (const cause of CAUSES) {
      const { calm, normal, storm } = RATES[cause]
      expect(calm).toBeGreaterThan(0)
      expect(normal).toBeGreaterThan(calm)
      expect(storm).toBeGreaterThan(normal)
    }
    const counts = LEVELS.map(level => faultsFrom(seededRandom(4), daysFrom(100), { level }).length / 100)
    expect(counts[0]).toBeGreaterThan(1)
    expect(counts[1]).toBeGreaterThan(4)
    expect(counts[2]).toBeGreaterThan(20)
  })
})

describe('its events', () => {
  const events = faultsFrom(seededRandom(11), daysFrom(400), { level: 'normal', cars: 2 })

  it('bound every fault of Octopus by their own span', () => {
    for (const event of events) {
      if (event.kind !== 'octopus') continue
      for (const fault of event.faults) {
        expect(isFaultKind(fault.kind)).toBe(true)
        expect([fault.from, fault.until]).toEqual([event.at, event.until])
      }
    }
  })

  it('block Octopus for 70 minutes over the beginning of the night, now and then', () => {
    const night = { start: '23:30', end: '05:30' }
    const blocks = events.filter(event => event.kind === 'octopus' && event.trouble === 'blocked')
    const over = blocks.filter(({ at, until }) => {
      const { start } = nightAtOrAfter(at, night)
      return until - at === 70 * MINUTE && start > at && start < until
    })
    expect(over.length).toBeGreaterThan(3)
    for (const { at, until } of blocks) {
      expect(until - at).toBeGreaterThanOrEqual(5 * MINUTE)
      expect(until - at).toBeLessThanOrEqual(70 * MINUTE)
    }
  })

  it('let sources speak in order, within the span, and never the truth alone', () => {
    for (const event of events) {
      if (!('messages' in event)) continue
      const times = event.messages.map(message => message.at)
      expect(times).toEqual([...times].sort((a, b) => a - b))
      expect(times[0]).toBe(event.at)
      expect(times.at(-1)).toBeLessThanOrEqual(event.until)
      expect(event.messages.some(message => message.says !== 'truth')).toBe(true)
    }
  })

  it('start the daemon again between a tenth of a second and half an hour after it ended', () => {
    const restarts = events.flatMap(event => ('downFor' in event ? [event] : []))
    for (const { downFor, at, until } of restarts) {
      expect(downFor).toBeGreaterThanOrEqual(100)
      expect(downFor).toBeLessThanOrEqual(30 * MINUTE)
      expect(until - at).toBeGreaterThanOrEqual(downFor)
    }
    const starts = new Set(events.flatMap(event => (event.kind === 'broker_away' ? [event.at] : [])))
    expect(restarts.some(({ at }) => starts.has(at))).toBe(true)
  })

  it('turn the clock both ways, from seconds to hours', () => {
    const jumps = events.flatMap(event => (event.kind === 'clock_jump' ? [event.by] : []))
    expect(Math.max(...jumps)).toBeGreaterThan(HOUR)
    expect(Math.min(...jumps)).toBeLessThan(-HOUR)
    expect(jumps.some(by => Math.abs(by) < MINUTE)).toBe(true)
  })

  it('remove fields that the poll asks for and the minimal document does not', () => {
    for (const field of REMOVABLE_FIELDS) {
      const schema = schemaWithout(new Set([field]))
      expect([field, validate(schema, parse(pollDocument(2))).length]).not.toEqual([field, 0])
      expect([field, validate(schema, parse(minimalPollDocument(2)))]).toEqual([field, []])
    }
  })
})
