/** The known word that was probably meant. */

/** Levenshtein's distance, where swapping two neighbours counts once (optimal string alignment). */
export function distance(a: string, b: string): number {
  let before: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1]
      let least = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (same ? 0 : 1),
      )
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      if (swapped) least = Math.min(least, (before[column - 2] ?? 0) + 1)
      current.push(least)
    }
    before = previous
    previous = current
  }
  return previous[b.length] ?? 0
}

/** Longer words are no key of ours; comparing them would only cost time. */
const LONGEST = 64

/** The nearest of `known`; undefined where there is none to name. Of two equally near, the one named first. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const lower = word.slice(0, LONGEST).toLowerCase().replaceAll('-', '_')
  let best: { word: string; distance: number } | undefined
  for (const candidate of known) {
    const steps = distance(lower, candidate.toLowerCase())
    if (best === undefined || steps < best.distance) best = { word: candidate, distance: steps }
  }
  return best?.word
}

/** `; did you mean "username"?` where something is near, else the list of what there is. */
export function suggestion(word: string, known: readonly string[]): string {
  const best = nearest(word, known)
  if (best === undefined) return ''
  const near =
    distance(word.slice(0, LONGEST).toLowerCase(), best.toLowerCase()) <= Math.max(2, Math.ceil(best.length / 2))
  return near ? `; did you mean "${best}"?` : `; the nearest known one is "${best}" (known: ${known.join(', ')})`
}
