/** The nights on which London's clocks change. Pure. */
import { HOUR, type Instant } from '../clock.ts'
import { addDays, type LondonDate, londonDate, startOfDay } from '../time/london.ts'

/** Whether the clocks change in the night after that day. */
export const isEveOfClockChange = (date: LondonDate): boolean => {
  const next = addDays(date, 1)
  return startOfDay(addDays(next, 1)) - startOfDay(next) !== 24 * HOUR
}

/** The first such day that is not before the one that contains `at`. */
export function eveOfClockChange(at: Instant): LondonDate {
  let date = londonDate(at)
  while (!isEveOfClockChange(date)) date = addDays(date, 1)
  return date
}
