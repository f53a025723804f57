/** What the short commands (`check`, `discover`, `remove`) take from the process; a test hands in its own. */
import { lookup } from 'node:dns/promises'
import { type Clock, systemClock } from '../clock.ts'

export interface Here {
  readonly clock: Clock
  /** One line, without its end, on standard output. */
  readonly print: (line: string) => void
  readonly colour: boolean
  /** Addresses of a host, as this machine finds them. Rejects with Node's own error. */
  readonly lookup: (host: string) => Promise<string[]>
}

/** Colour is for a terminal only, and not for someone who asked for none (no-color.org). */
export const hereAndNow = (): Here => ({
  clock: systemClock,
  print: line => void process.stdout.write(`${line}\n`),
  colour: process.stdout.isTTY === true && !process.env.NO_COLOR,
  lookup: async host => (await lookup(host, { all: true })).map(({ address }) => address),
})
