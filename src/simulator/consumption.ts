/** Readings over REST: the half hours of a meter, newest first unless told otherwise. */
import { HALF_HOUR, type Instant } from '../clock.ts'
import { atLocalTime, londonDate } from '../time/london.ts'
import type { JsonAnswer } from './exchange.ts'
import type { Fault } from './faults.ts'
import { complaint, localTime, periodOf } from './local-time.ts'
import { restPage } from './paging.ts'
import type { World } from './resolvers.ts'

const MOST_ROWS = 25_000

export const CONSUMPTION = /^\/v1\/(electricity|gas)-meter-points\/([^/]+)\/meters\/([^/]+)\/consumption\/$/

/** Null where the account has no such meter point. */
export function consumption(world: World, url: URL, faults: readonly Fault[]): JsonAnswer | null {
  const { account, clock, household } = world
  const [, fuel, point, serial] = CONSUMPTION.exec(url.pathname) ?? []
  const supply = account.supplies.find(each => each.point === point && (each.kind === 'gas') === (fuel === 'gas'))
  const meter = supply && household.meters[supply.kind]
  if (supply === undefined || meter === undefined) return null

  const query = url.searchParams
  const period = periodOf(query, { from: 0, to: clock.now() })
  if ('status' in period) return period
  if (query.has('group_by')) return complaint('group_by', 'The simulator gives half hours only.')

  // A meter that is not the one in use answers with nothing, not with an error.
  const shown = serial === supply.serial ? meter.shown(Math.max(period.from, meter.oldest), period.to) : []
  const readings = faults.some(fault => fault.kind === 'partial_day') ? cutNewestDay(shown) : shown
  const rows = query.get('order_by') === 'period' ? readings : readings.reverse()
  return restPage(rows, url, MOST_ROWS, start => ({
    consumption: meter.amount(start),
    interval_start: localTime(start),
    interval_end: localTime(start + HALF_HOUR),
  }))
}

function cutNewestDay(shown: Instant[]): Instant[] {
  const newest = shown.at(-1)
  if (newest === undefined) return shown
  const end = atLocalTime(londonDate(newest), '17:30')
  return shown.filter(start => start < end)
}
