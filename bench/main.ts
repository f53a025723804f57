/** `npm run bench -- <name> [--json] …` runs one bench, `npm run bench` all of them. Each is loaded when it is asked for. */
import { parseArgs } from 'node:util'
import { isBridgeError } from '../src/errors.ts'
import { type Command, UsageError } from './command.ts'

const COMMANDS: Readonly<Record<string, () => Promise<{ readonly command: Command }>>> = {
  policy: () => import('./commands/policy.ts'),
  schedule: () => import('./commands/schedule.ts'),
  edge: () => import('./commands/edge.ts'),
  footprint: () => import('./commands/footprint.ts'),
  pipeline: () => import('./commands/pipeline.ts'),
}

const names = Object.keys(COMMANDS)

async function usage(): Promise<string> {
  const all = await Promise.all(names.map(async name => ({ name, ...(await load(name)) })))
  const lines = all.map(({ name, usage }) => `  npm run bench -- ${name} [--json] ${usage}`.trimEnd())
  return ['  npm run bench [-- --json]', ...lines].join('\n')
}

async function load(name: string): Promise<Command> {
  const found = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (found === undefined) throw new UsageError(`There is no bench "${name}"; there are ${names.join(', ')}`)
  return (await found()).command
}

const isOfParseArgs = (error: unknown): boolean =>
  error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')

const say = (line: string): void => console.error(line)

/** One bench with its own options, its report and its table. */
async function runOne(name: string, args: readonly string[]) {
  const command = await load(name)
  const options = Object.fromEntries(Object.keys(command.options).map(key => [key, { type: 'string' as const }]))
  const { values } = parseArgs({ args: [...args], options: { ...options, json: { type: 'boolean' } } })
  const given = { ...command.options, ...values } as Record<string, string>
  const { report, text } = await command.run(given, say)
  return { json: values.json === true, report, text }
}

async function runAll(args: readonly string[]): Promise<string> {
  const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean', default: false } } })
  const reports: Record<string, unknown> = {}
  const texts: string[] = []
  for (const name of names) {
    say(`> ${name}`)
    const { report, text } = await runOne(name, [])
    reports[name] = report
    texts.push(`# ${name}\n\n${text}`)
  }
  return values.json ? JSON.stringify(reports, null, 2) : texts.join('\n\n')
}

/** The exit code: 0, or 2 where the command line was not understood. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const [name, ...rest] = args
    if (name === undefined || name.startsWith('-')) console.log(await runAll(args))
    else {
      const { json, report, text } = await runOne(name, rest)
      console.log(json ? JSON.stringify(report, null, 2) : text)
    }
    return 0
  } catch (error) {
    const isUsage = isBridgeError(error, 'CONFIG_INVALID') || error instanceof UsageError || isOfParseArgs(error)
    if (!isUsage || !(error instanceof Error)) throw error
    say(`${error.message}\n\n${await usage()}`)
    return 2
  }
}
