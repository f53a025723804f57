/** How a command ends: 0 asked to stop or done, 1 a check failed, 2 the configuration is wrong, 3 anything else. */
import { describeError, isBridgeError } from '../errors.ts'

export const EXIT = { done: 0, checkFailed: 1, configWrong: 2, cannotStart: 3 } as const

const CONFIG_CODES = ['CONFIG_INVALID', 'CONFIG_NOT_FOUND', 'CONFIG_UNREADABLE'] as const

/** Says what went wrong, on stderr, in a line (or a list of problems) for a person. */
export function fail(error: unknown): number {
  const code = isBridgeError(error) ? ` [${error.code}]` : ''
  process.stderr.write(`octopus2mqtt: ${describeError(error)}${code}\n`)
  if (isBridgeError(error, 'CONFIG_INVALID') && error.details.file === 'environment') {
    process.stderr.write(
      'There is no config.yaml here or in /config. octopus2mqtt setup shows what to write, and checks it while you type.\n',
    )
  }
  return CONFIG_CODES.some(each => isBridgeError(error, each)) ? EXIT.configWrong : EXIT.cannotStart
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
