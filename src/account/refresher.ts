/**
 * Makes the dispatch requests that the refresh policy decides on: one timer, one call at a time, nothing queued. What an
 * answer or a failure means for the account's state is the pure middle's business.
 */
import { alarm, type Cancel, type Clock, HOUR, type Instant, MINUTE } from '../clock.ts'
import { BridgeError, describeError } from '../errors.ts'
import { type CallClass, type CallLimits, firstAdmission, MARGIN } from '../intelligent/admission.ts'
import type { Phases, RefreshInput } from '../intelligent/candidate.ts'
import { onCall, onEvent, onFailure } from '../intelligent/events.ts'
import { currentInterval, type Decision, decideRefresh } from '../intelligent/refresh.ts'
import type { RefreshSettings } from '../intelligent/settings.ts'
import type { AccountState, EventKind, FailureKind } from '../intelligent/state.ts'
import type { Answer } from '../intelligent/types.ts'
import type { Log } from '../log.ts'
import type { RefreshMode } from '../snapshot.ts'
import type { Engine } from './engine.ts'

/** What the refresher needs of Octopus and of the ledger. */
export interface DispatchSource {
  /** Throws BridgeError: OCTOPUS_NOT_ADMITTED where the limits refused it, else what went wrong. */
  poll(callClass: CallClass): Promise<Answer>
  /** Starts of dispatch requests of the last hour, by whichever process. */
  starts(now: Instant): readonly Instant[]
  limits(now: Instant): CallLimits
}

export interface RefresherOptions {
  readonly clock: Clock
  readonly log: Log
  readonly engine: Engine
  readonly source: DispatchSource
  readonly refresh: RefreshSettings
  readonly phases: Phases
  /** An answer is in, to a call made in this mode; both must be given to the engine. */
  readonly onAnswer: (answer: Answer, mode: RefreshMode) => void
  /** A call failed, having taken so many real milliseconds. */
  readonly onFailed: (error: BridgeError, took: number) => void
  /** A call that went out at `askedAt` has ended, well or not. */
  readonly onCalled: (askedAt: Instant, decision: Decision) => void
  /** The next call was decided on after one had ended. */
  readonly onDecided: () => void
  /** 0–1, for jitter. */
  readonly random: () => number
}

const FAILURE_KINDS: Partial<Record<BridgeError['code'], FailureKind>> = {
  OCTOPUS_THROTTLED: 'throttled',
  OCTOPUS_BLOCKED: 'blocked',
  OCTOPUS_KEY_REJECTED: 'rejected',
  // A second time, with a new token: then it is not the token.
  OCTOPUS_TOKEN_REFUSED: 'rejected',
  OCTOPUS_FORBIDDEN: 'rejected',
}

export class Refresher {
  readonly #options: RefresherOptions
  #cancel: Cancel = () => {}
  #decision: Decision | null = null
  #calling: Promise<void> | null = null
  #retriedToken = false
  /** The limits refused a call that the policy had thought admissible: not before then. */
  #refusedUntil: Instant = 0
  #starts: readonly Instant[] = []
  #stopped = true

  constructor(options: RefresherOptions) {
    this.#options = options
  }

  get decision(): Decision | null {
    return this.#decision
  }

  /** A call is under way. */
  get busy(): boolean {
    return this.#calling !== null
  }

  start(): void {
    this.#stopped = false
    this.rearm()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#cancel()
    await this.#calling
  }

