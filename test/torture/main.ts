/** `npm run torture -- [kill|term|soak] [--kills 100] [--speed 1] [--seed 1] [--minutes 10] [--json]` */
import { parseArgs } from 'node:util'
import { MINUTE, SECOND } from '../../src/clock.ts'
import { endDaemons } from '../support/daemon.ts'
import { runKills } from './kills.ts'
import { type Report, reportText } from './report.ts'

export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      kills: { type: 'string', default: '100' },
      speed: { type: 'string', default: '1' },
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '10' },
    },
  })
  const speed = Number(values.speed)
  const reports: Report[] = [
    await runKills({
      kills: Number(values.kills),
      seed: Number(values.seed),
      speed,
      patience: speed === 1 ? 3 * MINUTE : 20 * SECOND,
      onProgress: line => console.error(line),
    }),
  ]
  await endDaemons()
  console.log(reports.map(reportText).join('\n'))
  return reports.some(({ violations }) => violations.length > 0) ? 1 : 0
}
