/** What Home Assistant makes of the retained states and attributes that belong to a set of documents. */
import { isRecord, when } from './findings.ts'
import { render } from './jinja.ts'
import { rules } from './rules.ts'
import { isNumeric } from './sensor-rules.ts'
import type { AnyDocument } from './validator.ts'

type Component = Readonly<Record<string, unknown>>
type Messages = ReadonlyMap<string, { readonly payload: string; readonly retain: boolean }>

const MAX_STATE = rules?.sensor.max_state_length ?? 255
const MAX_ATTRIBUTES = rules?.sensor.max_recorded_attributes_bytes ?? 16_384
const BLOCKED = [...(rules?.json_attributes_blocked ?? ['icon', 'state', 'unique_id']), 'last_reset', 'state_class']
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/
const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/

const isTime = (text: string): boolean => TIME.test(text) && !Number.isNaN(Date.parse(text))

function checkSensorState(component: Component, state: string): string[] {
  if (state === 'None') return []
  const { device_class: deviceClass, options } = component
  return [
    ...when(state.trim() === '' || state.length > MAX_STATE, `a state of ${state.length} characters`),
    ...when(isNumeric(component) && !(NUMBER.test(state) && Number.isFinite(Number(state))), `${state} is no number`),
    ...when(deviceClass === 'timestamp' && !isTime(state), `${state} is no time with a zone`),
    ...when(Array.isArray(options) && !options.includes(state), `${state} is none of the options`),
    ...when(['null', 'unknown', 'undefined', 'unavailable', 'NaN'].includes(state), `${state} as a state`),
  ]
}

function checkReset(component: Component, payload: string): string[] {
  const { last_reset_value_template: template } = component
  if (template === undefined) return []
  const reset = render(String(template), payload)
  return when(reset !== '' && !isTime(reset), `${reset} as last_reset`)
}

function checkState(component: Component, payload: string): string[] {
  const { value_template: template, platform, payload_on: on = 'ON', payload_off: off = 'OFF' } = component
  const state = template === undefined ? payload : render(String(template), payload)
  if (platform === 'binary_sensor') return when(![on, off, 'None'].includes(state), `${state} on a binary sensor`)
  return [...checkSensorState(component, state), ...checkReset(component, payload)]
}

function checkAttributes(payload: string): string[] {
  const attributes: unknown = JSON.parse(payload)
  if (!isRecord(attributes)) return ['attributes are no object']
  return [
    ...when(Buffer.byteLength(payload) >= MAX_ATTRIBUTES, `attributes of ${Buffer.byteLength(payload)} bytes`),
    ...when(/\\ud[89a-f]/i.test(payload), 'half a surrogate pair in the attributes'),
    ...Object.keys(attributes).flatMap(key => when(BLOCKED.includes(key), `the attribute ${key} is blocked`)),
  ]
}

/** The message on a topic that a component reads, which must be there and be retained. */
function read(messages: Messages, topic: unknown, check: (payload: string) => string[]): string[] {
  const message = messages.get(String(topic))
  if (message === undefined) return [`nothing on ${topic}`]
  return [...when(!message.retain, `${topic} is not retained`), ...check(message.payload)].map(
    line => `${topic}: ${line}`,
  )
}

function checkComponent(component: Component, messages: Messages, base: string): string[] {
  const { platform, state_topic: state, json_attributes_topic: attributes, availability = [] } = component
  const bridge = `${base}/bridge/state`
  const stateful = (platform === 'sensor' || platform === 'binary_sensor') && state !== bridge
  const others = (availability as readonly { topic: string }[]).filter(({ topic }) => topic !== bridge)
  return [
    ...(stateful ? read(messages, state, payload => checkState(component, payload)) : []),
    ...(attributes === undefined ? [] : read(messages, attributes, checkAttributes)),
    ...others.flatMap(({ topic }) =>
      read(messages, topic, payload => when(!['online', 'offline'].includes(payload), `${payload} as availability`)),
    ),
    ...when(platform === 'event' && messages.has(String(state)), 'an event among the retained states'),
  ]
}

/** Every finding; also about messages that no component reads, but for plans, prices and the account's availability. */
export function validateStates(documents: readonly AnyDocument[], messages: Messages, base: string): string[] {
  const components = documents.flatMap(({ payload }) =>
    isRecord(payload) && isRecord(payload.components) ? Object.values(payload.components).filter(isRecord) : [],
  )
  const topics = new Set(
    components.flatMap(({ state_topic, json_attributes_topic }) => [state_topic, json_attributes_topic]),
  )
  const orphans = [...messages.keys()].filter(
    topic => !topics.has(topic) && !/\/(plan|rates|availability)$/.test(topic),
  )
  return [
    ...components.flatMap(component => checkComponent(component, messages, base)),
    ...orphans.map(topic => `${topic} is read by nobody`),
  ]
}
