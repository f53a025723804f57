#!/usr/bin/env node
/** Parses the command line and ends the process with the code of what it ran. The commands: src/cli/commands. */
import { CommanderError } from 'commander'
import { EXIT, fail, showStacks } from './cli/exit.ts'
import { endOnceWritten, watchOutput } from './cli/output.ts'
import { buildProgram, styleOfProcess } from './cli/program.ts'

/** Ends the process with the command's code, once everything it wrote is out. */
const program = buildProgram(async ({ start }, { debug, ...options }, argument) => {
  if (debug === true) showStacks()
  try {
    process.exitCode = await start(options, argument)
  } catch (error) {
    process.exitCode = fail(error)
  }
  endOnceWritten()
}, styleOfProcess())

watchOutput()
try {
  await program.parseAsync()
} catch (error) {
  // Commander has said already what is wrong with the arguments; help and version are no errors.
  process.exitCode =
    error instanceof CommanderError ? (error.exitCode === 0 ? EXIT.done : EXIT.configWrong) : fail(error)
}
