/**
 * Half hours, days, noons and nights in Europe/London. Pure: every function takes its instants.
 * Instants are milliseconds since the epoch, UTC; a `LondonDate` is a calendar day there, `2026-11-23`.
 */
import { HALF_HOUR, HOUR, type Instant, MINUTE } from '../clock.ts'
import { londonOffset } from './summer-time.ts'

export { londonOffset }

export const LONDON = 'Europe/London'

/** A calendar day in London, ISO: `2026-11-23`. */
export type LondonDate = string

/** A local time of day, 24 hours: `23:30`. */
export type TimeOfDay = string

/** Minutes since midnight by the clock on the wall. */
export interface NightWindow {
  readonly start: TimeOfDay
  readonly end: TimeOfDay
}

const DAY = 24 * HOUR

/** The same few days are asked for over and over. Stays pure: what is remembered depends on the key alone. */
function remembering<Key, Value>(make: (key: Key) => Value, most = 1_000): (key: Key) => Value {
  const known = new Map<Key, Value>()
  return key => {
    let value = known.get(key)
    if (value === undefined) {
      value = make(key)
      if (known.size >= most) known.clear()
      known.set(key, value)
    }
    return value
  }
}

/** The instant at which London's clocks show these milliseconds since 1970; `near` is the offset before a change. */
function fromLocal(local: number, near: number): Instant {
  const guess = local - near
  const offset = londonOffset(guess)
  if (offset === near) return guess
  const other = londonOffset(local - offset)
  return local - (offset === other ? offset : Math.min(offset, other))
}

/** A calendar day by its number since 1970, and the other way round. */
const dayNumber = remembering((date: LondonDate) => Date.parse(`${date}T00:00:00Z`) / DAY)
const dateOf = remembering((day: number): LondonDate => new Date(day * DAY).toISOString().slice(0, 10))

/** The start of the settlement half hour (:00 or :30) that contains `at`. London's offset is whole hours, so UTC serves. */
export const halfHourStart = (at: Instant): Instant => Math.floor(at / HALF_HOUR) * HALF_HOUR

/** The first half-hour mark at or after `at`. */
export const halfHourCeil = (at: Instant): Instant => Math.ceil(at / HALF_HOUR) * HALF_HOUR

export const londonDate = (at: Instant): LondonDate => dateOf(Math.floor((at + londonOffset(at)) / DAY))

/** Midnight that begins the day. London's midnight always exists and is never ambiguous: clocks change at 01:00 UTC. */
export const startOfDay = remembering((date: LondonDate): Instant => {
  const day = dayNumber(date) * DAY
  return fromLocal(day, londonOffset(day))
})

export const addDays = (date: LondonDate, days: number): LondonDate => dateOf(dayNumber(date) + days)

/** Every half hour of the day, 46, 48 or 50 of them, as the instants at which they start. */
export function halfHoursOfDay(date: LondonDate): Instant[] {
  const end = startOfDay(addDays(date, 1))
  const marks: Instant[] = []
  for (let at = startOfDay(date); at < end; at += HALF_HOUR) marks.push(at)
  return marks
}

/** The latest local noon at or before `at`: the smart-charging allowance counts from noon to noon. */
export function lastNoon(at: Instant): Instant {
  if (noons.start <= at && at < noons.end) return noons.start
  const date = londonDate(at)
  const noon = atLocalTime(date, '12:00')
  const start = noon <= at ? noon : atLocalTime(addDays(date, -1), '12:00')
  noons = { start, end: noon <= at ? atLocalTime(addDays(date, 1), '12:00') : noon }
  return start
}

/** By the clock on the wall, milliseconds since midnight. */
export const sinceMidnight = remembering((time: TimeOfDay) => {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  return hour * HOUR + minute * MINUTE
})

/** The instant of a local time on a day. A time that does not exist (spring) is the instant an hour later by the wall. */
export function atLocalTime(date: LondonDate, time: TimeOfDay): Instant {
  const midnight = startOfDay(date)
  return fromLocal(dayNumber(date) * DAY + sinceMidnight(time), londonOffset(midnight))
}

export interface Interval {
  readonly start: Instant
  readonly end: Instant
}

/** A night and the end of the one before: the answer for every instant from `since` to the night's end. */
interface FoundNight {
  readonly night: NightWindow
  readonly since: Instant
  readonly interval: Interval
}

// Time-zone arithmetic is slow and asked for at every edge, nearly always about the same few nights and the same noon:
// they are remembered. The functions stay pure: what is remembered depends on the arguments alone.
const NIGHTS_KEPT = 8
const nights: FoundNight[] = []
let noons: Interval = { start: 0, end: 0 }

/**
 * The night that covers `at`, or else the next one. A night is given by the clock on the wall, so it lasts 5 or 7 hours
 * where London's clocks change inside it.
 */
export function nightAtOrAfter(at: Instant, night: NightWindow): Interval {
  const known = nights.find(
    found =>
      at >= found.since &&
      at < found.interval.end &&
      found.night.start === night.start &&
      found.night.end === night.end,
  )
  if (known) return known.interval
  const found = findNight(at, night)
  nights.unshift(found)
  nights.length = Math.min(nights.length, NIGHTS_KEPT)
  return found.interval
}

function findNight(at: Instant, night: NightWindow): FoundNight {
  const today = londonDate(at)
  let since = Number.NEGATIVE_INFINITY
  for (let offset = -2; ; offset += 1) {
    const date = addDays(today, offset)
    const start = atLocalTime(date, night.start)
    const end = atLocalTime(night.end > night.start ? date : addDays(date, 1), night.end)
    if (end > at) return { night, since, interval: { start, end } }
    since = end
  }
}

export const isNight = (at: Instant, night: NightWindow): boolean => nightAtOrAfter(at, night).start <= at

// The same half hours and rows are written again and again: what a second is called depends on the second alone.
const written = new Map<number, string>()
const WRITTEN_KEPT = 1_000

/** UTC, whole seconds: `2026-11-23T23:30:00Z`. The form of every time that we publish. */
export function toIso(at: Instant): string {
  const second = Math.floor(at / 1000)
  const known = written.get(second)
  if (known !== undefined) return known
  const text = `${new Date(second * 1000).toISOString().slice(0, 19)}Z`
  if (written.size >= WRITTEN_KEPT) written.clear()
  written.set(second, text)
  return text
}
