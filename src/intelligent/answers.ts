/** What an answer to a poll changes of an account's state. Pure. */
import { HOUR, type Instant, SECOND } from '../clock.ts'
import { missingAgain } from '../missing.ts'
import { halfHourStart } from '../time/london.ts'
import { advance, evaluate, marksMatter, REMEMBERED } from './advance.ts'
import type { Rules } from './dispatching.ts'
import { draws } from './draw.ts'
import { addEvent, disagrees } from './events.ts'
import { contradictionAfter, impliedBy, isActiveState } from './plugged.ts'
import { covers, standingRows } from './rows.ts'
import type { AccountState, CarState, PendingEvent } from './state.ts'
import type { Answer, CarAnswer, CompletedRow, Measured } from './types.ts'

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
      ? before.status && { ...before.status, isSuspended: said.isSuspended ?? before.status.isSuspended }
      : {
          state: said.currentState,
          // Not said: as it was, while the state is the same.
          isSuspended:
            said.isSuspended ?? (before.status?.state === said.currentState ? before.status.isSuspended : null),
          askedAt,
          fetchedAt,
          since: before.status?.state === said.currentState ? before.status.since : fetchedAt,
        }
  const car: CarState = {
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
    ...contradictionAfter(before, said.currentState, fetchedAt),
    ...settledBy(before, said, answer),
  }
  const running =
    said.planned !== null && standingRows(car, rules.settings, fetchedAt).some(row => covers(row, fetchedAt))
  const half = halfHourStart(fetchedAt)
  return running && !car.started.includes(half) ? { ...car, started: [...car.started, half] } : car
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

const isSameRow = (one: CompletedRow, other: CompletedRow): boolean =>
  one.start === other.start &&
  one.end === other.end &&
  one.energyKwh === other.energyKwh &&
  one.source === other.source &&
  one.location === other.location

/** Octopus keeps about a day of completed rows and corrects them; we keep two. The list itself where nothing is new, as in most answers. */
function mergeCompleted(
  known: readonly CompletedRow[],
  fresh: readonly CompletedRow[] | null,
  at: Instant,
): readonly CompletedRow[] {
  const isKnown = (fresh ?? []).every(row => known.some(other => isSameRow(other, row)))
  if (isKnown && known.every(row => row.end > at - REMEMBERED)) return known
  const merged = new Map([...known, ...(fresh ?? [])].map(row => [rowKey(row), row]))
  return [...merged.values()].filter(row => row.end > at - REMEMBERED).sort((a, b) => b.start - a.start)
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
    return { ...car, missing: missingAgain(car.missing, answer.fetchedAt) }
  })
  const at = Math.max(answer.fetchedAt, before.evaluatedAt)
  const held = isStillHeld(before, cars) ? before.held : null
  const completed = mergeCompleted(before.completed, answer.completed, answer.fetchedAt)
  const told = { ...before, cars, held, completed, answeredAt: answer.fetchedAt, failures: null }
  const now = evaluate({ ...told, cars: cars.map(car => withLateMark(car, rules, at)) }, rules, at)
  return { ...now, events: servedEvents(now, rules, answer) }
}
