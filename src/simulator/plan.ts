/**
 * Plans as Octopus makes them: two to five pieces by night, most on half-hour marks, some at odd minutes, now and then a
 * piece of a few minutes. Pure; instants are UTC milliseconds, energy is in kWh and negative into the car.
 */
import { HALF_HOUR, HOUR, type Instant, MINUTE, SECOND } from '../clock.ts'
import type { DispatchRow } from '../intelligent/types.ts'
import { addDays, atLocalTime, halfHourCeil, isNight, londonDate, type TimeOfDay } from '../time/london.ts'
import type { Random } from './random.ts'

export const OFF_PEAK = { start: '23:30', end: '05:30' } as const

/** What a plan is made for. */
export interface PlanRequest {
  readonly at: Instant
  readonly neededKwh: number
  readonly chargerKw: number
  readonly readyAt: Instant
}

export const byStart = (a: DispatchRow, b: DispatchRow): number => a.start - b.start || a.end - b.end

/** The first instant at or after `at` at which London's clocks show `time`. */
export function nextTime(at: Instant, time: TimeOfDay): Instant {
  for (let date = londonDate(at); ; date = addDays(date, 1)) {
    const candidate = atLocalTime(date, time)
    if (candidate >= at) return candidate
  }
}

const wholeSecond = (at: Instant): Instant => Math.floor(at / SECOND) * SECOND

/** A SMART row, to the second, with the energy that the charger can give in it. */
export const smartRow = (start: Instant, end: Instant, chargerKw: number): DispatchRow => ({
  start: wholeSecond(start),
  end: wholeSecond(end),
  type: 'SMART',
  energyKwh: -Number((((end - start) / HOUR) * chargerKw * 0.97).toFixed(3)),
})

/** Rows at given local times, each pair the next such times after the last: `['23:30', '02:00']`. */
export function rowsAtTimes(after: Instant, pairs: readonly (readonly [TimeOfDay, TimeOfDay])[], kw: number) {
  let from = after
  return pairs.map(([start, end]) => {
    const begins = nextTime(from, start)
    from = nextTime(begins + 1, end)
    return smartRow(begins, from, kw)
  })
}

/** Splits `total` into `parts` whole numbers of at least `least` each. */
function split(total: number, parts: number, least: number, random: Random): number[] {
  const shares = Array.from({ length: parts }, () => least)
  for (let left = total - parts * least; left > 0; left -= 1) {
    const index = random.whole(0, parts - 1)
    shares[index] = (shares[index] ?? 0) + 1
  }
  return shares
}

/** `wanted` of the half hours `free`, in up to `pieces` runs. */
function runsOf(free: readonly Instant[], wanted: number, pieces: number, random: Random): [Instant, Instant][] {
  const spare = free.length - wanted
  const count = Math.max(1, Math.min(pieces, wanted, spare + 1))
  const lengths = split(wanted, count, 1, random)
  const gaps = split(spare - (count - 1), count + 1, 0, random)
  const runs: [Instant, Instant][] = []
  let index = gaps[0] ?? 0
  lengths.forEach((length, i) => {
    const first = free[index]
    const last = free[index + length - 1]
    if (first !== undefined && last !== undefined) runs.push([first, last + HALF_HOUR])
    index += length + 1 + (gaps[i + 1] ?? 0)
  })
  return runs
}

/** Moves one end inwards to a minute, or a second, that is on no grid. */
function offTheGrid(row: DispatchRow, kw: number, random: Random): DispatchRow {
  const shift = random.whole(1, 14) * MINUTE + (random.chance(0.3) ? random.whole(1, 59) * SECOND : 0)
  if (row.end - row.start <= shift + 5 * MINUTE) return row
  return random.chance(0.5) ? smartRow(row.start + shift, row.end, kw) : smartRow(row.start, row.end - shift, kw)
}

const inHalves = (row: DispatchRow, kw: number): DispatchRow[] => {
  const rows: DispatchRow[] = []
  for (let from = row.start; from < row.end; ) {
    const to = Math.min(row.end, halfHourCeil(from + 1))
    rows.push(smartRow(from, to, kw))
    from = to
  }
  return rows
}

/** A full plan up to `readyAt`, mostly by night; empty where the car needs nothing. */
export function seededPlan(request: PlanRequest, random: Random): DispatchRow[] {
  const { at, chargerKw, readyAt } = request
  const wanted = Math.ceil(request.neededKwh / (chargerKw / 2))
  if (wanted <= 0) return []
  const free: Instant[] = []
  for (let mark = halfHourCeil(at); mark + HALF_HOUR <= readyAt; mark += HALF_HOUR) free.push(mark)
  const night = free.filter(mark => isNight(mark, OFF_PEAK))
  // Most plans keep to the night; some take evening and morning too, as 18:39-04:00 was seen to.
  const pool = night.length >= wanted && random.chance(0.75) ? night : free
  const rows = runsOf(pool, Math.min(wanted, pool.length), random.whole(2, 5), random)
    .map(([start, end]) => smartRow(start, end, chargerKw))
    .map(row => (random.chance(0.4) ? offTheGrid(row, chargerKw, random) : row))
    .flatMap(row => (random.chance(0.2) ? inHalves(row, chargerKw) : [row]))
  if (random.chance(0.1)) rows.push(smartRow(at, halfHourCeil(at + 1), chargerKw))
  const holes = free.filter(mark => !rows.some(row => row.start < mark + HALF_HOUR && row.end > mark))
  const [hole, ...others] = holes
  if (hole !== undefined && random.chance(0.15)) {
    const start = random.pick([hole, ...others]) + random.whole(1, 15) * MINUTE
    rows.push(smartRow(start, start + random.whole(3, 9) * MINUTE, chargerKw))
  }
  return rows.sort(byStart)
}

/** What is left to plan for behind the rows that run. */
function after(running: readonly DispatchRow[], request: PlanRequest): PlanRequest {
  const at = Math.max(request.at, ...running.map(row => row.end))
  const given = ((at - request.at) / HOUR) * request.chargerKw
  return { ...request, at, neededKwh: Math.max(0, request.neededKwh - given) }
}

/** One change of mind: the next row moves, a row is added at the last minute, or everything ahead is planned again. */
export function revisedPlan(
  rows: readonly DispatchRow[],
  request: PlanRequest,
  random: Random,
): readonly DispatchRow[] {
  const { at, chargerKw } = request
  if (rows.length === 0) return request.neededKwh > 1 ? seededPlan(request, random) : []
  const running = rows.filter(row => row.start <= at)
  const next = rows.find(row => row.start > at)
  const draw = random.next()
  if (draw < 0.05 && running.length === 0) {
    const start = at + random.whole(-2, 2) * MINUTE
    const end = Math.min(halfHourCeil(at + 1), next?.start ?? Number.POSITIVE_INFINITY)
    return end - start >= MINUTE ? [...rows, smartRow(start, end, chargerKw)].sort(byStart) : rows
  }
  if (next === undefined) return rows
  if (draw < 0.5) {
    return [...rows.filter(row => row !== next), offTheGrid(next, chargerKw, random)].sort(byStart)
  }
  return draw < 0.65 ? [...running, ...seededPlan(after(running, request), random)].sort(byStart) : rows
}
