/** Every entity there is, and those that a snapshot has, each bound to its part of it. */
import type { Snapshot } from '../snapshot.ts'
import { accountEntities } from './account.ts'
import { bridgeEntities } from './bridge.ts'
import { carEntities } from './car.ts'
import type { Attributes, DeviceKind, Entity, EntityRow, RenderContext, Value } from './entity.ts'
import { importMeterEntities } from './meter.ts'
import { ACCOUNT_DEVICE } from './topics.ts'

/** Parents before children. */
export const catalogue: Readonly<Record<DeviceKind, readonly EntityRow[]>> = {
  bridge: bridgeEntities,
  account: accountEntities,
  import_meter: importMeterEntities,
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

/** The account, its meters and its cars, parents first. The bridge has no part in a snapshot. */
export const devicesOf = ({ account, meters, cars }: Snapshot): readonly LiveDevice[] => [
  { kind: 'account', id: account.id, slug: ACCOUNT_DEVICE, entities: bind(accountEntities, account) },
  ...meters.map(meter => ({
    kind: 'import_meter' as const,
    id: meter.id,
    slug: meter.slug,
    entities: bind(importMeterEntities, meter),
  })),
  ...cars.map(car => ({ kind: 'car' as const, id: car.id, slug: car.slug, entities: bind(carEntities, car) })),
]

/** The bridge's own entities. */
export const bridgeDeviceEntities = (): readonly LiveEntity[] => bind(bridgeEntities, null)
