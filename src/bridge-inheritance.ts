/**
 * A store that was lost no longer knows what stands at the broker because of it, and what is not known is never taken away: a
 * car that was sold meanwhile would stay in Home Assistant for ever. So a start without a store hears once what the broker
 * retains of its account, writes that down, and lets it go where it is still not shown when the account is looked at again a
 * day later. Not before: what Octopus or its prices did not tell at the first look comes back by itself.
 */
import { isMarker } from './bridge-leftovers.ts'
import { type Cancel, type Clock, HOUR, type Instant } from './clock.ts'
import { publishedByUs } from './home-assistant/ours.ts'
import { anIndex, type PublishedDocument, type PublishedIndex } from './home-assistant/removal.ts'
import type { Broker } from './mqtt/broker.ts'
import type { AfterRetained } from './mqtt/retained.ts'
import { anInstant, aText, fields, listOf } from './shape.ts'
import type { Published } from './store/published.ts'
import type { Values } from './store/values.ts'

/** The account is looked at once a day. */
const NEXT_LOOK = 20 * HOUR

const KEY = 'inherited'

/** What stood at the broker, and when that was heard. */
export interface Inherited {
  readonly at: Instant
  readonly documents: PublishedIndex
  /** States, attributes, plans; no document. */
  readonly topics: readonly string[]
}

const inherited = fields<Inherited>({ at: anInstant, documents: anIndex, topics: listOf(aText) })

interface Parts {
  readonly broker: Broker
  readonly clock: Clock
  readonly afterRetained: AfterRetained
  readonly values: Pick<Values, 'get' | 'set' | 'remove'>
  readonly published: Pick<Published, 'topics'>
  readonly base: string
  readonly discoveryPrefix: string
  /** What we only listen to, wherever it stands. */
  readonly foreign: readonly string[]
  /** Takes away what is not shown. */
  readonly onDue: (inherited: Inherited) => void
}

export class Inheritance {
  readonly #parts: Parts
  #isWanted: boolean
  #cancels: Cancel[] = []

  /** To be made before anything is shown. */
  constructor(parts: Parts) {
    this.#parts = parts
    this.#isWanted = !parts.published.topics().some(topic => isMarker(topic, parts.base))
  }

  /** To be called before anything of this account is published. */
  listen(accountSlug: string): void {
    if (!this.#isWanted) return
    this.#isWanted = false
    const { broker, base, discoveryPrefix, afterRetained } = this.#parts
    const ours = `${base}/${accountSlug}`
    const documents = `${discoveryPrefix}/device/`
    const retained = new Map<string, string>()
    const filters = [`${ours}/+/+`, `${ours}/+/+/attributes`, `${documents}+/config`]
    this.#cancels = [
      broker.onMessage((topic, payload, isRetained) => {
        if (isRetained && (topic.startsWith(`${ours}/`) || topic.startsWith(documents)))
          retained.set(topic, payload.toString())
      }),
      afterRetained(() => {
        this.stop()
        broker.unsubscribe(filters)
        this.#keep(retained, ours, documents)
      }),
    ]
    broker.subscribe(filters)
  }

  /** Octopus told the account at this instant. */
  accountRead(at: Instant): void {
    const { values, onDue } = this.#parts
    const known = values.get<Inherited>(KEY, inherited)
    if (known === null || at < known.at + NEXT_LOOK) return
    onDue(known)
    values.remove(KEY)
  }

  stop(): void {
    for (const cancel of this.#cancels.splice(0)) cancel()
  }

  #keep(retained: ReadonlyMap<string, string>, ours: string, documents: string): void {
    const { clock, values, base, foreign } = this.#parts
    const index: Record<string, PublishedDocument> = {}
    const topics: string[] = []
    for (const [topic, payload] of retained) {
      if (topic.startsWith(`${ours}/`)) {
        if (!foreign.includes(topic)) topics.push(topic)
      } else if (topic.startsWith(documents) && payload.includes(`"${ours}/`)) {
        const document = publishedByUs(payload, base)
        if (document !== null) index[topic] = document
      }
    }
    if (topics.length > 0) values.set(KEY, { at: clock.now(), documents: index, topics } satisfies Inherited)
  }
}
