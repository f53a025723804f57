/** Snapshots for tests: made by hand, and generated. */
import fc from 'fast-check'
import { HALF_HOUR, HOUR, type Instant, MINUTE } from '../../src/clock.ts'
import { CAR_STATES } from '../../src/intelligent/types.ts'
import {
  type AccountView,
  API_STATUSES,
  type CarView,
  HOUSE_CHEAP_REASONS,
  type HouseCheapView,
  type ListedRow,
  NOTICE_CODES,
  REFRESH_MODES,
  ROW_REASONS,
  type Snapshot,
} from '../../src/snapshot.ts'
import { halfHourCeil, halfHourStart, type Interval } from '../../src/time/london.ts'
import { instant, maybe, strangeAmount, strangeInstant, words } from './arbitraries.ts'
import { anyMeter, exportMeter, gasMeter, knownMeter, unknownMeter } from './meters.ts'

/** A winter evening: London is UTC. */
export const NOW: Instant = Date.UTC(2026, 10, 23, 22, 10, 0)

export const listedRow = (start: Instant, end: Instant, more: Partial<ListedRow> = {}): ListedRow => ({
  start,
  end,
  type: 'SMART',
  energyKwh: -3.5,
  stands: true,
  why: 'stands',
  cheap: { start: halfHourStart(start), end: halfHourCeil(end) },
  ...more,
})

/** A car of which nothing is known yet. */
export const unknownCar = (more: Partial<CarView> = {}): CarView => ({
  id: 'car_1f',
  slug: 'ioniq',
  name: 'Ioniq 5',
  make: null,
  model: null,
  provider: null,
  batteryKwh: null,
  chargerKw: null,
  dispatchActive: null,
  intelligentDispatching: null,
  dispatchingReason: null,
  plan: { rows: [], fetchedAt: null, state: null },
  started: [],
  completed: [],
  current: null,
  next: null,
  currentOutsideNight: null,
  nextOutsideNight: null,
  plannedCount: null,
  plannedKwh: null,
  state: null,
  pluggedIn: null,
  pluggedSource: 'none',
  hasCharging: true,
  charging: null,
  boosting: null,
  suspended: null,
  stateOfCharge: null,
  chargeTarget: null,
  readyBy: null,
  ...more,
})

const running = listedRow(NOW - 10 * MINUTE, NOW + 20 * MINUTE)
const later = listedRow(NOW + 3 * HOUR, NOW + 4 * HOUR + 7 * MINUTE, { energyKwh: -7.25 })
const boost = listedRow(NOW + 5 * HOUR, NOW + 6 * HOUR, { type: 'BOOST', stands: false, why: 'boost' })

export const knownCar = (more: Partial<CarView> = {}): CarView =>
  unknownCar({
    make: 'Hyundai',
    model: 'Ioniq 5',
    provider: 'HYPERVOLT',
    batteryKwh: 77.4,
    chargerKw: 7,
    dispatchActive: true,
    intelligentDispatching: true,
    dispatchingReason: 'dispatch',
    plan: { rows: [running, later, boost], fetchedAt: NOW - MINUTE, state: 'SMART_CONTROL_IN_PROGRESS' },
    started: [{ start: halfHourStart(NOW), end: halfHourStart(NOW) + HALF_HOUR }],
    completed: [
      { start: NOW - 9 * HOUR, end: NOW - 8 * HOUR, energyKwh: -1.37, source: null, location: 'AT_HOME' },
      { start: NOW - 8 * HOUR, end: NOW - 7 * HOUR, energyKwh: null, source: 'smart-charge', location: null },
    ],
    current: { start: running.start, end: running.end },
    next: { start: later.start, end: later.end },
    currentOutsideNight: { start: running.start, end: running.end },
    nextOutsideNight: null,
    plannedCount: 2,
    plannedKwh: 10.75,
    state: 'SMART_CONTROL_IN_PROGRESS',
    pluggedIn: true,
    pluggedSource: 'topic',
    charging: true,
    boosting: false,
    suspended: false,
    stateOfCharge: { value: 54.4, at: NOW - 5 * MINUTE },
    chargeTarget: { value: 80, at: NOW - MINUTE },
    readyBy: { value: '07:30', at: null },
    ...more,
  })

export const unknownCheap: HouseCheapView = {
  value: null,
  reason: 'plan_unknown',
  until: null,
  expectedUntil: null,
  policy: 'charge_cap',
  minutesLeft: null,
}

export const unknownAccount = (more: Partial<AccountView> = {}): AccountView => ({
  id: 'account_1a',
  slug: 'a-1234abcd',
  number: 'A-1234ABCD',
  hasNight: true,
  dispatchIsCheap: true,
  offPeak: null,
  houseCheap: unknownCheap,
  smartHalfHours: { used: 0, byCar: {} },
  dataLastRetrieved: null,
  nextRefresh: null,
  refreshMode: null,
  refreshReason: null,
  requestsLastHour: 0,
  requestsLeft: 20,
  apiStatus: null,
  notices: [],
  available: false,
  ...more,
})

export const knownAccount = (more: Partial<AccountView> = {}): AccountView =>
  unknownAccount({
    offPeak: false,
    houseCheap: {
      value: true,
      reason: 'dispatch',
      until: NOW + 20 * MINUTE,
      expectedUntil: NOW + 20 * MINUTE,
      policy: 'charge_cap',
      minutesLeft: 20,
    },
    smartHalfHours: { used: 3, byCar: { ioniq: 3 } },
    dataLastRetrieved: NOW - MINUTE,
    nextRefresh: NOW + 4 * MINUTE,
    refreshMode: 'steady',
    refreshReason: 'plugged_in',
    requestsLastHour: 11,
    requestsLeft: 9,
    apiStatus: 'ok',
    notices: [{ code: 'plug_silent', since: NOW - HOUR, action: 'Look at the plug topic.', car: 'ioniq' }],
    available: true,
    ...more,
  })

