/**
 * Every metric of `/metrics`, a row each: what it is called, what it means, and how its value is read. The page
 * docs/metrics.md is made from it. Names follow Prometheus: base units, `_total` on what only rises. No label ever holds a
 * meter point, an account or a car's id: a metrics store keeps labels for years, and many may read them.
 */
import { HALF_HOUR, type Instant } from '../clock.ts'
import { API_STATUSES, NOTICE_CODES, type Snapshot } from '../snapshot.ts'
import type { Health } from './health.ts'

export const REQUEST_KINDS = ['dispatch', 'token', 'background'] as const
export type RequestKind = (typeof REQUEST_KINDS)[number]

/** What all metrics are read from, at one moment. */
export interface MetricsInput {
  readonly now: Instant
  readonly startedAt: Instant
  readonly version: string
  readonly health: Health
  /** Null while the account is not known. */
  readonly snapshot: Snapshot | null
  /** Requests that began in the last hour, of every process on the store. */
  readonly requestsLastHour: Readonly<Record<RequestKind, number>>
  /** How many dispatch requests an hour may have now. */
  readonly dispatchLimit: number
  readonly mqtt: MqttNumbers
  readonly storeDegraded: boolean
  readonly process: { readonly node: string; readonly residentBytes: number; readonly cpuSeconds: number }
}

/** Since the start. */
export interface MqttNumbers {
  readonly connections: number
  readonly published: number
  readonly bytes: number
  readonly dropped: number
  readonly waiting: number
}

export interface Sample {
  readonly value: number
  readonly labels?: Readonly<Record<string, string>>
}

interface Row {
  readonly name: string
  readonly help: string
  /** Each label, and what its values are. */
  readonly labels?: Readonly<Record<string, string>>
}

/** Read when somebody asks. One without samples has no value now. */
export interface ReadMetric extends Row {
  readonly type: 'gauge' | 'counter'
  readonly read: (input: MetricsInput) => readonly Sample[]
}

/** Told as it happens. */
export interface ToldMetric extends Row {
  readonly type: 'counter' | 'histogram'
  /** Upper ends, of a histogram. */
  readonly buckets?: readonly number[]
}

const one = (value: number | null): readonly Sample[] => (value === null ? [] : [{ value }])
const flag = (value: boolean): readonly Sample[] => one(value ? 1 : 0)
const states = (label: string, all: readonly string[], count: (state: string) => number): readonly Sample[] =>
  all.map(state => ({ value: count(state), labels: { [label]: state } }))

const KINDS = { kind: '`dispatch`, `token` or `background` (accounts, readings, prices, bills)' }

/** Meters by kind, a second one of a kind with its place: never by the number of a meter point. */
export function meterLabels(kinds: readonly string[]): string[] {
  const seen = new Map<string, number>()
  return kinds.map(kind => {
    const nth = (seen.get(kind) ?? 0) + 1
    seen.set(kind, nth)
    return nth === 1 ? kind : `${kind}_${nth}`
  })
}

const readingAges = ({ snapshot, now }: MetricsInput): readonly Sample[] => {
  const meters = snapshot?.meters ?? []
  const labels = meterLabels(meters.map(({ kind }) => kind))
  return meters.flatMap(({ latestReading }, at) =>
    latestReading === null
      ? []
      : [{ value: (now - latestReading - HALF_HOUR) / 1000, labels: { meter: labels[at] ?? '' } }],
  )
}