  /** When a call that somebody asks for now is made: at once, or at the first instant that the limits allow. */
  nextWished(): Instant {
    const { clock, source } = this.#options
    if (this.#calling === null && this.#decision !== null) return this.#decision.at
    const now = clock.now()
    return firstAdmission(source.starts(now), 'event', source.limits(now), now)
  }

  /** Something asks for a call at once, or as soon as the limits allow. */
  wish(kind: EventKind): void {
    this.#options.engine.change((state, _rules, now) => onEvent(state, kind, now))
  }

  /** Decides anew; to be called after every change of the state. */
  rearm(): void {
    const { clock, source } = this.#options
    if (this.#calling !== null || this.#stopped) {
      this.#starts = source.starts(clock.now())
      return
    }
    const decision = decideRefresh(this.#input(), source.limits(clock.now()))
    const at = Math.max(decision.at, this.#refusedUntil)
    const armed = this.#decision
    // What is due stays so: armed anew with every change, it would wait for as long as changes keep coming.
    const isDue = armed !== null && Math.max(armed.at, at) <= clock.now()
    if (armed?.mode === decision.mode && (isDue || armed.at === at)) {
      this.#decision = { ...decision, at: armed.at }
      return
    }
    this.#decision = { ...decision, at }
    this.#cancel()
    this.#cancel = alarm(clock, at, () => this.#due())
  }

  /** The clock was set back: what was refused until then was until another time. Who is not admitted is told so again. */
  clockSetBack(): void {
    this.#refusedUntil = 0
  }

  /** How often an answer may be expected now, milliseconds. */
  interval(): number {
    const { clock, engine, refresh } = this.#options
    return currentInterval({ state: engine.state, rules: engine.rules, refresh, now: clock.now() })
  }

  /** Dispatch requests of the last hour, as far as they were known at the last decision: to be shown, not to decide by. */
  startsSeen(at: Instant): readonly Instant[] {
    return this.#starts.filter(start => start > at - HOUR - MARGIN)
  }

  #input(): RefreshInput {
    const { clock, engine, refresh, phases, source } = this.#options
    const now = clock.now()
    const starts = source.starts(now)
    this.#starts = starts
    const { lastCall } = engine.state
    const newest = Math.max(lastCall?.at ?? Number.NEGATIVE_INFINITY, ...starts)
    return {
      state: engine.state,
      rules: engine.rules,
      refresh,
      phases,
      lastCallAt: Number.isFinite(newest) ? Math.min(newest, now) : null,
      starts,
      now,
    }
  }

  #due(): void {
    const { clock, source } = this.#options
    const decision = decideRefresh(this.#input(), source.limits(clock.now()))
    const now = clock.now()
    if (Math.max(decision.at, this.#refusedUntil) > now) {
      this.#decision = null
      this.rearm()
      return
    }
    this.#calling = this.#call(decision).finally(() => {
      this.#calling = null
      this.#decision = null
      this.rearm()
      this.#options.onDecided()
    })
  }

  async #call(decision: Decision): Promise<void> {
    const { clock, log, source, onAnswer, onCalled } = this.#options
    const asked = { wall: clock.now(), mono: clock.monotonic() }
    log.debug({ mode: decision.mode, reason: decision.reason }, 'asking Octopus')
    try {
      const answer = await source.poll(decision.callClass)
      this.#retriedToken = false
      // Before what it says is kept, and so in one transaction with that.
      onCalled(Math.min(asked.wall, answer.askedAt), decision)
      onAnswer(answer, decision.mode)
    } catch (thrown) {
      const error =
        thrown instanceof BridgeError ? thrown : new BridgeError('OCTOPUS_BAD_ANSWER', describeError(thrown))
      this.#failed(error, decision, asked)
    }
  }

  /** `asked`: when, by both clocks. */
  #failed(error: BridgeError, decision: Decision, asked: { readonly wall: Instant; readonly mono: number }): void {
    const { clock, engine, random, onCalled, onFailed } = this.#options
    const now = clock.now()
    // Negative where the clock was set back meanwhile: then every time that was named before is so much too late.
    const by = Math.min(0, now - asked.wall - (clock.monotonic() - asked.mono))
    const askedAt = asked.wall + by
    const named = numberOf(error.details.at)
    const at = named === null ? null : named + by
    if (error.code === 'OCTOPUS_NOT_ADMITTED' || error.code === 'OCTOPUS_TOKENS_SPENT') {
      this.#refusedUntil = at ?? now + MINUTE
      return
    }
    onCalled(askedAt, decision)
    const called = (state: AccountState) => onCall(state, decision.mode, askedAt)
    if (error.code === 'OCTOPUS_TOKEN_REFUSED' && !this.#retriedToken) {
      this.#retriedToken = true
      engine.change((before, _rules, at) => {
        const state = called(before)
        return onEvent({ ...state, events: state.events.filter(event => event.at > askedAt) }, 'token', at)
      })
      onFailed(error, (now - askedAt) / clock.speed)
      return
    }
    const retryAfter = numberOf(error.details.retryAfterMs)
    const failure = {
      askedAt,
      kind: FAILURE_KINDS[error.code] ?? 'failed',
      notBefore: retryAfter === null ? at : now + retryAfter,
      jitter: random(),
    }
    engine.change((state, rules, at) => onFailure(called(state), rules, failure, at))
    onFailed(error, (now - askedAt) / clock.speed)
  }
}

const numberOf = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null)
