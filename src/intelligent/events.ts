/** What happens to an account's state: answers, failures, signals, wishes. Each is one pure step. */
import { HOUR, type Instant, MINUTE, SECOND } from '../clock.ts'
import type { RefreshMode } from '../snapshot.ts'
import { halfHourStart } from '../time/london.ts'
import type { CarSignals } from '../vehicle/types.ts'
import { advance, evaluate, marksMatter, REMEMBERED } from './advance.ts'
import type { Rules } from './dispatching.ts'
import { charging, draws, hasLiveDrawSignal } from './draw.ts'
import { contradictionAfter, impliedBy, isActiveState, NOT_CONTRADICTED } from './plugged.ts'
import { boosting, covers, standingRows } from './rows.ts'
import type { AccountState, CarState, EventKind, FailureKind, PendingEvent } from './state.ts'
import type { Answer, CarAnswer, CompletedRow, Measured, Tri } from './types.ts'

/** What each answer repeats is stamped anew once an hour: it looks older than it is at worst, and tells nobody of nothing. */
const STAMPED_EVERY = HOUR

/** A preference that an answer says, with the age of its answer, or one that it does not say, as it was. */
function readAgain<T>(before: Measured<T> | null, value: T | null, at: Instant): Measured<T> | null {
  if (value === null) return before
  const age = at - (before?.at ?? 0)
  const isFresh = before !== null && value === before.value && age >= 0 && age < STAMPED_EVERY
  return isFresh ? before : { value, at }
}

/** What one answer tells of one car. What it does not tell stays as it was. */
function withAnswer(before: CarState, said: CarAnswer, answer: Answer, rules: Rules): CarState {
  const { askedAt, fetchedAt } = answer
  const plan = said.planned === null ? before.plan : { rows: said.planned, askedAt, fetchedAt }
  const status =
    said.currentState === null
      ? before.status
      : {
          state: said.currentState,
          // Not said: as it was, while the state is the same.
          isSuspended:
            said.isSuspended ?? (before.status?.state === said.currentState ? before.status.isSuspended : null),
          askedAt,
          fetchedAt,
          since: before.status?.state === said.currentState ? before.status.since : fetchedAt,
        }
  let car: CarState = {
    ...before,
    facts: said.facts ?? before.facts,
    plan,
    status,
    answeredAskedAt: saysWhatStands(said, rules) ? askedAt : before.answeredAskedAt,
    impliedAt: impliedBy(said.currentState) === null ? before.impliedAt : fetchedAt,
    activeAt: said.currentState !== null && isActiveState(said.currentState) ? fetchedAt : before.activeAt,
    plannedAt: said.planned?.some(row => row.end > fetchedAt) ? fetchedAt : before.plannedAt,
    stateOfCharge: said.stateOfCharge ?? before.stateOfCharge,
    chargeTarget: readAgain(before.chargeTarget, said.chargeTarget, fetchedAt),
    readyBy: readAgain(before.readyBy, said.readyBy, fetchedAt),
    missing: null,
  }
  car = { ...car, ...contradictionAfter(car, said.currentState, fetchedAt) }
  const running =
    said.planned !== null && standingRows(car, rules.settings, fetchedAt).some(row => covers(row, fetchedAt))
  const half = halfHourStart(fetchedAt)
  if (running && !car.started.includes(half)) car = { ...car, started: [...car.started, half] }
  return { ...car, ...settledBy(car, said, answer) }
}

/** A list that failed says nothing of the rows, unless the state alone settles that none stands. */
const saysWhatStands = ({ planned, currentState }: CarAnswer, rules: Rules): boolean =>
  planned !== null || (currentState !== null && !rules.settings.standingStates.includes(currentState))

