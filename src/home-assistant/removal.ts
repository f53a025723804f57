/**
 * Taking entities away. A component that is merely left out of its document lives on as a ghost, so it is published
 * once in its platform-only form before it goes; and its platform and `unique_id` never change under the same key
 * without that. What stands at the broker is remembered in an index, kept in the store.
 */
import { aText, fields, isPlainTopic, mapOf, oneOf, type Shape } from '../shape.ts'
import type { Component, DiscoveryDocument, RemovedComponent } from './document.ts'

type Components = Readonly<Record<string, Pick<Component, 'platform' | 'unique_id'>>>

/** Enough of a published document to take it away again; device and origin as they were sent. */
export interface PublishedDocument {
  readonly device: object
  readonly origin: object
  readonly qos: 1
  readonly components: Components
}

/** By topic, in the order of publication. */
export type PublishedIndex = Readonly<Record<string, PublishedDocument>>

const anObject: Shape = value => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The shape in which an index comes back from the store. */
export const anIndex: Shape = value =>
  mapOf(
    fields<PublishedDocument>({
      device: anObject,
      origin: anObject,
      qos: oneOf(1),
      components: mapOf(fields<Components[string]>({ platform: aText, unique_id: aText })),
    }),
  )(value) && Object.keys(value as PublishedIndex).every(isPlainTopic)

/** A retained message; an empty payload clears the topic. */
export interface RetainedPublish {
  readonly topic: string
  readonly payload: string
}

const mapValues = <A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))

const identities = (components: Components): Components =>
  mapValues(components, ({ platform, unique_id }) => ({ platform, unique_id }))

const platformOnly = (components: Components): Record<string, RemovedComponent> =>
  mapValues(components, ({ platform }) => ({ platform }))

/** What the index says of these documents once they are published. */
export const indexOf = (documents: readonly DiscoveryDocument[]): PublishedIndex =>
  Object.fromEntries(
    documents.map(({ topic, payload }) => [topic, { ...payload, components: identities(payload.components) }]),
  )

/** Components that were published and are not, as the same entity, in the next document. */
function goneFrom(previous: Components, next: Components): Components {
  const isKept = ([key, { platform, unique_id }]: [string, Components[string]]) =>
    next[key]?.platform === platform && next[key]?.unique_id === unique_id
  return Object.fromEntries(Object.entries(previous).filter(entry => !isKept(entry)))
}

/** Two messages: the next document with the platform-only forms in it, then the next document as it is. */
function removeComponents(previous: PublishedDocument, { topic, payload }: DiscoveryDocument): RetainedPublish[] {
  const gone = goneFrom(previous.components, payload.components)
  if (Object.keys(gone).length === 0) return []
  const between = { ...payload, components: { ...payload.components, ...platformOnly(gone) } }
  return [between, payload].map(message => ({ topic, payload: JSON.stringify(message) }))
}

const removeDocument = (topic: string, previous: PublishedDocument): RetainedPublish[] => [
  { topic, payload: JSON.stringify({ ...previous, components: platformOnly(previous.components) }) },
  { topic, payload: '' },
]

/**
 * What to publish, in this order and before `next` itself, so that nothing of `previous` stays behind; children go
 * before their parents. To be repeated from the same index when it is cut short: the messages may be sent twice.
 * The index to store is that of `next`. Clear the states of what is gone only afterwards.
 */
export function removals(
  previous: PublishedIndex,
  next: readonly DiscoveryDocument[],
): { readonly publishes: readonly RetainedPublish[]; readonly index: PublishedIndex } {
  const staying = new Map(next.map(document => [document.topic, document]))
  const publishes = Object.entries(previous)
    .reverse()
    .flatMap(([topic, published]) => {
      const document = staying.get(topic)
      return document === undefined ? removeDocument(topic, published) : removeComponents(published, document)
    })
  return { publishes, index: indexOf(next) }
}
