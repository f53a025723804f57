/** Which topics belong to which car, as lines of the doctor. Pure. */
import { boundCars, type CarBinding } from '../account/bindings.ts'
import { newCar } from '../intelligent/state.ts'
import type { DeviceFacts } from '../intelligent/types.ts'
import { carName } from '../intelligent/view.ts'
import { isLiveCar } from '../octopus/parse-devices.ts'
import { slugify } from '../store/devices.ts'
import { topicsOf } from '../vehicle/spec.ts'
import type { Said } from './doctor.ts'

const LIST = 'octopus2mqtt discover prints the list to use'

const stateOf = (facts: DeviceFacts) => {
  const car = newCar('', '', facts.deviceId, facts)
  return { ...car, slug: slugify(carName(car)) }
}

export const nameOf = (facts: DeviceFacts): string => carName(stateOf(facts))

/** `devices`: cars and charge points, live or not. One that was taken away long ago is no news. */
export function describeCars(devices: readonly DeviceFacts[], bindings: readonly CarBinding[]): Said[] {
  const live = devices.filter(isLiveCar)
  const others = devices
    .filter(facts => !isLiveCar(facts) && facts.lifeCycle !== 'RETIRED')
    .map((facts): Said => ({ mark: 'warn', text: `${known(facts)} is ${facts.lifeCycle ?? 'not live'} and left out` }))
  if (live.length === 0) {
    const text = 'no live car: finish its set-up in the Octopus app; until then only the meter is read'
    return [{ mark: 'warn', text }, ...others]
  }
  const bound = boundCars(live.map(stateOf), bindings)
  const cars = live.map(facts => describeCar(facts, bound.get(facts.deviceId) ?? null))
  return [...cars, ...others, ...unused(bindings, [...bound.values()], live.length)]
}

const known = (facts: DeviceFacts): string => `${nameOf(facts)} (${facts.provider ?? 'provider not known'})`

function describeCar(facts: DeviceFacts, binding: CarBinding | null): Said {
  if (binding === null) {
    return { mark: 'warn', text: `${known(facts)} has no topics: give it device: ${facts.deviceId} in the list of ev` }
  }
  const topics = topicsOf(binding.spec).join(', ')
  const listens = topics === '' ? 'has no topics: Octopus alone says whether it is plugged in' : `listens to ${topics}`
  return { mark: 'ok', text: `${known(facts)} ${listens}` }
}

/** What was configured for a car that is not there, or for one car where there are several. */
function unused(bindings: readonly CarBinding[], found: readonly CarBinding[], cars: number): Said[] {
  return bindings
    .filter(binding => !found.includes(binding))
    .map(({ device }) => ({
      mark: 'fail',
      text:
        device === null
          ? `ev is for one car and there are ${cars}: make it a list with device; ${LIST}`
          : `ev names ${device}, which is no live car of this account; ${LIST}`,
    }))
}
