/**
 * The same value as `next`, with every part that equals its counterpart in `before` being that very object: who reads a
 * snapshot sees by identity what has not changed. For plain data (what JSON can hold). Pure.
 */
export function share<T>(before: unknown, next: T): T {
  if (Object.is(before, next)) return next
  if (!isObject(before) || !isObject(next) || Array.isArray(before) !== Array.isArray(next)) return next
  const keys = Object.keys(next)
  let same = keys.length === Object.keys(before).length
  let shared: Record<string, unknown> | null = null
  for (const key of keys) {
    const value = next[key]
    const kept = share(before[key], value)
    if (!Object.is(kept, before[key]) || !Object.hasOwn(before, key)) same = false
    if (kept === value) continue
    shared ??= (Array.isArray(next) ? [...next] : { ...next }) as Record<string, unknown>
    shared[key] = kept
  }
  return same ? (before as T) : ((shared ?? next) as T)
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
