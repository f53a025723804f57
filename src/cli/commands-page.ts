/** docs/commands.md, written from the commands as the parser knows them. */
import type { Command, Option } from 'commander'
import { COMMANDS } from './commands/index.ts'
import { type CommandSpec, EXITS, VARIABLES } from './commands/spec.ts'
import { buildProgram, PAGE } from './program.ts'

const INTRODUCTION = `# Commands

<!-- Written from the commands in src/cli/commands; edit those, then npm run docs. -->

In a checkout \`npm start -- <command>\` is the same as \`octopus2mqtt <command>\`, after some lines of npm's; \`npm start -s -- <command>\` leaves them
out, for a pipe or a file. In the container the name of the command is enough.
\`octopus2mqtt <command> --help\` says what stands here. A word that is mistyped is answered with the one that was probably meant.

In a terminal there are colours, a list of steps, and a line at the bottom that says what is being waited for; times are those of
London, with GMT or BST. In a pipe or a file each thing is one plain line, and nothing moves.
`

const cell = (text: string): string => text.replaceAll('|', '\\|')
const row = (...cells: string[]): string => `| ${cells.map(cell).join(' | ')} |`

export function commandsPage(): string {
  const program = buildProgram(() => {}, PAGE)
  const overview = COMMANDS.map(({ name, summary }) => row(`[${name}](#${name})`, summary))
  const codes = Object.entries(EXITS).map(([code, meaning]) => row(code, meaning))
  return [
    INTRODUCTION,
    ['| command | does |', '|---|---|', ...overview, ''].join('\n'),
    ['| exit code | means |', '|---|---|', ...codes, ''].join('\n'),
    ERRORS,
    ...COMMANDS.map(spec => section(spec, commandOf(program, spec))),
  ].join('\n')
}

const ERRORS = `An error is a line that says what to do, with its code and the address of its section in [errors.md](errors.md). \`--debug\`, or a log
at \`debug\`, shows where in the program it came from as well.

Where whoever reads goes away (\`| head -1\`), a command ends with 141, as most programs do. The daemon goes on without its log.
`

function commandOf(program: Command, { name }: CommandSpec): Command {
  const command = program.commands.find(each => each.name() === name)
  if (command === undefined) throw new Error(`the parser does not know ${name}`)
  return command
}

function section(spec: CommandSpec, command: Command): string {
  const { examples, environment, exits, seeAlso, pages } = spec
  const links = [...seeAlso.map(name => `[${name}](#${name})`), ...pages.map(page => `[${page}.md](${page}.md)`)]
  return [
    `## ${spec.name}`,
    '',
    command.description(),
    '',
    '```sh',
    ...examples.map(({ line, does }) => `${line}  # ${does}`),
    '```',
    '',
    `Usage: \`octopus2mqtt ${spec.name} ${command.usage()}\``,
    '',
    '| option | does | default |',
    '|---|---|---|',
    ...command.registeredArguments.map(argument => row(`\`<${argument.name()}>\``, argument.description, '')),
    ...command.options.map(option => row(`\`${option.flags}\``, option.description, fallbackOf(option))),
    '',
    ...(environment.length === 0
      ? []
      : [`Environment: ${environment.map(name => `\`${name}\` (${VARIABLES[name]})`).join(', ')}.`, '']),
    `Exit codes: ${exits.join(', ')}. See also: ${links.join(', ')}.`,
    '',
  ].join('\n')
}

const fallbackOf = ({ defaultValue }: Option): string => (defaultValue === undefined ? '' : `\`${defaultValue}\``)
