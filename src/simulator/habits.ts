/** When a car comes home and leaves, and how far it goes: the same kind of day for every household, in its own measure. */
import { type Instant, MINUTE } from '../clock.ts'
import { addDays, atLocalTime, type LondonDate, type TimeOfDay } from '../time/london.ts'
import type { Random } from './random.ts'

export interface Habits {
  readonly comesHome: TimeOfDay
  readonly leaves: TimeOfDay
  /** How often it is plugged in about 09:00 instead, and how often not at all. */
  readonly mornings: number
  readonly staysUnplugged: number
  /** Of the battery between two plug-ins, %. */
  readonly uses: readonly [number, number]
}

export const USUAL: Habits = {
  comesHome: '18:10',
  leaves: '07:40',
  mornings: 0.15,
  staysUnplugged: 0.12,
  uses: [8, 45],
}

export interface DrawnDay {
  readonly plugIn: Instant
  /** On the next day. */
  readonly leave: Instant
  readonly used: number
  readonly stays: boolean
}

/** Most evenings a plug-in about the usual time, now and then one in the morning, some days none. */
export function drawnDay(random: Random, date: LondonDate, habits: Habits): DrawnDay {
  const morning = random.chance(habits.mornings)
  const stays = random.chance(habits.staysUnplugged)
  const usual = atLocalTime(date, morning ? '09:00' : habits.comesHome)
  const plugIn = usual + random.normal(0, (morning ? 40 : 75) * MINUTE)
  const leave = atLocalTime(addDays(date, 1), habits.leaves) + random.normal(0, 40 * MINUTE)
  return { plugIn, leave, used: random.between(...habits.uses), stays }
}

/** Somebody's own: the car of a commuter, of somebody who works at home, of somebody who drives at the weekend. */
export function drawnHabits(random: Random): Habits {
  const least = random.whole(2, 12)
  return {
    comesHome: random.pick(['15:40', '17:30', '18:10', '18:45', '19:20', '21:50']),
    leaves: random.pick(['06:20', '07:40', '07:55', '08:30', '09:15']),
    mornings: random.pick([0.03, 0.15, 0.35]),
    staysUnplugged: random.pick([0.05, 0.12, 0.3]),
    uses: [least, least + random.whole(10, 40)],
  }
}
