/** Entity ids as we propose them. Home Assistant takes the proposal once; afterwards the id is the user's. */
import type { DeviceKind } from '../entities/entity.ts'
import type { Snapshot } from '../snapshot.ts'

const DEFAULT_PREFIX = 'octopus'

/** The slug of the first import meter; it needs no mention in an entity id. */
const FIRST_IMPORT_METER = 'electricity_import'

/** Lower case letters, digits and single underscores: what Home Assistant would make of it anyway. */
export const idPart = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')

/**
 * Whether a device is named in its entity ids. The account and the bridge are not, nor the first import meter, nor a
 * car that is the only one: so ids stay short, and with `entity_id_prefix` an id can be exactly another integration's.
 */
function isNamed(kind: DeviceKind, slug: string, snapshot: Snapshot): boolean {
  if (kind === 'car') return snapshot.cars.length > 1
  return kind.endsWith('_meter') && slug !== FIRST_IMPORT_METER
}

/** What stands before `_<key>`: `octopus`, or `octopus_tesla` where there are two cars. */
export function entityIdStem(kind: DeviceKind, slug: string, snapshot: Snapshot, prefix: string | undefined): string {
  const start = idPart(prefix ?? '') || DEFAULT_PREFIX
  return isNamed(kind, slug, snapshot) ? `${start}_${idPart(slug)}` : start
}
