/**
 * The same value as `next`, with every part that equals its counterpart in `before` being that very object: who reads a
 * snapshot sees by identity what has not changed. For plain data (what JSON can hold). Pure.
 */
export function share<T>(before: unknown, next: T): T {
  if (Object.is(before, next)) return next
  if (Array.isArray(next)) return Array.isArray(before) ? (shareList(before, next) as T) : next
  if (!isObject(before) || !isObject(next) || Array.isArray(before)) return next
  const keys = Object.keys(next)
  let same = keys.length === Object.keys(before).length
  let shared: Record<string, unknown> | null = null
  for (const key of keys) {
    const was = before[key]
    const value = next[key]
    if (was === undefined && !Object.hasOwn(before, key)) same = false
    // As it mostly is.
    if (Object.is(was, value)) continue
    const kept = share(was, value)
    if (!Object.is(kept, was)) same = false
    if (kept === value) continue
    shared ??= { ...next }
    shared[key] = kept
  }
  return same ? (before as T) : ((shared ?? next) as T)
}

function shareList(before: readonly unknown[], next: readonly unknown[]): readonly unknown[] {
  let same = next.length === before.length
  let shared: unknown[] | null = null
  for (let index = 0; index < next.length; index++) {
    const value = next[index]
    const was = before[index]
    if (Object.is(was, value)) continue
    const kept = share(was, value)
    if (!Object.is(kept, was)) same = false
    if (kept === value) continue
    shared ??= [...next]
    shared[index] = kept
  }
  return same ? before : (shared ?? next)
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
