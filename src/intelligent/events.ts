/** What happens to an account's state: answers, failures, signals, wishes. Each is one pure step. */
import type { Instant } from '../clock.ts'
import type { RefreshMode } from '../snapshot.ts'
import { halfHourStart } from '../time/london.ts'
import type { CarSignals } from '../vehicle/types.ts'
import { advance, evaluate, REMEMBERED } from './advance.ts'
import type { Rules } from './dispatching.ts'
import { charging, draws, isAlive } from './draw.ts'
import { contradictionAfter, impliedBy, isActiveState } from './plugged.ts'
import { covers, standingRows } from './rows.ts'
import type { AccountState, CarState, EventKind, FailureKind, PendingEvent } from './state.ts'
import type { Answer, CarAnswer, CompletedRow } from './types.ts'

const measuredAt = <T>(value: T | null, at: Instant) => (value === null ? null : { value, at })

/** What one answer tells of one car. What it does not tell stays as it was. */
function withAnswer(before: CarState, said: CarAnswer, answer: Answer, rules: Rules): CarState {
  const { askedAt, fetchedAt } = answer
  const plan = said.planned === null ? before.plan : { rows: said.planned, askedAt, fetchedAt }
  const status =
    said.currentState === null
      ? before.status
      : { state: said.currentState, isSuspended: said.isSuspended, askedAt, fetchedAt }
  let car: CarState = {
    ...before,
    facts: said.facts ?? before.facts,
    plan,
    status,
    answeredAskedAt: askedAt,
    impliedAt: impliedBy(said.currentState) === null ? before.impliedAt : fetchedAt,
    activeAt: said.currentState !== null && isActiveState(said.currentState) ? fetchedAt : before.activeAt,
    plannedAt: said.planned?.some(row => row.end > fetchedAt) ? fetchedAt : before.plannedAt,
    stateOfCharge: said.stateOfCharge ?? before.stateOfCharge,
    chargeTarget: measuredAt(said.chargeTarget, fetchedAt) ?? before.chargeTarget,
    readyBy: measuredAt(said.readyBy, fetchedAt) ?? before.readyBy,
    missing: null,
  }
  car = { ...car, ...contradictionAfter(car, answer) }
  const running =
    said.planned !== null && standingRows(car, rules.settings, fetchedAt).some(row => covers(row, fetchedAt))
  const half = halfHourStart(fetchedAt)
  if (running && !car.started.includes(half)) car = { ...car, started: [...car.started, half] }
  return { ...car, ...settledBy(car, said, answer) }
}

/** Whether the answer ends the wait for a plan after plugging in, or for NOT_AVAILABLE after unplugging. */
function settledBy(car: CarState, said: CarAnswer, answer: Answer): Pick<CarState, 'settlingSince' | 'leavingSince'> {
  const state = said.currentState
  let { settlingSince, leavingSince } = car
  if (settlingSince !== null && answer.askedAt >= settlingSince && state !== null) {
    const planned = state === 'SMART_CONTROL_IN_PROGRESS' && said.planned !== null
    const waiting = ['SMART_CONTROL_IN_PROGRESS', 'SMART_CONTROL_CAPABLE', 'SMART_CONTROL_NOT_AVAILABLE'].includes(
      state,
    )
    if (planned || !waiting) settlingSince = null
  }
  if (leavingSince !== null && answer.askedAt >= leavingSince && state === 'SMART_CONTROL_NOT_AVAILABLE')
    leavingSince = null
  return { settlingSince, leavingSince }
}

const rowKey = (row: CompletedRow): string => `${row.start}-${row.end}`

/** Octopus keeps about a day of completed rows and corrects them; we keep two. */
function mergeCompleted(
  known: readonly CompletedRow[],
  fresh: readonly CompletedRow[] | null,
  at: Instant,
): CompletedRow[] {
  const merged = new Map([...known, ...(fresh ?? [])].map(row => [rowKey(row), row]))
  return [...merged.values()].filter(row => row.end > at - REMEMBERED).sort((a, b) => b.start - a.start)
}

/** The car draws without a row that covers now, or a row covers now and the car does not draw. */
function disagrees(car: CarState, rules: Rules, at: Instant): boolean {
  const live = isAlive(car, car.signals.charging, at) || isAlive(car, car.signals.power, at)
  if (!live || charging(car).value === null) return false
  return draws(car) !== standingRows(car, rules.settings, at).some(row => covers(row, at))
}

const isAboutCharging = (event: PendingEvent): boolean => event.kind === 'charging' || event.kind === 'schedule'

