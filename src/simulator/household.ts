/** A house with its cars and its meter on one clock, and whoever wants to watch. */
import type { Cancel, Clock, Instant } from '../clock.ts'
import type { CompletedRow } from '../intelligent/types.ts'
import type { Behaviour } from './behaviour.ts'
import { Car, type CarEvent, type CarSpec } from './car.ts'
import { CompletedDispatches } from './completed.ts'
import { Meter, type MeterOptions } from './meter.ts'
import { type Random, seededRandom } from './random.ts'

export interface CarPlan {
  readonly spec: CarSpec
  readonly behaviour: (random: Random) => Behaviour
}

export interface HouseholdOptions {
  readonly clock: Clock
  readonly seed: string | number
  /** The same for every seed, or drawn from it. */
  readonly cars: readonly CarPlan[] | ((random: Random) => readonly CarPlan[])
  readonly meter?: Pick<MeterOptions, 'lateDays' | 'gaps'>
  /** How often the completed list gets a small row too many; 0 by default. */
  readonly spillOver?: number
}

/** `charging` comes with every change of the watts: `charging` is the charger's own flag, also at a trickle. */
export type HouseholdEvent = CarEvent & { readonly car: string; readonly at: Instant }

export class Household {
  readonly meter: Meter
  readonly cars: readonly [Car, ...Car[]]
  readonly #completed: CompletedDispatches
  readonly #listeners = new Set<(event: HouseholdEvent) => void>()

  constructor(options: HouseholdOptions) {
    const { clock, seed } = options
    const random = seededRandom(seed)
    this.meter = new Meter(clock, { seed, startedAt: clock.now(), ...options.meter })
    this.#completed = new CompletedDispatches(clock, random.fork('completed'), options.spillOver ?? 0)
    const plans = typeof options.cars === 'function' ? options.cars(random.fork('cars')) : options.cars
    const [first, ...others] = plans.map(({ spec, behaviour }) => {
      const car: Car = new Car(
        clock,
        spec,
        behaviour(random.fork(spec.key)),
        event => this.#emit({ ...event, car: spec.key, at: clock.now() }),
        {
          energy: (halfHour, kwh) => this.meter.addCar(halfHour, kwh),
          halfHourOver: (halfHour, kwh) => this.#completed.expect(halfHour, kwh, car.behaviour.completedWritten()),
        },
      )
      return car
    })
    if (first === undefined) throw new RangeError('A household needs a car')
    this.cars = [first, ...others]
  }

  /** Every event of every car, as it happens. */
  on(listener: (event: HouseholdEvent) => void): Cancel {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** By its key or its device id; the first car without either. */
  car(name?: string): Car | undefined {
    if (name === undefined) return this.cars[0]
    return this.cars.find(car => car.spec.key === name || car.deviceId === name)
  }

  /** Newest first. */
  completed(): readonly CompletedRow[] {
    return this.#completed.list()
  }

  stop(): void {
    for (const car of this.cars) car.stop()
    this.#completed.stop()
    this.#listeners.clear()
  }

  #emit(event: HouseholdEvent): void {
    for (const listener of this.#listeners) listener(event)
  }
}
