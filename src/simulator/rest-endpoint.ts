/** The REST paths: account, meter point, consumption and the public product pages. */

import { DateTime } from 'luxon'
import { HALF_HOUR, HOUR, type Instant } from '../clock.ts'
import { addDays, atLocalTime, LONDON, londonDate, londonOffset, startOfDay } from '../time/london.ts'
import type { SimulatedAccount } from './account.ts'
import type { JsonAnswer } from './exchange.ts'
import type { Fault } from './faults.ts'
import { KEPT_DAYS, type Reading } from './meter.ts'
import { productPages } from './products.ts'
import { isRightKey, type World } from './resolvers.ts'

export interface RestRequest {
  /** Host and port as the client wrote them, for the links to other pages. */
  readonly url: URL
  readonly authorization: string | undefined
}

export type RestRoute = 'account' | 'meter_point' | 'consumption' | 'product' | 'unknown'

const NOT_FOUND: JsonAnswer = { status: 404, body: { detail: 'Not found.' } }
const NO_CREDENTIALS: JsonAnswer = {
  status: 401,
  body: { detail: 'Authentication credentials were not provided.' },
}
const WRONG_KEY: JsonAnswer = { status: 401, body: { detail: 'Invalid API key.' } }

const MOST_ROWS = 25_000
const ROWS_BY_DEFAULT = 100

const CONSUMPTION = /^\/v1\/electricity-meter-points\/([^/]+)\/meters\/([^/]+)\/consumption\/$/

export function routeOf(path: string): RestRoute {
  if (/^\/v1\/accounts\/[^/]+\/$/.test(path)) return 'account'
  if (CONSUMPTION.test(path)) return 'consumption'
  if (/^\/v1\/electricity-meter-points\/[^/]+\/$/.test(path)) return 'meter_point'
  return path.startsWith('/v1/products/') ? 'product' : 'unknown'
}

export function answerRest(world: World, request: RestRequest, faults: readonly Fault[]): JsonAnswer {
  const path = request.url.pathname
  const [, , , id = ''] = path.split('/')
  switch (routeOf(path)) {
    case 'product':
      return productPages(world.clock, world.account, request.url) ?? NOT_FOUND
    case 'meter_point':
      return id === world.account.mpan ? { status: 200, body: { gsp: '_C', mpan: id, profile_class: 1 } } : NOT_FOUND
    case 'account':
      return (
        refusal(world, request.authorization) ??
        (id === world.account.number ? { status: 200, body: accountBody(world.account) } : NOT_FOUND)
      )
    case 'consumption':
      return refusal(world, request.authorization) ?? consumption(world, request, faults)
    default:
      return NOT_FOUND
  }
}

/** HTTP Basic with the key as the user and no password; a token of GraphQL is taken too. */
function refusal(world: World, authorization: string | undefined): JsonAnswer | null {
  if (authorization === undefined) return NO_CREDENTIALS
  const [scheme = '', value = ''] = authorization.split(' ')
  if (scheme === 'Basic') {
    const key = Buffer.from(value, 'base64').toString('utf8').split(':')[0]
    return isRightKey(world, key) ? null : WRONG_KEY
  }
  try {
    world.tokens.verify(authorization)
    return null
  } catch {
    return WRONG_KEY
  }
}

/** Local time with its offset, `2026-07-19T00:30:00+01:00`; `Z` where there is none. */
function localTime(at: Instant): string {
  const offset = londonOffset(at)
  const time = new Date(at + offset).toISOString().slice(0, 19)
  return offset === 0 ? `${time}Z` : `${time}+0${offset / HOUR}:00`
}

