import { describe, expect, it } from '@jest/globals'
import { bridgePage, type PageParts } from '../../src/bridge-page.ts'
import { type Instant, MINUTE } from '../../src/clock.ts'
import type { LoggedCall } from '../../src/store/calls.ts'
import { ManualClock } from '../mqtt/manual-clock.ts'
import { well } from './page-input.ts'

/** A clock that shows an instant and stands still. */
class StandingClock extends ManualClock {
  readonly #at: Instant

  constructor(at: Instant) {
    super()
    this.#at = at
  }

  override now(): Instant {
    return this.#at
  }
}

function pageAt(at: Instant, calls: readonly LoggedCall[]) {
  const nothing = { range: () => [], newest: () => [] }
  const parts = {
    clock: new StandingClock(at),
    version: '1.2.3',
    docsUrl: 'https://docs.example',
    base: 'base',
    requestsPerHour: 60,
    limiter: { limits: () => ({ perHour: 10 }) },
    publisher: { online: true, wanted: new Map() },
    store: {
      believed: nothing,
      journal: nothing,
      ledger: { since: (from: Instant) => calls.filter(({ start }) => start >= from) },
    },
    health: () => well,
    account: () => null,
    snapshot: () => null,
  }
  return bridgePage(parts as unknown as PageParts).model()
}

describe('what is gathered for the page', () => {
  it('has the whole last hour of calls, also just after midnight, and of today alone on the timeline', () => {
    // Midnight of a summer's night in London.
    const midnight = Date.parse('2026-07-01T23:00:00Z')
    const call = (start: Instant): LoggedCall => ({ start, kind: 'dispatch', operation: 'x', outcome: 'ok' })
    const calls = [call(midnight - 40 * MINUTE), call(midnight - 5 * MINUTE), call(midnight + MINUTE)]
    const { budget, timeline } = pageAt(midnight + 10 * MINUTE, calls)
    expect(budget).toEqual({
      dispatch: { used: 3, limit: 10 },
      all: { used: 3, limit: 60 },
      freesAt: midnight + 20 * MINUTE,
    })
    expect(timeline.calls.map(({ at }) => at)).toEqual([midnight + MINUTE])
  })
})
