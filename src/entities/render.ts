/** A snapshot as the retained messages that show it. Pure, and quick enough to be called at every event. */
import type { CarView, MeterView, Snapshot } from '../snapshot.ts'
import { attributesText, isSame as isSameAttributes } from './attributes.ts'
import { deviceGroups, type LiveDevice } from './catalogue.ts'
import type { Attributes, EntityRow, RenderContext, Value } from './entity.ts'
import { ratesPayload } from './meter/rate-lists.ts'
import { OFFLINE, ONLINE, statePayload } from './payload.ts'
import { planPayload } from './plan.ts'
import { accountAvailabilityTopic, attributesTopic, planTopic, ratesTopic, stateTopic } from './topics.ts'

export interface Rendered {
  readonly payload: string
  readonly retain: boolean
}

export type Message = readonly [topic: string, message: Rendered]

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

/** What a device shows: for each of its rows, and all together. */
interface ShownDevice {
  readonly rows: readonly EntityRow[]
  readonly entities: readonly Shown[]
  readonly messages: readonly Message[]
}

// Where one entity of a device changes the others do not, and what is published of them is what was. Pure: what is
// remembered stands for its topic, its value and its attributes alone.
const shown = new Map<string, ShownDevice>()
const DEVICES_KEPT = 100

const isSameShown = (before: Shown, value: Shown['value'], attributes: Shown['attributes']): boolean =>
  Object.is(before.value, value) &&
  (attributes === undefined || before.attributes === undefined
    ? attributes === before.attributes
    : isSameAttributes(before.attributes, attributes))

/** Attributes before the state, so that an automation woken by the state reads the attributes that go with it. */
function shownOf(device: LiveDevice, index: number, row: EntityRow, place: Place, before: Shown | undefined): Shown {
  const attributes = device.attributes(index, place)
  const value = device.value(index)
  if (before !== undefined && isSameShown(before, value, attributes)) return before
  const at = [place.base, place.accountSlug, device.slug, row.key] as const
  const messages = [
    ...(attributes === undefined ? [] : [[attributesTopic(...at), kept(attributesText(attributes))] as const]),
    ...(value === undefined ? [] : [[stateTopic(...at), kept(statePayload(row, value))] as const]),
  ]
  return { value, attributes, messages }
}

function messagesOf(device: LiveDevice, place: Place): readonly Message[] {
  const { rows } = device
  const where = stateTopic(place.base, place.accountSlug, device.slug, '')
  const known = shown.get(where)
  const before = known?.rows === rows ? known : undefined
  const entities = rows.map((row, index) => shownOf(device, index, row, place, before?.entities[index]))
  if (before?.entities.every((entity, index) => entity === entities[index])) return before.messages
  const messages = entities.flatMap(entity => entity.messages)
  if (known === undefined && shown.size >= DEVICES_KEPT) shown.clear()
  shown.set(where, { rows, entities, messages })
  return messages
}

// A device of the catalogue is the same one as long as nothing about it changed, and a list of them is; so are its messages.
type Remembered = WeakMap<object, { readonly place: Place; readonly messages: readonly Message[] }>

const ofDevices: Remembered = new WeakMap()
const ofPlans: Remembered = new WeakMap()
const ofRates: Remembered = new WeakMap()

function remembered(known: Remembered, part: object, place: Place, make: () => readonly Message[]): readonly Message[] {
  const before = known.get(part)
  if (before !== undefined && isSame(before.place, place)) return before.messages
  const messages = make()
  known.set(part, { place, messages })
  return messages
}

const ofDevice = (device: LiveDevice, place: Place): readonly Message[] =>
  remembered(ofDevices, device, place, () => messagesOf(device, place))

const ofList = (devices: readonly LiveDevice[], place: Place): readonly Message[] =>
  remembered(ofDevices, devices, place, () => devices.flatMap(device => ofDevice(device, place)))

const planOf = (car: CarView, { base, accountSlug }: Place): Message => [
  planTopic(base, accountSlug, car.slug),
  kept(planPayload(car)),
]

const ratesOf = (meter: MeterView, { base, accountSlug }: Place): Message => [
  ratesTopic(base, accountSlug, meter.slug),
  kept(ratesPayload(meter)),
]

const isSame = (a: Place, b: Place): boolean =>
  a.base === b.base && a.accountSlug === b.accountSlug && a.docsUrl === b.docsUrl

/**
 * Every state and its attributes, each car's plan, each meter's prices, the account's availability. All are retained. What
 * the daemon says of itself (`bridge/…`) and events are not in it. A topic that was in an earlier answer and is not in
 * this one belongs to something that is gone. In parts: one that says what it said is mostly the very same list.
 */
export function renderParts(
  snapshot: Snapshot,
  base: string,
  { docsUrl }: RenderContext = DOCS,
): readonly (readonly Message[])[] {
  const { account, cars, meters } = snapshot
  const place = { base, accountSlug: account.slug, docsUrl }
  const devices = deviceGroups(snapshot)
  return [
    ofDevice(devices.account, place),
    ofList(devices.meters, place),
    ofList(devices.cars, place),
    remembered(ofPlans, cars, place, () => cars.map(car => planOf(car, place))),
    remembered(ofRates, meters, place, () => meters.map(meter => ratesOf(meter, place))),
    [[accountAvailabilityTopic(base, account.slug), kept(account.available ? ONLINE : OFFLINE)]],
  ]
}

/** The same as topic to message. */
export const renderStates = (
  snapshot: Snapshot,
  base: string,
  context?: RenderContext,
): ReadonlyMap<string, Rendered> => new Map(renderParts(snapshot, base, context).flat())
