/**
 * Which register counts when, for tariffs whose prices come by register and not by time: Octopus gives the price of the
 * night, and the hours of the night are known otherwise. Pure.
 */
import { HOUR, type Instant } from '../../clock.ts'
import { isNight, londonOffset, type NightWindow, sinceMidnight } from '../../time/london.ts'
import type { RateBand } from '../types.ts'

/** The hours of the registers. A time of day that is later than its end runs over midnight. */
export interface RegisterHours {
  /** The night of an Intelligent product: by the clock on the wall in London, all year. */
  readonly intelligentNight: NightWindow
  /** The night of Economy 7: UTC all year, so an hour later by the wall in summer. */
  readonly economy7Night: NightWindow
  /** The cheapest of three registers (`night`): by the wall. */
  readonly threeRateNight: readonly NightWindow[]
  /** The dearest of three registers (`day`): by the wall. What is neither is `off_peak`. */
  readonly threeRateDay: readonly NightWindow[]
}

export const DEFAULT_REGISTER_HOURS: RegisterHours = {
  intelligentNight: { start: '23:30', end: '05:30' },
  // Octopus's help page on Economy 7 and smart meters: a fixed 00:30 to 07:30 UTC, 01:30 to 08:30 by the clock in summer.
  economy7Night: { start: '00:30', end: '07:30' },
  // assumption: three registers switch at Cosy's hours, and Octopus calls the dearest day and the cheapest night.
  threeRateNight: [
    { start: '04:00', end: '07:00' },
    { start: '13:00', end: '16:00' },
    { start: '22:00', end: '00:00' },
  ],
  threeRateDay: [{ start: '16:00', end: '19:00' }],
}

const DAY = 24 * HOUR

/** Whether a clock that is `offset` ahead of UTC shows a time within the window. */
function inWindow(at: Instant, window: NightWindow, offset: number): boolean {
  const time = (((at + offset) % DAY) + DAY) % DAY
  const [start, end] = [sinceMidnight(window.start), sinceMidnight(window.end)]
  return start < end ? start <= time && time < end : start <= time || time < end
}

/** The register that counts at an instant, by the tariff's number of them. */
export function registerAt(
  kind: 'day_night' | 'three_rate' | 'four_rate',
  hours: RegisterHours,
  at: Instant,
): Extract<RateBand, 'day' | 'night' | 'off_peak'> {
  if (kind === 'four_rate') return isNight(at, hours.intelligentNight) ? 'night' : 'day'
  if (kind === 'day_night') return inWindow(at, hours.economy7Night, 0) ? 'night' : 'day'
  const wall = londonOffset(at)
  if (hours.threeRateNight.some(window => inWindow(at, window, wall))) return 'night'
  return hours.threeRateDay.some(window => inWindow(at, window, wall)) ? 'day' : 'off_peak'
}
