/**
 * What Home Assistant refuses, drops or complains about in discovery documents, from 2024.12 on. Each finding is a line
 * of text; none is what we want.
 */
import { checkComponent } from './component-rules.ts'
import { isRecord, unknownKeys } from './findings.ts'
import type { Rules } from './rules.ts'

export interface AnyDocument {
  readonly topic: string
  readonly payload: unknown
}

const TOPIC = /^.+\/device\/([a-zA-Z0-9_-]+\/)?[a-zA-Z0-9_-]+\/config$/
/** The closed schema of the root. `message_expiry_interval` is legal from 2026.6 on only: older ones refuse all of it. */
const ROOT = ['device', 'origin', 'components']
const ROOT_SHARED = [
  'availability',
  'availability_mode',
  'availability_template',
  'availability_topic',
  'payload_available',
  'payload_not_available',
  'command_topic',
  'state_topic',
  'qos',
  'encoding',
]

function nulls(value: unknown, path: string): string[] {
  if (value === null || value === undefined) return [`${path} is null`]
  if (typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, inner]) => nulls(inner, `${path}.${key}`))
}

function checkOrigin(origin: unknown, rules: Rules | null): string[] {
  if (!isRecord(origin) || typeof origin.name !== 'string') return ['origin needs a name']
  const { support_url: url } = origin
  return [
    ...(url === undefined || /^https?:\/\/./.test(String(url)) ? [] : [`support_url ${url} is no web address`]),
    ...(rules === null
      ? []
      : unknownKeys(origin, [...rules.discovery.origin.required, ...rules.discovery.origin.optional], 'origin')),
  ]
}

function checkDevice(device: unknown, parents: ReadonlySet<string>, rules: Rules | null): string[] {
  if (!isRecord(device)) return ['device is no object']
  const { identifiers, connections, name, via_device: parent, configuration_url: url } = device
  const identified = (Array.isArray(identifiers) && identifiers.length > 0) || Array.isArray(connections)
  return [
    ...(identified ? [] : ['device has neither identifiers nor connections']),
    ...(typeof name === 'string' && name.trim() !== '' ? [] : ['device has no name']),
    ...(parent === undefined || parents.has(String(parent)) ? [] : [`via_device ${parent} comes later or never`]),
    ...(url === undefined || /^(https?|homeassistant):\/\/./.test(String(url)) ? [] : [`configuration_url ${url}`]),
    ...(rules === null ? [] : unknownKeys(device, rules.discovery.device_keys, 'device')),
  ]
}

function checkRoot(payload: Record<string, unknown>): string[] {
  return [
    ...ROOT.filter(key => !(key in payload)).map(key => `root lacks ${key}`),
    ...unknownKeys(payload, [...ROOT, ...ROOT_SHARED], 'root'),
    ...(payload.qos === undefined || [0, 1, 2].includes(Number(payload.qos)) ? [] : ['root qos']),
    ...nulls(payload, 'root'),
  ]
}

/** What must not occur twice anywhere, and the devices that may be referred to by now. */
interface Seen {
  readonly ids: Set<string>
  readonly entityIds: Set<string>
  readonly topics: Set<string>
  readonly devices: Set<string>
}

function checkDocument({ topic, payload }: AnyDocument, seen: Seen, rules: Rules | null): string[] {
  if (!isRecord(payload)) return ['no JSON object']
  const { device, components } = payload
  const name = isRecord(device) ? String(device.name) : ''
  const findings = [
    ...(TOPIC.test(topic) ? [] : ['an illegal discovery topic']),
    ...(seen.topics.has(topic) ? ['a topic that is used twice'] : []),
    ...checkRoot(payload),
    ...checkOrigin(payload.origin, rules),
    ...checkDevice(device, seen.devices, rules),
    ...(isRecord(components)
      ? Object.entries(components).flatMap(([key, component]) =>
          checkComponent(component, name, seen, rules).map(finding => `${key}: ${finding}`),
        )
      : ['components is no object']),
  ]
  seen.topics.add(topic)
  if (isRecord(device) && Array.isArray(device.identifiers)) {
    for (const identifier of device.identifiers) seen.devices.add(String(identifier))
  }
  return findings
}

/** Every finding in a set of documents, in the order in which they are published. */
export function validateDocuments(documents: readonly AnyDocument[], rules: Rules | null): string[] {
  const seen: Seen = { ids: new Set(), entityIds: new Set(), topics: new Set(), devices: new Set() }
  return documents.flatMap(document =>
    checkDocument(document, seen, rules).map(finding => `${document.topic}: ${finding}`),
  )
}