export const nothingKnown: Snapshot = {
  at: NOW,
  account: unknownAccount(),
  cars: [unknownCar()],
  meters: [unknownMeter()],
}

export const everythingKnown: Snapshot = {
  at: NOW,
  account: knownAccount(),
  cars: [knownCar()],
  meters: [knownMeter()],
}

export const twoCars: Snapshot = {
  ...everythingKnown,
  cars: [knownCar(), knownCar({ id: 'car_2f', slug: 'zappi', name: 'Zappi' })],
  meters: [knownMeter(), knownMeter({ id: 'meter_2m', slug: 'electricity_import_9999', point: '1200012349999' })],
}

export const handMade: Readonly<Record<string, Snapshot>> = {
  'nothing known': nothingKnown,
  'everything known': everythingKnown,
  'two cars, two meters': twoCars,
  'every kind of meter': { ...everythingKnown, meters: [knownMeter(), exportMeter(), gasMeter()] },
  'no night': { ...everythingKnown, account: knownAccount({ hasNight: false }) },
  'no charging topic': { ...everythingKnown, cars: [knownCar({ hasCharging: false })] },
  'no car, no meter': { ...everythingKnown, cars: [], meters: [] },
}

const tri = maybe(fc.boolean())
const count = fc.nat({ max: 60 })
const interval: fc.Arbitrary<Interval> = fc
  .tuple(instant, fc.integer({ min: 1, max: 10 * HOUR }))
  .map(([start, length]) => ({ start, end: start + length }))
const row: fc.Arbitrary<ListedRow> = fc
  .tuple(
    interval,
    maybe(fc.constantFrom('SMART', 'BOOST', 'TEST', '')),
    maybe(strangeAmount),
    fc.constantFrom(...ROW_REASONS),
  )
  .map(([{ start, end }, type, energyKwh, why]) =>
    listedRow(start, end, { type, energyKwh, stands: why === 'stands', why }),
  )
const completedRow = fc
  .tuple(interval, maybe(strangeAmount), maybe(words), maybe(words))
  .map(([span, energyKwh, source, location]) => ({ ...span, energyKwh, source, location }))
const state = maybe(fc.oneof(fc.constantFrom<string>(...CAR_STATES), words))
const name = fc.oneof(words, fc.constantFrom('Charge', 'P', 'plugged', 'Ready by', '', '  ', 'None'))
const measured = <T>(value: fc.Arbitrary<T>) => maybe(fc.record({ value, at: maybe(strangeInstant) }))

const car = (index: number): fc.Arbitrary<CarView> =>
  fc
    .record({
      name,
      make: maybe(words),
      model: maybe(words),
      provider: maybe(words),
      batteryKwh: maybe(strangeAmount),
      dispatchActive: tri,
      intelligentDispatching: tri,
      dispatchingReason: fc.constantFrom('dispatch', 'off_peak', 'both', null),
      plan: fc.record({ rows: fc.array(row, { maxLength: 12 }), fetchedAt: maybe(strangeInstant), state }),
      started: fc.array(interval, { maxLength: 100 }),
      completed: fc.array(completedRow, { maxLength: 12 }),
      current: maybe(interval),
      next: maybe(interval),
      plannedCount: maybe(count),
      plannedKwh: maybe(strangeAmount),
      state,
      pluggedIn: tri,
      hasCharging: fc.boolean(),
      charging: tri,
      boosting: tri,
      suspended: tri,
      stateOfCharge: measured(strangeAmount),
      chargeTarget: measured(strangeAmount),
      readyBy: measured(fc.oneof(fc.constant('07:30'), words)),
    })
    .map(part => knownCar({ ...part, id: `car_${index}`, slug: `car-${index}` }))

const account: fc.Arbitrary<AccountView> = fc
  .record({
    slug: fc.constantFrom('a-1234abcd', 'home'),
    hasNight: fc.boolean(),
    dispatchIsCheap: fc.boolean(),
    offPeak: tri,
    houseCheap: fc.record({
      value: tri,
      reason: fc.constantFrom(...HOUSE_CHEAP_REASONS),
      until: maybe(strangeInstant),
      expectedUntil: maybe(strangeInstant),
      policy: fc.constantFrom('whole_slot', 'charge_cap'),
      minutesLeft: maybe(fc.integer({ min: 0, max: 400 })),
    }),
    smartHalfHours: fc.record({ used: count, byCar: fc.dictionary(fc.constantFrom('car-0', 'car-1'), count) }),
    dataLastRetrieved: maybe(strangeInstant),
    nextRefresh: maybe(strangeInstant),
    refreshMode: maybe(fc.constantFrom(...REFRESH_MODES)),
    refreshReason: maybe(words),
    apiStatus: maybe(fc.constantFrom(...API_STATUSES)),
    notices: fc.array(fc.record({ code: fc.constantFrom(...NOTICE_CODES), since: instant, action: words }), {
      maxLength: 20,
    }),
    available: fc.boolean(),
  })
  .map(part => knownAccount(part))

/** Anything that may come to pass, and some that may not: strange words, impossible times, numbers that are none. */
export const anySnapshot: fc.Arbitrary<Snapshot> = fc.record({
  at: instant,
  account,
  cars: fc.nat({ max: 3 }).chain(length => fc.tuple(...Array.from({ length }, (_, index) => car(index)))),
  meters: fc.nat({ max: 3 }).chain(length => fc.tuple(...Array.from({ length }, (_, index) => anyMeter(index)))),
})
