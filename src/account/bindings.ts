/** Which configured topics belong to which car. Pure. */
import type { CarState } from '../intelligent/state.ts'
import { carName } from '../intelligent/view.ts'
import type { CarSpec } from '../vehicle/spec.ts'

export interface CarBinding {
  /** `ev.device`: an id, a name or a slug; null in the form for one car. */
  readonly device: string | null
  readonly spec: CarSpec
  /** The plug topic was written in the configuration, not the default. */
  readonly explicit: boolean
}

/**
 * The binding of a car, or null. The form for one car belongs to the only car there is: with two, nobody can say whose
 * plug it is, and a wrong state is worse than none.
 */
export function bindingFor(car: CarState, bindings: readonly CarBinding[], cars: number): CarBinding | null {
  const names = [car.deviceId, car.slug, carName(car)].map(name => name.toLowerCase())
  const named = bindings.find(({ device }) => device !== null && names.includes(device.trim().toLowerCase()))
  return named ?? (cars === 1 ? (bindings.find(({ device }) => device === null) ?? null) : null)
}
