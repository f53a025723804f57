/** The command line: commander's definitions, made of the list of commands. */
import { Command, Option } from 'commander'
import { VERSION } from '../about.ts'
import { wantsColour } from '../colour.ts'
import { COMMANDS } from './commands/index.ts'
import type { CommandSpec, OptionSpec } from './commands/spec.ts'
import { didYouMean } from './did-you-mean.ts'
import { helpBelow, startHere } from './help.ts'
import { type Paint, paintFor } from './paint.ts'

/** Runs a command with what was given to it. */
export type Execute = (spec: CommandSpec, options: Record<string, unknown>, argument: string) => Promise<void> | void

export interface ProgramStyle {
  readonly columns: number
  readonly colour: boolean
}

/** Where nobody says how wide it is: a pipe, a pager, a page of the documentation. */
export const PAGE: ProgramStyle = { columns: 80, colour: false }

export const styleOfProcess = (): ProgramStyle => ({
  columns: process.stdout.columns || PAGE.columns,
  colour: wantsColour(process.stdout.isTTY === true, process.env),
})

/** Throws CommanderError instead of ending the process; commander has said by then what is wrong. */
export function buildProgram(execute: Execute, style: ProgramStyle): Command {
  const paint = paintFor(style.colour)
  const program = dressed(new Command('octopus2mqtt'), style, paint)
    .description('Octopus Energy (UK) to MQTT: dispatches, the cheap rate and meter readings')
    .version(VERSION)
    .addHelpText('after', startHere(paint))
    .helpCommand(false)
    // Where a word is no command, commander takes it for an argument of the default one, and complains of its options instead.
    .hook('preSubcommand', () => {
      const [word = ''] = program.args
      if (word !== '' && !word.startsWith('-') && !program.commands.some(each => each.name() === word))
        program.error(unknownCommand(word))
    })
  for (const spec of COMMANDS) addCommand(program, spec, { execute, style, paint })
  addHelp(program)
  return program
}

/** Commander's own shows the list of commands for a word that is none, and does not say why. */
function addHelp(program: Command): void {
  program
    .command('help [command]')
    .description('display help for command')
    .helpOption(false)
    .action((word?: string) => {
      const command = word === undefined ? program : program.commands.find(each => each.name() === word)
      if (command === undefined) program.error(unknownCommand(word ?? ''))
      else command.help()
    })
}

function dressed(command: Command, { columns, colour }: ProgramStyle, paint: Paint): Command {
  return command
    .exitOverride()
    .showHelpAfterError(
      `(octopus2mqtt${command.name() === 'octopus2mqtt' ? '' : ` ${command.name()}`} --help shows more)`,
    )
    .configureOutput({
      getOutHelpWidth: () => columns,
      getErrHelpWidth: () => columns,
      getOutHasColors: () => colour,
      getErrHasColors: () => wantsColour(process.stderr.isTTY === true, process.env),
    })
    .configureHelp({
      minWidthToWrap: 20,
      styleTitle: text => paint('title', text),
      styleCommandText: text => paint('good', text),
      styleSubcommandText: text => paint('good', text),
      styleOptionText: text => paint('later', text),
      styleArgumentText: text => paint('later', text),
    })
}

function addCommand(
  program: Command,
  spec: CommandSpec,
  { execute, style, paint }: { execute: Execute; style: ProgramStyle; paint: Paint },
): void {
  const { name, argument } = spec
  const command = dressed(program.command(name, { isDefault: spec.isDefault === true }), style, paint)
    .summary(spec.summary)
    .description(`${spec.summary[0]?.toUpperCase()}${spec.summary.slice(1)}. ${spec.about}`)
    .addHelpText('after', helpBelow(spec, { columns: style.columns, paint }))
  for (const option of spec.options) command.addOption(optionOf(option))
  command.option('--debug', 'show where in the program an error came from')
  if (argument !== undefined) command.argument(`<${argument.name}>`, argument.description)
  if (spec.isDefault) command.allowExcessArguments()
  command.action(() => {
    const [word] = command.args
    if (spec.isDefault && word !== undefined) return program.error(noArgument(word))
    return execute(spec, command.opts(), word ?? '')
  })
}

function optionOf({ flags, description, parse, fallback }: OptionSpec): Option {
  const option = new Option(flags, description)
  if (parse !== undefined) option.argParser(parse)
  return fallback === undefined ? option : option.default(fallback)
}

const names = COMMANDS.map(({ name }) => name)

/** The default command takes no argument, so what stands behind its options was meant for a command. */
const noArgument = (word: string): string =>
  names.includes(word)
    ? `error: the command comes first: octopus2mqtt ${word}, and its options behind it`
    : unknownCommand(word)

function unknownCommand(word: string): string {
  return `error: unknown command "${word}"${didYouMean(word, names)}; there are ${names.join(', ')}`
}
