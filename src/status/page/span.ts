/** Stretches of time on the timeline. Pure. */
import type { Instant } from '../../clock.ts'
import { addDays, type Interval, londonDate, startOfDay } from '../../time/london.ts'

/** From London's midnight that began today to the one that ends tomorrow. */
export function spanOf(at: Instant): Interval & { readonly midnight: Instant } {
  const today = londonDate(at)
  return { start: startOfDay(today), midnight: startOfDay(addDays(today, 1)), end: startOfDay(addDays(today, 2)) }
}

/** Those that lie in `span`, cut off at its ends. */
export const within = <Piece extends Interval>(pieces: readonly Piece[], span: Interval): Piece[] =>
  pieces
    .filter(({ start, end }) => start < span.end && end > span.start)
    .map(piece => ({ ...piece, start: Math.max(piece.start, span.start), end: Math.min(piece.end, span.end) }))

/** In order, with those that overlap or touch and are the same otherwise made one. */
export function merged<Piece extends Interval>(
  pieces: readonly Piece[],
  isSame: (a: Piece, b: Piece) => boolean,
): Piece[] {
  const done: Piece[] = []
  for (const piece of [...pieces].sort((a, b) => a.start - b.start)) {
    const before = done.at(-1)
    if (before !== undefined && before.end >= piece.start && isSame(before, piece))
      done[done.length - 1] = { ...before, end: Math.max(before.end, piece.end) }
    else done.push(piece)
  }
  return done
}

/** What of `pieces` lies outside every one of `taken`. */
export function without<Piece extends Interval>(pieces: readonly Piece[], taken: readonly Interval[]): Piece[] {
  let left = [...pieces]
  for (const { start, end } of taken)
    left = left.flatMap(piece =>
      piece.end <= start || piece.start >= end
        ? [piece]
        : [
            ...(piece.start < start ? [{ ...piece, end: start }] : []),
            ...(piece.end > end ? [{ ...piece, start: end }] : []),
          ],
    )
  return left
}
