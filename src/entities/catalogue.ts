/** Every entity there is, and those that a snapshot has, each bound to its part of it. */
import { once } from '../once.ts'
import type { CarView, MeterKind, MeterView, Snapshot } from '../snapshot.ts'
import { accountEntities } from './account.ts'
import { bridgeEntities } from './bridge.ts'
import { carEntities } from './car.ts'
import type { Attributes, DeviceKind, Entity, EntityRow, RenderContext, Value } from './entity.ts'
import { exportMeterEntities, gasMeterEntities, importMeterEntities } from './meter/index.ts'
import { ACCOUNT_DEVICE } from './topics.ts'

/** Parents before children. */
export const catalogue: Readonly<Record<DeviceKind, readonly EntityRow[]>> = {
  bridge: bridgeEntities,
  account: accountEntities,
  import_meter: importMeterEntities,
  export_meter: exportMeterEntities,
  gas_meter: gasMeterEntities,
  car: carEntities,
}

/** A part of a snapshot with the rows that exist for it. */
export interface LiveDevice {
  readonly kind: DeviceKind
  /** Our own identity of the device. */
  readonly id: string
  readonly slug: string
  /** The very same list as long as the same rows exist. */
  readonly rows: readonly EntityRow[]
  /** What the row at this index shows; undefined where the entity publishes no state of this kind. */
  readonly value: (index: number) => Value | undefined
  readonly attributes: (index: number, context: RenderContext) => Attributes | undefined
}

// Which rows exist changes when a tariff or a topic of the house comes or goes, and a kind of device has few such lists.
const lists = new Map<readonly EntityRow[], (readonly EntityRow[])[]>()

function existing<Part>(rows: readonly Entity<Part>[], part: Part): readonly Entity<Part>[] {
  const exist = rows.filter(row => row.exists?.(part) ?? true)
  const known = lists.get(rows) ?? []
  const same = known.find(list => list.length === exist.length && list.every((row, index) => row === exist[index]))
  if (same !== undefined) return same
  lists.set(rows, [...known, exist])
  return exist
}

// A snapshot is made at every minute and message, and most of its parts are those of the one before: what was made of
// such a part is remembered with it. The functions stay pure: parts never change.
const devices = new WeakMap<object, LiveDevice>()

function device<Part extends { readonly id: string }>(
  kind: DeviceKind,
  slug: string,
  entities: readonly Entity<Part>[],
  part: Part,
): LiveDevice {
  const known = devices.get(part)
  if (known !== undefined) return known
  const rows = existing(entities, part)
  const made: LiveDevice = {
    kind,
    id: part.id,
    slug,
    rows,
    value: index => rows[index]?.value?.(part),
    attributes: (index, context) => rows[index]?.attributes?.(part, context),
  }
  devices.set(part, made)
  return made
}

const METERS = {
  electricity_import: { kind: 'import_meter', entities: importMeterEntities },
  electricity_export: { kind: 'export_meter', entities: exportMeterEntities },
  gas: { kind: 'gas_meter', entities: gasMeterEntities },
} as const satisfies Record<MeterKind, unknown>

const deviceOfMeter = (meter: MeterView): LiveDevice => {
  const { kind, entities } = METERS[meter.kind]
  return device(kind, meter.slug, entities, meter)
}
const deviceOfCar = (car: CarView): LiveDevice => device('car', car.slug, carEntities, car)

// Most snapshots have the very list of meters, and the very list of cars, of the one before.
const devicesOfMeters = once((meters: readonly MeterView[]): readonly LiveDevice[] => meters.map(deviceOfMeter))
const devicesOfCars = once((cars: readonly CarView[]): readonly LiveDevice[] => cars.map(deviceOfCar))

/** The account, its meters and its cars. A list is the very same one as long as nothing about what is in it changed. */
export const deviceGroups = ({ account, meters, cars }: Snapshot) => ({
  account: device('account', ACCOUNT_DEVICE, accountEntities, account),
  meters: devicesOfMeters(meters),
  cars: devicesOfCars(cars),
})

/** The same, parents first. The bridge has no part in a snapshot. */
export function devicesOf(snapshot: Snapshot): readonly LiveDevice[] {
  const { account, meters, cars } = deviceGroups(snapshot)
  return [account, ...meters, ...cars]
}
