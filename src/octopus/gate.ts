/// <reference path="./bottleneck-light.d.ts" />
/**
 * Bottleneck, behind the ledger: the second lock on the same door. The ledger decides; this holds what it decided against
 * a mistake of ours within one process.
 */
import Bottleneck from 'bottleneck/light.js'
import { type Clock, HOUR } from '../clock.ts'
import type { CallKind, PastCall } from '../store/calls.ts'
import { Places } from './places.ts'

export interface GateSettings {
  readonly dispatchPerHour: number
  readonly dispatchMinGap: number
  readonly requestsPerHour: number
}

/** Bottleneck's least time between two starts is short by a timer's jitter now and then. Less than the ledger's margin. */
const GAP_MARGIN = 100

/**
 * Real milliseconds that an admitted request may wait here. Bottleneck reads the wall clock: one that was set back would
 * keep it shut for as long.
 */
const PATIENCE = 2_000

interface Locks {
  readonly overall: Places
  readonly dispatch: Places
}

export class Gate {
  readonly #settings: GateSettings
  readonly #clock: Clock
  #stopped = false
  #locks: Locks | null = null

  constructor(settings: GateSettings, clock: Clock) {
    this.#settings = settings
    this.#clock = clock
  }

  /**
   * Runs an admitted task as soon as Bottleneck lets it, which is at once. `earlier` are the calls of the last hour without
   * this one. Resolves to null, with the task never begun, where it is still kept waiting after a second try.
   */
  async run<T>(kind: CallKind, earlier: readonly PastCall[], task: () => Promise<T>): Promise<{ value: T } | null> {
    return (await this.#attempt(kind, earlier, task)) ?? (await this.#attempt(kind, earlier, task))
  }

  /** Gives every timer back. What runs is left to finish; nothing new begins. */
  stop(): void {
    this.#stopped = true
    this.#discard()
  }

  #discard(): void {
    const locks = this.#locks
    this.#locks = null
    locks?.dispatch.stop()
    locks?.overall.stop()
  }

  async #attempt<T>(
    kind: CallKind,
    earlier: readonly PastCall[],
    task: () => Promise<T>,
  ): Promise<{ value: T } | null> {
    if (this.#stopped) return null
    const { overall, dispatch } = this.#open(earlier)
    const taken = kind === 'dispatch' ? [dispatch, overall] : [overall]
    let state: 'waiting' | 'begun' | 'given up' = 'waiting'
    let giveUp = () => {}
    const gaveUp = new Promise<null>(resolve => {
      giveUp = () => resolve(null)
    })
    const cancel = this.#clock.after(PATIENCE * this.#clock.speed, () => {
      if (state !== 'waiting') return
      state = 'given up'
      this.#discard()
      giveUp()
    })
    for (const places of taken) places.makeRoom()
    const { limiter } = kind === 'dispatch' ? dispatch : overall
    const done = limiter.schedule(async () => {
      if (state !== 'waiting') return null
      state = 'begun'
      cancel()
      for (const places of taken) places.take()
      return { value: await task() }
    })
    try {
      return await Promise.race([done, gaveUp])
    } catch (error) {
      // Dropped from the queue, at the end or because another call found the gate stuck.
      if (state === 'waiting' && error instanceof Bottleneck.BottleneckError) return null
      throw error
    } finally {
      cancel()
      // One dropped after we gave up must not end as an unhandled rejection.
      done.catch(() => {})
    }
  }

  #open(earlier: readonly PastCall[]): Locks {
    if (this.#locks !== null) return this.#locks
    const { dispatchPerHour, dispatchMinGap, requestsPerHour } = this.#settings
    const now = this.#clock.now()
    const mono = this.#clock.monotonic()
    const startsOf = (calls: readonly PastCall[]) =>
      calls.filter(call => call.start > now - HOUR).map(call => mono - (now - call.start))
    const places = (most: number, calls: readonly PastCall[], make: (reservoir: number) => Bottleneck) =>
      new Places(make, this.#clock, most, startsOf(calls))
    const overall = places(requestsPerHour, earlier, reservoir => new Bottleneck({ reservoir }))
    const dispatches = earlier.filter(call => call.kind === 'dispatch')
    const minTime = (dispatchMinGap + GAP_MARGIN) / this.#clock.speed
    const dispatch = places(dispatchPerHour, dispatches, reservoir =>
      new Bottleneck({ reservoir, minTime, maxConcurrent: 1 }).chain(overall.limiter),
    )
    this.#locks = { overall, dispatch }
    return this.#locks
  }
}
