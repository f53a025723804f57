/** JSON lines for machines, readable lines for people, and no secret in either. */
import { type DestinationStream, type Level, pino } from 'pino'
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
  readonly format: 'json' | 'pretty'
}

/** Writes to stdout, or to the given stream. */
export async function createLog(settings: LogSettings, redactor: Redactor, out?: DestinationStream): Promise<Log> {
  const target = out ?? process.stdout
  const sink = settings.format === 'pretty' ? await prettyStream(target) : target
  const clean: DestinationStream = { write: line => sink.write(redactor.redact(line)) }
  const log: Log = pino({ level: settings.level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, clean)
  return log
}

async function prettyStream(target: DestinationStream): Promise<DestinationStream> {
  const { default: pretty } = await import('pino-pretty')
  const isTerminal = target === process.stdout && process.stdout.isTTY === true
  const stream = pretty({
    colorize: isTerminal,
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'pid,hostname',
    destination: asWritable(target),
    sync: true,
  })
  return { write: line => void stream.write(line) }
}

const asWritable = (target: DestinationStream): NodeJS.WritableStream => target as unknown as NodeJS.WritableStream
