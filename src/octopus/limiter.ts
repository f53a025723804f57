/**
 * The one door for every call to Octopus, of whatever kind. A call is written into the ledger in the transaction that finds
 * it admissible, before it goes out; what is not admissible is refused with the first instant that is, never queued.
 */
import { type Clock, type Instant, SECOND } from '../clock.ts'
import { BridgeError, isBridgeError } from '../errors.ts'
import type { CallClass, CallLimits } from '../intelligent/admission.ts'
import type { CallKind, Ledger, PastCall } from '../store/calls.ts'
import { toIso } from '../time/london.ts'
import { dispatchLimits, firstAllowed, isThrottled, type LimitSettings } from './budget.ts'
import { Gate } from './gate.ts'

export interface Call {
  readonly kind: CallKind
  readonly callClass: CallClass
  /** Name of the document or endpoint, for people. */
  readonly operation: string
}

/** A call ended, with what the ledger has of it, `took` real milliseconds after it was admitted. */
export type CallEnded = (kind: CallKind, outcome: string, took: number) => void

export class Limiter {
  readonly #settings: LimitSettings
  readonly #ledger: Ledger
  readonly #clock: Clock
  readonly #gate: Gate
  readonly #ended: CallEnded
  #dispatchRuns = false

  constructor(settings: LimitSettings, ledger: Ledger, clock: Clock, ended: CallEnded = () => {}) {
    this.#settings = settings
    this.#ledger = ledger
    this.#clock = clock
    this.#ended = ended
    this.#gate = new Gate(settings, clock)
  }

  /** The limits on dispatch requests now: the configured ones, or fewer for an hour after Octopus asked for fewer. */
  limits(now: Instant): CallLimits {
    return dispatchLimits(this.#settings, this.#ledger.history(now), now)
  }

  /** When the dispatch requests of the last hour began, by any process on the store. */
  starts(now: Instant): Instant[] {
    return this.#ledger.effectiveStarts('dispatch', now)
  }

  throttled(now: Instant): boolean {
    return isThrottled(this.#ledger.history(now), now)
  }

  /** The first instant at which the call may begin, as things are; nothing is written down. */
  firstAllowed({ kind, callClass }: Call, now: Instant): Instant {
    return firstAllowed(this.#settings, kind, callClass, this.#ledger.history(now), now)
  }

  /** Throws OCTOPUS_NOT_ADMITTED, with `details.at`, where `run` would. */
  assertAdmissible(call: Call): void {
    const now = this.#clock.now()
    if (call.kind === 'dispatch' && this.#dispatchRuns) throw notAdmitted(call, now + SECOND)
    const at = this.firstAllowed(call, now)
    if (at > now) throw notAdmitted(call, at)
  }

  /**
   * Makes the call now, or throws OCTOPUS_NOT_ADMITTED. What it ended with goes into the ledger: the code of its error, or
   * what `outcome` makes of its value.
   */
  async run<T>(call: Call, task: () => Promise<T>, outcome: (value: T) => string = () => 'ok'): Promise<T> {
    if (call.kind === 'dispatch' && this.#dispatchRuns) throw notAdmitted(call, this.#clock.now() + SECOND)
    let earlier: readonly PastCall[] = []
    const admission = this.#ledger.admit({
      ...call,
      firstAllowed: (history, now) => {
        earlier = history
        return firstAllowed(this.#settings, call.kind, call.callClass, history, now)
      },
    })
    if (!admission.admitted) throw notAdmitted(call, admission.at)
    if (call.kind === 'dispatch') this.#dispatchRuns = true
    const began = this.#clock.monotonic()
    const finish = (outcome: string, stayAway?: number) => {
      this.#finish(admission.id, outcome, stayAway)
      this.#ended(call.kind, outcome, (this.#clock.monotonic() - began) / this.#clock.speed)
    }
    try {
      const done = await this.#gate.run(call.kind, earlier, task)
      if (done === null) throw notAdmitted(call, this.#clock.now() + this.#settings.dispatchMinGap)
      finish(outcome(done.value))
      return done.value
    } catch (error) {
      finish(isBridgeError(error) ? error.code : 'failed', stayAway(error))
      throw error
    } finally {
      if (call.kind === 'dispatch') this.#dispatchRuns = false
    }
  }

  stop(): void {
    this.#gate.stop()
  }

  /** A call counts from its start, so an outcome that a locked store cannot take is no reason to lose the answer. */
  #finish(id: number, outcome: string, stayAway?: number): void {
    try {
      this.#ledger.finish(id, outcome, stayAway)
    } catch (error) {
      if (!isBridgeError(error, 'STORE_UNAVAILABLE')) throw error
    }
  }
}

function stayAway(error: unknown): number | undefined {
  const asked = isBridgeError(error) ? error.details.retryAfterMs : undefined
  return typeof asked === 'number' ? asked : undefined
}

const KINDS: Readonly<Record<CallKind, string>> = {
  dispatch: 'dispatch request',
  token: 'request for a token',
  background: 'request',
}

function notAdmitted({ kind, operation }: Call, at: Instant): BridgeError {
  const when = Number.isFinite(at) ? `before ${toIso(at)}` : 'at all'
  const code = kind === 'token' ? 'OCTOPUS_TOKENS_SPENT' : 'OCTOPUS_NOT_ADMITTED'
  return new BridgeError(code, `The limits admit no ${KINDS[kind]} ${when}`, { details: { at, operation } })
}
