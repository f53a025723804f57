/**
 * Situations as stories: a day told step by step, each step with what must be shown after it. The same data is a test
 * (situations.test.ts) and a page for people (docs/dispatch-truth.md).
 */
import { MINUTE, SECOND } from '../../src/clock.ts'
import { advance } from '../../src/intelligent/advance.ts'
import { onAnswer } from '../../src/intelligent/answers.ts'
import { houseCheap } from '../../src/intelligent/cheap.ts'
import { type Rules, rulesFor } from '../../src/intelligent/dispatching.ts'
import { onFailure } from '../../src/intelligent/events.ts'
import type { IntelligentSettings } from '../../src/intelligent/settings.ts'
import { onSignals } from '../../src/intelligent/signals.ts'
import { type AccountState, emptyAccount, newCar } from '../../src/intelligent/state.ts'
import type { CarAnswer, DispatchRow, Tri } from '../../src/intelligent/types.ts'
import { carView } from '../../src/intelligent/view.ts'
import { addDays, atLocalTime } from '../../src/time/london.ts'
import { type CarSignals, NO_SIGNALS } from '../../src/vehicle/types.ts'

export const SETTINGS: IntelligentSettings = {
  tariffPolicy: 'auto',
  evidence: 'required',
  night: { start: '23:30', end: '05:30' },
  nightConfigured: true,
  minDispatch: 0,
  minDispatchEnergyKwh: 0.5,
  trustPlanFor: 30 * MINUTE,
  standingStates: ['SMART_CONTROL_IN_PROGRESS'],
}

/** `ON`, `OFF` or `?`, as MQTT shows yes, no and unknown. */
export type Shown = 'ON' | 'OFF' | '?'

export interface Expected {
  /** dispatch_active of the first car */
  readonly active?: Shown
  /** intelligent_dispatching of the first car */
  readonly dispatching?: Shown
  /** house_cheap */
  readonly cheap?: Shown
  readonly reason?: string
  /** house_cheap_until, local time */
  readonly until?: string
  /** expected_until, local time */
  readonly expected?: string
  /** plugged_in of the first car */
  readonly plugged?: Shown
  readonly boosting?: Shown
  /** dispatch_active of the second car */
  readonly active2?: Shown
  /** smart_half_hours_used */
  readonly used?: number
  /** Started half hours, local times at which they begin. */
  readonly started?: readonly string[]
}

export interface Happening {
  readonly says: string
  readonly apply: (state: AccountState, rules: Rules, at: number, time: (local: string) => number) => AccountState
}

/** Local time (`18:05`, `18:05:30`, `+1 05:30` for the next day), what happens then, and what is shown right after. */
export type Step = readonly [time: string, happening: Happening | null, expected?: Expected]

export interface Situation {
  readonly title: string
  readonly why: string
  readonly date?: string
  readonly settings?: Partial<IntelligentSettings>
  /** The account's product, where it matters. */
  readonly product?: string
  readonly cars?: number
  readonly steps: readonly Step[]
}

/** A row as in a story: local start and end, type, kWh. */
export interface Row {
  readonly from: string
  readonly to: string
  readonly type: string | null
  readonly kwh: number | null
}

export const smart = (from: string, to: string, kwh: number | null = -3.5): Row => ({ from, to, type: 'SMART', kwh })
export const boost = (from: string, to: string): Row => ({ from, to, type: 'BOOST', kwh: -7 })
export const testRow = (from: string, to: string): Row => ({ from, to, type: 'TEST', kwh: -0.1 })

const rowSays = (row: Row): string =>
  `${row.type ?? 'untyped'} ${row.from}–${row.to}${row.kwh === null ? '' : ` (${Math.abs(row.kwh)} kWh)`}`

interface AnswerOptions {
  readonly car?: number
  readonly suspended?: boolean
  /** The planned list failed: KT-CT-4340. */
  readonly noList?: boolean
  /** How long before its arrival it was asked for, milliseconds. */
  readonly took?: number
}

const SHORT: Readonly<Record<string, string>> = {
  CAPABLE: 'SMART_CONTROL_CAPABLE',
  IN_PROGRESS: 'SMART_CONTROL_IN_PROGRESS',
  NOT_AVAILABLE: 'SMART_CONTROL_NOT_AVAILABLE',
  OFF: 'SMART_CONTROL_OFF',
}

/** Octopus answers: the state (short form) and the planned rows. */
export function answer(state: string, rows: readonly Row[] = [], options: AnswerOptions = {}): Happening {
  const plan = options.noList ? 'the planned list failed' : rows.length === 0 ? 'no plan' : rows.map(rowSays).join(', ')
  const who = options.car ? `car ${options.car}: ` : ''
  return {
    says: `Octopus answers: ${who}${state}${options.suspended ? ', suspended' : ''}; ${plan}`,
    apply: (account, rules, at, time) => {
      const planned = rows.map(
        (row): DispatchRow => ({ start: time(row.from), end: time(row.to), type: row.type, energyKwh: row.kwh }),
      )
      const said: CarAnswer = {
        deviceId: `device-${options.car ?? 1}`,
        facts: null,
        currentState: SHORT[state] ?? state,
        isSuspended: options.suspended ?? false,
        planned: options.noList ? null : planned,
        stateOfCharge: null,
        chargeTarget: null,
        readyBy: null,
      }
      const others = account.cars.filter(car => car.deviceId !== said.deviceId)
      const silent = others.map(
        (car): CarAnswer => ({ ...said, deviceId: car.deviceId, currentState: null, planned: null }),
      )
      return onAnswer(account, rules, {
        askedAt: at - (options.took ?? SECOND),
        fetchedAt: at,
        cars: [said, ...silent],
        completed: [],
        errorCodes: options.noList ? ['KT-CT-4340'] : [],
      })
    },
  }
}

