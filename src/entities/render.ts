/** A snapshot as the retained messages that show it. Pure, and quick enough to be called at every event. */
import type { Snapshot } from '../snapshot.ts'
import { isSame as isSameAttributes } from './attributes.ts'
import { devicesOf, type LiveDevice, type LiveEntity } from './catalogue.ts'
import type { Attributes, EntityRow, RenderContext, Value } from './entity.ts'
import { ratesPayload } from './meter/rate-lists.ts'
import { OFFLINE, ONLINE, statePayload } from './payload.ts'
import { planPayload } from './plan.ts'
import { accountAvailabilityTopic, attributesTopic, planTopic, ratesTopic, stateTopic } from './topics.ts'

export interface Rendered {
  readonly payload: string
  readonly retain: boolean
}

type Message = readonly [topic: string, message: Rendered]

/** Where a device publishes, and what its attributes may need. */
interface Place {
  readonly base: string
  readonly accountSlug: string
  readonly docsUrl: string
}

const DOCS: RenderContext = { docsUrl: 'docs' }

const kept = (payload: string): Rendered => ({ payload, retain: true })

/** What one entity shows, and what it was made of. */
interface Shown {
  readonly value: Value | undefined
  readonly attributes: Attributes | undefined
  readonly messages: readonly Message[]
}

// Where one entity of a device changes the others do not, and what is published of them is what was. Pure: what is
// remembered stands for its topic, its value and its attributes alone.
const shown = new Map<string, ReadonlyMap<EntityRow, Shown>>()
const DEVICES_KEPT = 100

const isSameShown = (before: Shown, value: Shown['value'], attributes: Shown['attributes']): boolean =>
  Object.is(before.value, value) &&
  (attributes === undefined || before.attributes === undefined
    ? attributes === before.attributes
    : isSameAttributes(before.attributes, attributes))

/** Attributes before the state, so that an automation woken by the state reads the attributes that go with it. */
function shownOf(entity: LiveEntity, device: LiveDevice, place: Place, before: Shown | undefined): Shown {
  const attributes = entity.attributes(place)
  const value = entity.value()
  if (before !== undefined && isSameShown(before, value, attributes)) return before
  const at = [place.base, place.accountSlug, device.slug, entity.row.key] as const
  const messages = [
    ...(attributes === undefined ? [] : [[attributesTopic(...at), kept(JSON.stringify(attributes))] as const]),
    ...(value === undefined ? [] : [[stateTopic(...at), kept(statePayload(entity.row, value))] as const]),
  ]
  return { value, attributes, messages }
}

function messagesOf(device: LiveDevice, place: Place): Message[] {
  const where = JSON.stringify([place.base, place.accountSlug, device.slug])
  const before = shown.get(where)
  const now = new Map(
    device.entities.map(entity => [entity.row, shownOf(entity, device, place, before?.get(entity.row))] as const),
  )
  if (before === undefined && shown.size >= DEVICES_KEPT) shown.clear()
  shown.set(where, now)
  return [...now.values()].flatMap(({ messages }) => messages)
}

// A device of the catalogue is the same one as long as nothing about it changed; so are its messages.
const remembered = new WeakMap<object, { readonly place: Place; readonly messages: readonly Message[] }>()

function rememberedFor(part: object, place: Place, make: () => readonly Message[]): readonly Message[] {
  const known = remembered.get(part)
  if (known !== undefined && isSame(known.place, place)) return known.messages
  const messages = make()
  remembered.set(part, { place, messages })
  return messages
}

const isSame = (a: Place, b: Place): boolean =>
  a.base === b.base && a.accountSlug === b.accountSlug && a.docsUrl === b.docsUrl

/**
 * Topic to message: every state and its attributes, each car's plan, each meter's prices, the account's availability. All are retained. What
 * the daemon says of itself (`bridge/…`) and events are not in it. A topic that was in an earlier answer and is not in
 * this one belongs to something that is gone.
 */
export function renderStates(
  snapshot: Snapshot,
  base: string,
  { docsUrl }: RenderContext = DOCS,
): ReadonlyMap<string, Rendered> {
  const { account, cars, meters } = snapshot
  const place = { base, accountSlug: account.slug, docsUrl }
  const messages = new Map<string, Rendered>()
  const add = (part: object, make: () => readonly Message[]) => {
    for (const [topic, message] of rememberedFor(part, place, make)) messages.set(topic, message)
  }
  for (const device of devicesOf(snapshot)) {
    add(device, () => messagesOf(device, place))
  }
  for (const car of cars) add(car, () => [[planTopic(base, account.slug, car.slug), kept(planPayload(car))]])
  for (const meter of meters)
    add(meter.rates, () => [[ratesTopic(base, account.slug, meter.slug), kept(ratesPayload(meter))]])
  messages.set(accountAvailabilityTopic(base, account.slug), kept(account.available ? ONLINE : OFFLINE))
  return messages
}
