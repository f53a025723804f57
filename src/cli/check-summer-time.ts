/**
 * Whether London's clocks change when `time/summer-time.ts` says. Node.js learns of a new law with its time zones; the daemon
 * knows only its own.
 */
import { IANAZone } from 'luxon'
import { HOUR, type Instant, MINUTE } from '../clock.ts'
import { LONDON, londonDate, londonOffset } from '../time/london.ts'
import { type Doctor, doubtful, type Result } from './doctor.ts'

/** A law is made longer than that before it is in force. */
const AHEAD = 3 * 366 * 24 * HOUR

/** The first hour of the next years for which somebody else says another offset than we; null where there is none. */
export function firstDisagreement(now: Instant, offsetOf: (at: Instant) => number): Instant | null {
  const first = Math.floor(now / HOUR) * HOUR
  for (let at = first; at < first + AHEAD; at += HOUR) if (offsetOf(at) !== londonOffset(at)) return at
  return null
}

const tables = IANAZone.create(LONDON)

/** Says nothing where all is well. */
export async function checkSummerTime(
  doctor: Doctor,
  start: Result<unknown>,
  now: Instant,
  offsetOf = (at: Instant): number => tables.offset(at) * MINUTE,
): Promise<void> {
  const at = firstDisagreement(now, offsetOf)
  if (at === null) return
  await doctor.look('summer time', start, () =>
    doubtful(
      `from ${londonDate(at)} on London's clocks are not what octopus2mqtt takes them for: update octopus2mqtt before then`,
      null,
    ),
  )
}
