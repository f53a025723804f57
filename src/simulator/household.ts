/** A house with its cars and its meter on one clock, and whoever wants to watch. */
import { type Cancel, type Clock, HALF_HOUR, type Instant } from '../clock.ts'
import type { CompletedRow } from '../intelligent/types.ts'
import type { Behaviour } from './behaviour.ts'
import { Car } from './car.ts'
import type { CarEvent, CarSpec } from './car-spec.ts'
import { type CarShare, Charged } from './charged.ts'
import { CompletedDispatches } from './completed.ts'
import { keptDays, Meter, type ReadingWays } from './meter.ts'
import { type Random, seededRandom } from './random.ts'
import type { SupplyKind, SupplyOptions } from './supplies.ts'
import { heatingUsage, inCubicMetres, pastCharge, solarExport } from './usage-shapes.ts'

export interface CarPlan {
  readonly spec: CarSpec
  readonly behaviour: (random: Random) => Behaviour
}

export interface HouseholdOptions {
  readonly clock: Clock
  readonly seed: string | number
  /** The same for every seed, or drawn from it. */
  readonly cars: readonly CarPlan[] | ((random: Random) => readonly CarPlan[])
  /** How each meter's readings come. */
  readonly meter?: ReadingWays
  /** Which meters there are beside the one for import, and how far back they go. */
  readonly supply?: SupplyOptions
  /** How often the completed list gets a small row too many; 0 by default. */
  readonly spillOver?: number
}

/** `charging` comes with every change of the watts: `charging` is the charger's own flag, also at a trickle. */
export type HouseholdEvent = CarEvent & { readonly car: string; readonly at: Instant }

/** The meter of each supply that there is. */
export type Meters = Readonly<Partial<Record<SupplyKind, Meter>>> & { readonly import: Meter }

function metersOf({ clock, seed, meter, supply = {} }: HouseholdOptions, startedAt: Instant): Meters {
  const { historyDays } = supply
  const common = { startedAt, ...meter, ...supply.readings, ...(historyDays === undefined ? {} : { historyDays }) }
  const gas = heatingUsage(seed)
  const gasMeter = { usage: supply.gasUnit === 'kwh' ? gas : inCubicMetres(gas), seed: `${seed}/gas` }
  return {
    import: new Meter(clock, { ...common, seed }),
    ...(supply.export && {
      export: new Meter(clock, { ...common, seed: `${seed}/export`, usage: solarExport(seed) }),
    }),
    ...(supply.gas && { gas: new Meter(clock, { ...common, ...gasMeter }) }),
  }
}

export class Household {
  /** For import. */
  readonly meter: Meter
  readonly meters: Meters
  readonly cars: readonly [Car, ...Car[]]
  readonly #completed: CompletedDispatches
  readonly #charged: Charged
  readonly #seed: string | number
  readonly #startedAt: Instant
  readonly #listeners = new Set<(event: HouseholdEvent) => void>()

  constructor(options: HouseholdOptions) {
    const { clock, seed } = options
    const random = seededRandom(seed)
    this.#seed = seed
    this.#startedAt = clock.now()
    this.#charged = new Charged(clock, keptDays(options.supply?.historyDays))
    this.meters = metersOf(options, this.#startedAt)
    this.meter = this.meters.import
    this.#completed = new CompletedDispatches(clock, random.fork('completed'), options.spillOver ?? 0)
    const plans = typeof options.cars === 'function' ? options.cars(random.fork('cars')) : options.cars
    const [first, ...others] = plans.map(({ spec, behaviour }) => {
      const car: Car = new Car(
        clock,
        spec,
        behaviour(random.fork(spec.key)),
        event => this.#emit({ ...event, car: spec.key, at: clock.now() }),
        {
          energy: (halfHour, kwh, smart) => {
            this.meter.addCar(halfHour, kwh)
            this.#charged.add(spec.key, halfHour, kwh, smart)
          },
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

  /** What each car really took in that half hour; before the start the first car, by the plan of a quiet night. */
  charged(halfHour: Instant): readonly CarShare[] {
    if (halfHour + HALF_HOUR > this.#startedAt) return this.#charged.at(halfHour)
    const smart = pastCharge(this.#seed, halfHour)
    return smart === 0 ? [] : [{ car: this.cars[0].spec.key, smart, other: 0 }]
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
