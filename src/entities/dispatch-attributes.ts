/**
 * The attributes of `intelligent_dispatching`, by the names that planners and dashboard cards already read: four lists
 * of dispatches in one shape, and the windows outside the night.
 */
import type { Instant } from '../clock.ts'
import type { CompletedRow } from '../intelligent/types.ts'
import { once } from '../once.ts'
import type { CarView, ListedRow } from '../snapshot.ts'
import type { Interval } from '../time/london.ts'
import { isSame, withLists } from './attributes.ts'
import type { Attributes } from './entity.ts'
import { rounded, time, word } from './payload.ts'

interface Dispatch extends Interval {
  readonly energyKwh: number | null
  readonly source: string | null
  readonly location: string | null
}

/** `charge_in_kwh` keeps Octopus's sign (negative into a car); `energy` has none. */
const dispatch = (row: Dispatch) => ({
  start: time(row.start),
  end: time(row.end),
  charge_in_kwh: rounded(row.energyKwh),
  energy: rounded(row.energyKwh === null ? null : Math.abs(row.energyKwh)),
  source: word(row.source),
  location: word(row.location),
})

// A row is the same object as long as it says the same, and is in the lists of many snapshots.
const planned = once((row: ListedRow) => dispatch({ ...row, source: row.type, location: null }))
const listed = once((row: ListedRow) => ({ ...planned(row), stands: row.stands, why: row.why }))
/** Only that the half hour started is known of it. */
const startedHalfHour = once((interval: Interval) =>
  dispatch({ ...interval, energyKwh: null, source: null, location: null }),
)
const completedRow = once((row: CompletedRow) => dispatch(row))

const nearestFirst = <T extends { start: Instant }>(rows: readonly T[]): T[] =>
  [...rows].sort((a, b) => a.start - b.start)
const newestFirst = <T extends { start: Instant }>(rows: readonly T[]): T[] =>
  [...rows].sort((a, b) => b.start - a.start)

/** What may still come, the nearest first, then what has ended, the newest first. */
const liveFirst = (rows: readonly ListedRow[]): ListedRow[] => [
  ...nearestFirst(rows.filter(row => row.why !== 'ended')),
  ...newestFirst(rows.filter(row => row.why === 'ended')),
]

interface Made {
  readonly started: CarView['started']
  readonly completed: CarView['completed']
  readonly fixed: Attributes
  readonly attributes: Attributes
}

// The lists of a snapshot are those of the one before as long as they are equal, and then so is all that is made of them.
const made = new WeakMap<CarView['plan']['rows'], Made>()

export function dispatchAttributes(car: CarView): Attributes {
  const { started, completed } = car
  const { rows } = car.plan
  const fixed = {
    reason: car.dispatchingReason,
    current_start: time(car.currentOutsideNight?.start ?? null),
    current_end: time(car.currentOutsideNight?.end ?? null),
    next_start: time(car.nextOutsideNight?.start ?? null),
    next_end: time(car.nextOutsideNight?.end ?? null),
    provider: word(car.provider),
    vehicle_battery_size_in_kwh: rounded(car.batteryKwh),
    charge_point_power_in_kw: rounded(car.chargerKw),
  }
  const known = made.get(rows)
  if (known?.started === started && known.completed === completed && isSame(known.fixed, fixed)) return known.attributes
  const attributes = withLists(fixed, {
    planned_dispatches: nearestFirst(rows.filter(row => row.stands)).map(planned),
    started_dispatches: newestFirst(started).map(startedHalfHour),
    completed_dispatches: newestFirst(completed).map(completedRow),
    listed_dispatches: liveFirst(rows).map(listed),
  })
  made.set(rows, { started, completed, fixed, attributes })
  return attributes
}

const EACH = 'each `start`, `end`, `charge_in_kwh` (Octopus’s sign), `energy` (positive), `source`, `location`'

export const dispatchAttributeMeanings: Readonly<Record<string, string>> = {
  reason: '`dispatch`, `off_peak` or `both`; null while OFF',
  planned_dispatches: `the rows that stand, ${EACH}`,
  started_dispatches:
    'half hours of the last 48 hours in which an answer showed a standing row covering that moment; the same keys',
  completed_dispatches: 'what Octopus lists as done: late, and for the whole account; the same keys',
  listed_dispatches: 'every row that Octopus lists; the same keys, with `stands` (true or false) and `why`',
  current_start: 'start of the window that runs now, the night left out',
  current_end: 'its end',
  next_start: 'start of the next window, the night left out',
  next_end: 'its end',
  provider: 'who connects the device to Octopus',
  vehicle_battery_size_in_kwh: 'the battery as Octopus knows it, or null',
  charge_point_power_in_kw: 'the charger as Octopus knows it, or null',
}
