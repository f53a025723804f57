/** Promises that hold over everything that was published, whoever lived or died meanwhile. */
import { MINUTE } from '../../src/clock.ts'
import type { Recorded } from '../integration/recorder.ts'
import type { Place } from './place.ts'

/** A plan counts so long by default. */
const TRUST_PLAN_FOR = 30 * MINUTE

/** Lines about what was said and taken back, or said wrongly. */
export const brokenWords = (place: Place): string[] => [
  ...cheapTakenBack(place),
  ...unknownThoughKnown(place),
  ...identitiesChanged(place),
  ...alarms(place),
]

const iso = (at: number): string => new Date(at).toISOString()

/** `house_cheap` that is ON until an instant is nothing else before it. */
function cheapTakenBack(place: Place): string[] {
  const [cheap, until] = [place.topic('account/house_cheap'), place.topic('account/house_cheap/attributes')]
  let certain = 0
  return place.recorder.messages.flatMap(({ topic, payload, at }) => {
    if (topic === until) certain = Math.max(certain, Date.parse(JSON.parse(payload).until ?? '1970-01-01'))
    return topic === cheap && payload !== 'ON' && at < certain
      ? [`house_cheap turned ${payload} at ${iso(at)} and was promised until ${iso(certain)}`]
      : []
  })
}

/** `dispatch_active` is known as long as a plan that was published counts. */
function unknownThoughKnown(place: Place): string[] {
  const [active, plan] = [place.topic('car/dispatch_active'), place.topic('car/plan')]
  let fetchedAt = 0
  return place.recorder.messages.flatMap(({ topic, payload, at }) => {
    if (topic === plan) fetchedAt = Math.max(fetchedAt, Date.parse(JSON.parse(payload).fetched_at ?? '1970-01-01'))
    return topic === active && payload === 'None' && at < fetchedAt + TRUST_PLAN_FOR
      ? [`dispatch_active was unknown at ${iso(at)}, with a plan of ${iso(fetchedAt)}`]
      : []
  })
}

/** Every discovery document names the same unique ids each time, or more. */
function identitiesChanged(place: Place): string[] {
  const known = new Map<string, Set<string>>()
  return place.recorder.messages
    .filter(({ topic }) => topic.startsWith(`${place.base}-ha/device/`))
    .flatMap(message => {
      const ids = uniqueIds(message)
      const before = known.get(message.topic) ?? new Set()
      known.set(message.topic, new Set([...before, ...ids]))
      const gone = [...before].filter(id => !ids.has(id))
      return gone.length === 0 ? [] : [`${message.topic} left out ${gone} at ${iso(message.at)}`]
    })
}

function uniqueIds({ payload }: Recorded): Set<string> {
  const { components = {} } = JSON.parse(payload) as { components?: Record<string, { unique_id?: string }> }
  return new Set(Object.values(components).flatMap(({ unique_id: id }) => (id === undefined ? [] : [id])))
}

/** Notices that a restart must never open. */
const NEVER = ['second_daemon', 'storage_degraded', 'clock_jumped', 'key_rejected', 'api_throttled', 'api_blocked']

function alarms(place: Place): string[] {
  const topic = place.topic('account/problem/attributes')
  const open = place.recorder.messages.filter(message => message.topic === topic).map(({ payload }) => payload)
  return NEVER.filter(code => open.some(payload => payload.includes(`"${code}"`))).map(
    code => `the notice ${code} opened`,
  )
}
