/** The steps of `check` as text: a list for a terminal, a line each for scripts and pipes, or JSON. Pure. */
import { docsOf } from './docs-link.ts'
import type { Mark, Step } from './doctor.ts'
import type { Paint, Tone } from './paint.ts'
import { span } from './span.ts'
import { padTo, tame, wrap } from './width.ts'

const LOOKS: Readonly<Record<Mark, { glyph: string; tone: Tone }>> = {
  ok: { glyph: '✓', tone: 'good' },
  warn: { glyph: '!', tone: 'doubt' },
  wait: { glyph: '…', tone: 'later' },
  skip: { glyph: '·', tone: 'faint' },
  fail: { glyph: '✗', tone: 'bad' },
}

/** The longest name of a look. */
const NAME = 14
/** Under this the name has a line of its own, so that the text keeps some room. */
const NARROW = 50
/** A quicker look is not worth the ink. */
const SLOW = 100

const CODE = / \[([A-Z_]+)\]$/

/** Messages say what is wrong, and behind a colon what to do about it. */
const ADVICE =
  /(?<=[^:]): (?=(?:allow|check|choose|compare|correct|finish|give|make|octopus2mqtt|publish|run|see|set|stop|until|update|wait)\b)/

/** For a pipe: `fail  key             why: what to do [CODE]`. */
export function stepLine({ mark, name, text }: Step, paint: Paint): string {
  return `${paint(LOOKS[mark].tone, mark.padEnd(4))}  ${name.padEnd(NAME)}  ${tame(text)}`
}

/** For a terminal of so many columns. */
export function stepBlock({ mark, name, text, took }: Step, columns: number, paint: Paint): string[] {
  const { glyph, tone } = LOOKS[mark]
  const isNarrow = columns < NARROW
  const indent = ' '.repeat(isNarrow ? 4 : NAME + 4)
  const width = columns - indent.length
  const code = CODE.exec(text)?.[1]
  const [what = '', advice] = mark === 'ok' ? [tame(text)] : split(tame(text.replace(CODE, '')))
  const says = wrap(what, width)
  const time = took !== null && took >= SLOW ? span(took) : ''
  const last = says.at(-1) ?? ''
  const shown = says.map(line => (mark === 'skip' ? paint('faint', line) : line))
  if (time !== '' && last.length + 2 + time.length <= width) shown.push(`${shown.pop() ?? ''}  ${paint('faint', time)}`)
  if (advice !== undefined) {
    const steps = wrap(advice, width - 2)
    shown.push(...steps.map((line, at) => paint(tone, `${at === 0 ? '→' : ' '} ${line}`)))
  }
  if (code !== undefined) shown.push(paint('faint', docsOf(code)))
  const head = `${paint(tone, glyph)} ${isNarrow ? paint('title', name) : paint('title', padTo(name, NAME))}`
  if (isNarrow) return [head, ...shown.map(line => indent + line)]
  return shown.map((line, at) => (at === 0 ? `${head}  ${line}` : indent + line))
}

function split(text: string): [string, string?] {
  const found = ADVICE.exec(text)
  return found === null ? [text] : [text.slice(0, found.index), text.slice(found.index + 2)]
}

const namesOf = (steps: readonly Step[], mark: Mark): string[] => [
  ...new Set(steps.filter(step => step.mark === mark).map(({ name }) => name)),
]

/** One line about all of it. `took` in milliseconds. */
export function summary(steps: readonly Step[], took: number, paint: Paint): string {
  const [failed, doubts, later, skipped] = (['fail', 'warn', 'wait', 'skip'] as const).map(mark => namesOf(steps, mark))
  const parts = [
    ...(failed?.length ? [`${failed.length} failed (${failed.join(', ')})`] : []),
    ...(doubts?.length ? [`${doubts.length} worth a look (${doubts.join(', ')})`] : []),
    ...(later?.length ? [`${later.length} to be tried later (${later.join(', ')})`] : []),
    ...(skipped?.length ? [`${skipped.length} not looked at`] : []),
  ]
  const tone: Tone = failed?.length ? 'bad' : doubts?.length ? 'doubt' : 'good'
  const looks = new Set(steps.map(({ name }) => name)).size
  const what = parts.length === 0 ? `All ${looks} are well` : `Of ${looks}: ${parts.join(', ')}`
  return `${paint(tone, what)} ${paint('faint', `(${span(took)})`)}`
}

/** For scripts: `ok` is false where anything failed; `took` is in milliseconds. */
export function reportObject(steps: readonly Step[], took: number): object {
  return {
    ok: steps.every(({ mark }) => mark !== 'fail'),
    took: Math.round(took),
    steps: steps.map(({ name, mark, text, took: each }) => {
      const code = CODE.exec(text)?.[1] ?? null
      return {
        name,
        mark,
        text: text.replace(CODE, ''),
        code,
        docs: code === null ? null : docsOf(code),
        took: each === null ? null : Math.round(each),
      }
    }),
  }
}
