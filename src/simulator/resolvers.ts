/** What each root field answers. Credentials and limits are checked field by field, as errors beside the data. */
import type { GraphQLResolveInfo } from 'graphql'
import type { Clock } from '../clock.ts'
import type { SimulatedAccount } from './account.ts'
import { accountAnswer, propertiesAnswer } from './account-answer.ts'
import type { Billing } from './billing.ts'
import type { Car } from './car.ts'
import { DeviceAnswers } from './device-answer.ts'
import type { FaultKind } from './faults.ts'
import type { Wire } from './format.ts'
import type { Household } from './household.ts'
import { type Limits, POINTS_PER_HOUR } from './limits.ts'
import { applicableRates, type RatesArgs } from './rates-answer.ts'
import type { Minted, Tokens } from './tokens.ts'
import { krakenError } from './wire-errors.ts'

/** Refused even where any other key is taken. */
export const WRONG_API_KEY = 'sk_live_wrong'

export const isRightKey = ({ apiKey }: Pick<World, 'apiKey'>, key: unknown): boolean =>
  apiKey === null ? typeof key === 'string' && key !== '' && key !== WRONG_API_KEY : key === apiKey

export interface World {
  readonly clock: Clock
  readonly account: SimulatedAccount
  /** Null: any key is right but WRONG_API_KEY, for a client that brings its own. */
  readonly apiKey: string | null
  readonly household: Household
  readonly billing: Billing
  readonly wire: Wire
  readonly tokens: Tokens
  readonly limits: Limits
}

/** What the resolvers know of the request. */
export interface RequestContext {
  /** Throws unless the request carries a good token. */
  authorise(): void
  readonly faults: ReadonlySet<FaultKind>
}

type Args = Readonly<Record<string, unknown>>
type Resolver = (args: Args, context: RequestContext, info: GraphQLResolveInfo) => unknown

interface TokenInput {
  readonly APIKey?: string | null
  readonly refreshToken?: string | null
}

interface CommandInput {
  readonly deviceId: string
  readonly action: string
  readonly enabled: boolean
  readonly schedules: readonly ({ readonly time: string; readonly max: number | string } | null)[]
}

function mint(world: World, input: TokenInput): Minted {
  const { tokens, limits } = world
  if (!limits.mayLogIn()) throw krakenError('KT-CT-1199')
  if (typeof input.refreshToken === 'string') {
    const refused = tokens.refuseRefresh(input.refreshToken)
    if (refused !== null) throw krakenError(refused)
    return tokens.mint(input.refreshToken)
  }
  if (!isRightKey(world, input.APIKey)) {
    limits.badKey()
    throw krakenError('KT-CT-1139')
  }
  return tokens.mint()
}

function rateLimits(limits: Limits, clock: Clock): Record<string, unknown> {
  const used = limits.pointsUsed()
  return {
    pointsAllowanceRateLimit: {
      limit: POINTS_PER_HOUR,
      usedPoints: used,
      remainingPoints: POINTS_PER_HOUR - used,
      ttl: Math.floor(clock.now() / 1000) + 3600,
      isBlocked: used >= POINTS_PER_HOUR,
    },
    fieldSpecificRateLimits: (args: Args) => {
      const size = args.first ?? args.last
      if (typeof size !== 'number') throw krakenError('KT-CT-1201')
      const fields = limits.fields().slice(0, size)
      return {
        pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
        edges: fields.map((node, index) => ({ node, cursor: String(index) })),
        totalCount: fields.length,
        edgeCount: fields.length,
      }
    },
  }
}

