/** `npm run bench -- policy` and `npm run bench -- schedule`: what they print stands in docs/performance.md. */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { SECOND } from '../src/clock.ts'
import { isBridgeError } from '../src/errors.ts'
import { picture } from './picture.ts'
import { runPolicies } from './policy.ts'
import { pictureData, runSchedule } from './schedule.ts'
import { scheduleText } from './schedule-text.ts'
import { policyText } from './table.ts'

const USAGE = `npm run bench -- policy [--json] [--days 60] [--seed 1] [--refresh '{steady: 7m}'] [--schedule-lag 10]
  npm run bench -- schedule [--json] [--days 60] [--seed 1] [--rounds 1] [--learn-days 15] [--picture FILE]`

class UsageError extends Error {}

const isOfParseArgs = (error: unknown): boolean =>
  error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')

function whole(text: string, name: string, least: number): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < least)
    throw new UsageError(`--${name} must be a whole number from ${least} on`)
  return value
}

/** The exit code: 0, or 2 where the command line was not understood. */
export function main(args: readonly string[]): number {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        days: { type: 'string', default: '60' },
        seed: { type: 'string', default: '1' },
        refresh: { type: 'string' },
        'schedule-lag': { type: 'string', default: '10' },
        rounds: { type: 'string', default: '1' },
        'learn-days': { type: 'string', default: '15' },
        picture: { type: 'string' },
      },
    })
    const name = positionals.join(' ')
    const seed = whole(values.seed, 'seed', 0)
    const days = whole(values.days, 'days', 1)
    if (name === 'schedule') {
      const rounds = whole(values.rounds, 'rounds', 0)
      const found = runSchedule({ seed, days, rounds, learnDays: whole(values['learn-days'], 'learn-days', 1) })
      if (values.picture !== undefined) writeFileSync(values.picture, picture(pictureData(found)))
      console.log(values.json ? JSON.stringify(found, null, 2) : scheduleText(found))
      return 0
    }
    if (name !== 'policy') throw new UsageError('The benches are policy and schedule')
    const report = runPolicies({
      seed,
      days,
      scheduleLag: whole(values['schedule-lag'], 'schedule-lag', 0) * SECOND,
      ...(values.refresh === undefined ? {} : { refresh: values.refresh }),
    })
    console.log(values.json ? JSON.stringify(report, null, 2) : policyText(report))
    return 0
  } catch (error) {
    const isUsage = isBridgeError(error, 'CONFIG_INVALID') || error instanceof UsageError || isOfParseArgs(error)
    if (!isUsage || !(error instanceof Error)) throw error
    console.error(`${error.message}\n\n  ${USAGE}`)
    return 2
  }
}
