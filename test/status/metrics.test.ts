import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { API_STATUSES, NOTICE_CODES, type Snapshot } from '../../src/snapshot.ts'
import type { Health } from '../../src/status/health.ts'
import { createMetrics } from '../../src/status/metrics.ts'
import { type MetricsInput, meterLabels, READ_METRICS, TOLD_METRICS } from '../../src/status/metrics-catalogue.ts'
import { metricsPage } from '../../src/status/metrics-page.ts'
import { families } from './exposition.ts'

const NOW = Date.parse('2026-11-23T12:00:00Z')
const health = { status: 'ok', data_age_seconds: 42, api_status: 'slow', broker_connected: true } as unknown as Health
const snapshot = {
  account: { notices: [{ code: 'plug_silent' }, { code: 'plug_silent' }, { code: 'clock_jumped' }] },
  meters: [
    { kind: 'electricity_import', latestReading: NOW - 3_600_000 },
    { kind: 'gas', latestReading: null },
    { kind: 'electricity_import', latestReading: NOW - 7_200_000, slug: 'electricity_import_4321' },
  ],
} as unknown as Snapshot

const input: MetricsInput = {
  now: NOW,
  startedAt: NOW - 60_000,
  version: '1.2.3',
  health,
  snapshot,
  requestsLastHour: { dispatch: 12, token: 1, background: 7 },
  dispatchLimit: 20,
  mqtt: { connections: 2, published: 300, bytes: 12_345, dropped: 1, waiting: 0 },
  storeDegraded: false,
  process: { node: '20.19.0', residentBytes: 1e8, cpuSeconds: 1.5 },
}

const nothing: MetricsInput = {
  ...input,
  health: { ...health, status: 'unwell', data_age_seconds: null, api_status: null, broker_connected: false },
  snapshot: null,
}

describe('the metrics', () => {
  it('are the text that Prometheus reads, with every row of the catalogue in it', async () => {
    const metrics = createMetrics(() => input)
    const found = families(await metrics.text())
    expect([...found.keys()].sort()).toEqual([...READ_METRICS, ...TOLD_METRICS].map(({ name }) => name).sort())
    for (const { name, type, help } of [...READ_METRICS, ...TOLD_METRICS])
      expect(found.get(name)).toMatchObject({ type, help })
  })

  it('say what they were read from', async () => {
    const found = families(await createMetrics(() => input).text())
    const values = (name: string) =>
      Object.fromEntries(
        (found.get(name)?.samples ?? []).map(({ labels, value }) => [Object.values(labels).join(), value]),
      )
    expect(values('octopus2mqtt_build_info')).toEqual({ '1.2.3,20.19.0': 1 })
    expect(values('octopus2mqtt_data_age_seconds')).toEqual({ '': 42 })
    expect(values('octopus2mqtt_last_hour_requests')).toEqual({ dispatch: 12, token: 1, background: 7 })
    expect(values('octopus2mqtt_dispatch_requests_left')).toEqual({ '': 8 })
    expect(values('octopus2mqtt_mqtt_published_bytes_total')).toEqual({ '': 12_345 })
    const notices = values('octopus2mqtt_notices_open')
    expect(Object.keys(notices)).toEqual([...NOTICE_CODES])
    expect([notices.plug_silent, notices.clock_jumped, notices.key_rejected]).toEqual([2, 1, 0])
    const status = values('octopus2mqtt_api_status')
    expect(API_STATUSES.filter(each => status[each] === 1)).toEqual(['slow'])
    expect(values('octopus2mqtt_meter_reading_age_seconds')).toEqual({
      electricity_import: 3_600 - 1_800,
      electricity_import_2: 7_200 - 1_800,
    })
  })

  it('leave out what is not known, and say it again once it is', async () => {
    let now = input
    const metrics = createMetrics(() => now)
    await metrics.text()
    now = nothing
    const unknown = families(await metrics.text())
    for (const name of ['data_age_seconds', 'notices_open', 'meter_reading_age_seconds'])
      expect([name, unknown.get(`octopus2mqtt_${name}`)?.samples]).toEqual([name, []])
    expect(unknown.get('octopus2mqtt_healthy')?.samples[0]?.value).toBe(0)
    now = input
    const again = families(await metrics.text())
    expect(again.get('octopus2mqtt_data_age_seconds')?.samples[0]?.value).toBe(42)
    expect(again.get('octopus2mqtt_mqtt_published_messages_total')?.samples[0]?.value).toBe(300)
  })

  it('count what they are told', async () => {
    const metrics = createMetrics(() => input)
    metrics.requestEnded('dispatch', 'ok', 0.3)
    metrics.requestEnded('dispatch', 'OCTOPUS_TIMEOUT', 20)
    metrics.edgeShown(0.004)
    metrics.edgeShown(-1)
    const found = families(await metrics.text())
    const requests = found.get('octopus2mqtt_octopus_requests_total')?.samples ?? []
    expect(requests.map(({ labels, value }) => [labels.kind, labels.outcome, value])).toEqual([
      ['dispatch', 'ok', 1],
      ['token', 'ok', 0],
      ['background', 'ok', 0],
      ['dispatch', 'octopus_timeout', 1],
    ])
    const lag = found.get('octopus2mqtt_edge_lag_seconds')?.samples ?? []
    expect(lag.find(({ labels }) => labels.le === '0.002')?.value).toBe(1)
    expect(lag.find(({ labels }) => labels.le === '0.005')?.value).toBe(2)
  })

  it('have names as Prometheus wants them', () => {
    for (const { name, type, labels } of [...READ_METRICS, ...TOLD_METRICS]) {
      expect(name).toMatch(/^octopus2mqtt_[a-z0-9]+(_[a-z0-9]+)*$/)
      expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter'])
      if (type === 'histogram') expect(name).toMatch(/_seconds$/)
      expect(name).not.toMatch(/milli|minutes|hours|kilo|percent|_(count|sum|bucket)$/)
      for (const label of Object.keys(labels ?? {}))
        expect(label).not.toMatch(/mpan|serial|account|device|car|slug|^le$/)
    }
  })

  it('number meters of a kind', () => {
    expect(meterLabels(['gas', 'gas', 'electricity_export', 'gas'])).toEqual([
      'gas',
      'gas_2',
      'electricity_export',
      'gas_3',
    ])
  })
})

describe('docs/metrics.md', () => {
  it('is what the catalogue says (UPDATE_DOCS=1 writes it anew)', () => {
    if (process.env.UPDATE_DOCS === '1') writeFileSync('docs/metrics.md', metricsPage())
    expect(readFileSync('docs/metrics.md', 'utf8')).toBe(metricsPage())
  })
})

describe('the reading of the text', () => {
  it.each([
    ['no end', '# HELP a b\n# TYPE a gauge\na 1'],
    ['no type', '# HELP a b\na 1\n'],
    ['a stranger', '# HELP a b\n# TYPE a gauge\nb 1\n'],
    ['a bad number', '# HELP a b\n# TYPE a gauge\na one\n'],
    ['a bad label', '# HELP a b\n# TYPE a gauge\na{x=1} 1\n'],
    ['a sample twice', '# HELP a b\n# TYPE a gauge\na{x="1"} 1\na{x="1"} 2\n'],
    [
      'buckets that fall',
      '# HELP a b\n# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n',
    ],
    ['no last bucket', '# HELP a b\n# TYPE a histogram\na_bucket{le="1"} 1\na_sum 1\na_count 1\n'],
  ])('refuses %s', (_, text) => {
    expect(() => families(text)).toThrow()
  })
})
