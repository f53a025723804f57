/** Which of the devices we know is the one that Octopus lists? Pure. */
import type { Instant } from '../clock.ts'

export type DeviceKind = 'account' | 'electricity_import' | 'electricity_export' | 'gas' | 'car'

/** A device under our own identity. */
export interface KnownDevice {
  /** Ours: part of every `unique_id`, stable for ever. */
  readonly id: string
  readonly kind: DeviceKind
  /** The account's number. */
  readonly account: string
  /** What Octopus calls it now: account number, MPAN, MPRN, or the id of the SmartFlex device. */
  readonly octopusId: string
  /** Its segment in topics; unique in the account, never changes. */
  readonly slug: string
  readonly name: string | null
  readonly make: string | null
  readonly model: string | null
  readonly seenAt: Instant
}

/** What Octopus says of one of its devices. */
export interface SeenDevice {
  readonly kind: DeviceKind
  readonly account: string
  readonly octopusId: string
  readonly name?: string | null
  readonly make?: string | null
  readonly model?: string | null
}

/**
 * The device of that very id; or else, for a car, one of the same make, model and name that Octopus no longer lists,
 * since registering a car again gives it a new id. `present` holds the ids that Octopus lists now. Of several that
 * would fit, the one seen last. A car of which neither make, model nor name is known is never taken for another.
 */
export function matchDevice(
  known: readonly KnownDevice[],
  seen: SeenDevice,
  present: ReadonlySet<string>,
): KnownDevice | null {
  const sameKind = known.filter(device => device.kind === seen.kind && device.account === seen.account)
  const exact = sameKind.find(device => device.octopusId === seen.octopusId)
  if (exact !== undefined) return exact
  if (seen.kind !== 'car' || !isDescribed(seen)) return null
  const candidates = sameKind
    .filter(device => !present.has(device.octopusId) && looksTheSame(device, seen))
    .sort((a, b) => b.seenAt - a.seenAt)
  return candidates[0] ?? null
}

const isDescribed = (seen: SeenDevice): boolean => Boolean(seen.make ?? seen.model ?? seen.name)

const looksTheSame = (device: KnownDevice, seen: SeenDevice): boolean =>
  device.make === (seen.make ?? null) && device.model === (seen.model ?? null) && device.name === (seen.name ?? null)