/** Whether the answer ends the wait for a plan after plugging in, or for NOT_AVAILABLE after unplugging. */
function settledBy(car: CarState, said: CarAnswer, answer: Answer): Pick<CarState, 'settling' | 'leavingSince'> {
  const state = said.currentState
  let { settling, leavingSince } = car
  if (settling !== null && answer.askedAt >= settling.since && state !== null) {
    const planned = state === 'SMART_CONTROL_IN_PROGRESS' && said.planned !== null
    const waiting = ['SMART_CONTROL_IN_PROGRESS', 'SMART_CONTROL_CAPABLE', 'SMART_CONTROL_NOT_AVAILABLE'].includes(
      state,
    )
    if (planned || !waiting) settling = null
  }
  if (leavingSince !== null && answer.askedAt >= leavingSince && state === 'SMART_CONTROL_NOT_AVAILABLE')
    leavingSince = null
  return { settling, leavingSince }
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
  if (!hasLiveDrawSignal(car, at) || charging(car).value === null) return false
  if (boosting(car, rules.settings, at) === true) return false
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

/** A newer event takes the place of an older one of its kind: a call that is under way may have come too early for it. */
function addEvent(events: readonly PendingEvent[], event: PendingEvent): PendingEvent[] {
  return [
    ...events.filter(({ kind, confirmation }) => kind !== event.kind || confirmation !== event.confirmation),
    event,
  ]
}

/** Cheap time is held until an answer says, of every car that still draws, whether its plan goes on. */
function isStillHeld({ held }: AccountState, cars: readonly CarState[]): boolean {
  if (held === null) return false
  const drawing = cars.filter(draws)
  return (drawing.length > 0 ? drawing : cars).some(car => (car.answeredAskedAt ?? 0) < held.mark)
}

/** How long after a mark an answer may show that the mark had a row, and still begin the calls around it. */
const LATE_MARK = 150 * SECOND

function withLateMark(car: CarState, rules: Rules, at: Instant): CarState {
  const mark = halfHourStart(at)
  return at - mark <= LATE_MARK && marksMatter(car, rules, mark, at) ? { ...car, mark } : car
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
  const at = Math.max(answer.fetchedAt, before.evaluatedAt)
  const held = isStillHeld(before, cars) ? before.held : null
  const completed = mergeCompleted(before.completed, answer.completed, answer.fetchedAt)
  const told = { ...before, cars, held, completed, answeredAt: answer.fetchedAt, failures: null }
  const now = evaluate({ ...told, cars: cars.map(car => withLateMark(car, rules, at)) }, rules, at)
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
  const earlier = before.failures
  const { askedAt, ...rest } = failure
  return {
    ...before,
    failures: {
      ...rest,
      at: askedAt,
      count: (earlier?.count ?? 0) + 1,
      kindCount: earlier?.kind === failure.kind ? earlier.kindCount + 1 : 1,
    },
    events: before.events.filter(event => event.at > askedAt),
  }
}

/** A dispatch request begins. */
export const onCall = (state: AccountState, mode: RefreshMode, at: Instant): AccountState => ({
  ...state,
  lastCall: { at, mode },
  cars: state.cars.map(car =>
    car.settling === null ? car : { ...car, settling: { ...car.settling, calls: car.settling.calls + 1 } },
  ),
})

/** Something asks for a call at once. */
export const onEvent = (state: AccountState, kind: EventKind, at: Instant): AccountState => ({
  ...state,
  events: addEvent(state.events, { kind, at, confirmation: false }),
})

/** A charger that flickers is not asked about each time: only so long after the last time, or once it has really turned. */
const TURNING_AGAIN_AFTER = 10 * MINUTE

/** The first message that says so: it has not lasted long enough to count, but Octopus may know more already. */
function seemsToTurn(before: CarState, car: CarState, at: Instant): boolean {
  const { turningSince, since } = charging(car)
  if (turningSince === null || charging(before).turningSince !== null) return false
  const asked = car.turningAskedAt ?? null
  return asked === null || at - asked >= TURNING_AGAIN_AFTER || (since !== null && since >= asked)
}

/**
 * What asks for a call while the draw turns: a look as soon as it seems to, and one when it has, unless an answer to a
 * request since its first message is in. Where that answer disagrees, the second look comes as after any event.
 */
function withDrawEvents(
  events: readonly PendingEvent[],
  before: CarState,
  car: CarState,
  looksEarly: boolean,
  rules: Rules,
  at: Instant,
): readonly PendingEvent[] {
  const { value, since, turningSince } = charging(car)
  const bounced = turningSince === null && charging(before).turningSince !== null
  const open = bounced ? events.filter(({ kind }) => kind !== 'turning') : events
  if (looksEarly) return addEvent(open, { kind: 'turning', at, confirmation: false })
  const turned = value !== null && value !== before.chargingKnown && (before.chargingKnown !== null || value)
  if (!turned) return open
  const askedAt = car.plan?.askedAt ?? null
  if (askedAt === null || since === null || askedAt < since) {
    return addEvent(open, { kind: 'charging', at, confirmation: false })
  }
  if (!disagrees(car, rules, at)) return open
  return addEvent(open, { kind: 'charging', at: Math.max(at, askedAt + rules.confirmAfter), confirmation: true })
}

/** The house's own signals of one car changed. */
export function onSignals(
  state: AccountState,
  rules: Rules,
  carId: string,
  signals: CarSignals,
  at: Instant,
): AccountState {
  const before = advance(state, rules, at)
  const now = Math.max(at, before.evaluatedAt)
  let events: readonly PendingEvent[] = before.events
  const cars = before.cars.map(car => {
    if (car.id !== carId) return car
    const next = withSignals(car, notAhead(signals, car.signals, now), now)
    const looksEarly = seemsToTurn(car, next, now)
    events = withDrawEvents(events, car, next, looksEarly, rules, now)
    const scheduled = next.signals.scheduleChangedAt
    if (scheduled !== null && scheduled !== car.signals.scheduleChangedAt) {
      events = addEvent(events, { kind: 'schedule', at: now, confirmation: false })
    }
    const turningAskedAt = looksEarly ? now : car.turningAskedAt
    return { ...next, chargingKnown: charging(next).value ?? car.chargingKnown, turningAskedAt }
  })
  const after = evaluate({ ...before, cars, events }, rules, now)
  return {
    ...after,
    events: after.events.filter(event => !event.confirmation || cars.some(car => disagrees(car, rules, now))),
  }
}

function withSignals(car: CarState, signals: CarSignals, at: Instant): CarState {
  const before = car.signals.plugged
  const turned = signals.plugged.value !== before.value || signals.plugged.since !== before.since
  return turned ? { ...car, ...NOT_CONTRADICTED, signals, topicTurnedAt: at } : { ...car, signals }
}

/**
 * Stamps that lie ahead were made before the clock was set back. A run that goes on keeps the beginning that we knew,
 * which moved with the clock; any other begins now.
 */
function notAhead(signals: CarSignals, before: CarSignals, at: Instant): CarSignals {
  const began = (now: { value: Tri; since: Instant | null }, known: { value: Tri; since: Instant | null }) =>
    now.since === null || now.since <= at ? now.since : now.value === known.value ? Math.min(known.since ?? at, at) : at
  const heard = (stamp: Instant | null) => (stamp === null ? null : Math.min(stamp, at))
  const { plugged, charging: flag, power } = signals
  return {
    plugged: { ...plugged, since: began(plugged, before.plugged), staleSince: heard(plugged.staleSince) },
    charging: {
      ...flag,
      since: began(flag, before.charging),
      turningSince: heard(flag.turningSince),
      lastHeardAt: heard(flag.lastHeardAt),
    },
    power: {
      ...power,
      since: began(power, before.power),
      turningSince: heard(power.turningSince),
      lastHeardAt: heard(power.lastHeardAt),
      wattsAt: heard(power.wattsAt),
    },
    scheduleChangedAt: heard(signals.scheduleChangedAt),
  }
}

/** Each has topics and entities of its own: an Octopus that names new cars at every call must not fill the broker. */
const MOST_CARS = 20

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
  return { ...state, cars: [...known, ...added].slice(0, MOST_CARS) }
}
