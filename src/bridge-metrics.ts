/** What the bridge tells of itself in numbers: gathers what `/metrics` is read from. */
import { VERSION } from './about.ts'
import type { Clock, Instant } from './clock.ts'
import type { Broker } from './mqtt/broker.ts'
import type { Publisher } from './mqtt/publisher.ts'
import type { Limiter } from './octopus/limiter.ts'
import type { Snapshot } from './snapshot.ts'
import type { Health } from './status/health.ts'
import { createMetrics, type Metrics } from './status/metrics.ts'
import type { RequestKind } from './status/metrics-catalogue.ts'
import type { Store } from './store/open.ts'

export interface MetricsParts {
  readonly clock: Clock
  readonly startedAt: Instant
  readonly store: Pick<Store, 'ledger' | 'degraded'>
  readonly broker: Pick<Broker, 'onConnect'>
  readonly limiter: Pick<Limiter, 'limits'>
  readonly publisher: Pick<Publisher, 'stats'>
  readonly health: () => Health
  /** Null until the account is known. */
  readonly snapshot: () => Snapshot | null
}

export function bridgeMetrics(parts: MetricsParts): Metrics {
  const { clock, startedAt, store, broker, limiter, publisher, health, snapshot } = parts
  let connections = 0
  broker.onConnect(() => {
    connections += 1
  })
  return createMetrics(() => {
    const now = clock.now()
    const { ledger, degraded } = store
    const inLastHour = (kind: RequestKind) => ledger.effectiveStarts(kind, now).length
    const { user, system } = process.cpuUsage()
    return {
      now,
      startedAt,
      version: VERSION,
      health: health(),
      snapshot: snapshot(),
      requestsLastHour: {
        dispatch: inLastHour('dispatch'),
        token: inLastHour('token'),
        background: inLastHour('background'),
      },
      dispatchLimit: limiter.limits(now).perHour,
      mqtt: { connections, ...publisher.stats },
      storeDegraded: degraded !== null,
      process: {
        node: process.versions.node,
        residentBytes: process.memoryUsage.rss(),
        cpuSeconds: (user + system) / 1e6,
      },
    }
  })
}
