/**
 * Long simulations in pieces, each from a seed of its own, on every core. A process lives through one piece after the other: what
 * is compiled for the first is there for the next.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Level } from './faults/index.ts'
import type { StretchOptions, StretchReport } from './year.ts'

export interface Stretches {
  readonly seed: string
  readonly days: number
  /** Of each piece, at most: many houses for a while, or fewer for long. */
  readonly pieceDays: number
  readonly level: Level
  readonly jobs: number
}

export function piecesOf({ seed, days, pieceDays, level }: Stretches): StretchOptions[] {
  const pieces: StretchOptions[] = []
  for (let left = days; left > 0; left -= pieceDays)
    pieces.push({ stretch: `${seed}/${pieces.length + 1}`, days: Math.min(left, pieceDays), level })
  return pieces
}

const entry = fileURLToPath(new URL('./worker.js', import.meta.url))

const startWorker = (): ChildProcess =>
  fork(entry, {
    // The young generation has room for a simulated day, so that little is cleaned up twice.
    // What a report is read from is not written to.
    stdio: ['ignore', 2, 2, 'ipc'],
    execArgv: ['--expose-gc', '--max-semi-space-size=64', '--disable-warning=ExperimentalWarning'],
    // Some libraries check themselves elsewhere.
    env: { ...process.env, NODE_ENV: 'production' },
  })

function liveThrough(piece: StretchOptions, worker: ChildProcess): Promise<StretchReport> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) =>
      reject(new Error(`stretch ${piece.stretch} ended with code ${code} and no report`))
    worker.once('error', reject)
    worker.once('exit', ended)
    worker.once('message', report => {
      worker.off('error', reject)
      worker.off('exit', ended)
      resolve(report as StretchReport)
    })
    worker.send(piece)
  })
}

/** The reports in the order of the pieces, however many processes there were. */
export async function runStretches(options: Stretches): Promise<StretchReport[]> {
  const pieces = piecesOf(options)
  const waiting = [...pieces.entries()]
  const reports: StretchReport[] = []
  const work = async (): Promise<void> => {
    const worker = startWorker()
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [index, piece] = next
        reports[index] = await liveThrough(piece, worker)
      }
    } finally {
      worker.kill()
    }
  }
  await Promise.all(Array.from({ length: Math.min(options.jobs, pieces.length) }, work))
  return reports
}
