/** Requests that are not about dispatches: counted by our own rules, and by the arithmetic of the reference integration. */
import { HOUR, type Instant, MINUTE } from '../src/clock.ts'
import { nextReadingAt } from '../src/energy/reading-times.ts'
import { addDays, londonDate } from '../src/time/london.ts'
import type { Recording } from './recording.ts'

/**
 * A day of the reference integration with its defaults (import meter, one car, member of Octoplus): 1440 minutes over
 * each interval. Automatic mode adds a dispatch request each 3 minutes.
 */
export const REFERENCE = {
  tokens: 26,
  account: 4,
  products: 4,
  devices: 4,
  carSettings: 480,
  points: 24,
  savingSessions: 96,
  wheel: 24,
  greenerNights: 8,
  rates: 2,
  consumption: 48,
  newDay: 2,
  missingHistory: 20,
} as const

export const REFERENCE_OTHER = Object.values(REFERENCE).reduce((sum, count) => sum + count, 0)
export const REFERENCE_AUTOMATIC = REFERENCE_OTHER + 480
export const REFERENCE_MANUAL = REFERENCE_OTHER + 242

/** A token lives an hour and is not used in its last five minutes. */
const TOKEN_GOOD_FOR = HOUR - 5 * MINUTE
/** Accounts of the key, the account, its devices. */
const REQUESTS_OF_A_LOOK = 3
const LOOK_EVERY = 24 * HOUR

function readingRequests(recording: Recording, phase: number): number {
  const completeBy = (now: Instant) => {
    let date = addDays(londonDate(now), -1)
    while (recording.readingsCompleteAt(date) > now) date = addDays(date, -1)
    return date
  }
  let count = 0
  let at = recording.begin
  while (at < recording.end) {
    count += 1
    const now = at
    at = nextReadingAt({ newestComplete: completeBy(now), lastAskedAt: now, failures: 0, phase, now })
  }
  return count
}

/** Tokens, the daily look at the account, and readings of one import meter, beside these dispatch requests. */
export function ourOtherRequests(recording: Recording, dispatchCalls: readonly Instant[], phase: number): number {
  const looks: Instant[] = []
  for (let at = recording.begin; at < recording.end; at += LOOK_EVERY) looks.push(at)
  let tokens = 0
  let goodUntil = Number.NEGATIVE_INFINITY
  for (const at of [...looks, ...dispatchCalls].sort((a, b) => a - b)) {
    if (at < goodUntil) continue
    tokens += 1
    goodUntil = at + TOKEN_GOOD_FOR
  }
  // REST takes the API key itself, so readings need no token.
  return tokens + looks.length * REQUESTS_OF_A_LOOK + readingRequests(recording, phase)
}
