/** Stretches in which nothing goes wrong, so that it can be seen whether everything comes right again. */
import { HOUR, type Instant } from '../../../src/clock.ts'
import type { Random } from '../../../src/simulator/random.ts'
import type { Interval } from '../../../src/time/london.ts'

const DAY = 24 * HOUR

/** In each so many days there is one, of so many hours. */
export const CALM = { everyDays: 3, leastHours: 6, mostHours: 14 } as const

/** The calm stretch of the block of days that holds the day number `day` (from 0). */
export function calmAround(random: Random, from: Instant, day: number): Interval {
  const block = Math.floor(day / CALM.everyDays)
  const own = random.fork(`calm ${block}`)
  const length = own.whole(CALM.leastHours, CALM.mostHours) * HOUR
  const begins = from + block * CALM.everyDays * DAY
  const start = Math.round(begins + own.between(0, CALM.everyDays * DAY - length))
  return { start, end: start + length }
}
