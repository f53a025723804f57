/**
 * What stands in a command's help below its options: examples first, since they teach most. Pure. These are our own plain words: a
 * column each character. What measures other people's (`cli/width.ts`) brings tables with it, and help is loaded with the daemon.
 */
import { DOCS_URL } from '../about.ts'
import { type CommandSpec, EXITS, VARIABLES } from './commands/spec.ts'
import type { Paint } from './paint.ts'
import { wrap } from './wrap.ts'

export interface HelpStyle {
  readonly columns: number
  readonly paint: Paint
}

type Pair = readonly [name: string, text: string]

export function helpBelow(spec: CommandSpec, style: HelpStyle): string {
  const { paint } = style
  const sections: string[][] = [
    [
      paint('title', 'Examples:'),
      ...spec.examples.flatMap(({ line, does }) => [`  ${paint('good', line)}`, `      ${does}`]),
    ],
    list(
      'Environment:',
      spec.environment.map(name => [name, VARIABLES[name]]),
      style,
    ),
    list(
      'Exit codes:',
      spec.exits.map(code => [String(code), EXITS[code]]),
      style,
    ),
    [
      paint('title', 'See also:'),
      `  ${spec.seeAlso.map(name => `octopus2mqtt ${name} --help`).join(', ')}`,
      ...spec.pages.map(page => `  ${DOCS_URL}/${page}.md`),
    ],
  ]
  return `\n${sections
    .filter(({ length }) => length > 0)
    .map(lines => lines.join('\n'))
    .join('\n\n')}`
}

function list(title: string, pairs: readonly Pair[], { columns, paint }: HelpStyle): string[] {
  if (pairs.length === 0) return []
  const width = Math.max(...pairs.map(([name]) => name.length))
  const indent = ' '.repeat(width + 4)
  const lines = pairs.flatMap(([name, text]) =>
    wrap(text, columns - indent.length, line => line.length).map((line, at) =>
      at === 0 ? `  ${name.padEnd(width)}  ${line}` : indent + line,
    ),
  )
  return [paint('title', title), ...lines]
}

/** Below the list of commands. */
export const startHere = (paint: Paint): string =>
  `
${paint('title', 'To begin:')}
  ${paint('good', 'octopus2mqtt demo')}
      see it work, with nothing installed
  ${paint('good', 'octopus2mqtt setup')}
      see what to write into config.yaml
  ${paint('good', 'octopus2mqtt check')}
      try it out
  ${paint('good', 'octopus2mqtt help check')}
      what a command can do, with examples`
