/**
 * The simulator's own paths, for a client in any language:
 *
 * - `POST /simulator/faults` `{"kind":"KT-CT-4340","times":1}` → `{"id":1}` (every field of a Fault; `from` and `until`
 *   as ISO times), `GET` lists them, `DELETE /simulator/faults` and `/simulator/faults/1` take them away
 * - `POST /simulator/plug` `{"plugged":true,"car":"car"}`: the cable of a car, the first where none is named
 * - `POST /simulator/plan` `{"rows":[{"start","end","type","energyAddedKwh"}],"car":"car"}` replaces the planned rows
 * - `GET /simulator/audit`: how the client kept the promise; `GET /simulator/state`: the household; `GET
 *   /simulator/requests`: what was called
 */
import { type Clock, HOUR, type Instant } from '../clock.ts'
import type { DispatchRow } from '../intelligent/types.ts'
import { toIso } from '../time/london.ts'
import type { Audit } from './audit.ts'
import type { JsonAnswer } from './exchange.ts'
import { FAULT_KINDS, type Fault, type Faults, isFaultKind } from './faults.ts'
import type { Household } from './household.ts'

export interface ControlParts {
  readonly clock: Clock
  readonly household: Household
  readonly faults: Faults
  readonly audit: Audit
  /** The log, newest last. */
  readonly logged: () => readonly unknown[]
}

class Complaint extends Error {}

type Body = Readonly<Record<string, unknown>>

const ok = (body: unknown): JsonAnswer => ({ status: 200, body })

export function answerControl(parts: ControlParts, method: string, url: URL, text: string): JsonAnswer {
  try {
    return route(parts, `${method} ${url.pathname.replace(/\/$/, '')}`, text)
  } catch (error) {
    if (error instanceof Complaint) return { status: 400, body: { error: error.message } }
    throw error
  }
}

function route(parts: ControlParts, call: string, text: string): JsonAnswer {
  const { faults, audit, household } = parts
  switch (call) {
    case 'GET /simulator/audit':
      return ok(audit.report())
    case 'GET /simulator/requests':
      return ok(parts.logged())
    case 'GET /simulator/state':
      return ok(stateOf(parts))
    case 'GET /simulator/faults':
      return ok(faults.list())
    case 'POST /simulator/faults':
      return ok({ id: faults.add(faultIn(bodyOf(text))) })
    case 'DELETE /simulator/faults':
      faults.clear()
      return ok({})
    case 'POST /simulator/plug': {
      const body = bodyOf(text)
      if (typeof body.plugged !== 'boolean') throw new Complaint('"plugged" must be true or false')
      const car = carOf(household, body)
      if (body.plugged) car.plug()
      else car.unplug()
      return ok({ plugged: car.plugged })
    }
    case 'POST /simulator/plan': {
      const body = bodyOf(text)
      if (!Array.isArray(body.rows)) throw new Complaint('"rows" must be a list')
      const car = carOf(household, body)
      car.replacePlan(body.rows.map(row => rowIn(row, car.spec.chargerKw)))
      return ok({ rows: car.listed().length })
    }
    default: {
      const id = /^DELETE \/simulator\/faults\/(\d+)$/.exec(call)?.[1]
      if (id === undefined) return { status: 404, body: { error: `Nothing at ${call}` } }
      faults.remove(Number(id))
      return ok({})
    }
  }
}

function bodyOf(text: string): Body {
  try {
    const body: unknown = JSON.parse(text)
    if (typeof body === 'object' && body !== null) return { ...body }
  } catch {
    // Said below, with the same words.
  }
  throw new Complaint('The body must be a JSON object')
}

function carOf(household: Household, body: Body) {
  const car = household.car(typeof body.car === 'string' ? body.car : undefined)
  if (car === undefined) throw new Complaint(`No such car; there are ${household.cars.map(c => c.spec.key).join(', ')}`)
  return car
}

function timeIn(value: unknown, name: string): Instant {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN
  if (Number.isNaN(at)) throw new Complaint(`"${name}" must be a time like 2026-11-23T23:30:00Z`)
  return at
}

function rowIn(value: unknown, chargerKw: number): DispatchRow {
  const row: Body = typeof value === 'object' && value !== null ? { ...value } : {}
  const start = timeIn(row.start, 'start')
  const end = timeIn(row.end, 'end')
  if (end <= start) throw new Complaint('"end" must be after "start"')
  const type = row.type ?? 'SMART'
  if (type !== 'SMART' && type !== 'BOOST' && type !== 'TEST') throw new Complaint('"type": SMART, BOOST or TEST')
  const energy = row.energyAddedKwh ?? -(((end - start) / HOUR) * chargerKw)
  if (typeof energy !== 'number') throw new Complaint('"energyAddedKwh" must be a number')
  return { start, end, type, energyKwh: energy }
}

const NUMBERS = ['times', 'probability', 'delay', 'retryAfter'] as const

function faultIn(body: Body): Fault {
  if (!isFaultKind(body.kind)) throw new Complaint(`"kind" is one of ${FAULT_KINDS.join(', ')}`)
  const fault: Record<string, unknown> = { kind: body.kind }
  for (const name of NUMBERS) {
    const value = body[name]
    if (value === undefined) continue
    if (typeof value !== 'number') throw new Complaint(`"${name}" must be a number`)
    fault[name] = value
  }
  for (const name of ['operation', 'field'] as const) if (body[name] !== undefined) fault[name] = String(body[name])
  for (const name of ['from', 'until'] as const) if (body[name] !== undefined) fault[name] = timeIn(body[name], name)
  return { ...fault, kind: body.kind }
}

function stateOf({ clock, household }: ControlParts): unknown {
  return {
    now: toIso(clock.now()),
    speed: clock.speed,
    cars: household.cars.map(car => ({
      car: car.spec.key,
      deviceId: car.deviceId,
      plugged: car.plugged,
      state: car.state,
      suspended: car.suspended,
      watts: car.charger.watts,
      percent: Number(car.charger.percent.toFixed(1)),
      planned: car.listed().map(rowOut),
    })),
    completed: household.completed().map(rowOut),
  }
}

const rowOut = <T extends { readonly start: Instant; readonly end: Instant }>(row: T) => ({
  ...row,
  start: toIso(row.start),
  end: toIso(row.end),
})
