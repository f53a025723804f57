/** What of the retained messages at a broker is ours. Pure. */
import { publishedByUs } from '../home-assistant/ours.ts'
import type { PublishedDocument, PublishedIndex } from '../home-assistant/removal.ts'

export interface Places {
  readonly bases: readonly string[]
  readonly prefixes: readonly string[]
}

/** The configured base topic and discovery prefix, and those of earlier configurations that the store still knows. */
export function placesOf(now: { base: string; prefix: string }, known: readonly string[]): Places {
  const earlier = (pattern: RegExp) => known.flatMap(topic => pattern.exec(topic)?.[1] ?? [])
  return {
    bases: [...new Set([now.base, ...earlier(/^(.+)\/bridge\/info$/)])],
    prefixes: [...new Set([now.prefix, ...earlier(/^(.+)\/device\/[^/]+\/config$/)])],
  }
}

export const filtersOf = ({ bases, prefixes }: Places): string[] => [
  ...bases.map(base => `${base}/#`),
  ...prefixes.map(prefix => `${prefix}/device/+/config`),
]

export interface Ours {
  /** Parents first. */
  readonly documents: PublishedIndex
  /** Every other topic: states, attributes, plans. */
  readonly topics: readonly string[]
}

/**
 * Discovery documents are ours where they say so; other topics where they stand under a base topic of ours or the store
 * knows them. `foreign`: topics that we only listen to, wherever they stand. A discovery document of somebody else stays,
 * even where the base topic was chosen so that it stands under it.
 */
export function ours(
  retained: ReadonlyMap<string, string>,
  { bases, prefixes }: Places,
  about: { readonly known: readonly string[]; readonly foreign: readonly string[] },
): Ours {
  const documents = new Map<string, PublishedDocument>()
  const topics: string[] = []
  const known = new Set(about.known)
  for (const [topic, payload] of retained) {
    if (payload === '' || about.foreign.includes(topic)) continue
    const isDiscovery = prefixes.some(prefix => topic.startsWith(`${prefix}/`) && topic.endsWith('/config'))
    const document = isDiscovery
      ? bases.map(base => publishedByUs(payload, base)).find(found => found !== null)
      : undefined
    if (document) documents.set(topic, document)
    else if (known.has(topic) || (!isDiscovery && bases.some(base => topic.startsWith(`${base}/`)))) topics.push(topic)
  }
  return { documents: parentsFirst(documents), topics: topics.sort() }
}

/** A device goes before the one it hangs on: see `removals`, which takes them from the end. */
function parentsFirst(documents: ReadonlyMap<string, PublishedDocument>): PublishedIndex {
  const byIdentifier = new Map(
    [...documents.values()].flatMap(each => identifiersOf(each).map(id => [id, each] as const)),
  )
  const depth = (document: PublishedDocument, seen: readonly PublishedDocument[] = []): number => {
    const parent = byIdentifier.get(String((document.device as { via_device?: unknown }).via_device))
    return parent === undefined || seen.includes(parent) ? 0 : 1 + depth(parent, [...seen, document])
  }
  return Object.fromEntries([...documents].sort(([, a], [, b]) => depth(a) - depth(b)))
}

function identifiersOf({ device }: PublishedDocument): string[] {
  const { identifiers } = device as { identifiers?: unknown }
  return Array.isArray(identifiers) ? identifiers.map(String) : []
}
