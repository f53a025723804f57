/** A log that nobody reads. */
import type { Log } from '../../src/log.ts'

const nothing = () => {}

export const SILENT: Log = {
  level: 'silent',
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  fatal: nothing,
}
