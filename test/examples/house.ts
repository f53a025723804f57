/**
 * What Home Assistant has of octopus2mqtt: entities by their proposed ids, from the discovery documents of a snapshot, and
 * their states and attributes, from its messages. Topics too.
 */

import { ratesEventPayload } from '../../src/entities/meter/rate-lists.ts'
import { renderStates } from '../../src/entities/render.ts'
import {
  bridgeEventTopic,
  bridgeInfoTopic,
  bridgeStateTopic,
  requestTopic,
  responseTopic,
} from '../../src/entities/topics.ts'
import { discoveryDocuments } from '../../src/home-assistant/discovery.ts'
import type { Component } from '../../src/home-assistant/document.ts'
import type { MeterView, Snapshot } from '../../src/snapshot.ts'
import { REQUESTS } from '../docs/topics.ts'
import { handMade, knownAccount, nothingKnown } from '../entities/snapshots.ts'
import { render as renderTemplate } from '../home-assistant/jinja.ts'
import { settings } from '../home-assistant/settings.ts'

export interface State {
  readonly state: string
  readonly attributes: Readonly<Record<string, unknown>>
}
export type States = Readonly<Record<string, State>>

/** The names that the examples use. */
const ACCOUNT = 'a-12345678'

const everyMeter = handMade['every kind of meter']
if (everyMeter === undefined) throw new Error('the snapshot with every kind of meter is gone')

/** One car, a meter of each kind, and everything known. */
export const house: Snapshot = {
  ...everyMeter,
  account: knownAccount({ slug: ACCOUNT }),
  cars: everyMeter.cars.map(car => ({ ...car, slug: 'car' })),
}

const components = (snapshot: Snapshot): Component[] =>
  discoveryDocuments(snapshot, settings).flatMap(({ payload }) => Object.values(payload.components))

/** Entity id to what discovery says of it. */
export const entities: ReadonlyMap<string, Component> = new Map(
  components(house).map(component => [component.default_entity_id, component]),
)

const HA_WORDS: Readonly<Record<string, string>> = { ON: 'on', OFF: 'off', online: 'on', None: 'unknown' }

function stateOf(component: Component, messages: ReturnType<typeof renderStates>): string {
  const payload = messages.get(component.state_topic ?? '')?.payload
  if (component.state_topic === bridgeStateTopic(settings.base)) return 'on'
  if (payload === undefined) return 'unknown'
  const text = component.value_template === undefined ? payload : renderTemplate(component.value_template, payload)
  return component.platform === 'binary_sensor' || text === 'None' ? (HA_WORDS[text] ?? text) : text
}

/** The attributes of the rate events, which are the payload itself. */
function ratesOf(component: Component, meters: readonly MeterView[]): Record<string, unknown> {
  const meter = meters.find(({ slug }) => component.state_topic?.includes(`/${slug}/`))
  if (meter === undefined) return {}
  const { today, tomorrow } = meter.rates
  const day = component.state_topic?.endsWith('/current_day_rates') === true ? today : tomorrow
  return JSON.parse(ratesEventPayload(meter, day)) as Record<string, unknown>
}

/** As Home Assistant has them after the messages of this snapshot. */
export function statesOf(snapshot: Snapshot): States {
  const messages = renderStates(snapshot, settings.base)
  return Object.fromEntries(
    components(snapshot).map(component => {
      const attributes = messages.get(component.json_attributes_topic ?? '')?.payload ?? '{}'
      const ofEvent = component.event_types?.includes('rates') === true ? ratesOf(component, snapshot.meters) : {}
      const state = { state: stateOf(component, messages), attributes: { ...JSON.parse(attributes), ...ofEvent } }
      return [component.default_entity_id, state]
    }),
  )
}

const allOf = (state: string): States =>
  Object.fromEntries([...entities.keys()].map(id => [id, { state, attributes: {} }]))

/** What a template may meet: from everything known to nothing there. */
export const WORLDS: Readonly<Record<string, States>> = {
  'everything known': statesOf(house),
  'nothing known': statesOf({
    ...nothingKnown,
    account: { ...nothingKnown.account, slug: ACCOUNT },
    meters: house.meters,
  }),
  'all unknown': allOf('unknown'),
  'all unavailable': allOf('unavailable'),
  'no entity there': {},
}

/** Attribute names that discovery and messages know of an entity. */
export const attributesOf = (id: string): string[] => Object.keys(statesOf(house)[id]?.attributes ?? {})

const BRIDGE = [bridgeStateTopic, bridgeInfoTopic, bridgeEventTopic].map(topic => topic(settings.base))

/** Every topic of this house. */
export const topics: ReadonlySet<string> = new Set([
  ...renderStates(house, settings.base).keys(),
  ...components(house).flatMap(({ state_topic, command_topic }) => [state_topic ?? [], command_topic ?? []].flat()),
  ...BRIDGE,
  ...REQUESTS.flatMap(name => [requestTopic(settings.base, name), responseTopic(settings.base, name)]),
])

/** Whether a subscription, with `+` and `#` or without, hears any of them. */
export function heard(filter: string): boolean {
  const pattern = filter
    .split('/')
    .map(part => (part === '+' ? '[^/]+' : part === '#' ? '.+' : part.replace(/[.*?^${}()|[\]\\]/g, '\\$&')))
    .join('/')
  const matches = new RegExp(`^${pattern}$`)
  return [...topics].some(topic => matches.test(topic))
}

/** Every entity id of ours that a text names. Another integration's begin with `octopus_energy`. */
export const mentionedEntities = (text: string): string[] =>
  [...text.matchAll(/\b(?:binary_sensor|sensor|button|event|switch|number|select)\.octopus_(?!energy_)\w+/g)].map(
    ([id]) => id,
  )
