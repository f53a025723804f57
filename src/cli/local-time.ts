/** Instants as a person in London reads them, with the zone always said. Pure. */
import type { Instant } from '../clock.ts'
import { LONDON } from '../time/london.ts'

const parts = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat('en-GB', { timeZone: LONDON, ...options })

const CLOCK = parts({ hour: '2-digit', minute: '2-digit', second: '2-digit' })
const SHORT = parts({ hour: '2-digit', minute: '2-digit' })
const DAY = parts({ weekday: 'short', day: 'numeric', month: 'short' })
const YEAR = parts({ year: 'numeric' })
const ZONE = parts({ timeZoneName: 'short' })

/** `GMT` or `BST`. */
export const zoneOf = (at: Instant): string =>
  ZONE.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT'

/** `17:50:08`: for the beginning of a line, where the zone was said before. */
export const clockTime = (at: Instant): string => CLOCK.format(at)

/** `17:50`. */
export const shortTime = (at: Instant): string => SHORT.format(at)

/** `Tue 24 Nov`. */
export const dayName = (at: Instant): string => DAY.format(at).replace(',', '')

/** `18:05 GMT`, with seconds where there are any, and with the day where it is not the one of `now`: `Wed 25 Nov 01:30 GMT`. */
export function localTime(at: Instant, now: Instant): string {
  const time = at % 60_000 === 0 ? shortTime(at) : clockTime(at)
  const year = YEAR.format(at) === YEAR.format(now) ? '' : ` ${YEAR.format(at)}`
  const day = dayName(at) === dayName(now) && year === '' ? '' : `${dayName(at)}${year} `
  return `${day}${time} ${zoneOf(at)}`
}

const UTC_INSTANT = /\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|\+00:00)/g

/** The text with every instant in UTC that is in it said in local time. */
export const withLocalTimes = (text: string, now: Instant): string =>
  text.replaceAll(UTC_INSTANT, found => {
    const at = Date.parse(found)
    return Number.isNaN(at) ? found : localTime(Math.floor(at / 1_000) * 1_000, now)
  })
