/** Is a planned smart charge running now, and does the house pay the cheap rate because of it? Pure; contract, section 4. */
import { HALF_HOUR, type Instant, MINUTE } from '../clock.ts'
import type { HouseCheapReason } from '../snapshot.ts'
import { halfHourCeil, halfHourStart, type Interval, lastNoon } from '../time/london.ts'
import { evidence, hasLiveDrawSignal } from './draw.ts'
import { isOffPeakAt, type OffPeak, type TariffWindows } from './off-peak.ts'
import { pluggedIn } from './plugged.ts'
import { firstAfter, type Lasting, remembered } from './remembered.ts'
import {
  boosting,
  covers,
  planIsTrusted,
  planStaysUntil,
  standingOrEndedRows,
  standingRows,
  windowsOf,
} from './rows.ts'
import type { IntelligentSettings } from './settings.ts'
import type { CarState, CheapHalfHour } from './state.ts'
import type { DispatchRow, Tri } from './types.ts'

/** A half hour of smart charging at the cheap rate may be had this often from one London noon to the next. */
export const ALLOWANCE = 12
/** An answer this long before a window began still confirms it. */
const CONFIRMS_FROM = 2 * MINUTE
/** A car that was unplugged a moment ago has no plan yet, so there is nothing unknown about it. */
const OFF_LINGERS = 2 * MINUTE

export type TariffPolicy = 'whole_slot' | 'charge_cap'

/** What the account's tariff makes of the settings. */
export interface Rules {
  readonly settings: IntelligentSettings
  readonly policy: TariffPolicy
  /** Whether smart charging makes a half hour cheap for the house at all: elsewhere it is billed as the tariff says. */
  readonly dispatchIsCheap: boolean
  /** When the tariff itself is cheap; null where it has no such period, or nobody has said when it is. */
  readonly offPeak: OffPeak | null
  /** How long after an event's call the second look comes, where the first answer disagreed with the charging. */
  readonly confirmAfter: number
}

/** Products sold before the six-hour allowance of 2026. */
// assumption: INTELLI-VAR, INTELLI-BB-VAR and INTELLI-FIX with a date are the contracts without an allowance.
const OLDER_PRODUCT = /^INTELLI-(?:BB-)?(?:VAR|FIX)-\d|^INTELLI-\d/
const INTELLIGENT_PRODUCT = /^IOG|^INTELLI-(?:BB-)?VAR|^INTELLI-FIX|^INTELLI-\d/

export const isIntelligentProduct = (product: string | null): boolean =>
  product !== null && INTELLIGENT_PRODUCT.test(product)

/** A configured night comes before everything, the clock of an Intelligent product before what prices show. */
function offPeakOf(
  settings: IntelligentSettings,
  product: string | null,
  tariff: TariffWindows | null,
): OffPeak | null {
  if (settings.nightConfigured || isIntelligentProduct(product)) return { kind: 'clock', night: settings.night }
  return tariff === null ? null : { kind: 'tariff', ...tariff }
}

/** Whoever configures a night or a policy says that theirs is an Intelligent product, whatever its name. */
// assumption: on other products, Go for one, a car that Octopus steers is billed by the clock like the rest of the house.
const billsDispatches = ({ nightConfigured, tariffPolicy }: IntelligentSettings, product: string | null): boolean =>
  isIntelligentProduct(product) || nightConfigured || tariffPolicy !== 'auto'

/** `tariff`: the cheap windows of the import tariff's own prices, where it has any. */
export function rulesFor(
  settings: IntelligentSettings,
  product: string | null,
  confirmAfter = MINUTE,
  tariff: TariffWindows | null = null,
): Rules {
  const older = product !== null && OLDER_PRODUCT.test(product)
  return {
    settings,
    policy: settings.tariffPolicy === 'auto' ? (older ? 'whole_slot' : 'charge_cap') : settings.tariffPolicy,
    dispatchIsCheap: billsDispatches(settings, product),
    offPeak: offPeakOf(settings, product, tariff),
    confirmAfter,
  }
}

/** False where there is no such period; null where it is not known. */
export const isOffPeak = ({ offPeak }: Rules, at: Instant): Tri => (offPeak === null ? false : isOffPeakAt(offPeak, at))

/** Up to when a car that left off being unplugged counts as one that has no plan yet. */
export const lingersUntil = ({ plug }: CarState): Instant | null =>
  plug.leftOffAt === null ? null : plug.leftOffAt + OFF_LINGERS

export function dispatchActive(car: CarState, settings: IntelligentSettings, at: Instant): Tri {
  if (boosting(car, settings, at) === true) return false
  if (!planIsTrusted(car, settings, at)) {
    const unplugged = pluggedIn(car, settings, at).value === false
    const justPluggedIn = at < (lingersUntil(car) ?? Number.NEGATIVE_INFINITY)
    return unplugged || justPluggedIn ? false : null
  }
  return standingRows(car, settings, at).some(row => covers(row, at))
}

// assumption: a row without an energy is not a small one; Octopus gives tiny phantom rows a number.
const isSmall = (row: DispatchRow, settings: IntelligentSettings): boolean =>
  row.end - row.start < settings.minDispatch ||
  (row.energyKwh !== null && Math.abs(row.energyKwh) < settings.minDispatchEnergyKwh)

/** How the rows that cover now ask to be believed. */
interface Ask {
  readonly window: Interval
  /** Every covering row is too small to be believed without evidence. */
  readonly small: boolean
}

