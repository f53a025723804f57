/** The built daemon as a process of its own: started, watched line by line, killed. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

const running = new Set<Daemon>()

/** Builds what is older than its sources; `npm test` has done so already. */
export function build(): void {
  const { status, stdout } = spawnSync(process.execPath, ['scripts/with-setup.mjs', '--build'], { encoding: 'utf8' })
  if (status !== 0 && !existsSync('dist/main.js')) throw new Error(`the build failed: ${stdout}`)
}

/** Kills every daemon that a test left behind. */
export async function endDaemons(): Promise<void> {
  for (const daemon of [...running]) {
    daemon.kill('SIGKILL')
    await daemon.ended
  }
}

export class Daemon {
  readonly ended: Promise<Ended>
  /** All that it wrote, standard output and errors together. */
  output = ''
  /** Standard errors alone. */
  errors = ''
  readonly #child: ChildProcess
  readonly #waiting = new Set<() => void>()

  private constructor(program: string, args: readonly string[], env: NodeJS.ProcessEnv) {
    const { PATH, HOME } = process.env
    const child = spawn(program, [...args], { env: { PATH, HOME, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    this.#child = child
    child.stdout?.on('data', (text: Buffer) => this.#wrote(text.toString(), ''))
    child.stderr?.on('data', (text: Buffer) => this.#wrote(text.toString(), text.toString()))
    this.ended = new Promise(resolve => {
      child.once('close', (code, signal) => {
        running.delete(this)
        resolve({ code, signal })
      })
    })
    running.add(this)
  }

  /** `node <args>`, with nothing of this process's environment but where programs are. */
  static start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Daemon {
    return new Daemon(process.execPath, args, env)
  }

  /** As somebody starts it in a checkout: `npm <args>`. */
  static npm(args: readonly string[]): Daemon {
    return new Daemon('npm', args, {})
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** From here on it has nobody to write to. */
  closeOutput(): void {
    this.#child.stdout?.destroy()
  }

  /** Resolves when it has written this; rejects when it ends without, or after `patience` milliseconds. */
  writes(pattern: RegExp, patience = 8_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer)
        this.#waiting.delete(look)
        settle()
      }
      const fail = (why: string) => end(() => reject(new Error(`${why} without ${pattern}:\n${this.output}`)))
      const look = () => {
        if (pattern.test(this.output)) end(resolve)
      }
      const timer = setTimeout(() => fail(`${patience} ms went by`), patience)
      this.#waiting.add(look)
      void this.ended.then(() => fail('it ended'))
      look()
    })
  }

  #wrote(text: string, error: string): void {
    this.output += text
    this.errors += error
    for (const look of [...this.#waiting]) look()
  }
}
