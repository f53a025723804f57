/** Processes of their own, and what Linux says of them in /proc. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'

/** As `npm start` runs the daemon; a test of the benches holds the two together. */
export const NODE_FLAGS = ['--max-semi-space-size=1', '--v8-pool-size=1']

/** Clock ticks a second in /proc/<pid>/stat; 100 on every Linux that Node runs on. */
const TICKS = 100

export class Running {
  readonly #child: ChildProcess
  #output = ''
  readonly #ended: Promise<unknown>

  /** `node <flags> <args>`, with nothing of this process's environment but where programs are. */
  constructor(args: readonly string[], options: { readonly cwd?: string; readonly flags?: readonly string[] } = {}) {
    const { PATH, HOME } = process.env
    this.#child = spawn(process.execPath, [...(options.flags ?? NODE_FLAGS), ...args], {
      env: { PATH, HOME },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    })
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (text: Buffer) => {
        // Enough to say what went wrong; an hour of a log is not kept.
        this.#output = (this.#output + text.toString()).slice(-100_000)
      })
    this.#ended = once(this.#child, 'exit')
  }

  /** The first group of the first match in what it writes. Throws where it ends without. */
  async writes(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.#output)
      if (found) return found[1] ?? found[0]
      if (this.#child.exitCode !== null) throw new Error(`it ended without ${pattern}:\n${this.#output}`)
      await wait(20)
    }
  }

  /** MB of 2^20 bytes that are resident now. */
  get residentMb(): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8')
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024
  }

  /** Seconds of CPU since its start, its own and the kernel's for it. */
  get cpuSeconds(): number {
    const stat = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8')
    // After the name, which may hold spaces: utime and stime are fields 14 and 15 of all.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) / TICKS
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.#child.exitCode === null) this.#child.kill(signal)
    await this.#ended
  }
}

export const wait = (milliseconds: number): Promise<void> => new Promise(resolve => setTimeout(resolve, milliseconds))
