/** `npm run bench -- policy [--json] [--days 60] [--seed 1] [--refresh '{steady: 7m}']` */
import { parseArgs } from 'node:util'
import { isBridgeError } from '../src/errors.ts'
import { runPolicies } from './policy.ts'
import { policyText } from './table.ts'

const USAGE = `npm run bench -- policy [--json] [--days 60] [--seed 1] [--refresh '{steady: 7m}']`

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
      },
    })
    if (positionals.join(' ') !== 'policy') throw new UsageError('There is one bench: policy')
    const report = runPolicies({
      seed: whole(values.seed, 'seed', 0),
      days: whole(values.days, 'days', 1),
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
