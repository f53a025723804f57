/**
 * `npm run simulate:years -- --years 10 --seed 1`: years of a house, its broker, Octopus and the whole daemon, on virtual
 * time, with everything that can go wrong. Prints what it saw; exits 1 where an invariant was broken.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { LEVELS, type Level } from './faults/index.ts'
import { replayCommand, reportText, summary } from './report.ts'
import { runStretches } from './stretches.ts'
import { liveThrough } from './year.ts'

const USAGE = `npm run simulate:years -- [--years 10 | --days 300] [--seed 1] [--level normal] [--jobs N] [--json]
  a failure again: npm run simulate:years -- --stretch 1/3 [--level normal] [--days 365] [--last 400]`

/** Days. */
const YEAR = 365
const MONTH = 30

class UsageError extends Error {}

function whole(text: string, name: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new UsageError(`--${name} must be a whole number from 1 on`)
  return value
}

const levelNamed = (text: string): Level => {
  const level = LEVELS.find(each => each === text)
  if (level === undefined) throw new UsageError(`--level is one of ${LEVELS.join(', ')}`)
  return level
}

/** The exit code: 0, 1 where an invariant was broken, 2 where the command line was not understood. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        years: { type: 'string' },
        days: { type: 'string' },
        seed: { type: 'string', default: '1' },
        level: { type: 'string', default: 'normal' },
        jobs: { type: 'string', default: String(availableParallelism()) },
        stretch: { type: 'string' },
        last: { type: 'string', default: '60' },
        json: { type: 'boolean', default: false },
      },
    })
    const level = levelNamed(values.level)
    if (values.stretch !== undefined) {
      const days = whole(values.days ?? '365', 'days')
      const report = await liveThrough({ stretch: values.stretch, days, level, remembered: whole(values.last, 'last') })
      process.stdout.write(`${JSON.stringify(report)}\n`)
      return report.violations.length === 0 ? 0 : 1
    }
    const days = values.days === undefined ? whole(values.years ?? '1', 'years') * YEAR : whole(values.days, 'days')
    const began = performance.now()
    // Days are asked for to see many houses, years to see what becomes of one.
    const pieceDays = values.days === undefined ? YEAR : MONTH
    const jobs = whole(values.jobs, 'jobs')
    const reports = await runStretches({ seed: values.seed, days, pieceDays, level, jobs })
    const result = summary(reports, (performance.now() - began) / 1000)
    process.stdout.write(`${values.json ? JSON.stringify(result, null, 2) : reportText(result)}\n`)
    for (const report of reports) {
      if (report.violations.length === 0) continue
      process.stderr.write(`${report.last.join('\n')}\n\nagain: ${replayCommand(report)}\n`)
    }
    return result.violations === 0 ? 0 : 1
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof TypeError && 'code' in error)) throw error
    process.stderr.write(`${error.message}\n\n${USAGE}\n`)
    return 2
  }
}