export const octopusFails: Happening = {
  says: 'Octopus does not answer',
  apply: (account, rules, at) =>
    onFailure(account, rules, { askedAt: at - SECOND, kind: 'failed', notBefore: null, jitter: 0 }, at),
}

function signal(says: string, change: (signals: CarSignals, at: number) => CarSignals, car = 1): Happening {
  return {
    says: car === 1 ? says : `car ${car}: ${says}`,
    apply: (account, rules, at) => {
      const target = account.cars[car - 1]
      return target ? onSignals(account, rules, target.id, change(target.signals, at), at) : account
    },
  }
}

const plugTo =
  (value: boolean) =>
  (signals: CarSignals, at: number): CarSignals => ({
    ...signals,
    plugged: { source: 'live', value, since: at, repeated: false, staleSince: null },
  })

export const plugsIn = (car = 1): Happening => signal('the plug topic says ON', plugTo(true), car)
export const unplugs = (car = 1): Happening => signal('the plug topic says OFF', plugTo(false), car)

export const plugSilent: Happening = signal('the plug topic goes stale', (signals, at) => ({
  ...signals,
  plugged: { ...signals.plugged, source: 'stale', staleSince: at },
}))

const chargingTo =
  (value: boolean) =>
  (signals: CarSignals, at: number): CarSignals => ({
    ...signals,
    charging: { ...NO_SIGNALS.charging, exists: true, lastHeardAt: at, value, since: at, watchedSince: at },
  })

export const chargingStarts = (car = 1): Happening => signal('the charging topic says ON', chargingTo(true), car)
export const chargingStops = (car = 1): Happening => signal('the charging topic says OFF', chargingTo(false), car)

export const draws = (watts: number): Happening =>
  signal(`the power topic says ${watts} W`, (signals, at) => {
    const on = watts > 1000
    const turned = on !== signals.power.value
    const since = turned ? at : signals.power.since
    return {
      ...signals,
      power: {
        ...{ ...NO_SIGNALS.power, exists: true, lastHeardAt: at, value: on, since, watts, wattsAt: at },
        watchedSince: signals.power.watchedSince ?? at,
      },
    }
  })

/** The store is written out and read back, as over `kill -9` and a start. */
export const restarts: Happening = {
  says: 'the daemon restarts',
  apply: account => JSON.parse(JSON.stringify(account)) as AccountState,
}

export interface Told {
  readonly expected: Expected
  readonly seen: Required<Expected>
  readonly time: string
}

const shown = (value: Tri): Shown => (value === null ? '?' : value ? 'ON' : 'OFF')

function seenAt(state: AccountState, rules: Rules, at: number): Required<Expected> {
  const [first, second] = state.cars.map(car => carView(car, state, rules, at))
  const cheap = houseCheap(state, rules, at)
  const local = (instant: number) =>
    new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', timeStyle: 'medium' })
      .format(instant)
      .replace(/:00$/, '')
  const used = Math.max(0, ...state.cars.map(car => car.smart.filter(start => start <= at).length))
  return {
    active: shown(first?.dispatchActive ?? null),
    active2: shown(second?.dispatchActive ?? null),
    dispatching: shown(first?.intelligentDispatching ?? null),
    plugged: shown(first?.pluggedIn ?? null),
    boosting: shown(first?.boosting ?? null),
    cheap: shown(cheap.value),
    reason: cheap.reason,
    until: cheap.until === null ? '-' : local(cheap.until),
    expected: cheap.expectedUntil === null ? '-' : local(cheap.expectedUntil),
    used,
    started: (first?.started ?? []).map(half => local(half.start)).sort(),
  }
}

/** Tells a situation through the pure middle; returns what was seen after each step. */
export function tell(situation: Situation): Told[] {
  const date = situation.date ?? '2026-11-23'
  const time = (local: string): number => {
    const [, days = '0', clock = '', seconds = '0'] = /^(?:\+(\d) )?(\d\d:\d\d)(?::(\d\d))?$/.exec(local) ?? []
    if (clock === '') throw new Error(`not a time: ${local}`)
    return atLocalTime(addDays(date, Number(days)), clock) + Number(seconds) * SECOND
  }
  const rules = rulesFor({ ...SETTINGS, ...situation.settings }, situation.product ?? null)
  const begin = time(situation.steps[0]?.[0] ?? '00:00')
  const cars = Array.from({ length: situation.cars ?? 1 }, (_, i) =>
    newCar(`car${i + 1}`, `car_${i + 1}`, `device-${i + 1}`, null),
  )
  let state: AccountState = { ...emptyAccount(begin - 1), cars }
  return situation.steps.map(([local, happening, expected = {}]) => {
    const at = time(local)
    state = advance(state, rules, at)
    if (happening) state = happening.apply(state, rules, at, time)
    return { expected, seen: seenAt(state, rules, at), time: local }
  })
}
