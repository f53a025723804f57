/** What the bridge serves over HTTP: `/health`, the page and `/metrics`; nothing of it where `status.enabled` is false. */
import { bridgeMetrics, type MetricsParts } from './bridge-metrics.ts'
import type { Config } from './config/config.ts'
import type { Metrics } from './status/metrics.ts'
import type { PageSource } from './status/route.ts'
import { startStatusServer } from './status/server.ts'

export interface Served extends Pick<Metrics, 'requestEnded' | 'edgeShown'> {
  readonly url: string
  close(): Promise<void>
}

/** Throws STATUS_LISTEN_FAILED. */
export async function serveStatus(
  { enabled, listen, names, allow }: Config['status'],
  page: PageSource,
  parts: MetricsParts,
): Promise<Served | null> {
  if (!enabled) return null
  const { text, requestEnded, edgeShown } = bridgeMetrics(parts)
  const { url, close } = await startStatusServer({
    ...listen,
    names,
    allow,
    health: parts.health,
    page,
    metrics: text,
  })
  return { url, close, requestEnded, edgeShown }
}
