/** What a person wants to read in the log: what turned between two snapshots. Pure. */
import type { CarView, Snapshot } from './snapshot.ts'
import { toIso } from './time/london.ts'

export interface Transition {
  readonly message: string
  readonly details: Readonly<Record<string, unknown>>
}

type Shown = boolean | string | null

const word = (value: Shown): string =>
  value === null ? 'unknown' : value === true ? 'on' : value === false ? 'off' : value

const CAR: readonly (readonly [string, (car: CarView) => Shown])[] = [
  ['plugged in', car => car.pluggedIn],
  ['charging', car => car.charging],
  ['Octopus says', car => car.state],
  ['dispatch active', car => car.dispatchActive],
]

function ofCar(before: CarView, after: CarView): Transition[] {
  return CAR.flatMap(([name, read]) =>
    read(before) === read(after) ? [] : [{ message: `${name}: ${word(read(after))}`, details: { car: after.slug } }],
  )
}

export function transitions(before: Snapshot, after: Snapshot): Transition[] {
  const cars =
    before.cars === after.cars
      ? []
      : after.cars.flatMap(car => {
          const earlier = before.cars.find(other => other.id === car.id)
          return earlier && earlier !== car ? ofCar(earlier, car) : []
        })
  const was = before.account.houseCheap
  const is = after.account.houseCheap
  if (!after.account.hasNight || was.value === is.value) return cars
  const details = { reason: is.reason, until: is.until === null ? null : toIso(is.until) }
  return [...cars, { message: `house cheap: ${word(is.value)}`, details }]
}
