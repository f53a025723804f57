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

/** What is shown of one entity, or of one plan or list of prices; the very same object as long as it says the same, mostly. */
export interface Part {
  readonly messages: readonly Message[]
}

/** Those of a device, or all of a kind; the very same list as long as none of them is another. */
export type Parts = readonly Part[]

/** What one entity shows, and what it was made of. */
interface Shown extends Part {
  readonly value: Value | undefined
  readonly attributes: Attributes | undefined
}

// Where one entity of a device changes the others do not, and what is published of them is what was. Pure: what is
// remembered stands for its topic, its value and its attributes alone.
const shown = new Map<string, { readonly rows: readonly EntityRow[]; readonly entities: readonly Shown[] }>()
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

function entitiesOf(device: LiveDevice, place: Place): readonly Shown[] {
  const { rows } = device
  const where = stateTopic(place.base, place.accountSlug, device.slug, '')
  const known = shown.get(where)
  const before = known?.rows === rows ? known.entities : undefined
  const entities = rows.map((row, index) => shownOf(device, index, row, place, before?.[index]))
  if (before?.every((entity, index) => entity === entities[index])) return before
  if (known === undefined && shown.size >= DEVICES_KEPT) shown.clear()
  shown.set(where, { rows, entities })
  return entities
}

// A device of the catalogue is the same one as long as nothing about it changed, and a list of them is; so is what they show.
type Remembered<T> = WeakMap<object, { readonly place: Place; readonly made: T }>

const ofDevices: Remembered<Parts> = new WeakMap()
const ofLists: Remembered<readonly Parts[]> = new WeakMap()
const ofPlans: Remembered<Parts> = new WeakMap()
const ofRates: Remembered<Parts> = new WeakMap()

function remembered<T>(known: Remembered<T>, part: object, place: Place, make: () => T): T {
  const before = known.get(part)
  if (before !== undefined && isSame(before.place, place)) return before.made
  const made = make()
  known.set(part, { place, made })
  return made
}

const ofDevice = (device: LiveDevice, place: Place): Parts =>
  remembered(ofDevices, device, place, () => entitiesOf(device, place))

const ofList = (devices: readonly LiveDevice[], place: Place): readonly Parts[] =>
  remembered(ofLists, devices, place, () => devices.map(device => ofDevice(device, place)))

const alone = (topic: string, payload: string): Part => ({ messages: [[topic, kept(payload)]] })

const planOf = (car: CarView, { base, accountSlug }: Place): Part =>
  alone(planTopic(base, accountSlug, car.slug), planPayload(car))

const ratesOf = (meter: MeterView, { base, accountSlug }: Place): Part =>
  alone(ratesTopic(base, accountSlug, meter.slug), ratesPayload(meter))

const isSame = (a: Place, b: Place): boolean =>
  a.base === b.base && a.accountSlug === b.accountSlug && a.docsUrl === b.docsUrl

/**
 * Every state and its attributes, each car's plan, each meter's prices, the account's availability. All are retained. What
 * the daemon says of itself (`bridge/…`) and events are not in it. A topic that was in an earlier answer and is not in
 * this one belongs to something that is gone. In order, and in parts, so that what is the same need not be read again.
 */
export function renderParts(snapshot: Snapshot, base: string, { docsUrl }: RenderContext = DOCS): readonly Parts[] {
  const { account, cars, meters } = snapshot
  const place = { base, accountSlug: account.slug, docsUrl }
  const devices = deviceGroups(snapshot)
  return [
    ofDevice(devices.account, place),
    ...ofList(devices.meters, place),
    ...ofList(devices.cars, place),
    remembered(ofPlans, cars, place, () => cars.map(car => planOf(car, place))),
    remembered(ofRates, meters, place, () => meters.map(meter => ratesOf(meter, place))),
    [alone(accountAvailabilityTopic(base, account.slug), account.available ? ONLINE : OFFLINE)],
  ]
}

export const messagesIn = (groups: readonly Parts[]): Message[] =>
  groups.flatMap(parts => parts.flatMap(({ messages }) => messages))

/** The same as topic to message. */
export const renderStates = (
  snapshot: Snapshot,
  base: string,
  context?: RenderContext,
): ReadonlyMap<string, Rendered> => new Map(messagesIn(renderParts(snapshot, base, context)))
