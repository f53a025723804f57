/** The figures of all policies for a person, as a Markdown table. */
import type { Figures, PolicyReport } from './policy.ts'

const lag = ({ meanSeconds, p95Seconds, maxSeconds }: Figures['lateEdges']): string =>
  [meanSeconds, p95Seconds, maxSeconds].map(Math.round).join(' / ')

const LINES: readonly (readonly [string, (figures: Figures) => string])[] = [
  ['dispatch requests a day', f => f.dispatchRequestsPerDay.toFixed(1)],
  ['all requests a day', f => f.requestsPerDay.toFixed(1)],
  ['dispatch requests in the worst hour', f => String(f.worstHour)],
  ['minutes a day wrong', f => f.wrongMinutesPerDay.toFixed(2)],
  ['… of them unknown', f => f.unknownMinutesPerDay.toFixed(2)],
  ['edges known beforehand, lag: mean / p95 / max s', f => lag(f.knownEdges)],
  ['edges announced late, lag: mean / p95 / max s', f => lag(f.lateEdges)],
  ['edges missed altogether', f => String(f.missedEdges)],
  ['plug-in to plan: mean / p95 / max s', f => lag(f.plugToPlan)],
  ['… of it after Octopus had the plan', f => lag(f.planSeenAfterOctopus)],
  ['minutes a day falsely cheap', f => f.falselyCheapMinutesPerDay.toFixed(2)],
  ['… at 7 kW and 20p, £ a year', f => f.falselyCheapPoundsPerYear.toFixed(2)],
  ['minutes a day cheap by day and not shown so', f => f.cheapUnseenMinutesPerDay.toFixed(2)],
]

export function policyTable({ policies }: Pick<PolicyReport, 'policies'>): string {
  const all = Object.entries(policies)
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(['', ...all.map(([name]) => `\`${name}\``)]),
    line(['---', ...all.map(() => '--:')]),
    ...LINES.map(([title, cell]) => line([title, ...all.map(([, figures]) => cell(figures))])),
  ].join('\n')
}

function goalLines({ goals, policies, reference }: PolicyReport, name: keyof PolicyReport['goals']): string[] {
  const { requestsBelowASixthOfTheReference: requests, lateEdgeLagP95BelowHalfOfEveryThreeMinutes: late } = goals[name]
  const said = ({ reached, below }: typeof late) => `goal below ${below}: ${reached ? 'reached' : 'NOT reached'}`
  const part = (whole: number) => `1/${(whole / requests.value).toFixed(1)} of ${whole}`
  const three = policies.everyThreeMinutes.lateEdgeLagP95Seconds
  return [
    `${name}: ${requests.value} requests a day, ${part(reference.automatic)} (reference, automatic) and ${part(reference.manual)} (manual); ${said(requests)}`,
    `${name}: late edges p95 ${late.value} s, ${(late.value / three).toFixed(2)} of the ${three} s of every 3 minutes; ${said(late)}`,
  ]
}

export function policyText(report: PolicyReport): string {
  const { knownEdges, lateEdges, plugToPlan } = report.policies.ours
  return [
    `${report.days} days of ${report.households} households, seed ${report.seed}: ${knownEdges.count} edges known beforehand, ${lateEdges.count} announced late, ${plugToPlan.count} plug-ins with a plan`,
    '',
    policyTable(report),
    '',
    ...goalLines(report, 'ours'),
    ...goalLines(report, 'oursWithoutSchedule'),
  ].join('\n')
}
