/** Tables of text for a terminal. Pure. */
import { type Paint, PLAIN } from './paint.ts'
import { displayWidth, padTo } from './width.ts'

export interface TableStyle {
  readonly paint?: Paint
  /** Columns of the terminal; null where it is none and lines may be as long as they like. */
  readonly columns?: number | null
}

/**
 * Columns as wide as their widest cell, two spaces between, nothing at the ends of lines. Where that is wider than the terminal,
 * each row becomes a few lines instead, a name and a value each: nothing is cut, since it is there to be copied.
 */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  { paint = PLAIN, columns = null }: TableStyle = {},
): string[] {
  const widths = header.map((name, column) =>
    Math.max(displayWidth(name), ...rows.map(row => displayWidth(row[column] ?? ''))),
  )
  const whole = widths.reduce((sum, width) => sum + width, 2 * (widths.length - 1))
  if (columns !== null && whole > columns) return stacked(header, rows, paint)
  const line = (cells: readonly string[]) =>
    widths
      .map((width, column) => padTo(cells[column] ?? '', width))
      .join('  ')
      .trimEnd()
  return [paint('title', line(header)), ...rows.map(line)]
}

/** `name  value` for each cell, a blank line between rows. */
function stacked(header: readonly string[], rows: readonly (readonly string[])[], paint: Paint): string[] {
  const width = Math.max(...header.map(displayWidth))
  return rows.flatMap((row, index) => [
    ...(index === 0 ? [] : ['']),
    ...header.map((name, column) => `${paint('title', padTo(name, width))}  ${row[column] ?? ''}`),
  ])
}
