/**
 * Shows snapshots on MQTT: discovery documents first, then states; takes away what no longer exists; tells what changed.
 * Reads snapshots and the catalogue, never Octopus.
 */

import type { Inherited } from './bridge-inheritance.ts'
import { devicesOf } from './entities/catalogue.ts'
import { ratesEventPayload } from './entities/meter/rate-lists.ts'
import type { PlanChange } from './entities/plan-changes.ts'
import { planEventPayload } from './entities/plan-changes.ts'
import { type Message, messagesIn, type Parts, renderParts } from './entities/render.ts'
import {
  accountAvailabilityTopic,
  attributesTopic,
  bridgeEventTopic,
  bridgeInfoTopic,
  bridgeStateTopic,
  planTopic,
  ratesTopic,
  stateTopic,
} from './entities/topics.ts'
import { discoveryDocuments, shapeOf } from './home-assistant/discovery.ts'
import type { DiscoveryDocument, DiscoverySettings } from './home-assistant/document.ts'
import { anIndex, type PublishedIndex, type RetainedPublish, removals } from './home-assistant/removal.ts'
import type { Broker } from './mqtt/broker.ts'
import type { Wanted } from './mqtt/outbox.ts'
import type { Publisher } from './mqtt/publisher.ts'
import { isPlainTopic } from './shape.ts'
import type { DayRates, Snapshot } from './snapshot.ts'
import type { Store } from './store/open.ts'
import { toIso } from './time/london.ts'

export interface OutputsOptions {
  readonly broker: Broker
  readonly publisher: Publisher
  readonly store: Store
  readonly base: string
  /** Null where discovery is off: what was published earlier is taken away. */
  readonly discovery: DiscoverySettings | null
  /** The payload of `<base>/bridge/info`. */
  readonly info: string
  /** Of this process, so that a second daemon is told from this one. */
  readonly instance: string
  readonly docsUrl: string
}

const INDEX = 'discovery-index'

/** What stands as long as the devices and their entities do, which is for months: it is not made at every snapshot. */
interface Standing {
  readonly shape: string
  readonly documents: readonly DiscoveryDocument[]
  readonly messages: readonly (readonly [topic: string, message: Wanted])[]
}

const NOTHING: Standing = { shape: '', documents: [], messages: [] }

export class Outputs {
  readonly #options: OutputsOptions
  #snapshot: Snapshot | null = null
  #standing = NOTHING
  /** What the snapshot is shown by; null while that has other topics than what was shown before. */
  #parts: readonly Parts[] | null = null
  #index: PublishedIndex
  #indexText: string
  /** Retained messages that take entities away and are not acknowledged yet. */
  #removing: { readonly publishes: readonly RetainedPublish[]; readonly index: PublishedIndex } | null = null
  #known: Set<string>

  constructor(options: OutputsOptions) {
    this.#options = options
    const index = options.store.published.document(INDEX)
    this.#index = anIndex(index) ? (index as PublishedIndex) : {}
    this.#indexText = JSON.stringify(this.#index)
    this.#known = new Set(options.store.published.topics().filter(isPlainTopic))
  }

