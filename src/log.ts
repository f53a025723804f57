/** JSON lines for machines, readable lines for people, and no secret in either. */
import { type DestinationStream, type Level, pino } from 'pino'
import { wantsColour } from './colour.ts'
import type { Redactor } from './redactor.ts'

type Write = (details: object, message: string) => void

/** What the rooms need of a logger. `level` may be set while it runs. */
export interface Log {
  level: string
  readonly trace: Write
  readonly debug: Write
  readonly info: Write
  readonly warn: Write
  readonly error: Write
  readonly fatal: Write
}

export interface LogSettings {
  readonly level: Level | 'silent'
  /** Where it is not given: pretty in a terminal, JSON anywhere else. */
  readonly format?: 'json' | 'pretty' | undefined
}

/** Where a log goes. */
export interface LogTarget extends DestinationStream {
  /** Somebody reads it as it comes. */
  readonly isTerminal?: boolean
}

/** Writes to stdout, or to the given stream. */
export async function createLog(settings: LogSettings, redactor: Redactor, out?: LogTarget): Promise<Log> {
  const target = out ?? standardOutput
  const format = settings.format ?? (target.isTerminal ? 'pretty' : 'json')
  const sink = format === 'pretty' ? await prettyStream(target) : target
  const clean: DestinationStream = { write: line => sink.write(redactor.redact(line)) }
  const log: Log = pino({ level: settings.level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, clean)
  return log
}

const standardOutput: LogTarget = {
  write: line => void process.stdout.write(line),
  isTerminal: process.stdout.isTTY === true,
}

/** One line for each message: the time here, and behind the words what is known about it. */
async function prettyStream(target: LogTarget): Promise<DestinationStream> {
  const { prettyFactory } = await import('pino-pretty')
  const pretty = prettyFactory({
    colorize: wantsColour(target.isTerminal === true, process.env),
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'pid,hostname',
    singleLine: true,
  })
  return { write: line => target.write(pretty(line)) }
}
