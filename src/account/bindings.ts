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
 * The binding of each car that has one, by its device id. The form for one car belongs to the only car there is: with two, nobody
 * can say whose plug it is, and a wrong state is worse than none. Two cars may have one name: an id says more than a slug, a slug
 * more than a name, and a binding belongs to one car.
 */
export function boundCars(cars: readonly CarState[], bindings: readonly CarBinding[]): ReadonlyMap<string, CarBinding> {
  const bound = new Map<string, CarBinding>()
  const free = new Set(bindings)
  for (const nameOf of [(car: CarState) => car.deviceId, (car: CarState) => car.slug, carName]) {
    for (const car of cars.filter(({ deviceId }) => !bound.has(deviceId))) {
      const name = nameOf(car).toLowerCase()
      const binding = [...free].find(({ device }) => device?.trim().toLowerCase() === name)
      if (binding === undefined) continue
      bound.set(car.deviceId, binding)
      free.delete(binding)
    }
  }
  const [only] = cars
  const unnamed = bindings.find(({ device }) => device === null)
  if (cars.length === 1 && only !== undefined && unnamed !== undefined && bound.size === 0)
    bound.set(only.deviceId, unnamed)
  return bound
}
