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
    const [was, value] = [before[key], next[key]]
    const kept = share(was, value)
    if (!Object.is(kept, was) || (was === undefined && !Object.hasOwn(before, key))) same = false
    if (kept === value) continue
    shared ??= { ...next }
    shared[key] = kept
  }
  return same ? (before as T) : ((shared ?? next) as T)
}

function shareList(before: readonly unknown[], next: readonly unknown[]): readonly unknown[] {
  const list = next.map((value, index) => share(before[index], value))
  return list.length === before.length && list.every((value, index) => Object.is(value, before[index])) ? before : list
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
