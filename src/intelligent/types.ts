/** What Octopus says of a car's smart charging, in this project's own shapes. Instants are UTC milliseconds. */
import type { Instant } from '../clock.ts'

/** Yes, no, or not known. */
export type Tri = boolean | null

/** The values of `SmartFlexDeviceState` as of 2026-07. Octopus may add one: an unknown string is kept raw. */
export const CAR_STATES = [
  'AUTHENTICATION_PENDING',
  'AUTHENTICATION_FAILED',
  'AUTHENTICATION_COMPLETE',
  'TEST_CHARGE_IN_PROGRESS',
  'TEST_CHARGE_FAILED',
  'TEST_CHARGE_NOT_AVAILABLE',
  'SETUP_COMPLETE',
  'SMART_CONTROL_CAPABLE',
  'SMART_CONTROL_IN_PROGRESS',
  'BOOSTING',
  'SMART_CONTROL_OFF',
  'SMART_CONTROL_NOT_AVAILABLE',
  'LOST_CONNECTION',
  'RETIRED',
] as const

/** One row of `flexPlannedDispatches`. Any minute may begin or end it; rows may touch and overlap. */
export interface DispatchRow {
  readonly start: Instant
  readonly end: Instant
  /** SMART, BOOST or TEST, in upper case; null counts as SMART. */
  readonly type: string | null
  /** kWh with Octopus's own sign (negative into a car), or null where it gave none. */
  readonly energyKwh: number | null
}

/** One row of `completedDispatches`: for the whole account, late, smart and boost mixed. History, never control. */
export interface CompletedRow {
  readonly start: Instant
  readonly end: Instant
  readonly energyKwh: number | null
  readonly source: string | null
  readonly location: string | null
}

/** A value and when it was measured, by Octopus's own time stamp where it gives one. */
export interface Measured<T> {
  readonly value: T
  readonly at: Instant | null
}

/** What never changes in an hour about a SmartFlex device. */
export interface DeviceFacts {
  readonly deviceId: string
  readonly typename: string
  readonly name: string | null
  readonly make: string | null
  readonly model: string | null
  readonly provider: string | null
  /** ONBOARDING … LIVE … RETIRED */
  readonly lifeCycle: string | null
  readonly batteryKwh: number | null
  readonly chargerKw: number | null
}

/** What one answer says of one car. `null` is "this answer did not say", never "nothing". */
export interface CarAnswer {
  readonly deviceId: string
  readonly facts: DeviceFacts | null
  readonly currentState: string | null
  readonly isSuspended: boolean | null
  /** The planned list, in Octopus's order; null where it failed (KT-CT-4340), empty where there is no plan. */
  readonly planned: readonly DispatchRow[] | null
  readonly stateOfCharge: Measured<number> | null
  /** Target in %, by the schedule of the day of the next `readyBy`. */
  readonly chargeTarget: number | null
  /** Local time of day, `07:30`. */
  readonly readyBy: string | null
}

/** One answer to a dispatch request, whole or in part. */
export interface Answer {
  /** When the request left and when the answer was in. A fact is as old as `fetchedAt`, and as new as `askedAt`. */
  readonly askedAt: Instant
  readonly fetchedAt: Instant
  /** Every live car or charge point the answer lists; null where the list of devices itself failed. */
  readonly cars: readonly CarAnswer[] | null
  readonly completed: readonly CompletedRow[] | null
  /** Codes of the errors that came beside the data; empty for a whole answer. */
  readonly errorCodes: readonly string[]
}
