/** `npm run bench -- policy`: see docs/performance.md. */
import { SECOND } from '../../src/clock.ts'
import { type Command, whole } from '../command.ts'
import { runPolicies } from '../policy.ts'
import { policyText } from '../table.ts'

export const command: Command = {
  usage: "[--days 60] [--seed 1] [--refresh '{steady: 7m}'] [--schedule-lag 10]",
  options: { days: '60', seed: '1', refresh: '', 'schedule-lag': '10' },
  run: values => {
    const report = runPolicies({
      seed: whole(values, 'seed', 0),
      days: whole(values, 'days', 1),
      scheduleLag: whole(values, 'schedule-lag', 0) * SECOND,
      ...(values.refresh ? { refresh: values.refresh } : {}),
    })
    return { report, text: policyText(report) }
  },
}
