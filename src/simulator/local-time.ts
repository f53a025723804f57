/** How REST writes and reads times of readings and agreements: London's, with the offset. */
import { DateTime } from 'luxon'
import { HOUR, type Instant } from '../clock.ts'
import { LONDON, londonOffset } from '../time/london.ts'
import type { JsonAnswer } from './exchange.ts'

/** Local time with its offset, `2026-07-19T00:30:00+01:00`; `Z` where there is none. */
export function localTime(at: Instant): string {
  const offset = londonOffset(at)
  const time = new Date(at + offset).toISOString().slice(0, 19)
  return offset === 0 ? `${time}Z` : `${time}+0${offset / HOUR}:00`
}

/** A time of the query: without an offset it is London's. `null` where it cannot be read. */
function timeOf(text: string): Instant | null {
  const time = DateTime.fromISO(text.replace(' ', '+'), { zone: LONDON })
  return time.isValid ? time.toMillis() : null
}

export const complaint = (field: string, message: string): JsonAnswer => ({
  status: 400,
  body: { [field]: [message] },
})

export interface Period {
  readonly from: Instant
  readonly to: Instant
}

/** [period_from, period_to) of a query; an answer instead where it makes no sense. An end needs a beginning. */
export function periodOf(query: URLSearchParams, always: Period): Period | JsonAnswer {
  const since = query.get('period_from')
  const until = query.get('period_to')
  if (since === null && until !== null) return complaint('period_from', 'This is needed with `period_to`.')
  const from = since === null ? always.from : timeOf(since)
  const to = until === null ? always.to : timeOf(until)
  if (from === null) return complaint('period_from', 'This is no date and time.')
  if (to === null) return complaint('period_to', 'This is no date and time.')
  return { from, to }
}
