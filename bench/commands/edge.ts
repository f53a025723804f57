/** `npm run bench -- edge`: see docs/performance.md. */
import { type Command, markdown, UsageError, whole } from '../command.ts'
import { type EdgeReport, runEdge } from '../edge.ts'

export const command: Command = {
  usage: '[--edges 10000] [--spacing 40] [--busy 50] [--storm 500]',
  options: { edges: '10000', spacing: '40', busy: '50', storm: '500' },
  run: async values => {
    const busy = whole(values, 'busy', 0)
    if (busy > 90) throw new UsageError('--busy must be at most 90')
    const report = await runEdge({
      edges: whole(values, 'edges', 2),
      spacing: whole(values, 'spacing', 5),
      busy,
      storm: whole(values, 'storm', 0),
    })
    return { report, text: textOf(report) }
  },
}

function textOf(report: EdgeReport): string {
  const both = [report, ...(report.unloaded === null ? [] : [report.unloaded])]
  const row = (label: string, value: (each: (typeof both)[number]) => string | number) => [
    label,
    ...both.map(each => String(value(each))),
  ]
  return markdown([
    [
      `known edges, ${report.spacingMs} ms apart, to a subscriber at ${report.broker}`,
      ...['loaded', 'without load'].slice(0, both.length),
    ],
    row('edges', each => each.edges),
    row('event loop busy with something else, %', each => each.busyPercent),
    row('messages a second on the plug topic', each => each.stormPerSecond),
    row('lag: p50 / p99 / max, ms', each => `${each.p50Ms} / ${each.p99Ms} / ${each.maxMs}`),
    row('edges that the next one overtook', each => each.overtaken),
    row(
      'delay of the event loop: p50 / p99 / max, ms',
      ({ eventLoopDelay: { p50Ms, p99Ms, maxMs } }) => `${p50Ms} / ${p99Ms} / ${maxMs}`,
    ),
    row('messages published meanwhile', each => each.messages),
  ])
}