function askNow(car: CarState, settings: IntelligentSettings, at: Instant): Ask | null {
  const rows = standingRows(car, settings, at).filter(row => covers(row, at))
  if (rows.length === 0 || boosting(car, settings, at) === true) return null
  // With the rows that have just ended: a window that goes on in a row that touches them is no new window.
  const window = windowsOf(standingOrEndedRows(car, settings, at)).find(candidate => covers(candidate, at))
  return window === undefined ? null : { window, small: rows.every(row => isSmall(row, settings)) }
}

const confirmed = (car: CarState, ask: Ask): boolean =>
  !ask.small && car.plan !== null && car.plan.fetchedAt >= ask.window.start - CONFIRMS_FROM

function wholeSlot(car: CarState, ask: Ask, at: Instant): CheapHalfHour['why'] | null {
  if (confirmed(car, ask)) return 'confirmed'
  return evidence(car, at) ? 'evidence' : null
}

function chargeCap(car: CarState, ask: Ask, settings: IntelligentSettings, at: Instant): CheapHalfHour['why'] | null {
  if (settings.evidence === 'plan') return wholeSlot(car, ask, at) === 'confirmed' ? 'plan' : wholeSlot(car, ask, at)
  return evidence(car, at) ? 'evidence' : null
}

/** Smart half hours of the car from the noon before `at` up to, and without, the half hour of `at`. */
function usedBefore(car: CarState, at: Instant): number {
  const halfHour = halfHourStart(at)
  const noon = lastNoon(halfHour)
  return car.smart.filter(start => start >= noon && start < halfHour).length
}

export function smartHalfHoursUsed(car: CarState, at: Instant): number {
  const noon = lastNoon(at)
  return car.smart.filter(start => start >= noon && start <= at).length
}

export function startedCheap(car: CarState, at: Instant): CheapHalfHour | undefined {
  const start = halfHourStart(at)
  return car.cheap.find(half => half.start === start)
}

/** The half hours that begin to be smart or cheap at this very instant. */
export function halfHoursBegun(car: CarState, rules: Rules, at: Instant): Pick<CarState, 'smart' | 'cheap'> {
  const { settings } = rules
  const ask = rules.dispatchIsCheap ? askNow(car, settings, at) : null
  if (ask === null) return car
  const start = halfHourStart(at)
  const capped = chargeCap(car, ask, settings, at)
  // assumption: a half hour counts against the allowance by night too, as soon as a standing row met what the cap asks.
  const smart = capped !== null && !car.smart.includes(start) ? [...car.smart, start] : car.smart
  if (isOffPeak(rules, at) === true || startedCheap(car, at) !== undefined) return { smart, cheap: car.cheap }
  const allowed = rules.policy === 'whole_slot' || usedBefore(car, at) < ALLOWANCE
  const why = rules.policy === 'whole_slot' ? wholeSlot(car, ask, at) : capped
  return { smart, cheap: allowed && why !== null ? [...car.cheap, { start, since: at, why }] : car.cheap }
}

/** A car's part in `house_cheap`, the night apart. */
export function carCheap(car: CarState, rules: Rules, at: Instant): { value: Tri; reason: HouseCheapReason } {
  const { settings, policy } = rules
  if (!rules.dispatchIsCheap) return { value: false, reason: 'no_dispatch' }
  if (startedCheap(car, at) !== undefined) return { value: true, reason: 'dispatch' }
  if (dispatchActive(car, settings, at) === null) return { value: null, reason: 'plan_unknown' }
  if (boosting(car, settings, at) === true) return { value: false, reason: 'boosting' }
  const ask = askNow(car, settings, at)
  if (ask === null) return { value: false, reason: 'no_dispatch' }
  if (policy === 'charge_cap' && usedBefore(car, at) >= ALLOWANCE) return { value: false, reason: 'cap_reached' }
  const needsEvidence = ask.small || (policy === 'charge_cap' && settings.evidence === 'required')
  if (!needsEvidence) return { value: false, reason: 'awaiting_confirmation' }
  return hasLiveDrawSignal(car, at)
    ? { value: false, reason: 'awaiting_evidence' }
    : { value: null, reason: 'no_evidence_source' }
}

/**
 * Whether a car that draws now is charged at the price of smart charging, on a tariff that has one: in a smart half hour within
 * the allowance, or while a standing row covers now. Of several cars the one that is.
 */
export function smartNow(cars: readonly CarState[], rules: Rules, at: Instant): Tri {
  const values = cars.map(car => isSmartNow(car, rules, at).value)
  return values.some(value => value === true) ? true : values.some(value => value === null) ? null : false
}

const isSmartNow = remembered((car, { settings }: Rules, at): Lasting & { readonly value: Tri } => {
  const smart = (): Tri => {
    if (boosting(car, settings, at) === true) return false
    if (usedBefore(car, at) >= ALLOWANCE) return false
    return car.smart.includes(halfHourStart(at)) || dispatchActive(car, settings, at)
  }
  const until = Math.min(halfHourCeil(at + 1), planStaysUntil(car, settings, at), firstAfter(at, [lingersUntil(car)]))
  return { value: smart(), until }
})

/** The end of cheap time that is certain at `at`: nights and started half hours that follow one another. */
export function certainUntil(
  cars: readonly CarState[],
  rules: Rules,
  at: Instant,
  nightEnd: (at: Instant) => Instant,
): Instant {
  let end = at
  for (;;) {
    const reached = end
    if (isOffPeak(rules, reached) === true) end = nightEnd(reached)
    else if (rules.dispatchIsCheap && cars.some(car => startedCheap(car, reached) !== undefined))
      end = halfHourStart(reached) + HALF_HOUR
    else return end
  }
}
