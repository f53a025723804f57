/**
 * When to ask for the prices of a tariff. Pure. Prices without an end are looked at once a day. Those that end are asked for when
 * they can be there: Octopus publishes tomorrow's between 16:00 and 20:00 in London, at no fixed minute, so we ask with growing waits
 * until they are, each installation at minutes of its own, and never at a half-hour mark, when the car's plan is asked for.
 */
import { HALF_HOUR, HOUR, type Instant, MINUTE } from '../../clock.ts'
import { addDays, atLocalTime, type LondonDate, londonDate } from '../../time/london.ts'
import { openEnd } from '../spans.ts'
import { MARKET_DAY_ENDS } from './views.ts'

/** The daily look, the installation's phase added: not at night, since prices of a new day are there before it. */
const DAILY = '07:00'
/** A look this young is as good as today's. */
const DAILY_AFTER = 16 * HOUR

/** Local times from which missing prices are asked for; up to ten minutes of the phase are added, so none comes near a mark. */
const SLOTS = [
  ...['01:05', '04:05', '07:05', '10:05', '13:05'],
  ...['16:05', '16:16', '16:35', '17:05', '17:35', '18:35', '19:35', '20:35', '22:35'],
] as const
/** From this slot on tomorrow is expected. */
export const PUBLISHED_FROM = '16:05'
const SPREAD = 10 * MINUTE

const RETRY_FIRST = 5 * MINUTE
const RETRY_MAX = 3 * HOUR
/** How far from a half-hour mark an asking stays. */
const OFF_THE_MARK = 3 * MINUTE

export interface RateTimesInput {
  /** The first instant from now on whose price on this tariff is not known (`pricesKnownUntil`); null: none is known. */
  readonly knownUntil: Instant | null
  /** When this tariff ends for the meter point, so from when its prices are of no use; null while open. */
  readonly neededUntil: Instant | null
  /** When this tariff was last asked for, whatever came of it; null: never, as for one that begins tomorrow. */
  readonly lastAskedAt: Instant | null
  /** Failed requests in a row. */
  readonly failures: number
  /** This installation's own constant, 0–60 min in milliseconds. */
  readonly phase: number
  readonly now: Instant
}

/** Up to when prices can be expected to be known: to 23:00 of tomorrow once they are published, to 23:00 of today before. */
export function expectedUntil(now: Instant): Instant {
  const today = londonDate(now)
  const day = now >= atLocalTime(today, PUBLISHED_FROM) ? addDays(today, 1) : today
  return atLocalTime(day, MARKET_DAY_ENDS)
}

/** Moves an asking away from the mark, later. Each installation moves by its own amount. */
function offTheMark(at: Instant, phase: number): Instant {
  const behind = at % HALF_HOUR
  const mark = at - behind
  const own = OFF_THE_MARK + Math.floor(phase / 20)
  if (behind < OFF_THE_MARK) return mark + own
  return behind > HALF_HOUR - OFF_THE_MARK ? mark + HALF_HOUR + own : at
}

const firstAfter = (times: readonly Instant[], after: Instant): Instant =>
  times.find(time => time > after) ?? Number.POSITIVE_INFINITY

function slots(date: LondonDate, phase: number): Instant[] {
  const own = Math.floor((phase / HOUR) * SPREAD)
  return [date, addDays(date, 1)].flatMap(day => SLOTS.map(slot => atLocalTime(day, slot) + own))
}

/** The next slot after the last asking at which a price that could be there is missing. */
function missingAt({ knownUntil, neededUntil, lastAskedAt, phase, now }: RateTimesInput): Instant {
  const known = knownUntil ?? Number.NEGATIVE_INFINITY
  // Slots that passed while nobody ran count as one.
  const since = Math.max(lastAskedAt ?? 0, now - 24 * HOUR)
  const dates = [londonDate(since), addDays(londonDate(since), 2)]
  return (
    dates
      .flatMap(date => slots(date, phase))
      .find(slot => slot > since && known < Math.min(expectedUntil(Math.max(slot, now)), openEnd(neededUntil))) ??
    Number.POSITIVE_INFINITY
  )
}

/** The instant of the next request for this tariff's prices: `now` or later. A tariff that was never asked for is asked for at once. */
export function nextRatesAt(input: RateTimesInput): Instant {
  const { lastAskedAt, failures, phase, now } = input
  if (lastAskedAt === null) return now
  if (failures > 0) {
    const retry = lastAskedAt + Math.min(RETRY_FIRST * 2 ** (failures - 1), RETRY_MAX)
    return Math.max(now, offTheMark(retry, phase))
  }
  const young = lastAskedAt + DAILY_AFTER
  const date = londonDate(young)
  const daily = firstAfter(
    [date, addDays(date, 1)].map(day => offTheMark(atLocalTime(day, DAILY) + phase, phase)),
    young,
  )
  return Math.max(now, Math.min(daily, missingAt(input)))
}
