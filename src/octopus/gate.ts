/**
 * Bottleneck, behind the ledger: the second lock on the same door. The ledger decides; this holds what it decided against
 * a mistake of ours within one process. A plain reservoir is a fixed window, so each request gives its place back an hour
 * after it began.
 */
import Bottleneck from 'bottleneck'
import { type Cancel, type Clock, HOUR, type Instant } from '../clock.ts'
import type { CallKind, PastCall } from '../store/calls.ts'

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

export class Gate {
  readonly #settings: GateSettings
  readonly #clock: Clock
  readonly #timers = new Set<Cancel>()
  #stopped = false
  #limiters: { overall: Bottleneck; dispatch: Bottleneck } | null = null

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
    for (const cancel of this.#timers) cancel()
    this.#timers.clear()
    const limiters = this.#limiters
    this.#limiters = null
    if (limiters === null) return
    // Their promises end when what runs has ended, which nobody here waits for.
    for (const limiter of [limiters.dispatch, limiters.overall]) limiter.stop({ dropWaitingJobs: true }).catch(() => {})
  }

  async #attempt<T>(
    kind: CallKind,
    earlier: readonly PastCall[],
    task: () => Promise<T>,
  ): Promise<{ value: T } | null> {
    if (this.#stopped) return null
    const { overall, dispatch } = this.#open(earlier)
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
    const limiter = kind === 'dispatch' ? dispatch : overall
    const done = limiter.schedule(async () => {
      if (state !== 'waiting') return null
      state = 'begun'
      cancel()
      this.#giveBackLater(kind, HOUR)
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

  #open(earlier: readonly PastCall[]): { overall: Bottleneck; dispatch: Bottleneck } {
    if (this.#limiters !== null) return this.#limiters
    const { dispatchPerHour, dispatchMinGap, requestsPerHour } = this.#settings
    const now = this.#clock.now()
    const lastHour = earlier.filter(call => call.start > now - HOUR)
    const dispatches = lastHour.filter(call => call.kind === 'dispatch')
    const overall = new Bottleneck({ reservoir: Math.max(0, requestsPerHour - lastHour.length) })
    const dispatch = new Bottleneck({
      reservoir: Math.max(0, dispatchPerHour - dispatches.length),
      minTime: (dispatchMinGap + GAP_MARGIN) / this.#clock.speed,
      maxConcurrent: 1,
    }).chain(overall)
    this.#limiters = { overall, dispatch }
    for (const call of lastHour) this.#giveBackLater(call.kind, leftOfHour(call.start, now))
    return this.#limiters
  }

  #giveBackLater(kind: CallKind, delay: number): void {
    const limiters = this.#limiters
    if (limiters === null) return
    const cancel = this.#clock.after(delay, () => {
      this.#timers.delete(cancel)
      // The reservoir of a limiter never fails to take a number.
      limiters.overall.incrementReservoir(1).catch(() => {})
      if (kind === 'dispatch') limiters.dispatch.incrementReservoir(1).catch(() => {})
    })
    this.#timers.add(cancel)
  }
}

const leftOfHour = (start: Instant, now: Instant): number => Math.max(0, start + HOUR - now)
