/** Long simulations in pieces of a year, each from a seed of its own and in a process of its own, on every core. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Level } from './faults/index.ts'
import type { StretchReport } from './year.ts'

export interface Stretches {
  readonly seed: string
  readonly days: number
  readonly level: Level
  readonly jobs: number
}

const YEAR = 365

interface Piece {
  /** `<seed>/<number>`: its seed, and which year it is. */
  readonly stretch: string
  readonly days: number
}

/** Of a year each; fewer days than that are shared among the processes. */
export function piecesOf({ seed, days, jobs }: Stretches): Piece[] {
  const longest = Math.min(YEAR, Math.ceil(days / jobs))
  const pieces: Piece[] = []
  for (let left = days; left > 0; left -= longest) {
    pieces.push({ stretch: `${seed}/${pieces.length + 1}`, days: Math.min(left, longest) })
  }
  return pieces
}

const entry = fileURLToPath(new URL('./stretch.js', import.meta.url))

function run({ stretch, days }: Piece, level: Level): Promise<StretchReport> {
  // The young generation has room for a simulated day, so that little is cleaned up twice.
  const args = ['--expose-gc', '--max-semi-space-size=64', '--disable-warning=ExperimentalWarning', entry]
  const own = ['--stretch', stretch, '--days', String(days), '--level', level]
  const child = spawn(process.execPath, [...args, ...own], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // Some libraries check themselves elsewhere.
    env: { ...process.env, NODE_ENV: 'production' },
  })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => {
      try {
        resolve(JSON.parse(text) as StretchReport)
      } catch {
        reject(new Error(`stretch ${stretch} ended with code ${code} and no report`))
      }
    })
  })
}

export async function runStretches(options: Stretches): Promise<StretchReport[]> {
  const waiting = piecesOf(options)
  const reports: StretchReport[] = []
  const worker = async (): Promise<void> => {
    for (let piece = waiting.shift(); piece !== undefined; piece = waiting.shift()) {
      reports.push(await run(piece, options.level))
    }
  }
  await Promise.all(Array.from({ length: Math.min(options.jobs, waiting.length) }, worker))
  return reports
}
