/** What becomes of a process whose output nobody takes any more: its reader went away (`| head -1`), or the disk behind it is full. */
import { EXIT } from './exit.ts'

/** As a shell says it of every program that a broken pipe ended. */
const BROKEN_PIPE = 128 + 13

let isOutlived = false

/** A command has nobody left to work for, and ends. Without this Node ends it with a stack, or tries for ever to log why. */
export function watchOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (isOutlived) return
    if (error.code === 'EPIPE') process.exit(BROKEN_PIPE)
    process.stderr.write(`octopus2mqtt: standard output cannot be written (${error.code}): see where it goes to\n`)
    process.exit(EXIT.cannotStart)
  })
  // Nobody is left to be told.
  process.stderr.on('error', () => {})
}

/** Ends the process once everything it wrote is out; where that fails, the error ends it. */
export function endOnceWritten(): void {
  process.stdout.write('', error => {
    if (isOutlived || !error) process.exit()
  })
}

/** The daemon works for others than who reads its log: it goes on, and says once that the log is lost. */
export function outliveOutput(): void {
  isOutlived = true
  process.stdout.once('error', (error: NodeJS.ErrnoException) => {
    process.stderr.write(`octopus2mqtt: the log cannot be written any more (${error.code}); the rest goes on\n`)
  })
}
