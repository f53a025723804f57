/** Text measured in the columns of a terminal, where a Chinese character takes two and an accent of its own none. Pure. */
import { stripVTControlCharacters } from 'node:util'
import stringWidth from 'string-width'
import { wrap as wrapBy } from './wrap.ts'

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Columns that the text takes; colours take none. */
export const displayWidth = (text: string): number => stringWidth(text)

export const padTo = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - displayWidth(text)))

/** As much of it as fits, with an ellipsis where something is left out. Text without colours only. */
export function cut(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  let kept = ''
  let used = 0
  for (const { segment } of graphemes.segment(text)) {
    used += displayWidth(segment)
    if (used > width - 1) break
    kept += segment
  }
  return width < 1 ? '' : `${kept.trimEnd()}…`
}

/** Lines of at most `width` columns: see `cli/wrap.ts`. */
export const wrap = (text: string, width: number): string[] => wrapBy(text, width, displayWidth)

/** What somebody else wrote, fit for a terminal: one line, and nothing in it that a terminal would obey. */
export const tame = (text: string): string =>
  stripVTControlCharacters(text)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '')
    .trim()
