/**
 * Holds a client to a stricter promise than Octopus's own limits: at most 20 dispatch requests in any 60 minutes, a
 * minute between two, 60 calls of all kinds and 4 tokens an hour. Counted on arrival, whatever the answer, by the clock
 * that never jumps.
 */
import { type Clock, HOUR, type Instant, MINUTE } from '../clock.ts'
import { SlidingWindow } from './sliding-window.ts'

export const PROMISE = {
  dispatchRequestsPerHour: 20,
  dispatchGap: MINUTE,
  callsPerHour: 60,
  mintsPerHour: 4,
} as const

export type Rule = keyof typeof PROMISE

/** Dates are UTC milliseconds; `value` is what was found: a count, or a gap in milliseconds. */
export interface Violation {
  readonly rule: Rule
  readonly at: Instant
  readonly value: number
}

export interface AuditReport {
  readonly dispatchRequests: number
  readonly calls: number
  readonly mints: number
  readonly mostDispatchRequestsInAnHour: number
  readonly mostCallsInAnHour: number
  readonly mostMintsInAnHour: number
  /** Milliseconds; null before the second dispatch request. */
  readonly leastDispatchGap: number | null
  /** The first thousand. */
  readonly violations: readonly Violation[]
}

export interface Call {
  /** It asks for planned or completed dispatches. */
  readonly dispatch: boolean
  readonly mint: boolean
}

/** What a network's jitter may take off a gap, in real milliseconds. */
const DEFAULT_TOLERANCE = 50

const MOST_VIOLATIONS = 1000

export class Audit {
  readonly #clock: Clock
  readonly #tolerance: number
  readonly #dispatch: Tally
  readonly #calls: Tally
  readonly #mints: Tally
  readonly #violations: Violation[] = []
  #lastDispatch: number | null = null
  #leastGap: number | null = null

  /** `tolerance` in real milliseconds: on a clock N times as fast it is N times as much. */
  constructor(clock: Clock, tolerance = DEFAULT_TOLERANCE) {
    this.#clock = clock
    this.#tolerance = tolerance * clock.speed
    const window = HOUR - this.#tolerance
    this.#dispatch = new Tally(window)
    this.#calls = new Tally(window)
    this.#mints = new Tally(window)
  }

  record(call: Call): void {
    const at = this.#clock.monotonic()
    this.#hold('callsPerHour', this.#calls.add(at))
    if (call.mint) this.#hold('mintsPerHour', this.#mints.add(at))
    if (!call.dispatch) return
    this.#hold('dispatchRequestsPerHour', this.#dispatch.add(at))
    const gap = this.#lastDispatch === null ? null : at - this.#lastDispatch
    this.#lastDispatch = at
    if (gap === null) return
    this.#leastGap = Math.min(gap, this.#leastGap ?? gap)
    if (gap < PROMISE.dispatchGap - this.#tolerance) this.#note('dispatchGap', gap)
  }

  /** The first thousand, oldest first. */
  get violations(): readonly Violation[] {
    return this.#violations
  }

  report(): AuditReport {
    return {
      dispatchRequests: this.#dispatch.total,
      calls: this.#calls.total,
      mints: this.#mints.total,
      mostDispatchRequestsInAnHour: this.#dispatch.most,
      mostCallsInAnHour: this.#calls.most,
      mostMintsInAnHour: this.#mints.most,
      leastDispatchGap: this.#leastGap,
      violations: [...this.#violations],
    }
  }

  #hold(rule: Exclude<Rule, 'dispatchGap'>, count: number): void {
    if (count > PROMISE[rule]) this.#note(rule, count)
  }

  #note(rule: Rule, value: number): void {
    if (this.#violations.length < MOST_VIOLATIONS) this.#violations.push({ rule, at: this.#clock.now(), value })
  }
}

class Tally {
  readonly #window: SlidingWindow
  total = 0
  most = 0

  constructor(length: number) {
    this.#window = new SlidingWindow(length)
  }

  /** How many there are now in the window, this one included. */
  add(at: number): number {
    this.#window.add(at)
    this.total += 1
    const count = this.#window.count(at)
    this.most = Math.max(this.most, count)
    return count
  }
}
