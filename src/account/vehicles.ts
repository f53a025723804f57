/** Listens to the house's topics for each car, and tells the engine what they come to. */
import { alarm, type Cancel, type Clock, type Instant } from '../clock.ts'
import { onSignals } from '../intelligent/signals.ts'
import type { Log } from '../log.ts'
import type { Values } from '../store/values.ts'
import {
  advance,
  cutOff,
  heardAgain,
  initialState,
  nextEdge,
  onMessage,
  type Remark,
  type SignalsState,
  type StoredSignals,
  someStoredSignals,
  toStore,
  view,
} from '../vehicle/signals.ts'
import { type CarSpec, topicsOf } from '../vehicle/spec.ts'
import { type CarSignals, NO_SIGNALS } from '../vehicle/types.ts'
import type { Engine } from './engine.ts'
import { newsOf, Telling } from './telling.ts'

interface Entry {
  readonly carId: string
  readonly spec: CarSpec
  readonly topics: ReadonlySet<string>
  state: SignalsState
  told: CarSignals
  readonly telling: Telling
  saved: string
  remarks: number
  cancel: Cancel
}

export interface VehiclesOptions {
  readonly clock: Clock
  readonly log: Log
  readonly values: Values
  readonly engine: Engine
  /** Asks the broker for these topics; what it holds retained comes at once. */
  readonly subscribe: (topics: readonly string[]) => void
}

export class Vehicles {
  readonly #options: VehiclesOptions
  readonly #entries = new Map<string, Entry>()
  #isCutOff = false

  constructor(options: VehiclesOptions) {
    this.#options = options
  }

  /** Listens for a car from now on; a car that is listened for already stays as it is. */
  bind(carId: string, spec: CarSpec): void {
    if (this.#entries.has(carId)) return
    const { clock, values, subscribe } = this.#options
    const now = clock.now()
    const stored = values.get<StoredSignals>(keyOf(carId), someStoredSignals)
    const state = initialState(spec, stored ?? undefined, now)
    const entry: Entry = {
      carId,
      spec,
      topics: new Set(topicsOf(spec)),
      state,
      told: this.#signals({ spec, state }, now),
      telling: new Telling(),
      saved: '',
      remarks: state.remarks.length,
      cancel: () => {},
    }
    this.#entries.set(carId, entry)
    this.#tell(entry, now)
    subscribe([...entry.topics])
  }

  /** Nothing is listened for any more, and nothing that was heard counts. */
  unbind(carId: string): void {
    this.#entries.get(carId)?.cancel()
    this.#entries.delete(carId)
    this.#options.engine.change((state, rules, now) => onSignals(state, rules, carId, NO_SIGNALS, now))
  }

  stop(): void {
    for (const entry of this.#entries.values()) {
      entry.cancel()
      this.#save(entry)
    }
    this.#entries.clear()
  }

  onMessage(topic: string, payload: Buffer, retained: boolean): void {
    for (const entry of this.#entries.values()) {
      if (!entry.topics.has(topic)) continue
      const now = this.#options.clock.now()
      entry.state = onMessage(entry.spec, entry.state, topic, payload, retained, now)
      this.#logRemarks(entry)
      this.#passOn(entry, now)
    }
  }

  /** The broker is away: what a source said last may have stopped being true, and nobody would hear of it. */
  cutOff(): void {
    if (this.#isCutOff) return
    this.#isCutOff = true
    this.#passOnAll()
  }

  /** It is back, and what it retains was heard. */
  heardAgain(): void {
    if (!this.#isCutOff) return
    this.#isCutOff = false
    const now = this.#options.clock.now()
    for (const entry of this.#entries.values()) entry.state = heardAgain(entry.state, now)
    this.#passOnAll()
  }

  #passOnAll(): void {
    for (const entry of this.#entries.values()) this.#passOn(entry, this.#options.clock.now())
  }

  #signals({ spec, state }: Pick<Entry, 'spec' | 'state'>, now: Instant): CarSignals {
    const signals = view(spec, state, now)
    return this.#isCutOff ? cutOff(signals) : signals
  }

  #passOn(entry: Entry, now: Instant): void {
    const signals = this.#signals(entry, now)
    const mono = this.#options.clock.monotonic()
    const news = newsOf(entry.told, signals)
    const wait = entry.telling.wait(news, mono)
    if (wait > 0) {
      this.#arm(entry, now, news === 'none' ? undefined : now + wait)
      return
    }
    entry.told = signals
    entry.telling.told(mono)
    this.#tell(entry, now)
  }

  #tell(entry: Entry, at: Instant): void {
    this.#options.engine.change((state, rules, now) => onSignals(state, rules, entry.carId, entry.told, now))
    this.#save(entry)
    this.#arm(entry, at)
  }

  /**
   * Waits for the next change by time alone after `at`, the instant of what was told: one that went by since is due at once.
   * News that has to wait is passed on at `later`.
   */
  #arm(entry: Entry, at: Instant, later = Number.POSITIVE_INFINITY): void {
    const { clock } = this.#options
    entry.cancel()
    const due = Math.min(nextEdge(entry.spec, entry.state, at) ?? Number.POSITIVE_INFINITY, later)
    if (due === Number.POSITIVE_INFINITY) return
    entry.cancel = alarm(clock, due, () => {
      const now = clock.now()
      entry.state = advance(entry.spec, entry.state, now)
      this.#passOn(entry, now)
    })
  }

  #save(entry: Entry): void {
    const stored = toStore(entry.spec, entry.state)
    const text = JSON.stringify(stored)
    if (text === entry.saved) return
    entry.saved = text
    this.#options.values.setSoon(keyOf(entry.carId), () => stored)
  }

  #logRemarks(entry: Entry): void {
    for (const remark of entry.state.remarks.slice(entry.remarks)) {
      const { topic, kind, sample, signal } = remark satisfies Remark
      this.#options.log.warn(
        { topic, payload: sample, signal },
        `payload ${kind.replaceAll('_', ' ')}: the last state is kept`,
      )
    }
    entry.remarks = entry.state.remarks.length
  }
}

const keyOf = (carId: string): string => `signals:${carId}`
