/** The metrics as text for Prometheus, in a registry of our own: nothing that a library adds by itself is in it. */
import client, { type Counter, type Gauge, type Histogram, type Registry } from 'prom-client'
import {
  EDGE_LAG,
  type MetricsInput,
  READ_METRICS,
  REQUEST_DURATION,
  REQUEST_KINDS,
  REQUESTS,
  type RequestKind,
} from './metrics-catalogue.ts'

export interface Metrics {
  /** The text of `/metrics`, read now. */
  text(): Promise<string>
  /** A request to Octopus ended. `outcome` as in the ledger. Seconds. */
  requestEnded(kind: RequestKind, outcome: string, took: number): void
  /** An edge that was known beforehand was shown so late. Seconds. */
  edgeShown(late: number): void
}

export function createMetrics(read: () => MetricsInput): Metrics {
  const registry = new client.Registry()
  const readers = READ_METRICS.map(row => reader(registry, row))
  const requests = new client.Counter({ ...described(REQUESTS), registers: [registry] })
  const durations = histogram(registry, REQUEST_DURATION)
  const lag = histogram(registry, EDGE_LAG)
  // A counter that is not there before the first failure hides it: its rise from nothing is none.
  for (const kind of REQUEST_KINDS) requests.inc({ kind, outcome: 'ok' }, 0)
  return {
    text: () => {
      const now = read()
      for (const refresh of readers) refresh(now)
      return registry.metrics()
    },
    requestEnded: (kind, outcome, took) => {
      requests.inc({ kind, outcome: outcome.toLowerCase() })
      durations.observe({ kind }, Math.max(0, took))
    },
    edgeShown: late => lag.observe(Math.max(0, late)),
  }
}

interface Described {
  readonly name: string
  readonly help: string
  readonly labels?: Readonly<Record<string, string>>
}

const described = ({ name, help, labels = {} }: Described) => ({ name, help, labelNames: Object.keys(labels) })

const histogram = (registry: Registry, row: typeof REQUEST_DURATION | typeof EDGE_LAG): Histogram =>
  new client.Histogram({ ...described(row), buckets: [...row.buckets], registers: [registry] })

/** Sets the metric of a row to what it is now. */
function reader(registry: Registry, row: (typeof READ_METRICS)[number]) {
  const options = { ...described(row), registers: [registry] }
  const metric: Counter | Gauge = row.type === 'counter' ? new client.Counter(options) : new client.Gauge(options)
  return (now: MetricsInput): void => {
    metric.reset()
    // One without labels says 0 after a reset, and nothing is what it has to say where nothing is known.
    if (options.labelNames.length === 0) metric.remove({})
    for (const { value, labels = {} } of row.read(now)) metric.inc(labels, value)
  }
}