  /** To be called before the publisher starts: removals have to go out before the documents that leave things out. */
  start(): void {
    this.#options.broker.onConnect(() => {
      this.#sendRemovals()
      // An event that nobody could hear was not told.
      if (this.#snapshot !== null) this.#tellRates(null, this.#snapshot)
    })
  }

  /** There is no account to show yet: the bridge alone says that it is there. */
  showBridgeOnly(): void {
    if (this.#snapshot === null) this.#options.publisher.want(this.#wantedFor([]))
  }

  show(snapshot: Snapshot): void {
    const { base, docsUrl, publisher } = this.#options
    this.#makeStanding(snapshot)
    const parts = renderParts(snapshot, base, { docsUrl })
    if (this.#parts !== null) publisher.wantInstead(differences(this.#parts, parts))
    else {
      this.#retire(this.#standing.documents)
      const wanted = this.#wantedFor(parts)
      publisher.want(wanted)
      this.#learnTopics(wanted)
      this.#forgetTopics(snapshot, wanted)
    }
    this.#parts = parts
    const before = this.#snapshot
    this.#snapshot = snapshot
    if (before !== null) this.#tellChanges(before, snapshot)
    this.#tellRates(before, snapshot)
  }

  /** Where the devices and their entities are others than they were, their documents are made anew. The same entities have the same topics. */
  #makeStanding(snapshot: Snapshot): void {
    const { base, discovery } = this.#options
    const shape = shapeOf(snapshot, base)
    if (shape === this.#standing.shape) return
    const documents = discovery === null ? [] : discoveryDocuments(snapshot, discovery)
    const messages = documents.map(
      ({ topic, payload }) => [topic, { payload: JSON.stringify(payload), retain: true }] as const,
    )
    this.#standing = { shape, documents, messages }
    this.#parts = null
  }

  /** What an earlier start left at the broker, unknown to the store: it goes where it is not shown. */
  inherit({ documents, topics }: Pick<Inherited, 'documents' | 'topics'>): void {
    const snapshot = this.#snapshot
    if (snapshot === null) return
    this.#index = { ...this.#index, ...documents }
    this.#indexText = JSON.stringify(this.#index)
    this.#retire(this.#standing.documents)
    for (const topic of [...topics, ...Object.keys(documents)].filter(isPlainTopic)) this.#known.add(topic)
    this.#forgetTopics(snapshot, this.#options.publisher.wanted)
  }

  planChanged(carSlug: string, change: PlanChange): void {
    const snapshot = this.#snapshot
    if (snapshot === null) return
    const { base, publisher } = this.#options
    const payload = planEventPayload(change)
    publisher.event(stateTopic(base, snapshot.account.slug, carSlug, 'plan_changed'), payload)
    this.#event('plan_changed', { car: carSlug, ...(JSON.parse(payload) as object) })
  }

  #wantedFor(parts: readonly Parts[]): Map<string, Wanted> {
    const { base, info } = this.#options
    return new Map<string, Wanted>([
      ...this.#standing.messages,
      ...messagesIn(parts),
      [bridgeInfoTopic(base), { payload: info, retain: true }],
    ])
  }

  /** Entities that were published and are no more: their removal goes out before anything that leaves them out. */
  #retire(documents: readonly DiscoveryDocument[]): void {
    const { publishes, index } = removals(this.#index, documents)
    const text = JSON.stringify(index)
    if (text === this.#indexText && this.#removing === null) return
    this.#removing = publishes.length === 0 ? null : { publishes, index }
    if (this.#removing === null) this.#keep(index, text)
    else this.#sendRemovals()
  }

  #sendRemovals(): void {
    const removing = this.#removing
    if (removing === null) return
    // Where the connection ends first they go out again on the next one.
    this.#options.publisher.publishFirst(removing.publishes, () => {
      if (this.#removing !== removing) return
      this.#removing = null
      this.#keep(removing.index, JSON.stringify(removing.index))
    })
  }

  #keep(index: PublishedIndex, text: string): void {
    this.#index = index
    this.#indexText = text
    this.#options.store.published.setDocument(INDEX, index)
  }

  #learnTopics(wanted: ReadonlyMap<string, Wanted>): void {
    const added: string[] = []
    for (const topic of [...wanted.keys(), bridgeStateTopic(this.#options.base)])
      if (!this.#known.has(topic)) added.push(topic)
    if (added.length === 0) return
    this.#options.store.published.addTopics(added)
    for (const topic of added) this.#known.add(topic)
  }

  /** Retained topics of devices and entities that are gone must not stay behind; those without a value now may. */
  #forgetTopics(snapshot: Snapshot, wanted: ReadonlyMap<string, Wanted>): void {
    const { store, publisher } = this.#options
    const possible = new Set([...wanted.keys(), ...this.#possibleTopics(snapshot)])
    const gone = [...this.#known].filter(topic => !possible.has(topic))
    if (gone.length === 0) return
    publisher.clear(gone)
    store.published.removeTopics(gone)
    for (const topic of gone) this.#known.delete(topic)
  }

  #possibleTopics(snapshot: Snapshot): string[] {
    const { base } = this.#options
    const { slug } = snapshot.account
    const entities = devicesOf(snapshot).flatMap(device =>
      device.rows.flatMap(row => [
        stateTopic(base, slug, device.slug, row.key),
        attributesTopic(base, slug, device.slug, row.key),
      ]),
    )
    return [
      ...entities,
      ...snapshot.cars.map(car => planTopic(base, slug, car.slug)),
      ...snapshot.meters.map(meter => ratesTopic(base, slug, meter.slug)),
      accountAvailabilityTopic(base, slug),
      bridgeStateTopic(base),
    ]
  }

  #tellChanges(before: Snapshot, after: Snapshot): void {
    const was = before.account
    const is = after.account
    if (was.refreshMode !== is.refreshMode) {
      this.#event('mode_changed', { from: was.refreshMode, to: is.refreshMode, reason: is.refreshReason })
    }
    if (was.notices === is.notices) return
    const key = (notice: { code: string; car?: string }) => `${notice.code} ${notice.car ?? ''}`
    const open = new Map(was.notices.map(notice => [key(notice), notice]))
    const now = new Map(is.notices.map(notice => [key(notice), notice]))
    for (const [id, { code, car, action }] of now) {
      if (!open.has(id)) this.#event('notice_opened', { code, car: car ?? null, action })
    }
    for (const [id, { code, car }] of open) if (!now.has(id)) this.#event('notice_closed', { code, car: car ?? null })
  }

  /**
   * Lists of prices are told where they are others than before. Where today's are known, tomorrow's are told even if there
   * are none yet: else what was tomorrow's yesterday would stand for tomorrow until they come.
   */
  #tellRates(before: Snapshot | null, { account, meters }: Snapshot): void {
    if (before?.meters === meters) return
    const { base, publisher } = this.#options
    for (const meter of meters) {
      const was = before?.meters.find(({ id }) => id === meter.id)?.rates
      const [wasKnown, isKnown] = [was?.today, meter.rates.today].map(day => (day?.rates.length ?? 0) > 0)
      for (const [key, day, earlier] of [
        ['current_day_rates', meter.rates.today, was?.today],
        ['next_day_rates', meter.rates.tomorrow, was?.tomorrow],
      ] as const) {
        if (day.rates.length === 0 && !isKnown) continue
        const wasTold = earlier !== undefined && (earlier.rates.length > 0 || wasKnown)
        if (wasTold && (day === earlier || sameRates(day, earlier))) continue
        publisher.event(stateTopic(base, account.slug, meter.slug, key), ratesEventPayload(meter, day))
      }
    }
  }

  #event(event: string, data: object): void {
    const { base, publisher, store, instance } = this.#options
    const at = this.#snapshot?.at
    if (event !== 'plan_changed') store.journal.append(event, data)
    publisher.event(
      bridgeEventTopic(base),
      JSON.stringify({ event, at: at === undefined ? null : toIso(at), ...data, instance }),
    )
  }
}

/** The messages that may be others than before, where the same topics are shown: what is the same object need not be read. */
function differences(before: readonly Parts[], groups: readonly Parts[]): Message[] {
  const found: Message[] = []
  for (const [index, parts] of groups.entries()) {
    const was = before[index]
    if (parts === was) continue
    for (const [at, part] of parts.entries()) if (part !== was?.[at]) found.push(...part.messages)
  }
  return found
}

const sameRates = (a: DayRates, b: DayRates): boolean =>
  a.date === b.date && JSON.stringify(a.rates) === JSON.stringify(b.rates)
