/** What a page model is made of, for tests. */
import { MINUTE } from '../../src/clock.ts'
import type { Health } from '../../src/status/health.ts'
import type { PageInput } from '../../src/status/page/input.ts'
import { everythingKnown, NOW } from '../entities/snapshots.ts'

export const well: Health = {
  status: 'ok',
  reasons: [],
  version: '1.2.3',
  uptime_seconds: 60,
  broker_connected: true,
  data_age_seconds: 60,
  data_last_retrieved: null,
  next_refresh: null,
  api_status: 'ok',
  store: 'ok',
}

export const inputOf = (more: Partial<PageInput> = {}): PageInput => ({
  at: NOW,
  speed: 1,
  version: '1.2.3',
  docsUrl: 'https://docs.example',
  base: 'base',
  health: well,
  snapshot: everythingKnown,
  offPeak: [],
  believed: [],
  calls: [],
  reasons: [],
  changes: [],
  dispatchLimit: 20,
  requestsPerHour: 60,
  topics: [],
  ...more,
})

export const dispatchCall = (minutesAgo: number, outcome: string | null = 'ok') => ({
  start: NOW - minutesAgo * MINUTE,
  kind: 'dispatch',
  outcome,
})
