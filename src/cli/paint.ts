/** Colours of a terminal, and none anywhere else. */
import { styleText } from 'node:util'

/** What a colour means, so that the same thing looks the same in every command. */
const STYLES = {
  good: 'green',
  doubt: 'yellow',
  bad: 'red',
  later: 'cyan',
  title: 'bold',
  strong: ['bold', 'green'],
  faint: 'dim',
} as const

export type Tone = keyof typeof STYLES

export type Paint = (tone: Tone, text: string) => string

export const PLAIN: Paint = (_, text) => text

/** Node 22 looks at standard output on its own account; whether there is colour was decided here. The types are those of Node 20. */
const style = styleText as (
  format: Parameters<typeof styleText>[0],
  text: string,
  options: { validateStream: false },
) => string

export const COLOURED: Paint = (tone, text) => {
  const of = STYLES[tone]
  return text === '' ? '' : style(typeof of === 'string' ? of : [...of], text, { validateStream: false })
}

export const paintFor = (colour: boolean): Paint => (colour ? COLOURED : PLAIN)
