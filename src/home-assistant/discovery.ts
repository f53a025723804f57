/** A snapshot as discovery documents: one for each device, parents first. */
import { bridgeEntities } from '../entities/bridge.ts'
import { deviceGroups, devicesOf, type LiveDevice } from '../entities/catalogue.ts'
import type { EntityRow } from '../entities/entity.ts'
import { once } from '../once.ts'
import type { Snapshot } from '../snapshot.ts'
import { bridgeComponent, component, type Place } from './components.ts'
import { type AccountNames, accountDevice, bridgeDevice, bridgeId, carDevice, meterDevice } from './devices.ts'
import type { Component, Device, DiscoveryDocument, DiscoverySettings } from './document.ts'
import { ORIGIN_NAME } from './document.ts'
import { entityIdStem } from './entity-ids.ts'

const documentTopic = (prefix: string, id: string): string => `${prefix}/device/${id}/config`

const document = (
  settings: DiscoverySettings,
  id: string,
  device: Device,
  components: readonly (readonly [string, Component])[],
): DiscoveryDocument => ({
  topic: documentTopic(settings.prefix, id),
  id,
  payload: {
    device,
    origin: { name: ORIGIN_NAME, sw_version: settings.version, support_url: settings.url },
    qos: 1,
    components: Object.fromEntries(components),
  },
})

function bridgeDocument(snapshot: Snapshot, settings: DiscoverySettings): DiscoveryDocument {
  const id = bridgeId(settings.base)
  const place: Place = {
    base: settings.base,
    accountSlug: '',
    deviceSlug: '',
    id,
    entityIdStem: entityIdStem('bridge', '', snapshot, settings.entityIdPrefix),
  }
  const rows = bridgeEntities.map(row => [row.key, bridgeComponent(row, place)] as const)
  return document(settings, id, bridgeDevice(settings.base, settings.version), rows)
}

/** The devices of `devicesOf` in the same order. */
const deviceInfos = ({ account, meters, cars }: Snapshot, base: string): readonly Device[] => [
  accountDevice(account, base),
  ...meters.map(meter => meterDevice(meter, account.id)),
  ...cars.map(car => carDevice(car, account.id)),
]

function liveDocument(device: LiveDevice, info: Device, snapshot: Snapshot, settings: DiscoverySettings) {
  const place: Place = {
    base: settings.base,
    accountSlug: snapshot.account.slug,
    deviceSlug: device.slug,
    id: device.id,
    entityIdStem: entityIdStem(device.kind, device.slug, snapshot, settings.entityIdPrefix),
  }
  const rows = device.rows.map(row => [row.key, component(row, place)] as const)
  return document(settings, device.id, info, rows)
}

/**
 * Every document of this snapshot, to be published retained in this order: bridge, account, meters, cars. Identities in
 * the snapshot must be made of `[a-zA-Z0-9_-]`.
 */
export function discoveryDocuments(snapshot: Snapshot, settings: DiscoverySettings): readonly DiscoveryDocument[] {
  const infos = deviceInfos(snapshot, settings.base)
  const live = devicesOf(snapshot).flatMap((device, index) => {
    const info = infos[index]
    return info === undefined ? [] : [liveDocument(device, info, snapshot, settings)]
  })
  return [bridgeDocument(snapshot, settings), ...live]
}

/**
 * All that the documents of a snapshot depend on besides the settings, as text: two snapshots of one shape have the same
 * documents and the same topics.
 */
export function shapeOf(snapshot: Snapshot, base: string): string {
  const { account, meters, cars } = snapshot
  const devices = deviceGroups(snapshot)
  return [
    account.slug,
    accountShape(devices.account, account, base),
    listShape(devices.meters, account.id, () => meters.map(meter => meterDevice(meter, account.id))),
    listShape(devices.cars, account.id, () => cars.map(car => carDevice(car, account.id))),
  ].join('\n')
}

const deviceShape = ({ kind, id, slug, rows }: LiveDevice, info: Device | undefined): string =>
  `${JSON.stringify([info, kind, id, slug])} ${keysOf(rows)}`

// The account is another at each snapshot, and its names are not.
const accounts = new WeakMap<
  readonly EntityRow[],
  { readonly of: AccountNames; readonly base: string; readonly text: string }
>()

function accountShape(device: LiveDevice, account: AccountNames, base: string): string {
  const known = accounts.get(device.rows)
  if (known?.base === base && isSameAccount(known.of, account)) return known.text
  const { id, slug, number } = account
  const text = deviceShape(device, accountDevice(account, base))
  accounts.set(device.rows, { of: { id, slug, number }, base, text })
  return text
}

const isSameAccount = (a: AccountNames, b: AccountNames): boolean =>
  a.id === b.id && a.slug === b.slug && a.number === b.number

// A list of devices is the same one as long as nothing about them changed. What they are called in their documents hangs on
// their own parts of the snapshot and on the account's identity.
const shapes = new WeakMap<readonly LiveDevice[], { readonly accountId: string; readonly text: string }>()

function listShape(devices: readonly LiveDevice[], accountId: string, infosOf: () => readonly Device[]): string {
  const known = shapes.get(devices)
  if (known?.accountId === accountId) return known.text
  const infos = infosOf()
  const text = devices.map((device, index) => deviceShape(device, infos[index])).join('\n')
  shapes.set(devices, { accountId, text })
  return text
}

/** Rows are the same list as long as the same ones exist. */
const keysOf = once((rows: readonly EntityRow[]): string => rows.map(({ key }) => key).join(' '))