export function rootOf(world: World): Record<string, Resolver> {
  const { clock, account, household, wire, limits } = world
  const devices = new DeviceAnswers(clock, account, wire)

  const guarded =
    (answer: Resolver): Resolver =>
    (args, context, info) => {
      context.authorise()
      if (!limits.useField(`${info.parentType.name}.${info.fieldName}`)) throw krakenError('KT-CT-1199')
      if (args.accountNumber !== undefined && args.accountNumber !== account.number) throw krakenError('KT-CT-1111')
      return answer(args, context, info)
    }
  const listed = (): Car[] => household.cars.filter(car => car.registration.listed)
  const carOf = (deviceId: unknown): Car => {
    const car = listed().find(each => each.deviceId === deviceId)
    if (car === undefined) throw krakenError('KT-CT-4301')
    return car
  }
  const command = (act: (car: Car, input: CommandInput) => void): Resolver =>
    guarded((args, context) => {
      const input = args.input as CommandInput
      const car = carOf(input.deviceId)
      act(car, input)
      return devices.car(car, context.faults.has('devices_partial'))
    })

  return {
    obtainKrakenToken: args => mint(world, args.input as TokenInput),
    viewer: guarded(() => ({
      id: String(account.userNumber),
      number: null,
      accounts: [accountAnswer(world)],
    })),
    account: guarded(() => accountAnswer(world)),
    properties: guarded(() => propertiesAnswer(world)),
    applicableRates: guarded(args => applicableRates(world, args as unknown as RatesArgs)),
    rateLimitInfo: guarded(() => rateLimits(limits, clock)),
    smartFlexDeviceSupplyPoint: guarded(args => ({
      importSupplyPointId: account.mpan,
      smartFlexDeviceId: carOf(args.smartFlexDeviceId).deviceId,
    })),
    devices: guarded((args, { faults }) => {
      if (faults.has('devices_null')) throw krakenError('KT-CT-4301')
      if (faults.has('devices_empty')) return []
      const failing = faults.has('devices_partial')
      const all = [...listed().map(car => devices.car(car, failing)), ...devices.others(household.cars)]
      const wanted = { id: args.deviceId, propertyId: args.propertyId, integrationDeviceId: args.integrationDeviceId }
      return all.filter(device =>
        Object.entries(wanted).every(([key, value]) => value === undefined || value === null || device[key] === value),
      )
    }),
    flexPlannedDispatches: guarded((args, { faults }) => {
      if (faults.has('KT-CT-4340')) throw krakenError('KT-CT-4340')
      const car = listed().find(each => each.deviceId === args.deviceId)
      // assumption: a device that is no live car of the account answers like one whose plan cannot be had
      if (car === undefined) throw krakenError('KT-CT-4340')
      return car.listed().map((row, index) => ({
        start: wire.time(row.start),
        end: wire.time(row.end),
        type: row.type,
        energyAddedKwh: row.energyKwh === null ? null : wire.decimal(row.energyKwh, 3, `planned ${index}`),
      }))
    }),
    completedDispatches: guarded((_args, { faults }) => {
      if (faults.has('KT-CT-4341')) throw krakenError('KT-CT-4341')
      return household.completed().map((row, index) => ({
        start: wire.time(row.start),
        end: wire.time(row.end),
        delta: row.energyKwh === null ? null : wire.decimal(row.energyKwh, 2, `completed ${index}`),
        meta: { source: row.source, location: row.location },
      }))
    }),
    updateBoostCharge: command((car, { action }) => {
      if (action === 'CANCEL') {
        if (!car.cancelBoost()) throw krakenError('KT-CT-4354')
        return
      }
      const boostChargeRefusalReasons = car.boost()
      if (boostChargeRefusalReasons.length > 0) throw krakenError('KT-CT-4357', { boostChargeRefusalReasons })
    }),
    updateDeviceSmartControl: command((car, { action }) => (action === 'SUSPEND' ? car.suspend() : car.resume())),
    updateIsChargingDurationCapped: command((car, { enabled }) => devices.setCapped(car.spec.key, enabled)),
    setDevicePreferences: command((car, { schedules }) => {
      const first = schedules[0]
      const target = Number(first?.max)
      if (schedules.length !== 7 || !first || !(target >= 0 && target <= 100)) throw krakenError('KT-CT-4321')
      car.prefer(target, first.time.slice(0, 5))
    }),
  }
}
