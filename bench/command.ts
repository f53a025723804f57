/** What a bench is to the command line. */

export interface Outcome {
  /** What `--json` prints. */
  readonly report: unknown
  /** What a person reads. */
  readonly text: string
}

export interface Command {
  /** Its own options, for the usage. */
  readonly usage: string
  /** Name to default; each takes a value. */
  readonly options: Readonly<Record<string, string>>
  /** `say` tells of what goes on, beside the result. */
  run(values: Readonly<Record<string, string>>, say: (line: string) => void): Promise<Outcome> | Outcome
}

/** The command line was not understood. */
export class UsageError extends Error {}

export function whole(values: Readonly<Record<string, string>>, name: string, least: number): number {
  const value = Number(values[name])
  if (!Number.isInteger(value) || value < least)
    throw new UsageError(`--${name} must be a whole number from ${least} on`)
  return value
}

/** The number of minutes, which need not be whole. */
export function minutes(values: Readonly<Record<string, string>>, name: string): number {
  const value = Number(values[name])
  if (!Number.isFinite(value) || value <= 0) throw new UsageError(`--${name} must be a number above 0`)
  return value
}

/** A table in Markdown: the first row is its head, the first column its labels. */
export const markdown = (rows: readonly (readonly string[])[]): string => {
  const [head = [], ...body] = rows
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '--:'))), ...body.map(line)].join('\n')
}
