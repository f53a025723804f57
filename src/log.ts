/**
 * JSON lines for machines, readable lines for people, and no secret in either: every secret is registered once and
 * replaced in whatever is written, also URL-encoded and as Basic credentials.
 */
import { type DestinationStream, type Level, pino } from 'pino'

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

const HIDDEN = '***'

/** Every form in which a secret could be written down. */
function formsOf(secret: string): string[] {
  const escaped = JSON.stringify(secret).slice(1, -1)
  return [
    secret,
    escaped,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
    Buffer.from(`${secret}:`).toString('base64'),
  ].filter(form => form.length >= 4)
}

export class Redactor {
  readonly #forms = new Map<string, string>()

  /** From now on nobody reads it. `shown` stands in its place. */
  add(secret: string | null | undefined, shown = HIDDEN): void {
    if (!secret) return
    for (const form of formsOf(secret)) this.#forms.set(form, shown)
  }

  redact(text: string): string {
    let clean = text
    for (const [form, shown] of this.#forms) if (clean.includes(form)) clean = clean.replaceAll(form, shown)
    return clean
  }
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
