/** A day in the life of the refresh policy: calls are made when it says so, on a clock that jumps from event to event. */
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts'
import type { CallLimits } from '../../src/intelligent/admission.ts'
import { advance } from '../../src/intelligent/advance.ts'
import { onAnswer } from '../../src/intelligent/answers.ts'
import type { Phases, RefreshInput } from '../../src/intelligent/candidate.ts'
import { type Rules, rulesFor } from '../../src/intelligent/dispatching.ts'
import { onCall, onEvent, onFailure } from '../../src/intelligent/events.ts'
import { type Decision, decideRefresh } from '../../src/intelligent/refresh.ts'
import type { RefreshSettings } from '../../src/intelligent/settings.ts'
import { onSignals } from '../../src/intelligent/signals.ts'
import {
  type AccountState,
  type EventKind,
  emptyAccount,
  type FailureKind,
  newCar,
} from '../../src/intelligent/state.ts'
import type { CarAnswer, DispatchRow } from '../../src/intelligent/types.ts'
import { type CarSignals, NO_SIGNALS } from '../../src/vehicle/types.ts'
import { SETTINGS } from './story.ts'

export const REFRESH: RefreshSettings = {
  settlingFirst: 30 * SECOND,
  settlingWhileCapable: 60 * SECOND,
  settlingWhileNotAvailable: [90, 150, 240, 480, 720].map(s => s * SECOND),
  settlingCalls: 6,
  steady: 4 * MINUTE,
  steadyWithSignal: 6 * MINUTE,
  steadyWithSchedule: 10 * MINUTE,
  steadyAfterMarkWithSignal: 10 * MINUTE,
  steadyWithoutPlan: 15 * MINUTE,
  withoutPlanAfter: 2 * HOUR,
  boundaryAfter: [20, 80].map(s => s * SECOND),
  boundaryBefore: 40 * SECOND,
  boundaryQuiet: 110 * SECOND,
  eventConfirm: MINUTE,
  startMaxAge: 2 * MINUTE,
  unpluggedFirst: MINUTE,
  unpluggedSecond: 3 * MINUTE,
  unpluggedEvery: 5 * MINUTE,
  unpluggedGiveUp: HOUR,
  idle: HOUR,
  idleStale: 25 * MINUTE,
  idleNoSourceActive: 6 * MINUTE,
  idleNoSource: 15 * MINUTE,
  backoffStep: MINUTE,
  backoffMax: 30 * MINUTE,
  blockFirst: 5 * MINUTE,
  blockMax: HOUR,
}

export const LIMITS: CallLimits = { perHour: 20, reserveForEvents: 4, minGap: MINUTE }

/** What Octopus says when asked at an instant. */
export type Reply = { state: string; rows: readonly DispatchRow[] } | { fails: FailureKind; retryAfter?: number }

/** What the house does, and when (milliseconds from the beginning). */
export type Doing =
  | { at: number; plug: boolean }
  | { at: number; charging: boolean }
  /** The charging seems to turn, or no longer does; `charging` says that it has. */
  | { at: number; seems: boolean }
  | { at: number; schedule: true }
  | { at: number; wish: EventKind }
  | { at: number; stale: true }

export interface Call extends Decision {
  readonly madeAt: number
}

export interface DayOptions {
  readonly begin: number
  readonly hours: number
  readonly doings: readonly Doing[]
  readonly reply: (at: number, nth: number) => Reply
  readonly limits?: CallLimits
  readonly phases?: Phases
  readonly hadSource?: boolean
  readonly onDecision?: (decision: Decision, now: number, state: AccountState, starts: readonly number[]) => void
}

const RULES: Rules = rulesFor(SETTINGS, null)
const LATENCY = 400

function apply(state: AccountState, doing: Doing, at: number): AccountState {
  if ('wish' in doing) return onEvent(advance(state, RULES, at), doing.wish, at)
  return state.cars.reduce((told, car) => {
    const before = told.cars.find(other => other.id === car.id)?.signals ?? car.signals
    return onSignals(told, RULES, car.id, withDoing(before, doing, at), at)
  }, state)
}

function withDoing(signals: CarSignals, doing: Doing, at: number): CarSignals {
  if ('plug' in doing) {
    if (signals.plugged.value === doing.plug && signals.plugged.source === 'live') return signals
    return { ...signals, plugged: { source: 'live', value: doing.plug, since: at, repeated: false, staleSince: null } }
  }
  if ('stale' in doing) return { ...signals, plugged: { ...signals.plugged, source: 'stale', staleSince: at } }
  if ('charging' in doing) {
    if (signals.charging.value === doing.charging) return signals
    const since = signals.charging.turningSince ?? at
    return {
      ...signals,
      charging: {
        ...NO_SIGNALS.charging,
        exists: true,
        lastHeardAt: at,
        value: doing.charging,
        since,
        watchedSince: since,
      },
    }
  }
  if ('seems' in doing) return { ...signals, charging: { ...signals.charging, turningSince: doing.seems ? at : null } }
  if ('schedule' in doing) return { ...signals, scheduleChangedAt: at }
  return signals
}

export function runDay(options: DayOptions): { calls: Call[]; state: AccountState } {
  const { begin, hours, reply } = options
  const limits = options.limits ?? LIMITS
  const doings = [...options.doings].sort((a, b) => a.at - b.at)
  const calls: Call[] = []
  let state: AccountState = { ...emptyAccount(begin), cars: [newCar('c', 'car', 'device', null)] }
  let now = begin
  const starts = () => calls.map(call => call.madeAt).filter(at => at > now - HOUR - SECOND)
  for (;;) {
    const input: RefreshInput = {
      state,
      rules: RULES,
      refresh: REFRESH,
      phases: options.phases ?? { steady: 0, mark: 0 },
      lastCallAt: calls.at(-1)?.madeAt ?? null,
      starts: starts(),
      now,
    }
    const decision = decideRefresh(input, limits)
    options.onDecision?.(decision, now, state, input.starts)
    const nextDoing = doings[0]
    const edge = Math.min(decision.at, nextDoing ? begin + nextDoing.at : Number.POSITIVE_INFINITY)
    if (edge > begin + hours * HOUR) return { calls, state }
    now = Math.max(now, edge)
    if (nextDoing && begin + nextDoing.at <= decision.at) {
      doings.shift()
      state = apply(advance(state, RULES, now), nextDoing, now)
      continue
    }
    state = onCall(advance(state, RULES, now), decision.mode, now)
    calls.push({ ...decision, madeAt: now })
    const askedAt = now
    now += LATENCY
    state = take(state, reply(askedAt - begin, calls.length - 1), askedAt, now)
  }
}

function take(state: AccountState, said: Reply, askedAt: number, at: number): AccountState {
  if ('fails' in said) {
    const notBefore = said.retryAfter === undefined ? null : at + said.retryAfter
    return onFailure(state, RULES, { askedAt, kind: said.fails, notBefore, jitter: 0.5 }, at)
  }
  const car: CarAnswer = {
    deviceId: 'device',
    facts: null,
    currentState: said.state,
    isSuspended: false,
    planned: said.rows,
    stateOfCharge: null,
    chargeTarget: null,
    readyBy: null,
  }
  return onAnswer(state, RULES, { askedAt, fetchedAt: at, cars: [car], completed: [], errorCodes: [] })
}
