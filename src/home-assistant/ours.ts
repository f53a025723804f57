/** Which retained documents at the broker are this bridge's own, for the command that clears them and after a lost store. */
import { bridgeStateTopic } from '../entities/topics.ts'
import { ORIGIN_NAME } from './document.ts'
import type { PublishedDocument } from './removal.ts'

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every component of ours reads the bridge's state: as its availability, or as its own state. */
function readsBridgeState(component: unknown, base: string): boolean {
  if (!isRecord(component)) return false
  const { availability } = component
  const topics = Array.isArray(availability) ? availability.map(entry => (isRecord(entry) ? entry.topic : null)) : []
  return [component.state_topic, ...topics].includes(bridgeStateTopic(base))
}

function parsed(payload: string): unknown {
  try {
    return JSON.parse(payload)
  } catch {
    return null
  }
}

/** Platform and `unique_id` of the components that have both; one in its platform-only form is gone already. */
function identitiesOf(components: Record<string, unknown>): PublishedDocument['components'] {
  const identities = Object.entries(components).flatMap(([key, component]) => {
    if (!isRecord(component)) return []
    const { platform, unique_id } = component
    return typeof platform === 'string' && typeof unique_id === 'string'
      ? [[key, { platform, unique_id }] as const]
      : []
  })
  return Object.fromEntries(identities)
}

/**
 * The document in a payload read from `<prefix>/device/+/config`, as the index of `removals` keeps it; null unless
 * `origin.name` is ours and its components belong to this base topic: another bridge may share the broker.
 */
export function publishedByUs(payload: string, base: string): PublishedDocument | null {
  const document = parsed(payload)
  if (!isRecord(document) || !isRecord(document.origin) || document.origin.name !== ORIGIN_NAME) return null
  const { device, origin, components } = document
  if (!isRecord(device) || !isRecord(components)) return null
  if (!Object.values(components).some(component => readsBridgeState(component, base))) return null
  return { device, origin, qos: 1, components: identitiesOf(components) }
}
