/** `npm run bench -- footprint`: see docs/performance.md. */
import { type Command, markdown, minutes, whole } from '../command.ts'
import { checkout, type FootprintReport, runFootprint } from '../footprint.ts'

export const command: Command = {
  usage: '[--minutes 3] [--starts 5] [--hours 24] [--speed 720]',
  options: { minutes: '3', starts: '5', hours: '24', speed: '720' },
  run: async (values, say) => {
    const report = await runFootprint(
      {
        minutes: minutes(values, 'minutes'),
        starts: whole(values, 'starts', 1),
        hours: whole(values, 'hours', 0),
        speed: whole(values, 'speed', 1),
        root: checkout(),
      },
      say,
    )
    return { report, text: textOf(report) }
  },
}

function textOf({ start, goals, day, image, ...report }: FootprintReport): string {
  const reached = ({ reached, most }: { reached: boolean; most: number }) =>
    `(goal ${most}: ${reached ? 'reached' : 'not reached'})`
  const each = (text: (daemon: FootprintReport['daemons'][number]) => string) => report.daemons.map(text).join(', ')
  return markdown([
    [`footprint, ${report.node}, ${report.broker}`, ''],
    [
      `start to the first retained state, s, median and max ${reached(goals.start)}`,
      `${start.medianSeconds}, ${start.maxSeconds}`,
    ],
    ['resident memory of the libraries alone, MB', String(report.librariesMb)],
    [`resident memory after ${report.minutes} minutes, MB`, each(({ name, residentMb }) => `${name} ${residentMb}`)],
    [`… as a share of the libraries alone ${reached(goals.resident)}`, each(({ name, ratio }) => `${name} ${ratio}`)],
    [
      `CPU seconds an hour, from ${report.cpuMeasuredMinutes} minutes ${reached(goals.idleCpu)}`,
      each(({ name, cpuSecondsPerHour }) => `${name} ${cpuSecondsPerHour}`),
    ],
    ...(day === null
      ? []
      : [
          [`CPU seconds of a simulated day, at ${day.speed} times real time`, String(day.cpuSecondsPerDay)],
          ['messages to the broker in that day', String(day.messagesPerDay)],
          ['bytes to the broker in that day', String(day.bytesPerDay)],
        ]),
    [
      'image without its base: libraries, program, together, MB',
      `${image.librariesMb}, ${image.programMb}, ${image.totalMb}`,
    ],
  ])
}
