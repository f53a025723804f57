/** What a column of JSON holds; undefined where it is none any more. */
export function jsonIn(column: unknown): unknown {
  try {
    return JSON.parse(String(column))
  } catch {
    return undefined
  }
}
