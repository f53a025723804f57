/** What an answer to a poll says, in this project's shapes. Anything may be missing; a row without usable times is dropped. */
import { HOUR, type Instant } from '../clock.ts'
import type { Answer, CarAnswer, CompletedRow, DeviceFacts, DispatchRow, Measured } from '../intelligent/types.ts'
import { octopusError } from './errors.ts'
import { asArray, asBoolean, asId, asInstant, asName, asObject, asQuantity, type JsonObject } from './json.ts'
import { eachOnce, isCar, MOST_CARS, parseDevice } from './parse-devices.ts'
import { nextReady } from './preferences.ts'

export interface PollContext {
  /** In the order of the document's `p0`, `p1`, … */
  readonly deviceIds: readonly string[]
  readonly askedAt: Instant
  readonly fetchedAt: Instant
  readonly errorCodes: readonly string[]
}

export interface ParsedPoll {
  readonly answer: Answer
  /** Rows that were left out because their times made no sense. */
  readonly dropped: number
}

/** Throws OCTOPUS_BAD_ANSWER where the answer has nothing of what was asked, or a list is something else. */
export function parsePoll(data: JsonObject, context: PollContext): ParsedPoll {
  const { deviceIds, askedAt, fetchedAt, errorCodes } = context
  const plans = deviceIds.map((_, car) => listOf(data[`p${car}`], fetchedAt, toDispatchRow))
  const completed = listOf(data.completedDispatches, fetchedAt, toCompletedRow)
  const planned = new Map(deviceIds.map((id, car) => [id, plans[car]?.rows ?? null]))
  const cars = carsOf(list(data.devices), planned, fetchedAt)
  if (cars === null && completed.rows === null)
    throw octopusError('OCTOPUS_BAD_ANSWER', { problem: 'nothing asked for' })
  const dropped = [...plans, completed].reduce((sum, each) => sum + each.dropped, 0)
  return { answer: { askedAt, fetchedAt, cars, completed: completed.rows, errorCodes: [...errorCodes] }, dropped }
}

/** Where the list of devices failed, a plan that came is still worth having: its car then says nothing else. */
function carsOf(
  devices: readonly unknown[] | null,
  planned: ReadonlyMap<string, readonly DispatchRow[] | null>,
  now: Instant,
): CarAnswer[] | null {
  if (devices !== null)
    return eachOnce(devices.map(listing).filter(each => isWanted(each, planned)))
      .slice(0, MOST_CARS)
      .map(each => carAnswer(each, planned.get(each.deviceId) ?? null, now))
  if ([...planned.values()].every(rows => rows === null)) return null
  return [...planned].map(([deviceId, rows]) => carAnswer({ deviceId, facts: null, device: {} }, rows, now))
}

/** What is listed of one device, and its id, which is empty where there is none that could be one. */
interface Listing {
  readonly deviceId: string
  readonly facts: DeviceFacts | null
  readonly device: JsonObject
}

function listing(value: unknown): Listing {
  const device = asObject(value) ?? {}
  return { deviceId: asId(device.id) ?? '', facts: parseDevice(device), device }
}

/** A live car or charge point; in the minimal poll, which does not say, one of those asked about. */
function isWanted({ deviceId, facts }: Listing, planned: ReadonlyMap<string, unknown>): boolean {
  if (facts !== null && facts.lifeCycle !== null) return isCar(facts) && facts.lifeCycle === 'LIVE'
  return planned.has(deviceId)
}

function carAnswer(
  { deviceId, facts, device }: Listing,
  planned: readonly DispatchRow[] | null,
  now: Instant,
): CarAnswer {
  const status = asObject(device.status) ?? {}
  return {
    deviceId,
    facts,
    currentState: asName(status.currentState),
    isSuspended: asBoolean(status.isSuspended),
    planned,
    stateOfCharge: toPercentage(status.stateOfCharge),
    ...nextReady(device.preferences, now),
  }
}

function toPercentage(reading: unknown): Measured<number> | null {
  const { value, timestamp } = asObject(reading) ?? {}
  const number = asQuantity(value)
  return number === null || number < 0 || number > 100 ? null : { value: number, at: asInstant(timestamp) }
}

function toDispatchRow(row: JsonObject): Omit<DispatchRow, 'start' | 'end'> {
  return { type: dispatchType(row.type), energyKwh: asQuantity(row.energyAddedKwh) }
}

function toCompletedRow(row: JsonObject): Omit<CompletedRow, 'start' | 'end'> {
  const meta = asObject(row.meta) ?? {}
  return { energyKwh: asQuantity(row.delta), source: dispatchType(meta.source), location: asName(meta.location) }
}

/** The words of the older field (`smart-charge`, `bump-charge`, `test-charge`) mean the same. */
function dispatchType(type: unknown): string | null {
  const word = asName(type)
    ?.toUpperCase()
    .replace(/[-_ ]CHARGE$/, '')
  return word === 'BUMP' ? 'BOOST' : (word ?? null)
}

/** A plan has a row for some half hours of a day or two; the list of what was completed is as long. */
const MOST_ROWS = 200

/** A dispatch that would last longer, or lies further away, is none: a person is told of it as of one without times. */
const LONGEST_ROW = 48 * HOUR
const FURTHEST = 31 * 24 * HOUR

interface Listed<T> {
  readonly rows: readonly (T & { start: Instant; end: Instant })[] | null
  readonly dropped: number
}

function listOf<T>(value: unknown, now: Instant, rest: (row: JsonObject) => T): Listed<T> {
  const values = list(value)
  if (values === null) return { rows: null, dropped: 0 }
  const rows = values.slice(0, MOST_ROWS).flatMap(each => {
    const row = asObject(each) ?? {}
    const start = asInstant(row.start)
    const end = asInstant(row.end)
    if (start === null || end === null || end <= start || end - start > LONGEST_ROW) return []
    return Math.abs(start - now) > FURTHEST ? [] : [{ start, end, ...rest(row) }]
  })
  return { rows, dropped: values.length - rows.length }
}

function list(value: unknown): readonly unknown[] | null {
  if (value === null || value === undefined) return null
  const values = asArray(value)
  if (values === null) throw octopusError('OCTOPUS_BAD_ANSWER', { problem: 'not a list' })
  return values
}
