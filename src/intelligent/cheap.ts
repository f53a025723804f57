/** `house_cheap`: the night, each car's part, and cheap time held while a car still draws. Pure; contract, section 4. */
import { HALF_HOUR, type Instant, MINUTE, SECOND } from '../clock.ts'
import type { HouseCheapReason, HouseCheapView } from '../snapshot.ts'
import { halfHourStart, lastNoon } from '../time/london.ts'
import { ALLOWANCE, carCheap, certainUntil, dispatchActive, isOffPeak, type Rules } from './dispatching.ts'
import { draws } from './draw.ts'
import { lastsUntil, offPeakAtOrAfter } from './off-peak.ts'
import { boosting, covers, standingRows } from './rows.ts'
import type { AccountState, CarState } from './state.ts'
import type { Tri } from './types.ts'

/** How long cheap time outlasts its mark, at most, while a car draws and Octopus has not answered yet. */
export const HOLD = 150 * SECOND

/** What a person wants to hear first where several cars give different reasons. */
const REASON_ORDER: readonly HouseCheapReason[] = [
  'dispatch',
  'no_evidence_source',
  'plan_unknown',
  'rates_unknown',
  'awaiting_evidence',
  'awaiting_confirmation',
  'cap_reached',
  'boosting',
  'no_dispatch',
]

/** The night and the cars, without what is held. */
function cheapByRule(cars: readonly CarState[], rules: Rules, at: Instant): { value: Tri; reason: HouseCheapReason } {
  const offPeak = isOffPeak(rules, at)
  if (offPeak === true) return { value: true, reason: 'off_peak' }
  const parts: { value: Tri; reason: HouseCheapReason }[] = cars.map(car => carCheap(car, rules, at))
  if (offPeak === null) parts.push({ value: null, reason: 'rates_unknown' })
  const value = parts.some(part => part.value === true) ? true : parts.some(part => part.value === null) ? null : false
  const reasons = parts.filter(part => part.value === value).map(part => part.reason)
  return { value, reason: REASON_ORDER.find(reason => reasons.includes(reason)) ?? 'no_dispatch' }
}

/** Begins, keeps or ends the hold, at an instant to which everything else was already advanced. */
export function heldAt(state: AccountState, rules: Rules, at: Instant): AccountState['held'] {
  if (!rules.dispatchIsCheap || cheapByRule(state.cars, rules, at).value === true) return null
  if (state.held !== null) return at < state.held.until ? state.held : null
  // Not for another car that draws at its own price: what it was cheap for is over.
  const wasNight = isOffPeak(rules, at - 1) === true
  const drawing = state.cars.some(
    car => draws(car) && boosting(car, rules.settings, at) !== true && (wasNight || wasCheapFor(car, at)),
  )
  return state.wasCheap && drawing ? { mark: at, until: at + HOLD } : null
}

/** Whether the half hour that ends at `at` was cheap because of this car. */
const wasCheapFor = ({ cheap }: CarState, at: Instant): boolean => cheap.some(({ start }) => start + HALF_HOUR >= at)

const nightEnd =
  ({ offPeak }: Rules) =>
  (at: Instant) =>
    offPeak === null ? at : offPeakAtOrAfter(offPeak, at).end

/** Half hours from `from` up to `to` that a standing row of the car touches. */
function plannedHalfHours(car: CarState, rules: Rules, at: Instant, from: Instant, to: Instant): Instant[] {
  const rows = standingRows(car, rules.settings, at)
  const halfHours: Instant[] = []
  for (let half = from; half < to; half += HALF_HOUR) {
    if (rows.some(row => row.start < half + HALF_HOUR && row.end > half)) halfHours.push(half)
  }
  return halfHours
}

/** Whether the car will have used up its allowance when the half hour of `end` begins, if it charges as planned. */
function willBeCapped(car: CarState, rules: Rules, at: Instant, end: Instant): boolean {
  if (rules.policy !== 'charge_cap') return false
  const planned = plannedHalfHours(car, rules, at, halfHourStart(at), halfHourStart(end))
  const since = lastNoon(end)
  return new Set([...car.smart, ...planned].filter(half => half >= since && half < end)).size >= ALLOWANCE
}

/** Where cheap time would end if the plan is kept and the car charges. */
function expectedUntil(state: AccountState, rules: Rules, at: Instant): Instant {
  const goesOn = (end: Instant): boolean =>
    rules.dispatchIsCheap &&
    end < lastsUntil(rules.offPeak) &&
    state.cars.some(
      car =>
        dispatchActive(car, rules.settings, at) !== null &&
        standingRows(car, rules.settings, at).some(row => covers(row, end)) &&
        !willBeCapped(car, rules, at, end),
    )
  let end = certainUntil(state.cars, rules, at, nightEnd(rules))
  while (goesOn(end)) end = certainUntil(state.cars, rules, halfHourStart(end) + HALF_HOUR, nightEnd(rules))
  return end
}

/** Cheap time that outlasts its mark, where it does now. */
const holdsAt = ({ held }: AccountState, at: Instant) => (held !== null && at < held.until ? held : null)

/** When the cheap time that is certain ends; null unless it is cheap. */
export function cheapUntil(state: AccountState, rules: Rules, at: Instant): Instant | null {
  if (cheapByRule(state.cars, rules, at).value === true) return certainUntil(state.cars, rules, at, nightEnd(rules))
  return holdsAt(state, at)?.until ?? null
}

export function houseCheap(state: AccountState, rules: Rules, at: Instant): HouseCheapView {
  const { policy } = rules
  const rule = cheapByRule(state.cars, rules, at)
  const held = holdsAt(state, at)
  if (rule.value !== true && held !== null) {
    const { until } = held
    const expected = Math.max(until, expectedUntil(state, rules, at))
    return { value: true, reason: 'held', until, expectedUntil: expected, policy, minutesLeft: minutes(until - at) }
  }
  if (rule.value !== true) {
    return { ...rule, until: null, expectedUntil: null, policy, minutesLeft: rule.value === null ? null : 0 }
  }
  const until = certainUntil(state.cars, rules, at, nightEnd(rules))
  return { ...rule, until, expectedUntil: expectedUntil(state, rules, at), policy, minutesLeft: minutes(until - at) }
}

/** The same a little later, before anything but the minutes has changed. */
export const countedDown = (cheap: HouseCheapView, at: Instant): HouseCheapView =>
  cheap.until === null ? cheap : { ...cheap, minutesLeft: minutes(cheap.until - at) }

const minutes = (duration: number): number => Math.max(0, Math.floor(duration / MINUTE))
