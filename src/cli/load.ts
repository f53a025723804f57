/** What every command that has a configuration does first. */
import { systemClock } from '../clock.ts'
import { type Config, secretsOf } from '../config/config.ts'
import { type LoadOptions, loadConfig, treeInFile } from '../config/load.ts'
import { maskAccount } from '../config/public.ts'
import { fetchOverHttp } from '../fetch.ts'
import { createLog, type Log } from '../log.ts'
import { Redactor } from '../redactor.ts'
import { PRESETS } from '../vehicle/presets.ts'
import { cleanErrors, showStacks } from './exit.ts'
import { appEnvironment, isApp } from './supervisor.ts'

/** Levels at which whoever reads wants to know where in the program something happened. */
const VERBOSE: readonly string[] = ['debug', 'trace']

export interface Loaded {
  readonly config: Config
  readonly file: string | null
  readonly redactor: Redactor
  readonly log: Log
}

/**
 * Throws CONFIG_NOT_FOUND, CONFIG_UNREADABLE, or CONFIG_INVALID with every problem at once; as a Home Assistant app
 * SUPERVISOR_UNREACHABLE too.
 */
export async function load(path: string | undefined, needs: LoadOptions['needs'] = {}): Promise<Loaded> {
  const options = { path, cwd: process.cwd(), presets: PRESETS, needs }
  const env = isApp(process.env)
    ? await appEnvironment({
        env: process.env,
        clock: systemClock,
        fetch: fetchOverHttp,
        say: line => process.stderr.write(`octopus2mqtt: ${line}\n`),
        inFile: treeInFile({ ...options, env: process.env }),
        needsBroker: needs.broker !== false,
      })
    : process.env
  const { config, file } = loadConfig({ ...options, env })
  const redactor = redactorFor(config)
  cleanErrors(text => redactor.redact(text))
  if (VERBOSE.includes(config.log.level)) showStacks()
  return { config, file, redactor, log: await createLog(config.log, redactor) }
}

export function redactorFor(config: Config): Redactor {
  const redactor = new Redactor()
  for (const secret of secretsOf(config)) redactor.add(secret)
  const { account } = config.octopus
  if (account !== undefined) redactor.add(account, maskAccount(account))
  return redactor
}
