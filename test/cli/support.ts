/** Runs a command as a person would, with a configuration file in a temporary folder, and keeps what it printed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jest } from '@jest/globals'
import type { Here } from '../../src/cli/here.ts'
import { NO_LIVE } from '../../src/cli/live.ts'
import { type Clock, systemClock } from '../../src/clock.ts'
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/index.ts'

const closers: (() => void | Promise<void>)[] = []

export async function cleanUp(): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close()
}

export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'octopus2mqtt-cli-'))
  closers.push(() => rmSync(path, { recursive: true, force: true }))
  return path
}

export async function simulate(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  const simulator = await startSimulator({ clock: systemClock, ...options })
  closers.push(() => simulator.stop())
  return simulator
}

export const PASSWORD = 'broker/pass word 99'

/** The `octopus` section for a simulator. */
export const octopusOf = (simulator: Simulator) => ({
  api_key: simulator.apiKey,
  graphql_url: simulator.graphqlUrl,
  rest_url: simulator.restUrl,
  timeout: '2s',
})

export interface Outcome {
  /** Rejected with it, where the command threw. */
  readonly code: number
  readonly lines: readonly string[]
  /** What went to stderr. */
  readonly errors: string
  /** Both, for what must be in neither. */
  readonly everything: string
}

export interface Told {
  readonly clock?: Clock
  readonly colour?: boolean
  readonly columns?: number | null
  readonly live?: Here['live']
  readonly lookup?: Here['lookup']
}

/** What every test takes for the process where it does not say otherwise: no terminal, and a name server that knows all. */
export const PIPE: Omit<Here, 'print'> = {
  clock: systemClock,
  colour: false,
  columns: null,
  live: NO_LIVE,
  lookup: async host => [host],
}

export async function run(
  command: (options: { config?: string }, here: Here) => Promise<number>,
  config: object,
  told: Told = {},
  storage = join(folder(), 'store.db'),
): Promise<Outcome> {
  const file = join(folder(), 'test.yaml')
  writeFileSync(file, JSON.stringify({ storage: { path: storage }, log: { level: 'silent' }, ...config }))
  const lines: string[] = []
  const stderr = jest.spyOn(process.stderr, 'write').mockImplementation(() => true)
  try {
    const code = await command({ config: file }, { ...PIPE, print: line => lines.push(line), ...told })
    const errors = stderr.mock.calls.map(([text]) => String(text)).join('')
    return { code, lines, errors, everything: `${lines.join('\n')}\n${errors}` }
  } finally {
    stderr.mockRestore()
  }
}

/** The lines of one look: `ok    text`. */
export const linesOf = ({ lines }: Outcome, name: string): string[] =>
  lines.flatMap(line => {
    const [, mark, text] = new RegExp(`^(\\w+)\\s+${name}\\s{2,}(.*)$`).exec(line) ?? []
    return mark === undefined ? [] : [`${mark} ${text}`]
  })

/** Looks and their marks, in order: `ok store`. The last line is about all of them. */
export const marksOf = ({ lines }: Outcome): string[] =>
  lines.slice(0, -1).map(line =>
    line
      .split(/\s{2,}/)
      .slice(0, 2)
      .join(' '),
  )
