/** `npm run bench -- schedule`: looks for the best schedule of requests; see docs/refresh.md. */
import { writeFileSync } from 'node:fs'
import { type Command, whole } from '../command.ts'
import { picture } from '../picture.ts'
import { pictureData, runSchedule } from '../schedule.ts'
import { scheduleText } from '../schedule-text.ts'

export const command: Command = {
  usage: '[--days 60] [--seed 1] [--rounds 1] [--learn-days 15] [--picture FILE]',
  options: { days: '60', seed: '1', rounds: '1', 'learn-days': '15', picture: '' },
  run: values => {
    const report = runSchedule({
      seed: whole(values, 'seed', 0),
      days: whole(values, 'days', 1),
      rounds: whole(values, 'rounds', 0),
      learnDays: whole(values, 'learn-days', 1),
    })
    if (values.picture) writeFileSync(values.picture, picture(pictureData(report)))
    return { report, text: scheduleText(report) }
  },
}
