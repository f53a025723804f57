/** docs/metrics.md, written from the catalogue of metrics. */
import { READ_METRICS, type ReadMetric, TOLD_METRICS, type ToldMetric } from './metrics-catalogue.ts'

const INTRODUCTION = `# Metrics

<!-- Written from the catalogue in src/status/metrics-catalogue.ts; edit that. -->

\`/metrics\` is served beside \`/health\` (\`status.listen\`), in the text form of Prometheus. It needs no log-in and has no secret in it:
no key, no account number, no meter point, and no name of a car. How to collect it, and alerts that are worth having:
[operations.md](operations.md#metrics).

A metric whose value is not known is left out; it is never 0 for that. Counters begin at 0 with each start of the process. On the
fast clock of \`demo\`, durations are of real time and ages of the simulated one.
`

/** The whole page, Markdown. */
export function metricsPage(): string {
  return [INTRODUCTION, ...[...READ_METRICS, ...TOLD_METRICS].map(section)].join('\n')
}

function section(row: ReadMetric | ToldMetric): string {
  const parts = [
    `## \`${row.name}\``,
    `${row.type === 'gauge' ? 'Gauge' : row.type === 'counter' ? 'Counter' : 'Histogram'}. ${row.help}`,
  ]
  const labels = Object.entries(row.labels ?? {})
  if (labels.length > 0)
    parts.push(
      ['| label | |', '|---|---|', ...labels.map(([name, meaning]) => `| \`${name}\` | ${meaning} |`)].join('\n'),
    )
  if ('buckets' in row && row.buckets !== undefined)
    parts.push(`Upper ends: ${row.buckets.join(', ')} seconds, and more.`)
  return `${parts.join('\n\n')}\n`
}
