/** A command as data: what `--help`, docs/commands.md and the parser are made of. */
import { InvalidArgumentError } from 'commander'
import { CONFIG_VARIABLE } from '../../config/environment.ts'

export interface OptionSpec {
  readonly flags: string
  readonly description: string
  /** Reads the text; throws InvalidArgumentError. */
  readonly parse?: (text: string) => unknown
  readonly fallback?: string | number
}

export interface Example {
  /** As it is typed. */
  readonly line: string
  readonly does: string
}

export interface CommandSpec {
  readonly name: string
  /** One line, for the list of commands. */
  readonly summary: string
  /** What else is worth knowing, for its own help. */
  readonly about: string
  /** Run where no command is named. */
  readonly isDefault?: true
  /** What it wants behind its name. */
  readonly argument?: { readonly name: string; readonly description: string }
  readonly options: readonly OptionSpec[]
  readonly examples: readonly Example[]
  /** Names of commands. */
  readonly seeAlso: readonly string[]
  /** Variables it looks at. */
  readonly environment: readonly (keyof typeof VARIABLES)[]
  readonly exits: readonly (keyof typeof EXITS)[]
  /** Pages of docs/, without their ending. */
  readonly pages: readonly string[]
  /** Imports what does the work, so that no command loads another's. Gives the exit code. */
  // biome-ignore lint/suspicious/noExplicitAny: the parser makes options of exactly these `options`
  readonly start: (options: any, argument: string) => Promise<number> | number
}

export const EXITS = {
  0: 'done, or asked to stop',
  1: 'a check failed, or somebody said no',
  2: 'the configuration or the command line is wrong',
  3: 'it could not start for another reason',
} as const

export const VARIABLES = {
  [CONFIG_VARIABLE]: 'the configuration file',
  OCTOPUS_API_KEY: 'the API key, where the file gives none',
  MQTT_URL: 'the broker, where the file gives none',
  'OCTOPUS2MQTT_…': 'every key of the configuration, such as OCTOPUS2MQTT_LOG_LEVEL; it beats the file',
  OCTOPUS2MQTT_STATUS_LISTEN: 'address and port of the page',
  NO_COLOR: 'no colours',
  FORCE_COLOR: 'colours outside a terminal too',
} as const

/** What every command looks at that has a configuration and prints. */
export const CONFIGURED = [CONFIG_VARIABLE, 'OCTOPUS_API_KEY', 'MQTT_URL', 'OCTOPUS2MQTT_…'] as const
export const COLOURS = ['NO_COLOR', 'FORCE_COLOR'] as const

export const configOption: OptionSpec = {
  flags: '-c, --config <file>',
  description: `configuration file (else $${CONFIG_VARIABLE}, ./config.yaml, /config/config.yaml)`,
}

export function positive(text: string): number {
  const value = Number(text)
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('expected a number above 0')
  return value
}

/** A timer of Node's that is longer ends at once: 2³¹ milliseconds. */
const LONGEST_TIMER = 2_147_483

export function seconds(text: string): number {
  const value = positive(text)
  if (value > LONGEST_TIMER) throw new InvalidArgumentError(`expected at most ${LONGEST_TIMER} seconds, 24 days`)
  return value
}

export function portNumber(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new InvalidArgumentError('expected a port, 0 to 65535')
  return value
}
