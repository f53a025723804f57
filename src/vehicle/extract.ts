/** From the bytes of a payload to the one value in it that matters. Never throws. */
import { UNKNOWN_WORDS } from './words.ts'

/** A longer payload is not understood: no plug, charger or car says so little in so much. Bytes. */
export const LONGEST_PAYLOAD = 65_536

export type Extracted =
  | { readonly kind: 'found'; readonly value: unknown }
  | { readonly kind: 'not_understood'; readonly sample: string }

/** Trimmed, one pair of surrounding quotes stripped, lower case: how payloads and configured values are compared. */
export function plainText(text: string): string {
  const trimmed = text.trim()
  const quote = trimmed[0]
  const quoted = trimmed.length > 1 && (quote === '"' || quote === "'") && trimmed.endsWith(quote)
  return (quoted ? trimmed.slice(1, -1).trim() : trimmed).toLowerCase()
}

/** A short line about a payload that is safe to log: no control characters, no long documents. */
export const sampleOf = (text: string): string => text.slice(0, 40).replace(/[^\x20-\x7e]/g, '?')

/** The text of a payload, or the value that a JSON path leads to. */
export function extract(payload: Buffer | string, json?: string): Extracted {
  if (payload.length > LONGEST_PAYLOAD || Buffer.byteLength(payload) > LONGEST_PAYLOAD) {
    return { kind: 'not_understood', sample: `more than ${LONGEST_PAYLOAD} bytes` }
  }
  const text = payload.toString()
  // A cleared or unavailable topic is empty or says a bare word, also where JSON is expected.
  if (json === undefined || UNKNOWN_WORDS.has(plainText(text))) return { kind: 'found', value: text }
  try {
    return walk(JSON.parse(text.trim()), json.split('.'), json)
  } catch {
    return { kind: 'not_understood', sample: `no JSON: ${sampleOf(text)}` }
  }
}

function walk(root: unknown, steps: readonly string[], json: string): Extracted {
  let value = root
  for (const step of steps) {
    const isIndex = !Array.isArray(value) || /^\d+$/.test(step)
    if (typeof value !== 'object' || value === null || !isIndex || !Object.hasOwn(value, step)) {
      return { kind: 'not_understood', sample: `nothing at ${sampleOf(json)}` }
    }
    value = (value as Record<string, unknown>)[step]
  }
  return { kind: 'found', value }
}
