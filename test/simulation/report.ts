/** What a person, and a machine, is told of simulated years. Pure. */
import type { StretchReport } from './year.ts'

export interface Summary {
  readonly days: number
  /** Faults played. */
  readonly faults: number
  /** Times that an invariant was held against the truth. */
  readonly checks: number
  readonly violations: number
  readonly daysPerSecond: number
  readonly seconds: number
  readonly faultsByKind: Readonly<Record<string, number>>
  readonly checksByInvariant: Readonly<Record<string, number>>
  readonly starts: number
  readonly requests: number
  readonly messages: number
  /** Of everything that was seen, by stretch. */
  readonly digests: Readonly<Record<string, string>>
  readonly broken: readonly {
    readonly replay: string
    readonly invariant: string
    readonly at: string
    readonly problem: string
  }[]
}

function added(reports: readonly StretchReport[], of: (report: StretchReport) => Readonly<Record<string, number>>) {
  const sums = new Map<string, number>()
  for (const report of reports)
    for (const [key, count] of Object.entries(of(report))) sums.set(key, (sums.get(key) ?? 0) + count)
  return Object.fromEntries([...sums].sort(([a], [b]) => a.localeCompare(b)))
}

const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0)

export const replayCommand = ({ stretch, days, level }: StretchReport): string =>
  `npm run simulate:years -- --stretch ${stretch} --days ${days} --level ${level}`

export function summary(reports: readonly StretchReport[], seconds: number): Summary {
  const days = reports.reduce((sum, report) => sum + report.days, 0)
  const faultsByKind = added(reports, report => report.faults)
  const checksByInvariant = added(reports, report => report.checks)
  const sum = (of: (report: StretchReport) => number) => reports.reduce((count, report) => count + of(report), 0)
  return {
    days,
    faults: total(faultsByKind),
    checks: total(checksByInvariant),
    violations: sum(report => report.violations.length),
    daysPerSecond: Math.round((days / seconds) * 10) / 10,
    seconds: Math.round(seconds),
    faultsByKind,
    checksByInvariant,
    starts: sum(report => report.starts),
    requests: sum(report => report.requests),
    messages: sum(report => report.messages),
    digests: Object.fromEntries(reports.map(({ stretch, digest }) => [stretch, digest])),
    broken: reports.flatMap(report =>
      report.violations.map(({ invariant, at, problem }) => ({
        replay: replayCommand(report),
        invariant,
        at: new Date(at).toISOString(),
        problem,
      })),
    ),
  }
}

const rows = (counts: Readonly<Record<string, number>>): string[] => {
  const width = Math.max(...Object.keys(counts).map(key => key.length))
  return Object.entries(counts).map(
    ([key, count]) => `  ${key.padEnd(width)}  ${count.toLocaleString('en-GB').padStart(12)}`,
  )
}

export function reportText(result: Summary): string {
  const { days, starts, requests, messages, seconds, daysPerSecond } = result
  const number = (value: number) => value.toLocaleString('en-GB')
  return [
    `${number(days)} simulated days in ${seconds} s: ${daysPerSecond} days a second`,
    `${number(starts)} starts of the daemon, ${number(requests)} requests to Octopus, ${number(messages)} messages at the broker`,
    '',
    `faults injected: ${number(result.faults)}`,
    ...rows(result.faultsByKind),
    '',
    `invariants checked: ${number(result.checks)}`,
    ...rows(result.checksByInvariant),
    '',
    `violations: ${result.violations}`,
    ...result.broken.map(({ invariant, at, problem, replay }) => `  ${at} ${invariant}: ${problem}\n    ${replay}`),
  ].join('\n')
}
