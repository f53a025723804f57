/** What the commands that a person waits for take from the process; a test hands in its own. */
import { lookup } from 'node:dns/promises'
import { type Clock, systemClock } from '../clock.ts'
import { wantsColour } from '../colour.ts'
import { type Live, LiveLine, NO_LIVE } from './live.ts'

/** Standard output as a command writes on it. */
export interface Screen {
  /** One line, without its end, on standard output. */
  readonly print: (line: string) => void
  readonly colour: boolean
  /** Of the terminal; null where standard output is none: then each thing is one line, in words, for scripts. */
  readonly columns: number | null
  /** What is being waited for. */
  readonly live: Live
}

export interface Here extends Screen {
  readonly clock: Clock
  /** Addresses of a host, as this machine finds them. Rejects with Node's own error. */
  readonly lookup: (host: string) => Promise<string[]>
}

/** Some terminals do not say how wide they are. */
const USUAL_COLUMNS = 80

export function screen(): Screen {
  const { stdout, stderr, env } = process
  const isTerminal = stdout.isTTY === true
  const live = stderr.isTTY === true && env.TERM !== 'dumb' ? new LiveLine(stderr) : NO_LIVE
  return {
    print: line => {
      live.clear()
      stdout.write(`${line}\n`)
    },
    colour: wantsColour(isTerminal, env),
    columns: isTerminal ? stdout.columns || USUAL_COLUMNS : null,
    live,
  }
}

export const hereAndNow = (): Here => ({
  ...screen(),
  clock: systemClock,
  lookup: async host => (await lookup(host, { all: true })).map(({ address }) => address),
})
