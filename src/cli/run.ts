/** `octopus2mqtt run`: the daemon. */
import { startBridge } from '../bridge.ts'
import { systemClock } from '../clock.ts'
import { describeError } from '../errors.ts'
import { useLightHeaders } from '../octopus/light-headers.ts'
import { EXIT } from './exit.ts'
import { load } from './load.ts'
import { outliveOutput } from './output.ts'

/** A stop that takes longer than this is ended: whoever asked will not wait for ever. Milliseconds. */
const STOP_WITHIN = 4_500

/** Runs until `asked` resolves. */
export async function run(options: { config?: string }, asked: Promise<NodeJS.Signals>): Promise<number> {
  useLightHeaders()
  // As a Home Assistant app it may wait for the broker to be told.
  const loaded = await Promise.race([load(options.config), asked])
  if (typeof loaded === 'string') return EXIT.done
  const { config, log, file, redactor } = loaded
  outliveOutput()
  // A promise that nobody waits for must not end the daemon: it is logged and the rest goes on.
  process.on('unhandledRejection', error =>
    log.error({ problem: describeError(error) }, 'an error that nobody handled'),
  )
  // Nor must an error in one timer: the others go on, and /health tells of what no longer happens in time.
  process.on('uncaughtException', error => log.error({ problem: error.stack }, 'an error that nobody handled'))
  log.debug({ file }, 'configuration loaded')
  const bridge = await startBridge({ config, clock: systemClock, log, redactor })
  const signal = await asked
  log.info({ signal }, 'stopping')
  const timer = setTimeout(() => process.exit(EXIT.done), STOP_WITHIN)
  await bridge.stop()
  clearTimeout(timer)
  return EXIT.done
}
