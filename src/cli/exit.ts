/** How a command ends: 0 asked to stop or done, 1 a check failed, 2 configuration or command line is wrong, 3 anything else. */
import { HOMEPAGE } from '../about.ts'
import { describeError, isBridgeError } from '../errors.ts'
import { docsOf } from './docs-link.ts'

export const EXIT = { done: 0, checkFailed: 1, configWrong: 2, cannotStart: 3 } as const

/** What the person who wrote the configuration or the command line has to mend. */
const WRONG_CODES = ['CONFIG_INVALID', 'CONFIG_NOT_FOUND', 'CONFIG_UNREADABLE', 'REQUEST_INVALID'] as const

let stacksShown = false
let clean = (text: string): string => text

/** `--debug`, or a log at `debug`: from here on an error is shown with where in the program it came from. */
export function showStacks(): void {
  stacksShown = true
}

/** Takes secrets out of what is shown of an error, once they are known. */
export function cleanErrors(redact: (text: string) => string): void {
  clean = redact
}

/** Says what went wrong, on stderr, in a line (or a list of problems) for a person, and where that is explained. */
export function fail(error: unknown): number {
  const code = isBridgeError(error) ? ` [${error.code}]` : ''
  const lines = [
    `octopus2mqtt: ${describeError(error)}${code}`,
    whatNext(error),
    ...(stacksShown ? [stack(error)] : []),
  ]
  process.stderr.write(clean(`${lines.join('\n')}\n`))
  return WRONG_CODES.some(each => isBridgeError(error, each)) ? EXIT.configWrong : EXIT.cannotStart
}

function whatNext(error: unknown): string {
  if (!isBridgeError(error))
    return `That is a mistake in octopus2mqtt: please tell ${HOMEPAGE}/issues what --debug shows`
  if (error.code === 'CONFIG_INVALID' && error.details.file === 'environment')
    return 'There is no config.yaml here or in /config. octopus2mqtt setup (in a checkout npm start -- setup) shows what to write, and checks it while you type.'
  return `See ${docsOf(error.code)}`
}

/** Where it was thrown, and what lies behind it. */
function stack(error: unknown): string {
  const parts: string[] = []
  for (let each: unknown = error; each instanceof Error && parts.length < 5; each = each.cause)
    parts.push(each.stack ?? String(each))
  return parts.join('\ncaused by: ')
}

/**
 * Resolves when somebody asks the process to stop (SIGTERM, SIGINT). A second signal ends it at once: whoever asks twice
 * does not want to wait.
 */
export function askedToStop(): Promise<NodeJS.Signals> {
  return new Promise(resolve => {
    let asked = false
    const hear = (signal: NodeJS.Signals) => {
      if (asked) process.exit(128 + (signal === 'SIGINT' ? 2 : 15))
      asked = true
      resolve(signal)
    }
    process.on('SIGTERM', hear)
    process.on('SIGINT', hear)
  })
}
