/** No topic is left behind, and every payload is fit to be read. */
import { HOUR, MINUTE } from '../../../src/clock.ts'
import type { MakeInvariant } from './invariant.ts'

const LARGEST_ATTRIBUTES = 16 * 1024
const LARGEST_STATE = 255
const NOT_FIT = /\b(NaN|undefined|Infinity|Invalid DateTime|\[object)\b/

/** The account is looked at once a day; after a trouble an hour is the longest wait. */
const LOOKED_AT_WITHIN = 25 * HOUR
const AFTER_TROUBLE = 75 * MINUTE

/**
 * Everything retained belongs to something that there is. A store that was lost learns anew what there was, and waits for the
 * next daily look before it takes anything away.
 */
export const noTopicLeft: MakeInvariant = (scene, complain, count) => {
  let losses = 0
  let lostAt: number | null = null
  const mayRemain = (): boolean => {
    const { now, parts, troubleEnded } = scene
    if (parts.disk.losses !== losses) lostAt = now
    losses = parts.disk.losses
    if (lostAt !== null && now - lostAt >= LOOKED_AT_WITHIN && now - troubleEnded >= AFTER_TROUBLE) lostAt = null
    return lostAt !== null
  }
  const orphan = new Map<string, number>()
  /** What each document names: they stand for weeks. */
  const read = new Map<string, { readonly payload: string; readonly named: readonly string[] }>()
  const namedIn = (topic: string, payload: string): readonly string[] => {
    const known = read.get(topic)
    if (known?.payload === payload) return known.named
    const named = topicsIn(JSON.parse(payload))
    read.set(topic, { payload, named })
    return named
  }
  return {
    name: 'no-topic-left-behind',
    checkHourly: () => {
      const { now, parts } = scene
      const isForgiven = mayRemain()
      if (!scene.isClear(10 * MINUTE)) return orphan.clear()
      const documents = [...parts.broker.retained].filter(([topic]) => topic.startsWith('homeassistant/'))
      const named = new Set<string>()
      for (const [place, payload] of documents) for (const topic of namedIn(place, payload)) named.add(topic)
      for (const topic of parts.broker.retained.keys()) {
        if (!topic.startsWith(`${parts.base}/`) || named.has(topic)) continue
        if (topic.startsWith(`${parts.base}/bridge/`) || topic === `${scene.account}/availability`) continue
        if (isRates(topic, named)) continue
        const slug = topic.split('/')[2] ?? ''
        if (topic.endsWith('/plan') && named.has(`${scene.account}/${slug}/dispatch_active`)) continue
        const since = orphan.get(topic) ?? now
        orphan.set(topic, since)
        if (now - since >= HOUR && !isForgiven) complain(`${topic} is retained, and no entity reads it`)
      }
      for (const topic of orphan.keys()) if (!parts.broker.retained.has(topic)) orphan.delete(topic)
      count()
      for (const topic of named)
        if (!isOptional(topic) && !parts.broker.retained.has(topic))
          complain(`an entity reads ${topic}, which is not there`)
      for (const key of parts.truth.cars) {
        const listed = scene.listing(key)
        if (listed.goneSince === null || now - listed.goneSince < 48 * HOUR) continue
        const left = [...parts.broker.retained.keys()].filter(topic =>
          topic.startsWith(`${scene.account}/${listed.slug}/`),
        )
        if (left.length > 0) complain(`${listed.slug} has been gone for two days, and ${left.length} topics are left`)
      }
    },
  }
}

/** Entities that are events, and so hold nothing. */
const EVENT = /\/(plan_changed|current_day_rates|next_day_rates)$/

/** Neither does a button. */
const isOptional = (topic: string): boolean => EVENT.test(topic) || topic.endsWith('/set')

/** The forecast, for who reads it without Home Assistant. */
const isRates = (topic: string, named: ReadonlySet<string>): boolean =>
  topic.endsWith('/rates') && named.has(topic.replace(/rates$/, 'current_rate'))

function topicsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    if (typeof inner === 'string') return /topic$|^(stat|json_attr|avty|cmd)_t$|^t$/.test(key) ? [inner] : []
    return topicsIn(inner)
  })
}

export const wellFormed: MakeInvariant = (scene, complain, count) => ({
  name: 'payloads-well-formed',
  onPublish: ({ topic, payload, retain }) => {
    if (!topic.startsWith(`${scene.parts.base}/`) || payload === '') return
    count()
    if (NOT_FIT.test(payload)) complain(`${topic}: ${payload.slice(0, 120)}`)
    const isJson = payload.startsWith('{') || payload.startsWith('[')
    if (isJson) JSON.parse(payload)
    if (topic.endsWith('/attributes') && Buffer.byteLength(payload) > LARGEST_ATTRIBUTES)
      complain(`${topic} has ${Buffer.byteLength(payload)} bytes`)
    if (!isJson && payload.length > LARGEST_STATE) complain(`${topic} has ${payload.length} characters`)
    const isEvent = /\/bridge\/(event|response\/|request\/)|\/set$/.test(topic) || EVENT.test(topic)
    if (isEvent === retain) complain(`${topic} was published with retain ${retain}`)
  },
})
