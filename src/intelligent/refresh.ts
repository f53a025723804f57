/**
 * When is the next dispatch request due, and why? One pure function of what is known and the time. The shell asks it
 * after every event and keeps one timer for the answer; nothing is ever queued.
 */
import { HOUR, type Instant, MINUTE } from '../clock.ts'
import type { RefreshMode } from '../snapshot.ts'
import { type CallClass, type CallLimits, callsAllowed, firstAdmission, MARGIN } from './admission.ts'
import { isSteady } from './advance.ts'
import { type Candidate, last, patience, RANKS, type RefreshInput } from './candidate.ts'
import { candidates } from './candidates.ts'
import { idleInterval, steadyInterval } from './intervals.ts'

export interface Decision {
  /** When the next call is due; never before now, never beyond the limits. */
  readonly at: Instant
  readonly mode: RefreshMode
  readonly callClass: CallClass
  /** For a person. */
  readonly reason: string
}

/** How far ahead a call looks before it takes a place that a more important one will need. */
const LOOK_AHEAD = 30 * MINUTE

const rank = (call: Candidate): number => RANKS.indexOf(call.rank)

/** Of calls due at the same instant the event gives its name: it is why a person sees one now. */
const urgency = (call: Candidate): number => (call.callClass === 'event' ? 1 : 0)

interface Due {
  readonly call: Candidate
  /** By the limits too. */
  readonly at: Instant
}

const inOrder = (a: Due, b: Due): number =>
  a.at - b.at || urgency(b.call) - urgency(a.call) || rank(b.call) - rank(a.call) || b.call.at - a.call.at

/** Whether the hour before `at` has room, whatever the gap: only a full hour keeps a call from being admitted. */
const hasRoom = (starts: readonly Instant[], callClass: CallClass, limits: CallLimits, at: Instant): boolean =>
  starts.filter(start => start > at - HOUR - MARGIN && start <= at).length < callsAllowed(limits, callClass)

/** Whether making this call would cost a more important one its place in the next half hour. */
function costsAPlace(
  call: Candidate,
  at: Instant,
  all: readonly Candidate[],
  input: RefreshInput,
  limits: CallLimits,
): boolean {
  // A steady call that is made takes the place of the one that would make up for it.
  const madeUpFor = (other: Candidate) => call.mode === 'steady' && other.mode === 'steady'
  const later = all
    .filter(other => rank(other) > rank(call) && !madeUpFor(other) && other.at > at && other.at <= at + LOOK_AHEAD)
    .sort((a, b) => a.at - b.at)
  if (later.length === 0) return false
  const without = [...input.starts]
  const withCall = [...input.starts, at]
  for (const other of later) {
    const roomWithout = hasRoom(without, other.callClass, limits, other.at)
    const roomWith = hasRoom(withCall, other.callClass, limits, other.at)
    if (roomWithout && !roomWith) return true
    if (roomWithout) without.push(other.at)
    if (roomWith) withCall.push(other.at)
  }
  return false
}

/**
 * Whether this call would fill the hour for so long that the plan grows too old before the next one: the last places are kept for
 * when it would. Those that nothing gives way to are made all the same.
 */
function starves(call: Candidate, at: Instant, all: readonly Candidate[], input: RefreshInput, limits: CallLimits) {
  const isRegular = ({ mode }: Candidate) => mode === 'steady'
  if (call.rank === 'rest' && !isRegular(call)) return false
  const longest = patience(input)
  if (at - last(input) >= longest || !all.some(other => isRegular(other) && other.at > at)) return false
  return firstAdmission([...input.starts, at], 'ordinary', limits, at) - at > longest
}

export function decideRefresh(input: RefreshInput, limits: CallLimits): Decision {
  const all = candidates(input)
  const admitted: Readonly<Record<CallClass, Instant>> = {
    ordinary: firstAdmission(input.starts, 'ordinary', limits, input.now),
    event: firstAdmission(input.starts, 'event', limits, input.now),
  }
  const due = all.map((call): Due => ({ call, at: Math.max(call.at, admitted[call.callClass]) })).sort(inOrder)
  const isWorthIt = ({ call, at }: Due): boolean =>
    Number.isFinite(at) && !costsAPlace(call, at, all, input, limits) && !starves(call, at, all, input, limits)
  const chosen = due.find(isWorthIt) ?? due[0]
  const at = chosen && Number.isFinite(chosen.at) ? chosen.at : input.now + input.refresh.idle
  const { mode, callClass, reason } = chosen?.call ?? {
    mode: 'idle',
    callClass: 'ordinary',
    reason: 'the limits allow no call',
  }
  return { at, mode, callClass, reason }
}

/** How often an answer may be expected now: data older than twice this is no longer fresh. Milliseconds. */
export function currentInterval(input: Pick<RefreshInput, 'state' | 'rules' | 'refresh' | 'now'>): number {
  const { state, rules, refresh, now } = input
  const intervals = state.cars.map(car =>
    isSteady(car, rules, now) ? steadyInterval(car, refresh, now).interval : idleInterval(car, refresh, now),
  )
  return intervals.length === 0 ? refresh.idle : Math.min(...intervals)
}
