/** The daemon's own rooms on the bench: signals, state, admission and the refresh decision, with their defaults. */
import { type Cancel, HOUR, type Instant, SECOND } from '../src/clock.ts'
import type { Config } from '../src/config/config.ts'
import { readConfig } from '../src/config/load.ts'
import { advance, nextEdge } from '../src/intelligent/advance.ts'
import { onAnswer } from '../src/intelligent/answers.ts'
import type { Phases } from '../src/intelligent/candidate.ts'
import { houseCheap } from '../src/intelligent/cheap.ts'
import { dispatchActive, type Rules, rulesFor } from '../src/intelligent/dispatching.ts'
import { onCall, onEvent } from '../src/intelligent/events.ts'
import { decideRefresh } from '../src/intelligent/refresh.ts'
import { onSignals } from '../src/intelligent/signals.ts'
import { type AccountState, emptyAccount, newCar } from '../src/intelligent/state.ts'
import type { Tri } from '../src/intelligent/types.ts'
import { dispatchLimits } from '../src/octopus/budget.ts'
import { intelligentSettings, limitSettings } from '../src/settings.ts'
import { PRODUCTS } from '../src/simulator/account.ts'
import { carSpec } from '../src/vehicle/mapping.ts'
import { PRESETS } from '../src/vehicle/presets.ts'
import * as vehicle from '../src/vehicle/signals.ts'
import type { Message } from './recording.ts'
import { addStep, type Step } from './steps.ts'
import type { Reply, World } from './world.ts'

/** The topics that the house has, as `ev` of a configuration. The others are named so that no default listens to them. */
export const TOPICS = {
  /** All that the charger of this house says; the others' automations hear it too. */
  charger: '{plugged: ev/plugged, charging: ev/charging, power: ev/power, schedule_changed: ev/schedule}',
  withoutSchedule: '{plugged: ev/plugged, charging: ev/charging, power: ev/power}',
  plugAndCharging: '{plugged: ev/plugged, charging: ev/charging}',
  plugAlone: '{plugged: ev/plugged, charging: not/here}',
  none: '{plugged: none, charging: not/here}',
} as const

/**
 * Nothing but what must be written: everything else is the default of the configuration. `refresh` is the content of
 * `intelligent.refresh`, in YAML's short form. Throws CONFIG_INVALID.
 */
export function configFor(ev: string, refresh = '{}'): Config {
  const yaml = [
    'octopus: {api_key: sk_live_bench}',
    'mqtt: {url: "mqtt://localhost:1883"}',
    `ev: ${ev}`,
    `intelligent: {refresh: ${refresh}}`,
  ]
  return readConfig(yaml.join('\n'), 'the bench', { env: {}, cwd: '/', presets: PRESETS })
}

/** The product of the six-hour allowance, as new customers have it. */
const [, PRODUCT] = PRODUCTS

export interface Shown {
  readonly active: Step<Tri>[]
  /** Whether the house pays the cheap rate, as far as the policy knows. */
  readonly cheap: Step<Tri>[]
}

export class Ours implements Shown {
  readonly active: Step<Tri>[] = []
  readonly cheap: Step<Tri>[] = []
  readonly #world: World
  readonly #config: Config
  readonly #rules: Rules
  readonly #phases: Phases
  readonly #spec: ReturnType<typeof carSpec>
  #heard: vehicle.SignalsState
  #state: AccountState
  #calling = false
  #cancel: Cancel = () => {}

  constructor(world: World, config: Config) {
    const [car] = config.ev
    if (car === undefined) throw new RangeError('A configuration has a car')
    const now = world.clock.now()
    this.#world = world
    this.#config = config
    this.#rules = rulesFor(intelligentSettings(config), PRODUCT, config.intelligent.refresh.eventConfirm)
    this.#phases = { steady: world.random.between(0, 60 * SECOND), mark: world.random.between(0, 10 * SECOND) }
    this.#spec = carSpec(car)
    this.#heard = vehicle.initialState(this.#spec, undefined, now)
    this.#state = onEvent({ ...emptyAccount(now), cars: [newCar('car', 'car', 'car', null)] }, 'start', now)
  }

  start(): void {
    this.#world.listen((message, retained) => this.#hear(message, retained))
    this.#change(state => state)
  }

  #change(step: (state: AccountState, now: Instant) => AccountState): void {
    const now = this.#world.clock.now()
    this.#state = step(advance(this.#state, this.#rules, now), now)
    const [car] = this.#state.cars
    if (car !== undefined) addStep(this.active, now, dispatchActive(car, this.#rules.settings, now))
    addStep(this.cheap, now, houseCheap(this.#state, this.#rules, now).value)
    this.#arm()
  }

  /** One timer, for whatever comes first: an edge, a debounce that ends, or the next request. */
  #arm(): void {
    const { clock } = this.#world
    const now = clock.now()
    const settled = vehicle.nextEdge(this.#spec, this.#heard, now)
    const edge = Math.min(nextEdge(this.#state, this.#rules, now), settled ?? Number.POSITIVE_INFINITY)
    const due = this.#calling ? Number.POSITIVE_INFINITY : this.#decide(now).at
    this.#cancel()
    this.#cancel = clock.after(Math.min(edge, due) - now, () => {
      this.#change((state, at) => onSignals(state, this.#rules, 'car', this.#signals(at), at))
      if (!this.#calling && this.#decide(clock.now()).at <= clock.now()) this.#call()
    })
  }

  #signals(at: Instant) {
    this.#heard = vehicle.advance(this.#spec, this.#heard, at)
    return vehicle.view(this.#spec, this.#heard, at)
  }

  #hear({ topic, payload }: Message, retained: boolean): void {
    this.#change((state, at) => {
      this.#heard = vehicle.onMessage(this.#spec, this.#heard, topic, payload, retained, at)
      return onSignals(state, this.#rules, 'car', this.#signals(at), at)
    })
  }

  #decide(now: Instant) {
    const starts = this.#world.calls.slice(-60).filter(at => at > now - HOUR - MARGIN)
    const input = {
      state: this.#state,
      rules: this.#rules,
      refresh: this.#config.intelligent.refresh,
      phases: this.#phases,
      lastCallAt: this.#world.calls.at(-1) ?? null,
      starts,
      now,
    }
    return decideRefresh(input, dispatchLimits(limitSettings(this.#config), [], now))
  }

  #call(): void {
    const { mode } = this.#decide(this.#world.clock.now())
    this.#calling = true
    this.#world.ask(reply => this.#answered(reply))
    this.#change((state, now) => onCall(state, mode, now))
  }

  #answered({ askedAt, at, state: currentState, rows }: Reply): void {
    const said = { deviceId: 'car', facts: null, currentState, isSuspended: false, planned: rows }
    const cars = [{ ...said, stateOfCharge: null, chargeTarget: null, readyBy: null }]
    this.#calling = false
    this.#change(state => onAnswer(state, this.#rules, { askedAt, fetchedAt: at, cars, completed: [], errorCodes: [] }))
  }
}

/** More of the past than the window of an hour and its margin need. */
const MARGIN = 10 * SECOND
