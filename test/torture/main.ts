/** `npm run torture -- [kill|term|soak] [--kills 100] [--speed 1] [--seed 1] [--minutes 10] [--rate 1000] [--json]` */
import { parseArgs } from 'node:util'
import { MINUTE, SECOND } from '../../src/clock.ts'
import { closeEverything } from '../support/broker.ts'
import { endDaemons } from '../support/daemon.ts'
import { runKills } from './kills.ts'
import { type Report, reportText } from './report.ts'
import { runSoak } from './soak.ts'
import { runTerm } from './term.ts'

const USAGE =
  'npm run torture -- [kill|term|soak] [--kills 100] [--speed 1] [--seed 1] [--minutes 10] [--rate 1000] [--json]'
const NAMES = ['kill', 'term', 'soak']
const NUMBERS = ['kills', 'speed', 'seed', 'minutes', 'rate'] as const

/** The exit code: 0, 1 where a promise was broken, 2 where the command line was not understood. */
export async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      kills: { type: 'string', default: '100' },
      speed: { type: 'string', default: '1' },
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '10' },
      rate: { type: 'string', default: '1000' },
    },
  })
  const wrong = NUMBERS.filter(name => !(Number(values[name]) > 0))
  const names = positionals.length === 0 ? NAMES : positionals
  if (wrong.length > 0 || names.some(name => !NAMES.includes(name))) {
    console.error(USAGE)
    return 2
  }
  const [kills, speed, seed, minutes, rate] = NUMBERS.map(name => Number(values[name])) as [
    number,
    number,
    number,
    number,
    number,
  ]
  const patience = speed === 1 ? 3 * MINUTE : 30 * SECOND
  const onProgress = (line: string) => console.error(line)
  const reports: Report[] = []
  try {
    if (names.includes('kill')) reports.push(await runKills({ kills, seed, speed, patience, onProgress }))
    if (names.includes('term')) reports.push(await runTerm())
    if (names.includes('soak')) reports.push(await runSoak({ seconds: minutes * 60, rate, seed, patience: 3 * MINUTE }))
  } finally {
    await endDaemons()
    await closeEverything()
  }
  console.log(values.json ? JSON.stringify(reports, null, 2) : reports.map(reportText).join('\n'))
  return reports.some(({ violations }) => violations.length > 0) ? 1 : 0
}
