/** What a car is, and what can be heard of it. */
import type { CAR_STATES, DispatchRow } from '../intelligent/types.ts'
import type { TimeOfDay } from '../time/london.ts'
import type { ChargerSpec } from './charger.ts'

export type CarState = (typeof CAR_STATES)[number]

export interface CarSpec extends ChargerSpec {
  /** Our own name for it, as scenarios and the control paths use it. */
  readonly key: string
  /** At the start; a new registration changes it. */
  readonly deviceId: string
  readonly kind: 'vehicle' | 'charge_point'
  readonly name: string
  readonly make: string
  readonly model: string
  readonly provider: string
  /** State of charge at the start, %. */
  readonly percent: number
  readonly targetPercent: number
  readonly readyBy: TimeOfDay
}

export type CarEvent =
  | { readonly type: 'plugged' | 'unplugged' }
  | { readonly type: 'state'; readonly state: CarState }
  | { readonly type: 'plan'; readonly rows: readonly DispatchRow[] }
  | { readonly type: 'charging'; readonly charging: boolean; readonly watts: number }
