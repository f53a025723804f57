/**
 * Lines of at most `width` columns, broken at spaces; a word that is longer (an address, a code that is to be copied) stands whole
 * on a line of its own. Text without colours only; `widthOf` is how many columns a text takes. Pure.
 */
export function wrap(text: string, width: number, widthOf: (text: string) => number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return line === '' ? lines : [...lines, line]
}
