import type { Instant } from '../clock.ts'
import type { CarAnswer } from '../intelligent/types.ts'
import { addDays, atLocalTime, londonDate } from '../time/london.ts'
import { asListOf, asObject, asQuantity, asText } from './json.ts'

const WEEKDAYS = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY']

/** A week has seven; some devices might have several a day. */
const MOST_SCHEDULES = 50

interface Schedule {
  readonly weekday: number
  readonly time: string
  readonly target: number | null
}

/**
 * The next time by which the car is to be ready, London time, and the target of that day in %. A week has a schedule for
 * each day; times come as `07:30:00`.
 */
// assumption: for a charge point, whose target is RELATIVE_STATE_OF_CHARGE ("add 40 %"), the number is shown as it is set.
export function nextReady(preferences: unknown, now: Instant): Pick<CarAnswer, 'chargeTarget' | 'readyBy'> {
  const { unit, schedules } = asObject(preferences) ?? {}
  const week = (asListOf(schedules, MOST_SCHEDULES) ?? []).map(readSchedule).filter(schedule => schedule !== null)
  const today = londonDate(now)
  const firstDay = new Date(`${today}T00:00:00Z`).getUTCDay()
  for (let days = 0; days <= 7; days += 1) {
    const date = addDays(today, days)
    const weekday = (firstDay + days) % 7
    const ready = week
      .filter(schedule => schedule.weekday === weekday && atLocalTime(date, schedule.time) > now)
      .sort((a, b) => (a.time < b.time ? -1 : 1))[0]
    if (ready !== undefined) return { readyBy: ready.time, chargeTarget: unit === 'CELSIUS' ? null : ready.target }
  }
  return { readyBy: null, chargeTarget: null }
}

function readSchedule(value: unknown): Schedule | null {
  const { dayOfWeek, time, max } = asObject(value) ?? {}
  const weekday = WEEKDAYS.indexOf(asText(dayOfWeek)?.toUpperCase() ?? '')
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)/.exec(asText(time) ?? '') ?? []
  if (weekday === -1 || hours === undefined) return null
  const target = asQuantity(max)
  return {
    weekday,
    time: `${hours}:${minutes}`,
    target: target !== null && target >= 0 && target <= 100 ? target : null,
  }
}
