/** `npm run bench -- policy`: see docs/performance.md. */
import { type Command, whole } from '../command.ts'
import { runPolicies } from '../policy.ts'
import { policyText } from '../table.ts'

export const command: Command = {
  usage: "[--days 60] [--seed 1] [--refresh '{steady: 7m}']",
  options: { days: '60', seed: '1', refresh: '' },
  run: values => {
    const report = runPolicies({
      seed: whole(values, 'seed', 0),
      days: whole(values, 'days', 1),
      ...(values.refresh ? { refresh: values.refresh } : {}),
    })
    return { report, text: policyText(report) }
  },
}
