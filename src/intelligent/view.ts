/** One car as it is shown: everything in `CarView`, derived from its state at one instant. Pure. */
import type { Instant } from '../clock.ts'
import { HALF_HOUR } from '../clock.ts'
import { once } from '../once.ts'
import type { CarView, ListedRow, PlanView, RowReason } from '../snapshot.ts'
import { halfHourCeil, halfHourStart, type Interval } from '../time/london.ts'
import { dispatchActive, isOffPeak, lingersUntil, type Rules } from './dispatching.ts'
import { charging } from './draw.ts'
import { offPeakEdges, outsideOffPeak } from './off-peak.ts'
import { pluggedIn } from './plugged.ts'
import { firstAfter, type Lasting, remembered } from './remembered.ts'
import {
  boosting,
  covers,
  planIsTrusted,
  planStaysUntil,
  reasonedRows,
  standingRows,
  suspended,
  windowsOf,
} from './rows.ts'
import type { AccountState, CarState } from './state.ts'
import type { DispatchRow, Tri } from './types.ts'

// A row is the same object until the next answer, and stands as it did at nearly every look.
const listedRows = new WeakMap<DispatchRow, ListedRow>()

function listed(row: DispatchRow, why: RowReason): ListedRow {
  const known = listedRows.get(row)
  if (known?.why === why) return known
  const cheap = { start: halfHourStart(row.start), end: halfHourCeil(row.end) }
  const made = { ...row, stands: why === 'stands', why, cheap }
  listedRows.set(row, made)
  return made
}

function planView(car: CarState, rules: Rules, at: Instant): PlanView {
  const rows = reasonedRows(car, rules.settings, at).map(({ row, why }) => listed(row, why))
  return { rows, fetchedAt: car.plan?.fetchedAt ?? null, state: car.status?.state ?? null }
}

/** The window that covers `at` and the first one after it. */
function currentAndNext(
  windows: readonly Interval[],
  at: Instant,
): { current: Interval | null; next: Interval | null } {
  return {
    current: windows.find(window => covers(window, at)) ?? null,
    next: windows.find(window => window.start > at) ?? null,
  }
}

function dispatching(active: Tri, offPeak: Tri): Pick<CarView, 'intelligentDispatching' | 'dispatchingReason'> {
  if (offPeak === true)
    return { intelligentDispatching: true, dispatchingReason: active === true ? 'both' : 'off_peak' }
  const known = active === true || offPeak === false
  return { intelligentDispatching: known ? active : null, dispatchingReason: active === true ? 'dispatch' : null }
}

/** A name that a person knows the car by: as Octopus has it, else make and model. */
export const carName = (car: CarState): string =>
  car.facts?.name ?? ([car.facts?.make, car.facts?.model].filter(part => part != null).join(' ') || 'Electric vehicle')

/** The newest first. A list of half hours changes twice an hour at most, and is looked at at every change. */
const startedHalfHours = once((starts: readonly Instant[]): readonly Interval[] =>
  [...starts].sort((a, b) => b - a).map(start => ({ start, end: start + HALF_HOUR })),
)

/** Without what was completed, which is the account's. */
type OwnView = Omit<CarView, 'completed'>

interface Viewed extends Lasting {
  readonly view: OwnView
}

const viewed = remembered((car, rules: Rules, at): Viewed => {
  const { offPeak, settings } = rules
  const until = Math.min(
    planStaysUntil(car, settings, at),
    firstAfter(at, [lingersUntil(car), ...(offPeak === null ? [] : offPeakEdges(offPeak, at))]),
  )
  return { view: viewOf(car, rules, at), until }
})

// What a view is with the account's completed rows: the last of each car, by our own id of it.
const whole = new Map<string, { own: OwnView; view: CarView }>()

export function carView(car: CarState, { completed }: AccountState, rules: Rules, at: Instant): CarView {
  const own = viewed(car, rules, at).view
  const known = whole.get(car.id)
  if (known?.own === own && known.view.completed === completed) return known.view
  const view = { ...own, completed }
  whole.set(car.id, { own, view })
  return view
}

function viewOf(car: CarState, rules: Rules, at: Instant): OwnView {
  const { settings } = rules
  const rows = standingRows(car, settings, at)
  const windows = windowsOf(rows)
  const daytime = currentAndNext(rules.offPeak === null ? windows : outsideOffPeak(windows, rules.offPeak), at)
  const active = dispatchActive(car, settings, at)
  const plug = pluggedIn(car, settings, at)
  // A plan that may not be trusted says nothing of how much is planned, unless the car is not even there.
  const knowsPlan = planIsTrusted(car, settings, at) || plug.value === false
  const draw = charging(car)
  const { facts } = car
  return {
    id: car.id,
    slug: car.slug,
    name: carName(car),
    make: facts?.make ?? null,
    model: facts?.model ?? null,
    provider: facts?.provider ?? null,
    batteryKwh: facts?.batteryKwh ?? null,
    chargerKw: facts?.chargerKw ?? null,
    dispatchActive: active,
    ...dispatching(active, isOffPeak(rules, at)),
    plan: planView(car, rules, at),
    started: startedHalfHours(car.started),
    ...currentAndNext(windows, at),
    currentOutsideNight: daytime.current,
    nextOutsideNight: daytime.next,
    plannedCount: knowsPlan ? rows.length : null,
    plannedKwh: knowsPlan ? rows.reduce((sum, row) => sum + Math.abs(row.energyKwh ?? 0), 0) : null,
    state: car.status?.state ?? null,
    pluggedIn: plug.value,
    pluggedSource: plug.source,
    hasCharging: car.signals.charging.exists || car.signals.power.exists,
    charging: draw.value,
    boosting: boosting(car, settings, at),
    suspended: suspended(car),
    stateOfCharge: car.stateOfCharge,
    chargeTarget: car.chargeTarget,
    readyBy: car.readyBy,
  }
}
