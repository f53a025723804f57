/** The shape in which an account's state comes back from the store. Pure. */
import { HOUR } from '../clock.ts'
import { aMissing } from '../missing.ts'
import { addedLater, aFlag, aNumber, anInstant, aText, fields, listOf, oneOf, orNull, type Shape } from '../shape.ts'
import { REFRESH_MODES } from '../snapshot.ts'
import type { CarSignals, DrawSignal, PlugSignal } from '../vehicle/types.ts'
import {
  type AccountState,
  type CarState,
  type CheapHalfHour,
  type Drawn,
  EVENT_KINDS,
  FAILURE_KINDS,
  type Failures,
  type PendingEvent,
  type Plan,
  type Status,
} from './state.ts'
import type { CompletedRow, DeviceFacts, DispatchRow, Measured } from './types.ts'

const aTri = orNull(aFlag)
const since = orNull(anInstant)
const name = orNull(aText)
const aQuantity = orNull(aNumber(-1e6, 1e6))
const aCount = aNumber(0, 1e9)

/** As long as a row of Octopus's can be: walking through one of a thousand years would take for ever. */
const LONGEST_ROW = 48 * HOUR

const ofInterval =
  (shape: Shape): Shape =>
  value => {
    if (!shape(value)) return false
    const { start, end } = value as { start: number; end: number }
    return start < end && end - start <= LONGEST_ROW
  }

const aRow = ofInterval(fields<DispatchRow>({ start: anInstant, end: anInstant, type: name, energyKwh: aQuantity }))
const aCompletedRow = ofInterval(
  fields<CompletedRow>({ start: anInstant, end: anInstant, energyKwh: aQuantity, source: name, location: name }),
)

const measured = (value: Shape): Shape => orNull(fields<Measured<unknown>>({ value, at: since }))

export const someFacts = fields<DeviceFacts>({
  deviceId: aText,
  typename: aText,
  name,
  make: name,
  model: name,
  provider: name,
  lifeCycle: name,
  batteryKwh: aQuantity,
  chargerKw: aQuantity,
})

const drawSignal: Readonly<Record<keyof DrawSignal, Shape>> = {
  exists: aFlag,
  lastHeardAt: since,
  offline: aFlag,
  value: aTri,
  since,
  turningSince: addedLater(since),
  watchedSince: addedLater(since),
}

const signals = fields<CarSignals>({
  plugged: fields<PlugSignal>({
    source: oneOf('none', 'live', 'stale'),
    value: aTri,
    since,
    repeated: aFlag,
    staleSince: since,
  }),
  charging: fields<DrawSignal>(drawSignal),
  power: fields<CarSignals['power']>({ ...drawSignal, watts: aQuantity, wattsAt: since }),
  scheduleChangedAt: since,
})

const car = fields<CarState>({
  id: aText,
  slug: aText,
  deviceId: aText,
  facts: orNull(someFacts),
  plan: orNull(fields<Plan>({ rows: listOf(aRow), askedAt: anInstant, fetchedAt: anInstant })),
  status: orNull(
    fields<Status>({ state: aText, isSuspended: aTri, askedAt: anInstant, fetchedAt: anInstant, since: anInstant }),
  ),
  answeredAskedAt: since,
  impliedAt: since,
  activeAt: since,
  plannedAt: since,
  stateOfCharge: measured(aNumber(0, 100)),
  chargeTarget: measured(aNumber(0, 100)),
  readyBy: measured(aText),
  missing: orNull(aMissing),
  signals,
  topicTurnedAt: since,
  contradicted: oneOf('charging', 'state', null),
  contradictedAt: since,
  sinceOff: fields<CarState['sinceOff']>({ notAvailable: aFlag, impliedOnAt: since }),
  plug: fields<CarState['plug']>({ value: aTri, known: aTri, turnedAt: since, leftOffAt: since }),
  drawn: orNull(
    fields<Drawn>({ halfHour: anInstant, overMarkWh: aCount, freshWh: aCount, at: anInstant, risingSince: since }),
  ),
  chargingKnown: aTri,
  unplannedSince: since,
  missedSince: addedLater(since),
  scheduleAsks: addedLater(listOf(anInstant)),
  otherCharge: addedLater(orNull(fields<NonNullable<CarState['otherCharge']>>({ endedAt: since }))),
  started: listOf(anInstant),
  smart: listOf(anInstant),
  cheap: listOf(
    fields<CheapHalfHour>({ start: anInstant, since: anInstant, why: oneOf('confirmed', 'evidence', 'plan') }),
  ),
  settling: orNull(fields<NonNullable<CarState['settling']>>({ since: anInstant, calls: aCount })),
  leavingSince: since,
  mark: since,
  turningAskedAt: addedLater(since),
})

const failures = fields<Failures>({
  count: aCount,
  kindCount: aCount,
  kind: oneOf(...FAILURE_KINDS),
  at: anInstant,
  notBefore: since,
  jitter: aNumber(0, 1),
})

const event = fields<PendingEvent>({
  kind: oneOf(...EVENT_KINDS),
  at: anInstant,
  confirmation: aFlag,
})

export const anAccountState: Shape = fields<AccountState>({
  cars: listOf(car),
  completed: listOf(aCompletedRow),
  answeredAt: since,
  events: listOf(event),
  failures: orNull(failures),
  lastCall: orNull(fields<NonNullable<AccountState['lastCall']>>({ at: anInstant, mode: oneOf(...REFRESH_MODES) })),
  held: orNull(fields<NonNullable<AccountState['held']>>({ mark: anInstant, until: anInstant })),
  wasCheap: aFlag,
  evaluatedAt: anInstant,
})