/** Events up to the call are served by it; one that was about charging gets a second look if the answer disagrees. */
function servedEvents(state: AccountState, rules: Rules, answer: Answer): PendingEvent[] {
  const served = state.events.filter(event => event.at <= answer.askedAt)
  const open = state.events.filter(event => event.at > answer.askedAt)
  const again = served.some(event => isAboutCharging(event) && !event.confirmation)
  if (!again || !state.cars.some(car => disagrees(car, rules, answer.fetchedAt))) return open
  return addEvent(open, { kind: 'charging', at: answer.askedAt + rules.confirmAfter, confirmation: true })
}

function addEvent(events: readonly PendingEvent[], event: PendingEvent): PendingEvent[] {
  const same = events.some(other => other.kind === event.kind && other.confirmation === event.confirmation)
  return same ? [...events] : [...events, event]
}

/** An answer is in. Cars that it lists must already be known (`withCars`). */
export function onAnswer(state: AccountState, rules: Rules, answer: Answer): AccountState {
  const before = advance(state, rules, answer.fetchedAt)
  const cars = before.cars.map(car => {
    const said = answer.cars?.find(candidate => candidate.deviceId === car.deviceId)
    if (said) return withAnswer(car, said, answer, rules)
    if (answer.cars === null) return car
    const missing = { since: car.missing?.since ?? answer.fetchedAt, count: (car.missing?.count ?? 0) + 1 }
    return { ...car, missing }
  })
  const held = before.held !== null && answer.askedAt >= before.held.mark ? null : before.held
  const completed = mergeCompleted(before.completed, answer.completed, answer.fetchedAt)
  const told = { ...before, cars, held, completed, answeredAt: answer.fetchedAt, failures: null }
  const now = evaluate(told, rules, answer.fetchedAt)
  return { ...now, events: servedEvents(now, rules, answer) }
}

export interface Failure {
  /** When the failed request began. */
  readonly askedAt: Instant
  readonly kind: FailureKind
  readonly notBefore: Instant | null
  /** 0–1. */
  readonly jitter: number
}

/** A dispatch request failed or was refused. */
export function onFailure(state: AccountState, rules: Rules, failure: Failure, at: Instant): AccountState {
  const before = advance(state, rules, at)
  const again = before.failures !== null && before.failures.kind === failure.kind
  const { askedAt, ...rest } = failure
  return {
    ...before,
    failures: { ...rest, at: askedAt, count: again && before.failures ? before.failures.count + 1 : 1 },
    events: before.events.filter(event => event.at > askedAt),
  }
}

/** A dispatch request begins. */
export const onCall = (state: AccountState, mode: RefreshMode, at: Instant): AccountState => ({
  ...state,
  lastCall: { at, mode },
})

/** Something asks for a call at once. */
export const onEvent = (state: AccountState, kind: EventKind, at: Instant): AccountState => ({
  ...state,
  events: addEvent(state.events, { kind, at, confirmation: false }),
})

/** The house's own signals of one car changed. */
export function onSignals(
  state: AccountState,
  rules: Rules,
  carId: string,
  signals: CarSignals,
  at: Instant,
): AccountState {
  const before = advance(state, rules, at)
  let events = before.events
  const cars = before.cars.map(car => {
    if (car.id !== carId) return car
    const topicTurned =
      signals.plugged.value !== car.signals.plugged.value || signals.plugged.since !== car.signals.plugged.since
    const next: CarState = {
      ...car,
      signals,
      ...(topicTurned ? { contradicted: null, sinceOff: { notAvailable: false, impliedOnAt: null } } : {}),
    }
    const was = charging(car).value
    const is = charging(next).value
    const turned = is !== null && is !== was && (was !== null || is)
    if (turned) events = addEvent(events, { kind: 'charging', at, confirmation: false })
    const scheduled = signals.scheduleChangedAt
    if (scheduled !== null && scheduled !== car.signals.scheduleChangedAt) {
      events = addEvent(events, { kind: 'schedule', at, confirmation: false })
    }
    return next
  })
  return evaluate({ ...before, cars, events }, rules, Math.max(at, before.evaluatedAt))
}

/** Cars as they were discovered: new ones are added, known ones bound to Octopus's present id, none removed. */
export function withCars(
  state: AccountState,
  found: readonly Pick<CarState, 'id' | 'slug' | 'deviceId' | 'facts'>[],
  make: (car: Pick<CarState, 'id' | 'slug' | 'deviceId' | 'facts'>) => CarState,
): AccountState {
  const known = state.cars.map(car => {
    const same = found.find(candidate => candidate.id === car.id)
    return same ? { ...car, deviceId: same.deviceId, facts: same.facts ?? car.facts } : car
  })
  const added = found.filter(car => !state.cars.some(other => other.id === car.id)).map(make)
  return { ...state, cars: [...known, ...added] }
}
