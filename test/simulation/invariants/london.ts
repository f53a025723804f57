/** London's clocks, told by the platform and not by the code under test. */
import { HOUR, type Instant, MINUTE } from '../../../src/clock.ts'

/** Of most days. */
export const DAY_LENGTH = 24 * HOUR

const format = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
})

interface Wall {
  /** `2026-11-24` */
  readonly date: string
  readonly minuteOfDay: number
}

/** London's offset is whole hours and changes on the hour, so one look at the platform's zones serves an hour. */
const offsets = new Map<number, number>()
const MOST_KEPT = 5_000

function offsetAt(at: Instant): number {
  const hour = Math.floor(at / HOUR)
  const known = offsets.get(hour)
  if (known !== undefined) return known
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
  const { year, month, day, hour: h, minute } = parts
  const local = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(h), Number(minute))
  const offset = Math.round((local - at) / HOUR) * HOUR
  if (offsets.size >= MOST_KEPT) offsets.clear()
  offsets.set(hour, offset)
  return offset
}

export function londonWall(at: Instant): Wall {
  const local = new Date(at + offsetAt(at))
  return { date: local.toISOString().slice(0, 10), minuteOfDay: local.getUTCHours() * 60 + local.getUTCMinutes() }
}

/** 23:30 to 05:30 by the clock on the wall. */
export function londonNight(at: Instant): boolean {
  const minuteOfDay = Math.floor(((at + offsetAt(at)) % DAY_LENGTH) / MINUTE)
  return minuteOfDay >= 23 * 60 + 30 || minuteOfDay < 5 * 60 + 30
}