function accountBody(account: SimulatedAccount): unknown {
  const agreements = [
    {
      tariff_code: 'E-1R-VAR-22-11-01-C',
      valid_from: localTime(startOfDay(account.movedIn)),
      valid_to: localTime(account.intelligentFrom),
    },
    ...account.agreements.toReversed().map(({ tariff, from, to }) => ({
      tariff_code: tariff,
      valid_from: localTime(from),
      valid_to: to === null ? null : localTime(to),
    })),
  ]
  return {
    number: account.number,
    properties: [
      {
        id: account.propertyId,
        moved_in_at: localTime(startOfDay(account.movedIn)),
        moved_out_at: null,
        address_line_1: '1 Example Street',
        postcode: 'AB1 2CD',
        electricity_meter_points: [
          {
            mpan: account.mpan,
            profile_class: 1,
            consumption_standard: 3200,
            is_export: false,
            meters: [
              { serial_number: '00S0000003', registers: [] },
              {
                serial_number: account.serial,
                registers: [{ identifier: '1', rate: 'STANDARD', is_settlement_register: true }],
              },
            ],
            agreements,
          },
        ],
        gas_meter_points: [],
      },
    ],
  }
}

/** A time of the query: without an offset it is London's. `null` where it cannot be read. */
function timeOf(text: string): Instant | null {
  const time = DateTime.fromISO(text.replace(' ', '+'), { zone: LONDON })
  return time.isValid ? time.toMillis() : null
}

const complaint = (field: string, message: string): JsonAnswer => ({ status: 400, body: { [field]: [message] } })

function consumption(world: World, request: RestRequest, faults: readonly Fault[]): JsonAnswer {
  const { url } = request
  const { account, clock, household } = world
  const [, mpan, serial] = CONSUMPTION.exec(url.pathname) ?? []
  if (mpan !== account.mpan) return NOT_FOUND

  const query = url.searchParams
  const since = query.get('period_from')
  const until = query.get('period_to')
  if (since === null && until !== null) return complaint('period_from', 'This is needed with `period_to`.')
  const from = since === null ? 0 : timeOf(since)
  const to = until === null ? clock.now() : timeOf(until)
  if (from === null) return complaint('period_from', 'This is no date and time.')
  if (to === null) return complaint('period_to', 'This is no date and time.')
  if (query.has('group_by')) return complaint('group_by', 'The simulator gives half hours only.')

  const oldest = startOfDay(addDays(londonDate(clock.now()), -KEPT_DAYS))
  // A meter that is not the one in use answers with nothing, not with an error.
  const visible = serial === account.serial ? household.meter.visible(Math.max(from, oldest), to) : []
  const readings = faults.some(fault => fault.kind === 'partial_day') ? cutNewestDay(visible) : visible
  const rows = query.get('order_by') === 'period' ? readings : readings.reverse()
  return page(rows, url)
}

function cutNewestDay(readings: Reading[]): Reading[] {
  const newest = readings.at(-1)
  if (newest === undefined) return readings
  const end = atLocalTime(londonDate(newest.start), '17:30')
  return readings.filter(reading => reading.start < end)
}

function page(rows: readonly Reading[], url: URL): JsonAnswer {
  const asked = Number(url.searchParams.get('page_size') ?? ROWS_BY_DEFAULT)
  const size = Number.isInteger(asked) && asked > 0 ? Math.min(asked, MOST_ROWS) : ROWS_BY_DEFAULT
  const number = Number(url.searchParams.get('page') ?? 1)
  const pages = Math.max(1, Math.ceil(rows.length / size))
  if (!Number.isInteger(number) || number < 1 || number > pages) {
    return { status: 404, body: { detail: 'Invalid page.' } }
  }
  const linkTo = (other: number): string | null => {
    if (other < 1 || other > pages) return null
    const link = new URL(url)
    link.searchParams.set('page', String(other))
    return link.href
  }
  return {
    status: 200,
    body: {
      count: rows.length,
      next: linkTo(number + 1),
      previous: linkTo(number - 1),
      results: rows.slice((number - 1) * size, number * size).map(({ start, kwh }) => ({
        consumption: kwh,
        interval_start: localTime(start),
        interval_end: localTime(start + HALF_HOUR),
      })),
    },
  }
}
