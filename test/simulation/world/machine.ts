/** The computer that the daemon runs on: its clocks, its timers, its random numbers. One process of the daemon at a time. */
import type { Clock, Instant } from '../../../src/clock.ts'
import type { Random } from '../../../src/simulator/random.ts'
import type { Immediates } from './rest.ts'
import type { Owner, VirtualTime } from './virtual-time.ts'

/** What a library may ask of a timer of Node. */
interface TimerHandle {
  ref(): TimerHandle
  unref(): TimerHandle
  hasRef(): boolean
  refresh(): TimerHandle
  close(): TimerHandle
}

type Task = (...args: unknown[]) => unknown

const REAL = {
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  setInterval: globalThis.setInterval,
  clearInterval: globalThis.clearInterval,
  setImmediate: globalThis.setImmediate,
  now: Date.now,
  random: Math.random,
}

export class Machine {
  readonly #time: VirtualTime
  readonly #random: Random
  /** By how much the clock on the wall is wrong. */
  #wrongBy = 0
  /** How long its monotonic clock has stood still in all. */
  #slept = 0
  #awakeAt: Instant = Number.NEGATIVE_INFINITY
  #process: Owner = { alive: false }
  #disturbedAt: Instant = Number.NEGATIVE_INFINITY

  constructor(time: VirtualTime, random: Random) {
    this.#time = time
    this.#random = random
  }

  get asleep(): boolean {
    return this.#time.now < this.#awakeAt
  }

  /** When it wakes; in the past while it is awake. */
  get awakeAt(): Instant {
    return this.#awakeAt
  }

  get wrongBy(): number {
    return this.#wrongBy
  }

  /** Somebody sets the clock on the wall, by so many milliseconds. */
  setClock(by: number): void {
    this.#wrongBy += by
    this.#disturbedAt = this.#time.now
  }

  /** When its clock was last set, or it last woke. */
  get disturbedAt(): Instant {
    return Math.max(this.#disturbedAt, this.#awakeAt)
  }

  /** `counts`: its monotonic clock goes on meanwhile; its timers never do. */
  sleep(duration: number, counts: boolean): void {
    if (!counts) this.#slept += duration
    this.#awakeAt = Math.max(this.#time.now, this.#awakeAt) + duration
    this.#time.postpone(this.#process, duration)
  }

  /** It starts anew: its monotonic clock begins at nothing. */
  reboot(): void {
    this.#slept = this.#time.now - this.#time.startedAt
  }

  /** From now on whoever uses Node's own timers is this process. */
  runs(process: Owner): void {
    this.#process = process
  }

  /** The daemon's clock. */
  clockOf(process: Owner): Clock {
    return {
      speed: 1,
      now: () => this.#time.now + this.#wrongBy,
      monotonic: () => this.#time.now - this.#time.startedAt - this.#slept,
      after: (delay, task) => this.#time.arm(process, delay, task),
    }
  }

  /**
   * Puts virtual time in the place of Node's timers, for the libraries that use them (Bottleneck, mqtt.js): the answer puts
   * Node's back. Microtasks and ticks stay as they are, and so do immediates, which are counted: they are how everything
   * comes to rest.
   */
  takeOverGlobals({ asked, ran }: Immediates): () => void {
    const arm = (task: Task, delay: number, args: unknown[], again: boolean): TimerHandle => {
      const owner = this.#process
      let cancel = () => {}
      const set = (): void => {
        cancel = this.#time.arm(owner, delay, () => {
          if (again) set()
          task(...args)
        })
      }
      set()
      const handle: TimerHandle & { cancel(): void } = {
        ref: () => handle,
        unref: () => handle,
        hasRef: () => true,
        refresh: () => {
          cancel()
          set()
          return handle
        },
        close: () => {
          cancel()
          return handle
        },
        cancel: () => cancel(),
      }
      return handle
    }
    const clear = (handle: unknown): void => {
      if (typeof handle === 'object' && handle !== null && 'cancel' in handle) (handle.cancel as () => void)()
    }
    Object.assign(globalThis, {
      setTimeout: (task: Task, delay = 0, ...args: unknown[]) => arm(task, delay, args, false),
      setInterval: (task: Task, delay = 0, ...args: unknown[]) => arm(task, delay, args, true),
      clearTimeout: clear,
      clearInterval: clear,
      setImmediate: (task: Task, ...args: unknown[]) => {
        asked()
        return REAL.setImmediate(() => {
          ran()
          task(...args)
        })
      },
    })
    Date.now = () => this.#time.now + this.#wrongBy
    Math.random = () => this.#random.next()
    return () => {
      const { now, random, ...timers } = REAL
      Object.assign(globalThis, timers)
      Date.now = now
      Math.random = random
    }
  }
}
