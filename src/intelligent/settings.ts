/** The knobs of the pure middle. The configuration gives them; durations are milliseconds. */
import type { NightWindow } from '../time/london.ts'

export interface IntelligentSettings {
  readonly tariffPolicy: 'auto' | 'whole_slot' | 'charge_cap'
  readonly evidence: 'required' | 'plan'
  readonly night: NightWindow
  /** Whether the user wrote `intelligent.off_peak`: then there is a night on any tariff. */
  readonly nightConfigured: boolean
  readonly minDispatch: number
  readonly minDispatchEnergyKwh: number
  readonly trustPlanFor: number
  readonly standingStates: readonly string[]
}

export interface RefreshSettings {
  readonly settlingFirst: number
  readonly settlingWhileCapable: number
  readonly settlingWhileNotAvailable: readonly number[]
  readonly settlingCalls: number
  readonly steady: number
  readonly steadyWithSignal: number
  readonly steadyWithSchedule: number
  readonly steadyAfterMarkWithSignal: number
  readonly steadyWithoutPlan: number
  readonly withoutPlanAfter: number
  readonly boundaryAfter: readonly number[]
  readonly boundaryBefore: number
  readonly boundaryQuiet: number
  readonly eventConfirm: number
  readonly startMaxAge: number
  readonly unpluggedFirst: number
  readonly unpluggedSecond: number
  readonly unpluggedEvery: number
  readonly unpluggedGiveUp: number
  readonly idle: number
  readonly idleStale: number
  readonly idleNoSourceActive: number
  readonly idleNoSource: number
  readonly backoffStep: number
  readonly backoffMax: number
  readonly blockFirst: number
  readonly blockMax: number
}
