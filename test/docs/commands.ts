/** Commands of this project as the pages show them: in blocks for a shell, and as code in the text. */
import { CommanderError } from 'commander'
import { command as edge } from '../../bench/commands/edge.ts'
import { command as footprint } from '../../bench/commands/footprint.ts'
import { command as pipeline } from '../../bench/commands/pipeline.ts'
import { command as policy } from '../../bench/commands/policy.ts'
import { command as schedule } from '../../bench/commands/schedule.ts'
import { buildProgram, PAGE } from '../../src/cli/program.ts'
import { fences, prose } from './pages.ts'

const BENCHES: Readonly<Record<string, { readonly options: object }>> = { edge, footprint, pipeline, policy, schedule }

/** The lines of a shell's block that do something, each without its comment; a line that goes on is one with the next. */
const shellLines = (text: string): string[] =>
  fences(text)
    .filter(({ language }) => language === 'sh' || language === 'bash')
    .flatMap(({ body }) => body.replace(/\\\n/g, ' ').split('\n'))
    .map(line => line.replace(/\s#.*$/, '').trim())
    .filter(line => line !== '' && !line.startsWith('#'))

/** What a shell runs in one line, one after the other, without variables and `sudo` before and files and pipes behind. */
const simpleCommands = (line: string): string[] =>
  line
    .split(/ (?:&&|\|\||\||;|&) ?| \|$/)
    .map(part =>
      part
        .trim()
        .replace(/^(?:[A-Z][A-Z0-9_]*=\S* )+/, '')
        .replace(/^sudo (?:-\S+ )*/, ''),
    )
    .map(part => part.replace(/^docker (?:compose exec|run) .*?octopus2mqtt (?=octopus2mqtt |setup)/, ''))
    .map(part => (/^setup\b/.test(part) ? `octopus2mqtt ${part}` : part).replace(/ [<>]{1,3} .*$/, ''))

const OURS = /^(?:octopus2mqtt(?: |$)|npm (?!ci\b|install\b|prune\b)|node (?:dist|scripts)\/)/

/** Code in the text that is a command; one with a gap to be filled, such as `<command>`, is none. */
const inText = (text: string): string[] =>
  [...prose(text).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code).filter(code => !/[<[…]/.test(code))

/** Every command of this project on a page, once. */
export const commandsOn = (text: string): string[] => [
  ...new Set([...shellLines(text), ...inText(text)].flatMap(simpleCommands).filter(part => OURS.test(part))),
]

/** Names and values of variables that stand before a command, or are exported. */
export const variablesOn = (text: string): string[] =>
  shellLines(text).flatMap(line => [...line.matchAll(/(?:^| )([A-Z][A-Z0-9_]+)=/g)].map(([, name = '']) => name))

const wordsOf = (text: string): string[] => text.split(/ (?=(?:[^"]*"[^"]*")*[^"]*$)/).filter(Boolean)

/** What commander says against it; null where it is understood. */
function ofProgram(words: readonly string[]): string | null {
  let said = ''
  const program = buildProgram(() => {}, PAGE)
  const output = {
    writeOut: () => {},
    writeErr: (text: string) => {
      said += text
    },
  }
  for (const command of [program, ...program.commands]) command.configureOutput(output)
  try {
    program.parse([...words], { from: 'user' })
    return null
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    // `octopus2mqtt backup` in a sentence is the name of a command.
    const isName = words.length === 1 && error.code === 'commander.missingArgument'
    return error.exitCode === 0 || isName ? null : said
  }
}

const optionsIn = (words: readonly string[]): string[] =>
  words.filter(word => word.startsWith('--')).map(word => word.slice(2).replace(/=.*/, ''))

function ofBench([name, ...rest]: readonly string[]): string | null {
  if (name === undefined) return null
  const bench = BENCHES[name]
  if (bench === undefined) return `there is no bench ${name}`
  const unknown = optionsIn(rest).filter(option => option !== 'json' && !Object.hasOwn(bench.options, option))
  return unknown.length === 0 ? null : `bench ${name} has no --${unknown.join(', --')}`
}

export interface Project {
  /** Of package.json. */
  readonly scripts: Readonly<Record<string, string>>
  /** Whether a script that takes options of its own names this one; anything else takes none. */
  readonly hasOption: (script: string, option: string) => boolean
  readonly isFile: (path: string) => boolean
}

/** What is wrong with a command; null where it could be typed so. */
export function problemOf(command: string, project: Project): string | null {
  const [program = '', ...words] = wordsOf(command)
  if (program === 'octopus2mqtt') return ofProgram(words)
  if (program === 'node') {
    const [file = '', ...rest] = words
    return file === 'dist/main.js' ? ofProgram(rest) : project.isFile(file) ? null : `there is no ${file}`
  }
  const plain = words.filter(word => word !== '--silent')
  const [script = '', ...rest] = plain[0] === 'run' ? plain.slice(1) : plain
  if (!Object.hasOwn(project.scripts, script)) return `package.json has no script ${script}`
  const args = rest[0] === '--' ? rest.slice(1) : rest
  if (args.length > 0 && rest[0] !== '--') return 'npm takes what does not stand behind -- for itself'
  if (script === 'start') return ofProgram(args)
  if (script === 'demo') return ofProgram(['demo', ...args])
  if (script === 'bench') return ofBench(args)
  const unknown = optionsIn(args).filter(option => !project.hasOption(script, option))
  return unknown.length === 0 ? null : `${script} has no --${unknown.join(', --')}`
}
