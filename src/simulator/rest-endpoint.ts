/** The REST paths: account, meter point, consumption and the public product pages. */

import { startOfDay } from '../time/london.ts'
import type { SimulatedAccount } from './account.ts'
import { CONSUMPTION, consumption } from './consumption.ts'
import type { JsonAnswer } from './exchange.ts'
import type { Fault } from './faults.ts'
import { localTime } from './local-time.ts'
import { isRightKey, type World } from './resolvers.ts'
import type { Agreement, Supply } from './supplies.ts'
import { productPages, RATES_PAGE } from './tariffs/pages.ts'

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

export function routeOf(path: string): RestRoute {
  if (/^\/v1\/accounts\/[^/]+\/$/.test(path)) return 'account'
  if (CONSUMPTION.test(path)) return 'consumption'
  if (/^\/v1\/electricity-meter-points\/[^/]+\/$/.test(path)) return 'meter_point'
  return path.startsWith('/v1/products/') ? 'product' : 'unknown'
}

/** Every name under which a fault may ask for a request: its route, and `rates` for the prices among the product's pages. */
export function restNames(path: string): string[] {
  const route = routeOf(path)
  return route === 'product' && RATES_PAGE.test(path) ? [route, 'rates'] : [route]
}

export function answerRest(world: World, request: RestRequest, faults: readonly Fault[]): JsonAnswer {
  const path = request.url.pathname
  const [, , , id = ''] = path.split('/')
  switch (routeOf(path)) {
    case 'product':
      return productPages(world.clock.now(), request.url, faults) ?? NOT_FOUND
    case 'meter_point':
      return world.account.supplies.some(each => each.kind !== 'gas' && each.point === id)
        ? { status: 200, body: { gsp: '_C', mpan: id, profile_class: 1 } }
        : NOT_FOUND
    case 'account':
      return (
        refusal(world, request.authorization) ??
        (id === world.account.number ? { status: 200, body: accountBody(world.account) } : NOT_FOUND)
      )
    case 'consumption':
      return refusal(world, request.authorization) ?? consumption(world, request.url, faults) ?? NOT_FOUND
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

const agreementBody = ({ tariff, from, to }: Agreement): unknown => ({
  tariff_code: tariff,
  valid_from: localTime(from),
  valid_to: to === null ? null : localTime(to),
})

/** Oldest agreement first. */
function electricityBody(supply: Supply): unknown {
  return {
    mpan: supply.point,
    profile_class: supply.kind === 'export' ? 8 : 1,
    consumption_standard: supply.kind === 'export' ? null : 3200,
    is_export: supply.kind === 'export',
    meters: [
      ...(supply.replacedSerial === null ? [] : [{ serial_number: supply.replacedSerial, registers: [] }]),
      {
        serial_number: supply.serial,
        registers: [{ identifier: '1', rate: 'STANDARD', is_settlement_register: true }],
      },
    ],
    agreements: supply.agreements.toReversed().map(agreementBody),
  }
}

const gasBody = (supply: Supply): unknown => ({
  mprn: supply.point,
  consumption_standard: 11500,
  meters: [{ serial_number: supply.serial }],
  agreements: supply.agreements.toReversed().map(agreementBody),
})

function accountBody(account: SimulatedAccount): unknown {
  const electricity = account.supplies.filter(each => each.kind !== 'gas')
  return {
    number: account.number,
    properties: [
      {
        id: account.propertyId,
        moved_in_at: localTime(startOfDay(account.movedIn)),
        moved_out_at: null,
        address_line_1: '1 Example Street',
        postcode: 'AB1 2CD',
        electricity_meter_points: electricity.map(electricityBody),
        gas_meter_points: account.supplies.filter(each => each.kind === 'gas').map(gasBody),
      },
    ],
  }
}
