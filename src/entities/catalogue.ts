/** Every entity there is, and those that a snapshot has, each bound to its part of it. */
import type { MeterKind, Snapshot } from '../snapshot.ts'
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

export interface LiveEntity {
  readonly row: EntityRow
  /** Undefined where the entity publishes no state of this kind. */
  readonly value: () => Value | undefined
  readonly attributes: (context: RenderContext) => Attributes | undefined
}

export interface LiveDevice {
  readonly kind: DeviceKind
  /** Our own identity of the device. */
  readonly id: string
  readonly slug: string
  readonly entities: readonly LiveEntity[]
}

/** The rows that exist for this part, ready to be read. */
const bind = <Part>(rows: readonly Entity<Part>[], part: Part): LiveEntity[] =>
  rows
    .filter(row => row.exists?.(part) ?? true)
    .map(row => ({
      row,
      value: () => row.value?.(part),
      attributes: context => row.attributes?.(part, context),
    }))

// A snapshot is made at every minute and message, and most of its parts are those of the one before: what was made of
// such a part is remembered with it. The functions stay pure: parts never change.
const devices = new WeakMap<object, LiveDevice>()

function device<Part extends { readonly id: string }>(
  kind: DeviceKind,
  slug: string,
  rows: readonly Entity<Part>[],
  part: Part,
): LiveDevice {
  const known = devices.get(part)
  if (known !== undefined) return known
  const made = { kind, id: part.id, slug, entities: bind(rows, part) }
  devices.set(part, made)
  return made
}

const METERS = {
  electricity_import: { kind: 'import_meter', entities: importMeterEntities },
  electricity_export: { kind: 'export_meter', entities: exportMeterEntities },
  gas: { kind: 'gas_meter', entities: gasMeterEntities },
} as const satisfies Record<MeterKind, unknown>

/** The account, its meters and its cars, parents first. The bridge has no part in a snapshot. */
export const devicesOf = ({ account, meters, cars }: Snapshot): readonly LiveDevice[] => [
  device('account', ACCOUNT_DEVICE, accountEntities, account),
  ...meters.map(meter => device(METERS[meter.kind].kind, meter.slug, METERS[meter.kind].entities, meter)),
  ...cars.map(car => device('car', car.slug, carEntities, car)),
]

/** The bridge's own entities. */
export const bridgeDeviceEntities = (): readonly LiveEntity[] => bind(bridgeEntities, null)