export const READ_METRICS: readonly ReadMetric[] = [
  {
    name: 'octopus2mqtt_build_info',
    type: 'gauge',
    help: 'Always 1; the labels say what runs.',
    labels: { version: 'of octopus2mqtt', node: 'version of Node.js' },
    read: ({ version, process }) => [{ value: 1, labels: { version, node: process.node } }],
  },
  {
    name: 'octopus2mqtt_start_time_seconds',
    type: 'gauge',
    help: 'When the daemon started, in seconds since 1970 (UTC).',
    read: ({ startedAt }) => one(startedAt / 1000),
  },
  {
    name: 'octopus2mqtt_healthy',
    type: 'gauge',
    help: '1 while /health answers 200; 0 when a refresh or an edge of ours is overdue, or the broker is long away.',
    read: ({ health }) => flag(health.status === 'ok'),
  },
  {
    name: 'octopus2mqtt_data_age_seconds',
    type: 'gauge',
    help: 'Age of the newest dispatch answer of Octopus. Absent before the first.',
    read: ({ health }) => one(health.data_age_seconds),
  },
  {
    name: 'octopus2mqtt_api_status',
    type: 'gauge',
    help: '1 for the state in which Octopus is to us now, 0 for the others.',
    labels: { status: API_STATUSES.map(status => `\`${status}\``).join(', ') },
    read: ({ health }) => states('status', API_STATUSES, status => (status === health.api_status ? 1 : 0)),
  },
  {
    name: 'octopus2mqtt_last_hour_requests',
    type: 'gauge',
    help: 'Requests to Octopus that began in the last 60 minutes, those of earlier starts and of commands on the same store too.',
    labels: KINDS,
    read: ({ requestsLastHour }) => REQUEST_KINDS.map(kind => ({ value: requestsLastHour[kind], labels: { kind } })),
  },
  {
    name: 'octopus2mqtt_dispatch_requests_limit',
    type: 'gauge',
    help: 'Dispatch requests that any 60 minutes may have now; fewer for an hour after Octopus asked for fewer.',
    read: ({ dispatchLimit }) => one(dispatchLimit),
  },
  {
    name: 'octopus2mqtt_dispatch_requests_left',
    type: 'gauge',
    help: 'Dispatch requests that the limit still admits in this hour.',
    read: ({ dispatchLimit, requestsLastHour }) => one(Math.max(0, dispatchLimit - requestsLastHour.dispatch)),
  },
  {
    name: 'octopus2mqtt_meter_reading_age_seconds',
    type: 'gauge',
    help: 'Time since the end of the newest half hour that is known of a meter. Hours and days are normal: Octopus has readings late.',
    labels: { meter: 'kind of the meter; a second one of a kind ends in `_2`' },
    read: readingAges,
  },
  {
    name: 'octopus2mqtt_notices_open',
    type: 'gauge',
    help: 'Open notices, by code; of all cars together.',
    labels: { code: 'as in [notices.md](notices.md)' },
    read: ({ snapshot }) =>
      snapshot === null
        ? []
        : states('code', NOTICE_CODES, code => snapshot.account.notices.filter(notice => notice.code === code).length),
  },
  {
    name: 'octopus2mqtt_store_degraded',
    type: 'gauge',
    help: '1 while the store cannot keep things over a restart, or was damaged and begun anew.',
    read: ({ storeDegraded }) => flag(storeDegraded),
  },
  {
    name: 'octopus2mqtt_mqtt_connected',
    type: 'gauge',
    help: '1 while there is a connection to the broker.',
    read: ({ health }) => flag(health.broker_connected),
  },
  {
    name: 'octopus2mqtt_mqtt_connections_total',
    type: 'counter',
    help: 'Connections to the broker that were made; the first one is no reconnect.',
    read: ({ mqtt }) => one(mqtt.connections),
  },
  {
    name: 'octopus2mqtt_mqtt_published_messages_total',
    type: 'counter',
    help: 'Messages handed to the broker.',
    read: ({ mqtt }) => one(mqtt.published),
  },
  {
    name: 'octopus2mqtt_mqtt_published_bytes_total',
    type: 'counter',
    help: 'Bytes of their topics and payloads.',
    read: ({ mqtt }) => one(mqtt.bytes),
  },
  {
    name: 'octopus2mqtt_mqtt_dropped_events_total',
    type: 'counter',
    help: 'Events that found no connection, or were too many. States are never dropped.',
    read: ({ mqtt }) => one(mqtt.dropped),
  },
  {
    name: 'octopus2mqtt_mqtt_waiting_topics',
    type: 'gauge',
    help: 'Topics whose newest payload the broker has not been handed yet.',
    read: ({ mqtt }) => one(mqtt.waiting),
  },
  {
    name: 'octopus2mqtt_process_resident_memory_bytes',
    type: 'gauge',
    help: 'Memory of the process that is in RAM.',
    read: ({ process }) => one(process.residentBytes),
  },
  {
    name: 'octopus2mqtt_process_cpu_seconds_total',
    type: 'counter',
    help: 'Time that the process has computed, in user and system together.',
    read: ({ process }) => one(process.cpuSeconds),
  },
]

export const REQUESTS = {
  name: 'octopus2mqtt_octopus_requests_total',
  type: 'counter',
  help: 'Requests to Octopus that ended, since the start of this process.',
  labels: { ...KINDS, outcome: '`ok`, `partial`, or the code in [errors.md](errors.md) in lower case' },
} as const satisfies ToldMetric

export const REQUEST_DURATION = {
  name: 'octopus2mqtt_octopus_request_duration_seconds',
  type: 'histogram',
  help: 'How long they took, from the row in the ledger to the end of the answer.',
  labels: KINDS,
  buckets: [0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32],
} as const satisfies ToldMetric

export const EDGE_LAG = {
  name: 'octopus2mqtt_edge_lag_seconds',
  type: 'histogram',
  help: 'How late an edge that was known beforehand (a window begins, a half hour ends) was handed to the broker.',
  buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 10],
} as const satisfies ToldMetric

export const TOLD_METRICS: readonly ToldMetric[] = [REQUESTS, REQUEST_DURATION, EDGE_LAG]
