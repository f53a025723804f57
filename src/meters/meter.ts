/** A meter as the account lists it, with an identity of our own. */
import type { AgreementSpan, Direction, Fuel } from '../energy/types.ts'
import type { MeterKind } from '../snapshot.ts'

export interface Meter {
  /** Our own identity, part of every `unique_id`. */
  readonly id: string
  readonly slug: string
  readonly kind: MeterKind
  /** MPAN, or MPRN of a gas meter. */
  readonly point: string
  readonly serial: string
  /** What it counts in, and so the unit of its readings in the store. */
  readonly unit: 'kWh' | 'm3'
  readonly agreements: readonly AgreementSpan[]
}

export const fuelOf = ({ kind }: Pick<Meter, 'kind'>): Fuel => (kind === 'gas' ? 'gas' : 'electricity')

export const directionOf = ({ kind }: Pick<Meter, 'kind'>): Direction =>
  kind === 'electricity_export' ? 'export' : 'import'

/** Names a meter in the store, for ever. */
export const keyOf = ({ point, serial }: Pick<Meter, 'point' | 'serial'>): string => `${point}:${serial}`
