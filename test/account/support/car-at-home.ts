/** One car as its topics and Octopus tell of it: the real engine, vehicles and store on a clock of its own. Times are UTC of one evening. */
import { Engine } from '../../../src/account/engine.ts'
import { Vehicles } from '../../../src/account/vehicles.ts'
import { type Instant, SECOND } from '../../../src/clock.ts'
import { readConfig } from '../../../src/config/load.ts'
import { onAnswer } from '../../../src/intelligent/answers.ts'
import { withCars } from '../../../src/intelligent/cars.ts'
import { houseCheap } from '../../../src/intelligent/cheap.ts'
import { rulesFor } from '../../../src/intelligent/dispatching.ts'
import { carNotices } from '../../../src/intelligent/notices.ts'
import { newCar } from '../../../src/intelligent/state.ts'
import type { CarAnswer, Tri } from '../../../src/intelligent/types.ts'
import { carView } from '../../../src/intelligent/view.ts'
import { openStore } from '../../../src/store/open.ts'
import { carSpec } from '../../../src/vehicle/mapping.ts'
import { PRESETS } from '../../../src/vehicle/presets.ts'
import { SETTINGS } from '../../intelligent/story.ts'
import { ManualClock } from '../../octopus/support/manual-clock.ts'
import { SILENT } from '../silent.ts'

const DAY = '2026-11-23'
export const time = (text: string): Instant => Date.parse(`${DAY}T${text.length === 5 ? `${text}:00` : text}Z`)

/** From, until, type. */
type Row = readonly [from: string, until: string, type?: 'SMART' | 'BOOST' | 'TEST']

export class CarAtHome {
  readonly clock = new ManualClock(time('18:00'))
  readonly #store = openStore({ path: ':memory:', clock: this.clock })
  readonly #rules = rulesFor(SETTINGS, 'IOG-SMB-VAR-26-07-06')
  readonly #ev: string
  engine: Engine = this.#begin()
  vehicles: Vehicles = this.#listen()

  constructor(ev = '{plugged: plug, charging: charge, power: power, schedule_changed: slots}') {
    this.#ev = ev
    this.vehicles = this.#listen()
  }

  restart(after: number): void {
    this.vehicles.stop()
    this.engine.stop()
    this.clock.advance(after)
    this.engine = this.#begin()
    this.vehicles = this.#listen()
  }

  say(topic: string, payload: string, retained = false): void {
    this.vehicles.onMessage(topic, Buffer.from(payload), retained)
  }

  /** Goes there second by second. */
  to(text: string): void {
    while (this.clock.now() < time(text)) this.clock.advance(SECOND)
  }

  answer(currentState: string | null, rows: readonly Row[], more: Partial<CarAnswer> = {}): void {
    const planned = rows.map(([from, until, type = 'SMART']) => ({
      ...{ start: time(from), end: time(until), type, energyKwh: -3.5 },
    }))
    this.engine.changeAndKeep((state, rules, now) =>
      onAnswer(state, rules, {
        ...{ askedAt: now - SECOND, fetchedAt: now, completed: null, errorCodes: [] },
        cars: [
          {
            ...{ deviceId: 'device', facts: null, currentState, isSuspended: false, planned },
            ...{ stateOfCharge: null, chargeTarget: null, readyBy: null },
            ...more,
          },
        ],
      }),
    )
  }

  get cheap(): Tri {
    return houseCheap(this.engine.state, this.#rules, this.clock.now()).value
  }

  get active(): Tri | undefined {
    const [car] = this.engine.state.cars
    return car && carView(car, this.engine.state, this.#rules, this.clock.now()).dispatchActive
  }

  get notices(): string[] {
    return this.engine.state.cars.flatMap(car =>
      carNotices(car, this.#rules, this.clock.now()).map(({ code }) => String(code)),
    )
  }

  #begin(): Engine {
    const engine = new Engine({
      ...{ clock: this.clock, log: SILENT, values: this.#store.values, key: 'engine', rules: this.#rules },
      ...{ onChange: () => {}, onMinute: () => {}, onJump: () => {}, moreEdges: () => [] },
    })
    engine.start()
    const found = [{ id: 'car', slug: 'car', deviceId: 'device', facts: null }]
    engine.change(state => withCars(state, found as never, () => newCar('car', 'car', 'device', null)))
    return engine
  }

  #listen(): Vehicles {
    const { clock, engine } = this
    const vehicles = new Vehicles({ clock, log: SILENT, values: this.#store.values, engine, subscribe: () => {} })
    if (this.#ev === undefined) return vehicles
    const text = `octopus: {api_key: k}\nmqtt: {url: "mqtt://broker"}\nev: ${this.#ev}`
    const [car] = readConfig(text, 'the test', { env: {}, cwd: '/', presets: PRESETS }).ev
    if (car !== undefined) vehicles.bind('car', carSpec(car))
    return vehicles
  }
}
