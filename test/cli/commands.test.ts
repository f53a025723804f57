/** The command line as commander understands it: every example parses, help teaches, mistakes are met with the nearest word. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { CommanderError } from 'commander'
import { COMMANDS } from '../../src/cli/commands/index.ts'
import { commandsPage } from '../../src/cli/commands-page.ts'
import { buildProgram, PAGE, type ProgramStyle } from '../../src/cli/program.ts'
import { displayWidth } from '../../src/cli/width.ts'
import { SCENARIOS } from '../../src/simulator/index.ts'
import { ROOT } from '../docs/pages.ts'

interface Parsed {
  readonly name: string
  readonly options: Readonly<Record<string, unknown>>
  readonly argument: string
}

/** What would be run, and all that was said. */
function parse(args: readonly string[], style: ProgramStyle = PAGE) {
  const ran: Parsed[] = []
  let said = ''
  let code = 0
  const program = buildProgram((spec, options, argument) => {
    ran.push({ name: spec.name, options, argument })
  }, style)
  const write = (text: string) => {
    said += text
  }
  for (const command of [program, ...program.commands]) command.configureOutput({ writeOut: write, writeErr: write })
  try {
    program.parse(args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    code = error.exitCode
  }
  return { ran, said, code }
}

const help = (name: string, style?: ProgramStyle) => parse([name, '--help'], style).said

/** The words behind the program's name, as a shell would hand them over: no variables before, no pipe behind. */
const wordsOf = (line: string): string[] =>
  (/^(?:[A-Z0-9_]+=\S+ )*octopus2mqtt ?([^|>]*)/.exec(line)?.[1] ?? 'no such program')
    .trim()
    .split(/ (?=(?:[^"]*"[^"]*")*[^"]*$)/)
    .filter(Boolean)

const EXAMPLES = COMMANDS.flatMap(({ name, examples }) => examples.map(({ line }) => [line, name] as const))

describe('examples', () => {
  it.each(EXAMPLES)('%s is understood', (line, name) => {
    const { ran, said } = parse(wordsOf(line))
    expect(said).toBe('')
    expect(ran.map(each => each.name)).toEqual([name])
    const { scenario } = ran[0]?.options ?? {}
    if (scenario !== undefined) expect(SCENARIOS.map(each => each.name)).toContain(scenario)
  })

  it('are two to four for each command, of itself, and what it names is there', () => {
    const names = COMMANDS.map(({ name }) => name)
    for (const { examples, seeAlso, pages, exits } of COMMANDS) {
      expect(examples.length).toBeGreaterThanOrEqual(2)
      expect(examples.length).toBeLessThanOrEqual(4)
      expect(seeAlso.filter(other => !names.includes(other))).toEqual([])
      expect(pages.filter(page => !existsSync(join(ROOT, 'docs', `${page}.md`)))).toEqual([])
      expect(exits).toEqual(expect.arrayContaining([0, 2]))
    }
    expect(new Set(names).size).toBe(names.length)
  })

  it('would not pass with an option that there is not', () => {
    expect(parse(wordsOf('A=b octopus2mqtt check --jsonn | jq .')).code).toBe(1)
    expect(wordsOf('A=b octopus2mqtt backup "a b.db" -c x.yaml | jq .')).toEqual(['backup', '"a b.db"', '-c', 'x.yaml'])
  })
})

describe('the parser', () => {
  it('runs the daemon where no command is named, and hands over options and argument', () => {
    expect(parse(['-c', 'x.yaml']).ran).toEqual([{ name: 'run', options: { config: 'x.yaml' }, argument: '' }])
    expect(parse(['backup', 'a.db', '--debug']).ran).toEqual([
      { name: 'backup', options: { debug: true }, argument: 'a.db' },
    ])
    expect(parse(['demo', '--for', '60']).ran[0]?.options).toEqual({
      ...{ speed: 60, scenario: 'demo', for: 60, mqttPort: 1884, httpPort: 8099, seed: '1' },
    })
  })

  it.each([
    [['chekc'], 'unknown command "chekc", did you mean "check"?; there are run, demo,'],
    [['chekc', '--json'], 'unknown command "chekc", did you mean "check"?'],
    [['help', 'chekc'], 'unknown command "chekc", did you mean "check"?'],
    [['-c', 'x.yaml', 'check'], 'the command comes first: octopus2mqtt check, and its options behind it'],
    [['zzzzzz'], 'unknown command "zzzzzz"; there are run, demo,'],
    [['check', '--jsno'], "unknown option '--jsno'\n(Did you mean --json?)"],
    [['--confg', 'x'], "unknown option '--confg'\n(Did you mean --config?)"],
    [['demo', '--speed', 'fast'], 'expected a number above 0'],
    [['demo', '--for', '3000000'], 'expected at most 2147483 seconds, 24 days'],
    [['simulate', '--port', '70000'], 'expected a port, 0 to 65535'],
    [['backup'], "missing required argument 'file'"],
    [['demo', 'now'], "too many arguments for 'demo'"],
  ])('answers %p with what was meant', (args, answer) => {
    const { ran, said, code } = parse(args)
    expect(said).toContain(answer)
    expect(said).toContain('--help shows more)')
    expect([ran, code]).toEqual([[], 1])
  })
})

describe('help', () => {
  it('of a command begins with its use and teaches by example', () => {
    expect(help('restore')).toBe(`Usage: octopus2mqtt restore [options] <file>

Put a backup in the place of the store; stop the daemon first. What was there is
set aside and named. Calls that Octopus saw since stay counted.

Arguments:
  file                 a file that backup wrote

Options:
  -c, --config <file>  configuration file (else $OCTOPUS2MQTT_CONFIG,
                       ./config.yaml, /config/config.yaml)
  --debug              show where in the program an error came from
  -h, --help           display help for command

Examples:
  octopus2mqtt restore octopus2mqtt-backup.db
      with ./config.yaml
  octopus2mqtt restore backup.db -c /etc/octopus2mqtt/config.yaml
      for another configuration

Environment:
  OCTOPUS2MQTT_CONFIG  the configuration file
  OCTOPUS_API_KEY      the API key, where the file gives none
  MQTT_URL             the broker, where the file gives none
  OCTOPUS2MQTT_…       every key of the configuration, such as
                       OCTOPUS2MQTT_LOG_LEVEL; it beats the file

Exit codes:
  0  done, or asked to stop
  2  the configuration or the command line is wrong
  3  it could not start for another reason

See also:
  octopus2mqtt backup --help, octopus2mqtt check --help
  https://github.com/octopus2mqtt/octopus2mqtt/blob/main/docs/errors.md
`)
  })

  it('lists every command with its line, and where to begin', () => {
    const { said, code } = parse(['--help'])
    for (const { name } of COMMANDS) expect(said).toMatch(new RegExp(`^  ${name}\\b`, 'm'))
    expect(said).toContain('To begin:')
    expect(code).toBe(0)
    expect(parse(['help'])).toEqual({ ran: [], said, code })
  })

  it('is the same whichever way it is asked for', () => {
    for (const { name } of COMMANDS) expect(parse(['help', name])).toEqual(parse([name, '--help']))
  })

  it('stays within a narrow terminal, what is to be copied apart', () => {
    const copied = /octopus2mqtt |https:\/\//
    for (const { name } of COMMANDS) {
      const lines = help(name, { columns: 60, colour: false }).split('\n')
      expect(lines.filter(line => displayWidth(line) > 60 && !copied.test(line))).toEqual([])
    }
  })

  it('has colours where they are wanted, and is the same text', () => {
    const coloured = help('check', { columns: 80, colour: true })
    expect(coloured).toContain('\u001b[1mExamples:\u001b[22m')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours themselves
    expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(help('check'))
  })
})

describe('docs/commands.md', () => {
  it('is current: npm run docs makes it anew', () => {
    expect(readFileSync(join(ROOT, 'docs/commands.md'), 'utf8')).toBe(commandsPage())
  })
})
