/** `npm run bench -- pipeline`: see docs/performance.md. */
import { type Command, markdown, whole } from '../command.ts'
import { type PipelineReport, runPipeline } from '../pipeline.ts'

export const command: Command = {
  usage: '[--messages 20000] [--rounds 5] [--days 4]',
  options: { messages: '20000', rounds: '5', days: '4' },
  run: async values => {
    const report = await runPipeline({
      messages: whole(values, 'messages', 1),
      rounds: whole(values, 'rounds', 1),
      days: whole(values, 'days', 1),
    })
    return { report, text: textOf(report) }
  },
}

function textOf(report: PipelineReport): string {
  const { household, cycle, goal } = report
  const paces = markdown([
    [`at QoS 1 to ${report.broker}`, 'everything changes', 'as in a household'],
    ['messages of a snapshot', String(report.messagesPerSnapshot), String(household.messagesPerSnapshot)],
    ['publishes a second, ours', String(report.publishesPerSecond), String(household.publishesPerSecond)],
    [
      'publishes a second, bare client',
      String(report.barePublishesPerSecond),
      String(household.barePublishesPerSecond),
    ],
    ['share of the bare client', String(report.share), String(household.share)],
    ['… in each round', report.shares.join(', '), household.shares.join(', ')],
  ])
  const day = markdown([
    [`a household, ${cycle.days} days`, ''],
    ['cycles (snapshots) a day', String(cycle.cyclesPerDay)],
    ['messages a day', String(cycle.messagesPerDay)],
    ['bytes a day', String(cycle.bytesPerDay)],
    ['CPU of a cycle, µs', String(cycle.microsecondsPerCycle)],
    ['CPU of a day, s', String(cycle.cpuSecondsPerDay)],
  ])
  return `${paces}\n\nThe goal of ${goal.share} is ${goal.reached ? '' : 'not '}reached.\n\n${day}`
}
