/** A script of the project as a process of its own, with all that it prints. */
import { spawn } from 'node:child_process'

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export function runScript(script: string, args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [script, ...args])
  const text = { out: '', err: '' }
  child.stdout.on('data', (data: Buffer) => {
    text.out += data.toString()
  })
  child.stderr.on('data', (data: Buffer) => {
    text.err += data.toString()
  })
  return new Promise(resolve => child.once('close', code => resolve({ code, ...text })))
}
