/** Which cars an account's state has: those that were discovered, until they are gone. Pure. */
import { isGone } from '../missing.ts'
import type { AccountState, CarState } from './state.ts'

/** Each has topics and entities of its own: an Octopus that names new cars at every call must not fill the broker. */
const MOST_CARS = 20

/** Cars as they were discovered: new ones are added, known ones bound to Octopus's present id, none removed. */
export function withCars(
  state: AccountState,
  found: readonly Pick<CarState, 'id' | 'slug' | 'deviceId' | 'facts'>[],
  make: (car: Pick<CarState, 'id' | 'slug' | 'deviceId' | 'facts'>) => CarState,
): AccountState {
  const known = state.cars.map(car => {
    const same = found.find(candidate => candidate.id === car.id)
    return same ? { ...car, deviceId: same.deviceId, facts: same.facts ?? car.facts } : car
  })
  const added = found.filter(car => !state.cars.some(other => other.id === car.id)).map(make)
  return { ...state, cars: [...known, ...added].slice(0, MOST_CARS) }
}

/** Cars that answers left out have gone at the instant of the newest. */
export function withoutGone(state: AccountState): AccountState {
  const { cars, answeredAt } = state
  return { ...state, cars: cars.filter(({ missing }) => answeredAt === null || !isGone(missing, answeredAt)) }
}
