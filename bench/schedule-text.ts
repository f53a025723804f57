/** What `bench -- schedule` found, for a person, in Markdown. */
import type { ScheduleReport } from './schedule.ts'

const NAMES = ['ours', 'oursWithoutSchedule', 'oursNoPlugTopic'] as const

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

function table(report: ScheduleReport): string {
  const lines = [{ price: null, ...report.defaults }, ...report.found]
  return [
    row([
      'a request may cost',
      ...NAMES.map(name => `\`${name}\`: requests, wrong, late p95`),
      '`intelligent.refresh`',
    ]),
    row(['---', ...NAMES.map(() => '---'), '---']),
    ...lines.map(line =>
      row([
        line.price === null ? 'the defaults' : `${line.price} min`,
        ...NAMES.map(name => {
          const { requestsPerDay, wrongMinutesPerDay, lateEdgeLagP95Seconds } = line[name]
          return `${requestsPerDay.toFixed(1)}, ${wrongMinutesPerDay.toFixed(2)}, ${Math.round(lateEdgeLagP95Seconds)} s`
        }),
        `\`${line.refresh}\``,
      ]),
    ),
  ].join('\n')
}

export const scheduleText = (report: ScheduleReport): string =>
  [
    `Learned from ${report.learnDays} days of each of the seeds ${report.learnSeeds.join(', ')}; judged on ${report.days} days of seed ${report.seed}. All requests a day are to stay below ${report.below}.`,
    '',
    table(report),
    ...NAMES.flatMap(name => [
      '',
      `The frontier of \`${name}\`, of ${report.tried[name].length} schedules that were tried:`,
      '',
      ...report.frontiers[name].map(
        ({ requestsPerDay, wrongMinutesPerDay, refresh }) =>
          `* ${requestsPerDay.toFixed(1)} requests, ${wrongMinutesPerDay.toFixed(2)} minutes wrong: \`${refresh}\``,
      ),
    ]),
  ].join('\n')
