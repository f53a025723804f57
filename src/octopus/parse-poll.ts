/** What an answer to a poll says, in this project's shapes. Anything may be missing; a row without usable times is dropped. */
import type { Instant } from '../clock.ts'
import type { Answer, CarAnswer, CompletedRow, DispatchRow, Measured } from '../intelligent/types.ts'
import { octopusError } from './errors.ts'
import { asArray, asBoolean, asInstant, asNumber, asObject, asText, type JsonObject } from './json.ts'
import { isCar, parseDevice } from './parse-devices.ts'
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
  const plans = deviceIds.map((_, car) => listOf(data[`p${car}`], toDispatchRow))
  const completed = listOf(data.completedDispatches, toCompletedRow)
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
    return devices
      .map(device => asObject(device) ?? {})
      .filter(device => isWanted(device, planned))
      .map(device => carAnswer(device, planned.get(String(device.id)) ?? null, now))
  if ([...planned.values()].every(rows => rows === null)) return null
  return [...planned].map(([id, rows]) => carAnswer({ id }, rows, now))
}

/** A live car or charge point; in the minimal poll, which does not say, one of those asked about. */
function isWanted(device: JsonObject, planned: ReadonlyMap<string, unknown>): boolean {
  const facts = parseDevice(device)
  if (facts !== null && facts.lifeCycle !== null) return isCar(facts) && facts.lifeCycle === 'LIVE'
  return planned.has(String(device.id))
}

function carAnswer(device: JsonObject, planned: readonly DispatchRow[] | null, now: Instant): CarAnswer {
  const status = asObject(device.status) ?? {}
  return {
    deviceId: String(device.id),
    facts: parseDevice(device),
    currentState: asText(status.currentState),
    isSuspended: asBoolean(status.isSuspended),
    planned,
    stateOfCharge: toPercentage(status.stateOfCharge),
    ...nextReady(device.preferences, now),
  }
}

function toPercentage(reading: unknown): Measured<number> | null {
  const { value, timestamp } = asObject(reading) ?? {}
  const number = asNumber(value)
  return number === null || number < 0 || number > 100 ? null : { value: number, at: asInstant(timestamp) }
}

function toDispatchRow(row: JsonObject): Omit<DispatchRow, 'start' | 'end'> {
  return { type: dispatchType(row.type), energyKwh: asNumber(row.energyAddedKwh) }
}

function toCompletedRow(row: JsonObject): Omit<CompletedRow, 'start' | 'end'> {
  const meta = asObject(row.meta) ?? {}
  return { energyKwh: asNumber(row.delta), source: dispatchType(meta.source), location: asText(meta.location) }
}

/** The words of the older field (`smart-charge`, `bump-charge`, `test-charge`) mean the same. */
function dispatchType(type: unknown): string | null {
  const word = asText(type)
    ?.trim()
    .toUpperCase()
    .replace(/[-_ ]CHARGE$/, '')
  return word === 'BUMP' ? 'BOOST' : (word ?? null)
}

interface Listed<T> {
  readonly rows: readonly (T & { start: Instant; end: Instant })[] | null
  readonly dropped: number
}

function listOf<T>(value: unknown, rest: (row: JsonObject) => T): Listed<T> {
  const values = list(value)
  if (values === null) return { rows: null, dropped: 0 }
  const rows = values.flatMap(each => {
    const row = asObject(each) ?? {}
    const start = asInstant(row.start)
    const end = asInstant(row.end)
    return start === null || end === null || end <= start ? [] : [{ start, end, ...rest(row) }]
  })
  return { rows, dropped: values.length - rows.length }
}

function list(value: unknown): readonly unknown[] | null {
  if (value === null || value === undefined) return null
  const values = asArray(value)
  if (values === null) throw octopusError('OCTOPUS_BAD_ANSWER', { problem: 'not a list' })
  return values
}
