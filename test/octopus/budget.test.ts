import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import { backgroundPerHour, dispatchLimits, firstAllowed, TOKENS_PER_HOUR } from '../../src/octopus/budget.ts'
import type { CallKind, PastCall } from '../../src/store/calls.ts'

const NOW = Date.parse('2026-11-23T12:00:00Z')
const SETTINGS = { dispatchPerHour: 20, dispatchMinGap: MINUTE, reserveForEvents: 4, requestsPerHour: 60 }

const call = (kind: CallKind, start: number, changes: Partial<PastCall> = {}): PastCall => ({
  kind,
  start,
  outcome: 'ok',
  blockedFor: null,
  ...changes,
})

const calls = (kind: CallKind, count: number, every = 2 * MINUTE): PastCall[] =>
  Array.from({ length: count }, (_, index) => call(kind, NOW - (index + 1) * every))

describe('the budget of an hour', () => {
  it('lets ordinary calls use 16 and events 20', () => {
    const first = (count: number, callClass: 'ordinary' | 'event') =>
      firstAllowed(SETTINGS, 'dispatch', callClass, calls('dispatch', count), NOW)
    expect(first(15, 'ordinary')).toBe(NOW)
    expect(first(16, 'ordinary')).toBe(NOW - 16 * 2 * MINUTE + HOUR + 1_000)
    expect(first(19, 'event')).toBe(NOW)
    expect(first(20, 'event')).toBe(NOW - 20 * 2 * MINUTE + HOUR + 1_000)
  })

  it('lets nothing else touch what dispatch requests may need', () => {
    const busy = [...calls('background', 36, MINUTE), ...calls('token', 4)]
    expect(firstAllowed(SETTINGS, 'dispatch', 'event', busy, NOW)).toBe(NOW)
    expect(firstAllowed(SETTINGS, 'background', 'ordinary', busy, NOW)).toBeGreaterThan(NOW)
    expect(firstAllowed(SETTINGS, 'token', 'event', busy, NOW)).toBe(NOW - 8 * MINUTE + HOUR + 1_000)
    expect(firstAllowed(SETTINGS, 'background', 'ordinary', calls('background', 35, SECOND), NOW)).toBe(NOW)
  })

  it('is smaller for an hour after Octopus asked for fewer, by whatever call it said so', () => {
    const history = [call('token', NOW - 30 * MINUTE, { outcome: 'OCTOPUS_THROTTLED' })]
    expect(dispatchLimits(SETTINGS, history, NOW)).toEqual({ perHour: 10, reserveForEvents: 2, minGap: 2 * MINUTE })
    expect(dispatchLimits(SETTINGS, history, NOW + 30 * MINUTE)).toEqual({
      perHour: 20,
      reserveForEvents: 4,
      minGap: MINUTE,
    })
    const modest = { ...SETTINGS, dispatchPerHour: 6, reserveForEvents: 1, dispatchMinGap: 5 * MINUTE }
    expect(dispatchLimits(modest, history, NOW)).toEqual({ perHour: 6, reserveForEvents: 1, minGap: 5 * MINUTE })
  })

  it('waits as long as Octopus asked, whatever the kind of call', () => {
    const history = [call('background', NOW - MINUTE, { outcome: 'OCTOPUS_THROTTLED', blockedFor: 10 * MINUTE })]
    for (const kind of ['dispatch', 'token', 'background'] as const)
      expect(firstAllowed(SETTINGS, kind, 'event', history, NOW)).toBe(NOW + 9 * MINUTE)
  })

  it('asks no more often for a token that Octopus cannot make than for what the token is for', () => {
    const failed = (count: number) =>
      Array.from({ length: count }, (_, nth) =>
        call('token', NOW - (nth + 1) * 2 * MINUTE, { outcome: 'OCTOPUS_SERVER_ERROR' }),
      )
    expect(firstAllowed(SETTINGS, 'token', 'event', failed(19), NOW)).toBe(NOW)
    expect(firstAllowed(SETTINGS, 'token', 'event', failed(20), NOW)).toBe(NOW - 40 * MINUTE + HOUR + 1_000)
  })

  it('keeps the overall number whatever is configured, and always leaves something to each kind', () => {
    const settings = fc.record({
      dispatchPerHour: fc.integer({ min: 1, max: 60 }),
      reserveForEvents: fc.integer({ min: 0, max: 20 }),
      requestsPerHour: fc.integer({ min: 12, max: 120 }),
      dispatchMinGap: fc.constant(MINUTE),
    })
    fc.assert(
      fc.property(settings, each => {
        const { perHour, reserveForEvents } = dispatchLimits(each, [], NOW)
        expect(perHour + backgroundPerHour(each) + TOKENS_PER_HOUR).toBeLessThanOrEqual(each.requestsPerHour)
        expect(perHour).toBeGreaterThanOrEqual(1)
        expect(perHour).toBeLessThanOrEqual(each.dispatchPerHour)
        expect(reserveForEvents).toBeLessThanOrEqual(perHour / 2)
        // With nothing asked in the last hour somebody who only looks now and then may ask.
        expect(firstAllowed(each, 'dispatch', 'ordinary', [], NOW)).toBe(NOW)
        expect(backgroundPerHour(each)).toBeGreaterThanOrEqual(6)
      }),
    )
  })
})
